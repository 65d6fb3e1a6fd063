/**
 * The board on the page: Streamlit calls `mount` each time the script has run, and when the theme has
 * changed.
 */
import { makeBoard } from './board.js';
import { loadPlotly } from './charts.js';
import { find } from './elements.js';
import { focusLesson, followFolded, showWhatOpens } from './opening.js';
import { keptRoom } from './room/keys.js';

/**
 * The page's board. It outlives its place on the page: Streamlit may take a component off the page
 * and mount it again in the middle of a run, and then the run goes on.
 *
 * @type {Promise<ReturnType<typeof makeBoard>> | undefined}
 */
let theBoard;
let woken = 0;
let isOpened = false; // whether what the link wanted is done
/** @type {string | undefined} which one is open, '' for none */
let lesson;
let taught = 0; // how often a room was asked for

/**
 * @param {object} component
 * @param {{line: string, run: string, fresh: boolean, welcome: boolean, plays: boolean, presents: boolean,
 *   lesson: string, hidden: string[], teaches: number, room_line: string}} component.data
 * @param {HTMLElement} component.parentElement
 * @param {(name: string, value: number) => void} component.setTriggerValue
 */
export async function mount({ data, parentElement, setTriggerValue }) {
  theBoard ??= build();
  const board = await theBoard;
  if (board.root.parentElement !== parentElement) {
    parentElement.querySelector('.board-waiting')?.remove();
    parentElement.append(board.root);
  }
  board.checkTheme();
  board.leaveOut(data.hidden);
  await board.attach({ ...data, wake: () => setTriggerValue('told', (woken += 1)) });
  board.openBeside = openBeside;
  board.lesson = data.lesson;
  if (data.lesson && lesson !== undefined && data.lesson !== lesson) focusLesson();
  lesson = data.lesson;
  if (data.presents && !isOpened) board.present.enter();
  if (data.plays && !isOpened) board.player.play();
  if (!isOpened && data.room_line) void sit(board, data.room_line);
  if (data.teaches > taught || !isOpened) void teach(board, data);
  taught = data.teaches;
  if (!isOpened) offerToJoin(board, Boolean(data.room_line) && !isOfStudent());
  isOpened = true;
  // Nothing is returned to clean up with: Streamlit would call it for each message that is overtaken
  // by the next one. Off the page, the board stands still.
}

/**
 * Open a room if that was asked for, or teach the one again that this tab has taught before a reload.
 *
 * @param {Awaited<ReturnType<typeof build>>} board
 * @param {{teaches: number, room_line: string}} data
 */
async function teach(board, { teaches, room_line: line }) {
  const room = teaches ? null : keptRoom();
  if ((!teaches && !room) || isOfStudent()) return;
  await loadStyle(served('room/teach.css'));
  const { teach: begin } = await import('./room/teach.js');
  begin(board, board.root, { line, room });
}

/**
 * Take a student's seat, if the address says in which room.
 *
 * @param {Awaited<ReturnType<typeof build>>} board
 * @param {string} line Where the room's line is answered.
 */
async function sit(board, line) {
  const code = new URLSearchParams(location.search).get('room');
  if (!code) return;
  await loadStyle(served('room/student.css'));
  const { sit: begin } = await import('./room/seat.js');
  board.root.dataset.room = 'student';
  begin(board, { code, line, place: board.root, isPage: true });
}

/** Whether the page is that of a student in a class. */
function isOfStudent() {
  return new URLSearchParams(location.search).has('room');
}

/** Lead to the page where a class is joined. @param {Awaited<ReturnType<typeof build>>} board @param {boolean} isThere */
function offerToJoin({ root }, isThere) {
  const join = find(root, '[data-action="join"]', HTMLButtonElement);
  join.hidden = !isThere;
  join.onclick = () => location.assign(`${location.pathname}?room=`);
}

/** What is open on the page beside the board, as parts of a link. @returns {Record<string, string>} */
function openBeside() {
  const view = document.querySelector('[class*="st-key-view_"]')?.className.match(/st-key-view_(\w+)/)?.[1];
  const isExplained = document.querySelector('.st-key-explained') !== null;
  return { ...(view && { view }), ...(isExplained && { step: 'explanation' }) };
}

/** The board, once all that it is made of has been loaded. */
async function build() {
  const [markup] = await Promise.all([
    fetch(served('board.html')).then((response) => response.text()),
    loadStyle(served('board.css')),
  ]);
  showWhatOpens();
  followFolded();
  return makeBoard(markup, () => loadPlotly(served('plotly.min.js')));
}

/** Where a file of the board is. @param {string} file */
function served(file) {
  return new URL(file, import.meta.url).href;
}

/** Load a style sheet, once. @param {string} address */
function loadStyle(address) {
  if (document.head.querySelector(`link[href="${address}"]`)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: address });
    link.onload = resolve;
    link.onerror = () => reject(new Error(`The board's style could not be loaded from ${address}`));
    document.head.append(link);
  });
}
