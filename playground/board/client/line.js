/**
 * The board's line to the server: one WebSocket, opened again whenever it breaks. `line.py` is its
 * other end. It carries messages and knows nothing of what is in them.
 *
 * A server that does not know the line's address, because it was started again or is another one, is
 * asked for a line of its own, and given the value of the run: it makes the run again.
 *
 * A server that is going says so, and the line is opened elsewhere at once. Where there is no place for
 * a board alone, it waits, and tries again ever more rarely.
 *
 * @typedef {'connecting' | 'open' | 'broken' | 'full'} LineState
 */

const UNKNOWN_TOKEN = 4404; // close code, as in line.py
const FULL = 4503; // this one and the next as in arrivals.py
const SERVICE_RESTART = 1012;
const FIRST_PAUSE = 250; // ms before a broken line is opened again; each time twice as long
const LONGEST_PAUSE = 2500; // ms
const LONGEST_PAUSE_IF_FULL = 20_000; // ms
const PIECE = 48 * 1024; // bytes of a value that are sent at once

export class Line {
  /**
   * @param {object} board
   * @param {(message: Uint8Array<ArrayBuffer>) => void} board.receive A packed message has come.
   * @param {(note: Record<string, any>) => void} board.note A note has come: what is said in JSON.
   * @param {(state: LineState) => void} board.stateChanged
   * @param {() => string} board.run The run on screen, '' for none.
   * @param {() => string | null} board.value The value of the run on screen, null if it is a new one.
   */
  constructor({ receive, note, stateChanged, run, value }) {
    this.receive = receive;
    this.note = note;
    this.stateChanged = stateChanged;
    this.run = run;
    this.value = value;
    this.address = '';
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {LineState} */
    this.state = 'connecting';
    this.pause = FIRST_PAUSE;
    this.hasPage = true;
    this.isLost = false; // whether the server has never heard of the address
  }

  /**
   * Go to another address, if it is another one.
   *
   * @param {string} address A path with a query, as the server says it.
   * @param {object} how
   * @param {boolean} how.bring Whether to bring the run on screen along.
   * @param {boolean} how.hasPage Whether the address is of a page's run; else it is of one that ends
   *   with the line, and that is brought whenever it is opened again.
   */
  open(address, { bring, hasPage }) {
    if (address === this.address) return;
    this.address = address;
    this.hasPage = hasPage;
    this.isLost = false;
    this.pause = FIRST_PAUSE;
    this.#connect(bring);
  }

  /**
   * Send something; whether there is a line to send it on.
   *
   * @param {object} message
   */
  send(message) {
    if (this.state !== 'open') return false;
    /** @type {WebSocket} */ (this.socket).send(JSON.stringify(message));
    return true;
  }

  /**
   * Say something while the server is making the run, before there is a run to ask about.
   *
   * @param {object} message
   */
  interrupt(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /** @param {boolean} bring */
  #connect(bring) {
    clearTimeout(this.waiting);
    this.#drop();
    const value = bring ? this.value() : null;
    const address = new URL(this.address, document.baseURI);
    if (this.isLost) {
      address.pathname = address.pathname.replace(/\/[^/]*$/, '');
      address.search = location.search; // the page's address is a link to what it shows
    }
    if (value !== null) address.searchParams.set('bring', '1');
    else if (this.run()) address.searchParams.set('run', this.run());
    address.protocol = address.protocol.replace('http', 'ws');
    const socket = (this.socket = new WebSocket(address));
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      if (value !== null) sendInPieces(socket, value);
    };
    socket.onmessage = ({ data }) => this.#hear(data);
    socket.onclose = ({ code }) => this.#closed(code);
  }

  /** @param {string | ArrayBuffer} data */
  #hear(data) {
    if (typeof data === 'string') {
      this.note(JSON.parse(data));
      return;
    }
    this.pause = FIRST_PAUSE;
    this.#become('open');
    this.receive(new Uint8Array(data));
  }

  /** @param {number} code */
  #closed(code) {
    const isGoing = code === SERVICE_RESTART && this.state === 'open';
    this.socket = null;
    this.#become(code === FULL ? 'full' : 'broken');
    if (isGoing || (code === UNKNOWN_TOKEN && !this.isLost)) {
      this.isLost = this.hasPage;
      this.#connect(true);
      return;
    }
    this.waiting = setTimeout(() => this.#connect(this.isLost || !this.hasPage), this.pause);
    this.pause = Math.min(2 * this.pause, code === FULL ? LONGEST_PAUSE_IF_FULL : LONGEST_PAUSE);
  }

  /** Close the connection that there is, and hear nothing more of it. */
  #drop() {
    if (!this.socket) return;
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
    this.socket = null;
  }

  /** @param {LineState} state */
  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.stateChanged(state);
  }
}

/**
 * @param {WebSocket} socket
 * @param {string} text As bytes in pieces; an empty one is the last.
 */
function sendInPieces(socket, text) {
  const bytes = new TextEncoder().encode(text);
  for (let start = 0; start < bytes.length; start += PIECE) socket.send(bytes.slice(start, start + PIECE));
  socket.send(new Uint8Array());
}
