/**
 * A student's seat in a room: it shows what the class is doing, on the bare page and on the full one,
 * and goes from the one to the other when something else is to be shown.
 *
 * @typedef {import('./way.js').Room} Room
 * @typedef {ReturnType<typeof import('../board.js').makeBoard>} Board
 */
import { Asked } from './asked.js';
import { Collected } from './collected.js';
import { RoomLine } from './line.js';
import { handOver, keepMine, keepSeat, myRun, noteLeft, noted, queryOf, seatIn } from './mine.js';
import { Strip, taskOf } from './seat_strip.js';
import { Watching } from './watch.js';
import { barePage, fullPage, OWN, wayTo } from './way.js';

const REPORT_INTERVAL = 2100; // ms from one report of what is on the board to the next; line.py takes one in 2000
const PAUSED = 'Your teacher has paused the class.';
const ASKED = 'Your teacher asks something: answer, and wait until the class goes on.';

/** Take a seat. @param {ConstructorParameters<typeof Seat>} how */
export function sit(...how) {
  return new Seat(...how);
}

class Seat {
  /**
   * @param {Board} board
   * @param {object} where
   * @param {string} where.code
   * @param {string} where.line Where the room's line is answered.
   * @param {HTMLElement} where.place Above what is in it stands the strip.
   * @param {boolean} where.isPage Whether it is the full page, where the student plays.
   * @param {(room: Room, hasPicture: boolean) => void} [where.changed] The room is another one now, or the
   *   first picture of the teacher's board is there.
   * @param {(words: string) => void} [where.ended] There is no room, or no place in it.
   * @param {(html: string) => void} [where.read] What is open beside the teacher's board, '' for nothing.
   */
  constructor(board, { code, line, place, isPage, changed = () => {}, ended = () => {}, read = () => {} }) {
    this.board = board;
    this.code = code;
    this.isPage = isPage;
    this.changed = changed;
    this.ended = ended;
    this.read = read;
    this.turn = new URLSearchParams(location.search).get('turn') ?? '';
    /** @type {Room | null} */
    this.room = null;
    this.isOpen = true; // the line
    this.isAway = false; // the store
    this.isGone = false; // to another page, or because the room is over
    this.reported = ''; // what was said of the board last
    /** @type {import('./seat_strip.js').Result | null} in an experiment */
    this.result = null;
    this.stopsAt = 0; // epoch of an experiment at which the board was told to pause
    this.strip = new Strip({
      takeIt: () => this.takeIt(),
      back: () => this.go(barePage(this.code), true),
      toMine: () => this.toMine(),
      goOn: () => this.goOn(),
      rename: (name) => this.line.say({ name }),
    });
    this.strip.code.textContent = code;
    place.prepend(this.strip.root);
    this.asked = new Asked(place, (answer) => this.line.say({ answer }));
    this.collected = new Collected(place);
    const lost = () => this.line.say({ follows: true }); // it brings everything anew
    this.watching = isPage ? null : new Watching(board, { lost, changed: () => this.#pictured() });
    this.hasPicture = false; // of the teacher's board
    this.line = new RoomLine({
      address: line,
      first: () => ({ join: { code: this.code, seat: seatIn(this.code), name: '' } }),
      hear: (note) => this.hear(note),
      show: (message) => this.watching?.show(message),
      changed: (isOpen) => this.sayLine(isOpen),
    });
    if (isPage) this.reporting = setInterval(() => this.report(), REPORT_INTERVAL);
    new ResizeObserver(() => this.fit()).observe(this.strip.root);
  }

  /** Leave the board as much room as the strip does not take. */
  fit() {
    const { root } = this.board;
    const height = `${Math.ceil(this.strip.root.getBoundingClientRect().height + 8)}px`;
    if (root.style.getPropertyValue('--strip') === height) return;
    root.style.setProperty('--strip', height);
    this.board.paint();
  }

  /** @param {Record<string, any>} note */
  hear(note) {
    const { seat, room, refused, away, over, removed, beside, best, result } = note;
    if (seat) this.#sit(seat);
    if (room) this.take(room);
    if (refused) this.#refuse(refused);
    if (over) this.#end(removed ? 'Your teacher has taken this seat away.' : 'The room is closed.');
    if (away !== undefined) this.isAway = away;
    if (away !== undefined) this.say();
    if (beside !== undefined) this.read(beside?.html ?? '');
    if (best !== undefined) this.strip.sayBest(bestOf(best));
    if (result !== undefined) this.result = result;
    if (result !== undefined) this.#sayTask();
  }

  /** @param {{code: string, secret: string}} seat */
  #sit({ code, secret }) {
    this.code = code;
    keepSeat(code, secret);
    this.reported = '';
    this.isAway = false;
    if (this.isPage) this.line.say({ follows: false });
  }

  /** The room is as it says now. @param {Room} room */
  take(room) {
    if (this.isGone) return;
    this.room = room;
    const way = wayTo(room, { isPage: this.isPage, turn: this.turn, left: noted(this.code) });
    if (way) {
      this.go(way);
      return;
    }
    this.strip.showRoom(room);
    this.say();
    this.offer();
    this.#hold(room);
    this.collected.show(room.collected);
    this.asked.show(room);
    this.changed(room, this.hasPicture);
  }

  /** The teacher's board is on screen. */
  #pictured() {
    if (this.hasPicture || !this.room || this.isGone) return;
    this.hasPicture = true;
    this.offer();
    this.changed(this.room, true);
  }

  /** @param {Room} room */
  #hold({ paused, question }) {
    // on the bare page the board is the teacher's, and stands still only with all others
    const words = paused ? PAUSED : question && this.isPage ? ASKED : '';
    if (words) this.board.hold(words);
    else this.board.release();
  }

  /** Say what the class is doing. */
  say() {
    if (this.isGone) return;
    this.strip.say(this.room ? this.#doing(this.room) : this.#joining());
    this.#sayTask();
  }

  #joining() {
    return this.isAway || !this.isOpen ? 'The class can’t be reached just now. Trying again.' : '';
  }

  /** @param {Room} room */
  #doing({ paused, question, mode, turn }) {
    if (!this.isOpen) return 'The connection is lost. Trying again; everything here stays.';
    if (this.isAway) return 'The class can’t be reached just now. What is yours goes on.';
    if (paused) return 'Paused by the teacher';
    if (question) return question.shown ? 'The answers of the class' : 'Your teacher asks something';
    if (!this.isPage) return mode === 'follow' ? 'Following the teacher' : 'Waiting for the teacher';
    if (this.turn === OWN) return 'A run of your own';
    return turn?.title && turn.kind !== 'challenge' ? `Your turn: ${turn.title}` : 'Your turn';
  }

  /** Say what is to be done in this turn, and what has come of it. */
  #sayTask() {
    const { turn } = this.room ?? {};
    const isPlayed = this.isPage && turn && this.turn === String(turn.number);
    this.strip.sayTask(isPlayed ? taskOf(turn, this.result) : '');
    if (!isPlayed || turn.kind !== 'challenge') this.strip.sayBest('');
    if (!isPlayed || turn.kind !== 'experiment' || this.stopsAt === turn.epochs) return;
    this.stopsAt = turn.epochs;
    this.board.player.stopWhen({ epoch: turn.epochs });
  }

  /** Offer the ways that there are. */
  offer() {
    const { room, isPage } = this;
    if (!room || this.isGone) return;
    if (isPage) this.strip.offer(...(this.turn === OWN ? [/** @type {const} */ ('back')] : []));
    else if (room.mode !== 'follow') this.strip.offer();
    else {
      const ways = [this.canTake() && /** @type {const} */ ('takeIt'), myRun(this.code) && /** @type {const} */ ('toMine')];
      this.strip.offer(...ways.filter((way) => way !== false && way !== null));
    }
  }

  /** Whether the teacher's run can be taken: its data have to be here. */
  canTake() {
    const { about, data } = this.board.value;
    return about !== null && (!about.settings.own || about.settings.own in data);
  }

  /** @param {boolean} isOpen */
  sayLine(isOpen) {
    if (isOpen === this.isOpen) return;
    this.isOpen = isOpen;
    this.say();
  }

  /** Tell the room what is on the board, if that is something else than before. */
  report() {
    const { run, onScreen: epoch, state } = this.board.player.now;
    if (!run || this.isGone) return;
    const board = { run, epoch, state };
    const text = JSON.stringify(board);
    if (text !== this.reported && this.line.say({ board })) this.reported = text;
  }

  // from page to page

  /** Show another page; what is on the board is kept. @param {string} search @param {boolean} [isWanted] Whether the student asked for it. */
  go(search, isWanted = false) {
    this.#leave();
    if (this.isPage) keepMine(this.code, this.board.value.kept());
    this.#open(search, isWanted);
  }

  /** The teacher's run is this student's from here on. */
  takeIt() {
    const run = this.board.value.kept();
    if (run) this.#toOwn(run);
  }

  /** The run that was left goes on. */
  toMine() {
    const run = myRun(this.code);
    if (run) this.#toOwn(run);
  }

  /** @param {import('../value.js').KeptRun} run */
  #toOwn(run) {
    noteLeft(this.code, this.room?.follows ?? 0);
    this.#leave();
    this.#open(handOver(fullPage(this.code, OWN, queryOf(run.about.settings)), run), true);
  }

  /** The room is over: the run stays. */
  goOn() {
    const run = this.isPage ? this.board.value.kept() : myRun(this.code);
    const search = run ? handOver(`?${queryOf(run.about.settings)}`, run) : '';
    this.#open(search || location.pathname, true);
  }

  /** @param {string} address @param {boolean} isWanted */
  #open(address, isWanted) {
    this.board.unsaved = false; // it is handed over, and the browser need not ask
    if (isWanted) location.assign(address);
    else location.replace(address); // Back does not lead to where the class is no more
  }

  // the end

  #leave() {
    this.isGone = true;
    clearInterval(this.reporting);
    this.board.player.pause();
  }

  /** Something can't be done; before there is a room, there is no seat. @param {string} words */
  #refuse(words) {
    if (this.room) this.strip.say(words);
    else this.#end(words);
  }

  /** @param {string} words */
  #end(words) {
    this.isGone = true;
    clearInterval(this.reporting);
    keepSeat(this.code, null);
    this.board.release();
    this.asked.close();
    this.collected.show([]);
    this.strip.say(words);
    this.strip.sayTask('');
    this.strip.sayBest('');
    this.strip.offer('goOn');
    this.ended(words);
  }
}

/** The best of a challenge in words, see results.py. @param {{place: number, name: string, value: string}[]} best */
function bestOf(best) {
  return best.length ? `Best so far: ${best.map(({ place, name, value }) => `${place}. ${name} (${value})`).join('  ')}` : '';
}
