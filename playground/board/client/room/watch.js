/**
 * A board that shows another one's screen: that of the teacher. Messages come from the room's line, and
 * nothing is asked of the server. What would change the run is not there; all else works.
 *
 * @typedef {ReturnType<typeof import('../board.js').makeBoard>} Board
 * @typedef {import('../message.js').Frame} Frame
 * @typedef {import('../message.js').Header} Header
 * @typedef {import('../message.js').Watch} Watch
 * @typedef {{header: Header & {watch: Watch}, frame: Frame}} Message
 */
import { axesOf } from '../axes.js';
import { unpack } from '../message.js';

export class Watching {
  /**
   * @param {Board} board
   * @param {object} [around]
   * @param {() => void} [around.lost] A start was missed: have everything told anew.
   * @param {(watch: Watch) => void} [around.changed] Another moment is on screen.
   */
  constructor(board, { lost = () => {}, changed = () => {} } = {}) {
    this.board = board;
    this.lost = lost;
    this.changed = changed;
    this.isOn = true;
    this.start = ''; // number of the start that has come last
    this.missed = ''; // number of one that was asked for
    this.point = '{}'; // what is pointed at or picked
    /** @type {Message | null} the newest one that is not on screen yet */
    this.waiting = null;
    this.inOrder = Promise.resolve(); // when all messages that have come are unpacked
    board.root.dataset.watching = 'true';
    board.network.card.isReadOnly = true;
    board.player.isWatching = true;
  }

  /** Be a board of one's own again, with the run on screen. */
  stop() {
    this.isOn = false;
    delete this.board.root.dataset.watching;
    this.board.network.card.isReadOnly = false;
    this.board.player.isWatching = false;
    this.board.player.pause();
  }

  /** A message has come. @param {Uint8Array<ArrayBuffer>} packed */
  show(packed) {
    this.inOrder = this.inOrder.then(() => unpack(packed)).then(({ header, frames: [frame] }) => {
      if (this.isOn && header.watch) this.#take({ header: { ...header, watch: header.watch }, frame });
    });
  }

  /** @param {Message} message */
  #take(message) {
    const { start, data, watch } = message.header;
    if (start) {
      this.start = watch.start;
      if (data) this.board.value.take(data);
      this.waiting = null;
      this.#show(message); // a picture that comes next needs it
    } else if (watch.start === this.start) {
      if (this.waiting && this.waiting.header.run === message.header.run) {
        message.header.watch.passed = [...(this.waiting.header.watch.passed ?? []), ...(watch.passed ?? [])];
      }
      // where the screen can't be kept up with, only the newest is drawn
      if (!this.waiting) requestAnimationFrame(() => this.#showWaiting());
      this.waiting = message;
    } else if (watch.start !== this.missed) {
      this.missed = watch.start;
      this.lost();
    }
  }

  #showWaiting() {
    const { waiting } = this;
    this.waiting = null;
    if (waiting && this.isOn) this.#show(waiting);
  }

  /** @param {Message} message */
  #show({ header, frame }) {
    const { board } = this;
    const isSame = header.run === board.player.now.run;
    board.value.read(header);
    if (isSame) for (const moment of header.watch.passed ?? []) board.recordPassed(moment);
    board.player.watch(header, frame);
    // what was missed of the history is in there
    if (header.start && isSame) board.renewCurves(header.start, header.run);
    board.value.epoch = board.player.now.onScreen;
    board.mark(header.changes);
    board.readouts.comparison.textContent = header.comparison;
    if (!isSame) this.point = '{}'; // the board has let it go
    this.#pointAt(header.watch.point, frame);
    this.changed(header.watch);
  }

  /** @param {Watch['point']} point @param {Frame} frame */
  #pointAt(point, frame) {
    const text = JSON.stringify(point);
    if (text === this.point) return;
    const before = /** @type {Watch['point']} */ (JSON.parse(this.point));
    this.point = text;
    /** @param {keyof Watch['point']} name */
    const isOther = (name) => JSON.stringify(point[name]) !== JSON.stringify(before[name]);
    if (isOther('weight')) this.#openWeight(point.weight, frame);
    if (isOther('unit')) this.#pointAtUnit(point.unit);
    if (isOther('card')) this.#openPoint(point.card);
    if (isOther('place')) {
      for (const probe of this.board.probes) probe.showAnother(point.place?.pinned === probe.pinned ? point.place : null);
    }
  }

  /** @param {Watch['point']['unit']} at */
  #pointAtUnit(at) {
    const { network } = this.board;
    if (at && network.centres[at.layer]?.[at.unit]) network.pointTo({ ...at, from: null });
    else network.leave();
  }

  /** @param {Watch['point']['weight']} weight @param {Frame} frame */
  #openWeight(weight, frame) {
    const { network } = this.board;
    const end = weight && network.centres[weight.layer + 1]?.[weight.to];
    const start = weight && (weight.from === null ? end : network.centres[weight.layer]?.[weight.from]);
    if (!weight || !end || !start) {
      network.card.hide();
      return;
    }
    const picked = network.pickedAt({ layer: weight.layer + 1, unit: weight.to, from: weight.from });
    network.open(frame, picked, (start.x + end.x) / 2, (start.y + end.y) / 2, false);
  }

  /** @param {Watch['point']['card']} sample */
  #openPoint(sample) {
    const { plot } = this.board.prediction.points;
    const axes = axesOf(plot);
    const points = sample && plot.data[sample.part === 'training' ? 0 : 1];
    if (!axes || !points || !(sample.index in points.x)) {
      this.board.card.hide();
      return;
    }
    const [x, y] = [axes.x.toPixels(points.x[sample.index]), axes.y.toPixels(Number(points.y[sample.index]))];
    const title = `${sample.part} point ${sample.index + 1}`;
    this.board.card.show({ title, explain: () => {} }, axes.x.start + x, axes.y.start + y);
  }
}
