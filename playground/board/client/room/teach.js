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
import { forgetRoom, keepRoom } from './keys.js';
import { RoomLine } from './line.js';
import { button, make } from './make.js';
import { Strip } from './strip.js';

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
    this.follows = -1; // which asking to follow was this tab's
    this.asksToFollow = false; // whether this tab asks just now
    this.strip = new Strip({
      join: () => {},
      follow: () => (this.asksToFollow = this.say({ do: 'follow' })),
      turn: () => this.say({ do: 'turn', query: location.search }),
      pause: () => this.say({ do: 'pause', paused: !this.room?.paused }),
      ask: () => {},
      wall: () => {},
      names: () => {},
      results: () => {},
      download: () => {},
      untile: () => this.say({ do: 'collect', seats: [] }),
      close: () => this.say({ do: 'close' }),
      link: () => this.link,
      ownLink: () => `${this.link}#teach=${this.key?.key}`,
    });
    place.prepend(this.strip.root);
    place.dataset.room = 'teacher';
    board.paint(); // it has less room
    this.line = new RoomLine({
      address: line,
      first: () => (this.key ? { teach: this.key } : { open: true }),
      hear: (note) => this.hear(note),
      changed: (isOpen) => this.strip.complain(isOpen ? '' : 'The line to the class is broken. Trying again.'),
    });
  }

  /** The link by which students join. */
  get link() {
    return `${location.origin}${location.pathname}?room=${this.room?.code ?? ''}`;
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
  hear({ teacher, room, here, refused, over, away }) {
    if (teacher) this.#enter(teacher);
    if (here !== undefined) this.here = here;
    if (refused !== undefined) this.strip.complain(refused);
    if (away !== undefined) this.strip.complain(away ? 'The rooms can’t be reached just now. Trying again.' : '');
    if (room) this.#take(room);
    if (this.room) this.strip.show(this.room, this.here, this.isFollowed);
    if (over) this.leave('The room is closed.');
    else if (refused !== undefined && !this.room) this.leave(refused);
  }

  /** This is the teacher from now on, over a reload, too. @param {TeachersRoom} room */
  #enter(room) {
    this.key = room;
    keepRoom(room);
    this.strip.complain('');
  }

  /** The room is another one now. @param {Room} room */
  #take(room) {
    this.room = room;
    if (this.asksToFollow && room.mode === 'follow') {
      this.follows = room.follows;
      this.asksToFollow = false;
    }
  }

  /** There is no room any more. @param {string} words Why. */
  leave(words) {
    this.line.close();
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
