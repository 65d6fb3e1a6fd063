/**
 * A board whose person teaches a class. It says over the room's line what is wanted, and shows what
 * the line tells of the room; see `line.py` and `room.py`.
 *
 * @typedef {ReturnType<typeof import('../board.js').makeBoard>} Board
 * @typedef {import('./keys.js').TeachersRoom} TeachersRoom
 * @typedef {{number: number, name: string, alias: string}} Seat `name`: '' for none.
 *
 * @typedef {object} Turn As in room.py.
 * @property {number} number
 * @property {'free' | 'lesson' | 'experiment' | 'challenge'} kind
 * @property {string} query
 * @property {string} title
 *
 * @typedef {object} Question
 * @property {number} number
 * @property {string} text
 * @property {string[]} options
 * @property {number | null} right Index of the right option, null if nobody says which it is.
 * @property {boolean} shown Whether the class sees how it has answered.
 *
 * @typedef {object} Room As `Room.for_teacher` makes it.
 * @property {string} code
 * @property {'wait' | 'follow' | 'play'} mode
 * @property {boolean} paused
 * @property {{asked: boolean, to_teacher: boolean, to_class: boolean}} names
 * @property {Turn | null} turn
 * @property {Question | null} question
 * @property {Record<string, any>[]} collected
 * @property {Seat[]} seats
 * @property {number[] | null} answers How many have chosen each option.
 * @property {number} follows How often the class was asked to follow.
 */
import { AskDialog, QuestionSheet } from './ask.js';
import { Beside } from './beside.js';
import { Feed } from './feed.js';
import { Join } from './join.js';
import { forgetRoom, keepRoom } from './keys.js';
import { RoomLine } from './line.js';
import { button, make } from './make.js';
import { NamesDialog } from './names.js';
import { ResultsSheet } from './results.js';
import { readKept, writeKept } from '../storage.js';
import { Strip } from './strip.js';
import { presentLimits, presentQuery, TurnDialog } from './turn.js';
import { Wall } from './wall.js';

const FOLLOWS = 'mlp-playground-follows-'; // and the code

/** @type {Teaching | null} */
let theTeaching = null;

/**
 * Open a room, or teach one again. Whoever teaches already goes on.
 *
 * @param {Board} board
 * @param {HTMLElement} place Above what is in it stands the strip.
 * @param {{line: string, room: TeachersRoom | null}} how Where the room's line is answered, and the room
 *   that is taught again; null for a new one.
 */
export function teach(board, place, how) {
  if (theTeaching) theTeaching.strip.root.focus();
  else theTeaching = new Teaching(board, place, how);
}

class Teaching {
  /**
   * @param {Board} board
   * @param {HTMLElement} place
   * @param {{line: string, room: TeachersRoom | null}} how
   */
  constructor(board, place, { line, room }) {
    this.board = board;
    this.place = place;
    this.key = room;
    /** @type {Room | null} */
    this.room = null;
    this.here = 0; // students who have a line
    this.isOpen = true; // whether there is a line
    this.follows = -1; // which asking to follow was this tab's
    this.asksToFollow = false; // whether this tab asks just now
    /** @param {Record<string, any>} message */
    const say = (message) => this.say(message);
    this.join = new Join(place);
    this.turn = new TurnDialog(place, say);
    this.ask = new AskDialog(place, say);
    this.question = new QuestionSheet(place, say);
    this.names = new NamesDialog(place, say);
    this.beside = new Beside(place, board.value);
    this.wall = new Wall(place, {
      say,
      open: (tile, name) => this.showBeside(tile, name),
      isPresenting: () => board.present.isOn,
    });
    const download = () => void say({ csv: true });
    this.results = new ResultsSheet(place, { say, download });
    this.strip = new Strip({
      join: () => this.showHowToJoin(),
      follow: () => (this.asksToFollow = this.say({ do: 'follow' })),
      turn: () => this.say({ do: 'turn', query: presentQuery(), ...presentLimits() }),
      task: () => this.turn.open(),
      pause: () => this.say({ do: 'pause', paused: !this.room?.paused }),
      ask: () => (this.room?.question ? this.question : this.ask).open(),
      wall: () => this.wall.open(),
      names: () => this.room && this.names.open(this.room),
      results: () => this.results.open(),
      download,
      untile: () => this.say({ do: 'collect', seats: [] }),
      close: () => this.say({ do: 'close' }),
      link: () => this.link,
      ownLink: () => `${this.link}#teach=${this.key?.key}`,
    });
    this.feed = new Feed(board, (shown) => this.line.say(shown));
    this.feeds = false; // whether it is on
    place.prepend(this.strip.root);
    place.dataset.room = 'teacher';
    board.paint(); // it has less room
    this.line = new RoomLine({
      address: line,
      first: () => (this.key ? { teach: this.key } : { open: true }),
      hear: (note) => this.hear(note),
      changed: (isOpen) => this.sayLine(isOpen),
    });
  }

  /** The link by which students join. */
  get link() {
    return this.linkTo(this.room?.code ?? '');
  }

  /** @param {string} code */
  linkTo(code) {
    return `${location.origin}${location.pathname}?room=${code}`;
  }

  /** Whether this is the board that the class follows. */
  get isFollowed() {
    return this.room?.mode === 'follow' && this.room.follows === this.follows;
  }

  /** Tell the room something; whether there is a line to do so. @param {Record<string, any>} message */
  say(message) {
    const isSaid = this.line.say(message);
    this.strip.complain(isSaid ? '' : 'There is no line to the class just now. Try again when it is back.');
    return isSaid;
  }

  /** Hear what the line tells. @param {Record<string, any>} note */
  hear({ teacher, room, here, refused, over, away, offers, qr, tiles, results, csv }) {
    if (teacher) this.#enter(teacher);
    if (here !== undefined) this.here = here;
    if (offers) this.#offer(offers);
    if (qr) this.join.draw(qr);
    if (tiles) this.wall.show(tiles);
    if (results) this.results.show(results);
    if (csv !== undefined) save(csv, `class ${this.room?.code}.csv`);
    if (away !== undefined) this.strip.complain(away ? 'The rooms can’t be reached just now. Trying again.' : '');
    if (refused !== undefined) this.complain(refused);
    if (room) this.#take(room);
    if (room || here !== undefined) this.#show();
    if (over) this.leave('The room is closed.');
    else if (refused !== undefined && !this.room) this.leave(refused);
  }

  /** Say what is wrong where the person looks. @param {string} words */
  complain(words) {
    const open = this.dialogs.find(({ isWaiting }) => isWaiting);
    if (open) open.complain(words);
    else this.strip.complain(words);
  }

  /** The dialogs that want something of the room. */
  get dialogs() {
    return [this.turn.dialog, this.ask.dialog, this.names.dialog];
  }

  /** All that lies over the board. */
  get sheets() {
    const parts = [this.join, this.question, this.wall, this.beside, this.results, ...this.dialogs];
    return parts.map(({ sheet }) => sheet);
  }

  /** @param {boolean} isOpen */
  sayLine(isOpen) {
    if (isOpen === this.isOpen) return;
    this.isOpen = isOpen;
    this.strip.complain(isOpen ? '' : 'The line to the class is broken. Trying again.');
  }

  /** This is the teacher from now on, over a reload, too. @param {TeachersRoom} room */
  #enter(room) {
    this.key = room;
    keepRoom(room);
    this.strip.complain('');
    this.follows = keptFollows(room.code);
    this.line.say({ offers: true });
    this.line.say({ qr: this.linkTo(room.code) });
    this.wall.renew();
    this.results.renew();
  }

  /** @param {import('./turn.js').Offers} offers */
  #offer(offers) {
    this.turn.offer(offers);
    this.ask.offer(offers.lessons);
  }

  /** The room is another one now. @param {Room} room */
  #take(room) {
    this.room = room;
    if (this.asksToFollow && room.mode === 'follow') {
      this.follows = room.follows;
      keepFollows(room.code, room.follows);
      this.asksToFollow = false;
    }
    for (const dialog of this.dialogs) dialog.done();
    if (this.feeds === this.isFollowed) return;
    this.feeds = this.isFollowed;
    if (this.feeds) this.feed.start();
    else this.feed.stop();
  }

  /** Show how the room is. */
  #show() {
    const { room, here } = this;
    if (!room) return;
    this.strip.show(room, here, this.isFollowed);
    this.join.count(here);
    this.question.show(room, here);
    this.names.show(room);
    this.wall.take(room);
  }

  /** Show a student's run beside this one. @param {import('./tile.js').Tile} tile @param {string} name */
  showBeside({ value }, name) {
    if (!value) return;
    const { settings, changes: made, epoch } = value.present;
    void this.beside.open({ about: { settings, pin: null, stop_at: null }, made, epoch }, name);
  }

  /** Show the class how to join. */
  showHowToJoin() {
    if (this.room) this.join.open(this.room.code, this.link);
  }

  /** There is no room any more. @param {string} words Why. */
  leave(words) {
    this.line.close();
    this.feed.stop();
    for (const { dialog } of this.sheets) dialog.remove();
    if (this.key) forgetRoom(this.key.code);
    theTeaching = null;
    const said = make('p', { textContent: words });
    said.setAttribute('role', 'status');
    const rest = make('div', { className: 'class-strip' }, said);
    const ok = button('OK', () => {
      rest.remove();
      delete this.place.dataset.room;
      this.board.paint();
    });
    rest.append(ok);
    this.strip.root.replaceWith(rest);
    ok.focus();
  }
}

/** Which asking to follow was this tab's, before a reload. @param {string} code */
function keptFollows(code) {
  return Number(readKept('session', FOLLOWS + code) ?? -1);
}

/** @param {string} code @param {number} follows */
function keepFollows(code, follows) {
  writeKept('session', FOLLOWS + code, String(follows));
}

/** Have the browser save a text as a file. @param {string} text @param {string} name */
function save(text, name) {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  make('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000); // the browser has taken it by then
}
