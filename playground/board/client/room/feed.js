/**
 * What a teacher's board tells the room of its screen, for all who follow; `Shown` in read.py is the
 * other end. It is told whenever it is something else, as often as eyes need, and no more.
 *
 * @typedef {ReturnType<typeof import('../board.js').makeBoard>} Board
 */

const INTERVAL = 1000 / 15; // ms from one telling to the next
const EARLY = 4; // ms that it may come sooner: repaints of the screen are not that regular

export class Feed {
  /**
   * @param {Board} board
   * @param {(message: object) => boolean} say Tell the room; whether there is a line to do so.
   */
  constructor(board, say) {
    this.board = board;
    this.say = say;
    this.isOn = false;
    this.told = ''; // last
    this.received = 0; // messages of the server by then: a frame may be another one at the same epoch
    this.toldAt = -Infinity; // when, ms
  }

  /** Tell from now on, beginning with what is on screen now. */
  start() {
    this.told = '';
    if (this.isOn) return;
    this.isOn = true;
    const tick = (/** @type {number} */ now) => {
      if (!this.isOn) return;
      requestAnimationFrame(tick);
      this.tell(now);
    };
    requestAnimationFrame(tick);
  }

  /** Tell no more. */
  stop() {
    this.isOn = false;
  }

  /** Tell what is on screen, if it is something else than before. @param {number} now ms */
  tell(now) {
    if (now - this.toldAt < INTERVAL - EARLY || !this.board.frame) return;
    const shown = this.shown();
    const text = JSON.stringify(shown);
    const { received } = this.board;
    if (text === this.told && received === this.received) return;
    this.toldAt = now;
    this.received = received;
    this.told = this.say({ shown }) ? text : ''; // without a line it is told once there is one
  }

  /** What is on screen. */
  shown() {
    const { run, onScreen: epoch, state, isPast, shown } = this.board.player.now;
    return { run, epoch, state, past: isPast ? shown : null, point: this.point(), beside: this.beside() };
  }

  /** What is pointed at or picked. */
  point() {
    const { network, card, sample, probes } = this.board;
    const answer = probes.find((probe) => probe.answer)?.answer;
    const picked = network.card.isOpen ? network.picked : null;
    return {
      ...(network.pointed && { unit: network.pointed }),
      ...(picked && { weight: { layer: picked.layer, from: picked.from, to: picked.to } }),
      ...(answer && { place: placeOf(answer) }),
      ...(card.isOpen && sample && { card: sample }),
    };
  }

  /** What is open beside the board. */
  beside() {
    const { lesson, openBeside, telling } = this.board;
    const { view, step } = openBeside();
    return { ...(lesson && { lesson }), ...(view && { view }), explained: step === 'explanation', ...telling.explained };
  }
}

/** @param {import('../probe.js').Answer} answer */
function placeOf({ x, y, pinned, predicted, sample }) {
  return { x, y, pinned, predicted, sample };
}
