/**
 * The line to a room, opened again whenever it breaks; `line.py` in `playground/room` is its other
 * end, and says what goes over it. It carries messages and knows nothing of what is in them.
 */

// Close codes, as in line.py, and as in arrivals.py
const [BAD_MESSAGE, REFUSED, OVER, TRY_AGAIN] = [4400, 4403, 4410, 1013];
const FIRST_PAUSE = 250; // ms before a broken line is opened again; each time twice as long
const LONGEST_PAUSE = 5000; // ms
const PAUSE_IF_AWAY = 2000; // ms, where the server can't reach its rooms
const [SEEN_AT_ONCE, SEEN_AFTER] = [24_000, 500]; // bytes of pictures, and ms, as line.py says

export class RoomLine {
  /**
   * @param {object} room
   * @param {string} room.address A path, as the server says it.
   * @param {() => object} room.first What is said first: who it is.
   * @param {(note: Record<string, any>) => void} room.hear A note has come.
   * @param {(message: Uint8Array<ArrayBuffer>) => void} [room.show] A picture of the teacher's board has come.
   * @param {(isOpen: boolean) => void} [room.changed] There is a line, or none just now.
   */
  constructor({ address, first, hear, show = () => {}, changed = () => {} }) {
    this.address = address;
    this.first = first;
    this.hear = hear;
    this.show = show;
    this.changed = changed;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.pause = FIRST_PAUSE;
    this.isOver = false; // whether it stays closed
    this.taken = 0; // bytes of pictures since it was opened
    this.seen = 0; // those of which the server knows
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.seeing = undefined; // until it is told of the others
    this.#connect();
  }

  /** Say something; whether there is a line to say it on. @param {object} message */
  say(message) {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /** Leave. */
  close() {
    this.isOver = true;
    clearTimeout(this.waiting);
    this.socket?.close();
  }

  #connect() {
    const address = new URL(this.address, document.baseURI);
    address.protocol = address.protocol.replace('http', 'ws');
    const socket = (this.socket = new WebSocket(address));
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.taken = this.seen = 0;
      clearTimeout(this.seeing);
      this.seeing = undefined;
      this.say(this.first());
    };
    socket.onmessage = ({ data }) => this.#take(data);
    socket.onclose = ({ code }) => this.#closed(code);
  }

  /** @param {string | ArrayBuffer} data */
  #take(data) {
    if (this.pause !== FIRST_PAUSE || typeof data === 'string') {
      this.pause = FIRST_PAUSE;
      this.changed(true);
    }
    if (typeof data === 'string') this.hear(JSON.parse(data));
    else this.#show(new Uint8Array(data));
  }

  /** A picture has come; the server sends no more than a few that it has not heard of. @param {Uint8Array<ArrayBuffer>} picture */
  #show(picture) {
    this.taken += picture.length;
    if (this.taken - this.seen >= SEEN_AT_ONCE) this.#see();
    else this.seeing ??= setTimeout(() => this.#see(), SEEN_AFTER);
    this.show(picture);
  }

  /** Say how much has come. */
  #see() {
    clearTimeout(this.seeing);
    this.seeing = undefined;
    this.seen = this.taken;
    this.say({ seen: this.seen });
  }

  /** @param {number} code */
  #closed(code) {
    this.isOver ||= [BAD_MESSAGE, REFUSED, OVER].includes(code);
    if (this.isOver) return;
    this.changed(false);
    if (code === TRY_AGAIN) this.pause = PAUSE_IF_AWAY;
    this.waiting = setTimeout(() => this.#connect(), this.pause);
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
  }
}
