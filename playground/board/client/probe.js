/**
 * What the network says where a person points, in a small card beside the pointer: at a place of the
 * picture, or at a data point. The server answers; while there is none, the picture itself is read,
 * which is rounded. Nothing is asked while nobody points.
 *
 * @typedef {import('./message.js').Frame} Frame
 * @typedef {import('./message.js').Start} Start
 * @typedef {import('./message.js').Trace} Trace
 *
 * @typedef {{part: string, index: number}} Sample
 * @typedef {object} Place Where the pointer is.
 * @property {number} left px from the left of the picture.
 * @property {number} top px from its top.
 * @property {number} x In the units of the axes; of the data point, if there is one.
 * @property {number} y
 * @property {Sample | null} sample
 *
 * @typedef {object} Answer As `answer` in probe.py makes it.
 * @property {number} epoch
 * @property {number} x
 * @property {number} y
 * @property {boolean} pinned
 * @property {(number | null)[]} predicted
 * @property {Sample & {label: number, loss: number | null, right: boolean | null} | null} sample
 */
import { axesOf } from './axes.js';

const REACH = 8; // px from a data point, within which a pointer means it; as in figures.py
const MOVING = 50; // ms from one question to the next while the pointer moves
const PLAYING = 200; // ms from one question to the next while frames come
const LOST = 2000; // ms after which no answer will come any more
const ASIDE = 14; // px from the pointer to the card

export class Probe {
  /**
   * @param {import('./prediction.js').Prediction} prediction The picture.
   * @param {object} board
   * @param {(question: object) => boolean} board.ask Ask the server; whether there is one.
   * @param {() => boolean} board.isCovered Whether something else lies over the picture.
   * @param {(predicted: (number | null)[] | null) => void} board.told What the network says, or null
   *   when nobody points any more.
   * @param {boolean} pinned Whether the picture is that of run A.
   */
  constructor(prediction, { ask, isCovered, told }, pinned) {
    this.prediction = prediction;
    this.ask = ask;
    this.isCovered = isCovered;
    this.told = told;
    this.pinned = pinned;
    /** @type {Place | null} */
    this.place = null;
    /** @type {Start | null} */
    this.start = null;
    /** @type {Place | null} what was asked about last */
    this.askedPlace = null;
    /** @type {Frame | null} the frame that was asked about last */
    this.askedFrame = null;
    this.askedAt = -Infinity; // when, ms
    this.isOut = false; // whether that question has no answer yet
    this.isAnothers = false; // whether somebody else points, who has the answer
    /** @type {Answer | null} the last one, while a person points */
    this.answer = null;
    /** @type {((words: string) => void) | undefined} called with what the card says, whenever it is filled */
    this.written = undefined;
    const { place } = prediction.points;
    this.card = place.appendChild(document.createElement('div'));
    this.card.className = 'probe';
    this.card.hidden = true;
    place.addEventListener('pointermove', (event) => this.point(event));
    place.addEventListener('pointerdown', (event) => this.point(event));
    place.addEventListener('pointerleave', (event) => {
      if (event.pointerType !== 'touch') this.leave(); // a finger leaves whenever it is lifted
    });
    document.addEventListener('pointerdown', (event) => {
      if (!event.composedPath().includes(place)) this.leave();
    });
  }

  /** A new run. @param {Start} start */
  begin(start) {
    this.start = start;
    this.askedFrame = null;
    this.isOut = false;
  }

  /** The pointer is here. @param {PointerEvent} event */
  point(event) {
    const { plot } = this.prediction.points;
    const axes = axesOf(plot);
    const isDragging = event.pointerType !== 'touch' && event.buttons !== 0;
    if (!axes || isDragging || this.isCovered()) {
      this.leave();
      return;
    }
    const { left, top } = plot.getBoundingClientRect();
    const [across, down] = [event.clientX - left - axes.x.start, event.clientY - top - axes.y.start];
    if (across < 0 || across > axes.x.length || down < 0 || down > axes.y.length) {
      this.leave();
      return;
    }
    const sample = nearest(plot.data, axes, across, down);
    const at = sample && plot.data[sample.part === 'training' ? 0 : 1];
    this.isAnothers = false;
    this.place = {
      left: event.clientX - left,
      top: event.clientY - top,
      x: at && sample ? at.x[sample.index] : axes.x.toValue(across),
      y: at && sample ? Number(at.y[sample.index]) : axes.y.toValue(down),
      sample,
    };
  }

  /** Nobody points any more. */
  leave() {
    if (this.place) this.told(null);
    this.answer = null;
    this.isAnothers = false;
    this.place = this.askedPlace = this.askedFrame = null;
    this.card.hidden = true;
  }

  /**
   * To be called before each repaint of the screen.
   *
   * @param {number} now ms
   * @param {Frame | null} frame On screen.
   * @param {string} run
   */
  tick(now, frame, run) {
    if (!this.place || this.isAnothers || !frame || (this.isOut && now - this.askedAt < LOST)) return;
    const hasMoved = this.place !== this.askedPlace && now - this.askedAt >= MOVING;
    const isOver = frame !== this.askedFrame && now - this.askedAt >= PLAYING;
    if (!hasMoved && !isOver && this.askedFrame) return;
    const { x, y, sample } = this.place;
    [this.askedPlace, this.askedFrame, this.askedAt] = [this.place, frame, now];
    this.isOut = this.ask({ probe: { run, epoch: frame.epoch, x, y, sample, pinned: this.pinned } });
    if (!this.isOut) this.readPicture();
  }

  /** The server has answered. @param {Answer | null} answer Null if the moment is not known any more. */
  take(answer) {
    if (answer && answer.pinned !== this.pinned) return; // of the other picture
    this.isOut = false;
    if (!answer || !this.place || !this.start) return;
    this.answer = answer;
    this.writeAnswer(answer);
  }

  /** Show what somebody else points at, and what the network says there; null for nothing. @param {Omit<Answer, 'epoch'> | null} answer */
  showAnother(answer) {
    const { plot } = this.prediction.points;
    const axes = axesOf(plot);
    if (!answer || !axes || !this.start) {
      this.leave();
      return;
    }
    const { x, y, sample } = answer;
    const [left, top] = [axes.x.start + axes.x.toPixels(x), axes.y.start + axes.y.toPixels(y)];
    this.place = { left, top, x, y, sample };
    this.isAnothers = true;
    this.writeAnswer(answer);
  }

  /** Say what the network says. @param {Omit<Answer, 'epoch'>} answer */
  writeAnswer(answer) {
    if (!this.start) return;
    const { predicted, sample } = answer;
    const names = this.start.classes.length ? this.start.classes.map(([name]) => `probability of ${name}`) : ['predicted value'];
    this.write(
      answer,
      predicted.map((value, i) => [this.start?.classes[i]?.[1] ?? '', `${names[i]}: ${value === null ? '–' : readable(value)}`]),
      sample && { ...sample, wrong: sample.right === false },
    );
    this.told(predicted);
  }

  /** There is no server: say what the picture shows. */
  readPicture() {
    if (!this.place || !this.start) return;
    const { x, y, sample } = this.place;
    const { region, points } = this.prediction;
    const read = region.read(x, y);
    /** @type {[string, string][]} */
    const lines = [];
    if (read) {
      const [, color] = this.start.classes[read.label ?? -1] ?? ['', ''];
      const name = read.label === null ? 'predicted value' : `probability of ${this.start.classes[read.label][0]}`;
      lines.push([color, `${name}: about ${readable(read.value, 2)}`]);
    }
    const number = sample && sample.index + (sample.part === 'test' ? points.plot.data[0].x.length : 0);
    const labels = sample && points.plot.data[sample.part === 'training' ? 0 : 1].customdata;
    this.write({ x, y }, lines, sample && labels && number !== null
      ? { ...sample, label: labels[sample.index], loss: null, wrong: region.isWrong(number) }
      : null);
  }

  /**
   * Fill the card and put it beside the pointer.
   *
   * @param {{x: number, y: number}} at
   * @param {[string, string][]} predicted Colour and words of each line.
   * @param {Sample & {label: number, loss: number | null, wrong: boolean} | null} sample
   */
  write({ x, y }, predicted, sample) {
    const { classes, axes, line } = /** @type {Start} */ (this.start);
    const isCurve = line !== null;
    /** @type {[string, string][]} */
    const lines = [...predicted];
    lines.unshift(['', isCurve ? `${axes[0]} = ${readable(x)}` : `${axes[0]} = ${readable(x)}, ${axes[1]} = ${readable(y)}`]);
    if (sample) {
      const { part, index, label, loss, wrong } = sample;
      const said = classes.length ? `${classes[label][0]}, ${wrong ? 'misclassified' : 'classified correctly'}` : `value ${readable(label)}`;
      lines.unshift([classes[label]?.[1] ?? '', `${part} point ${index + 1}: ${said}`]);
      if (loss !== null) lines.push(['', `loss: ${readable(loss)}`]);
    }
    this.card.replaceChildren(...lines.map(([color, words]) => {
      const row = document.createElement('div');
      if (color) row.appendChild(Object.assign(document.createElement('span'), { textContent: '■ ' })).style.color = color;
      row.append(words);
      return row;
    }));
    this.card.hidden = false;
    this.written?.(lines.map(([, words]) => words).join(', '));
    this.settle();
  }

  /** Put the card beside the pointer, inside the picture. */
  settle() {
    if (!this.place) return;
    const { left, top } = this.place;
    const { clientWidth: width, clientHeight: height } = this.prediction.points.place;
    const { offsetWidth: wide, offsetHeight: tall } = this.card;
    const isRight = left + ASIDE + wide <= width;
    const isBelow = top + ASIDE + tall <= height;
    Object.assign(this.card.style, {
      left: `${Math.max(0, isRight ? left + ASIDE : left - ASIDE - wide)}px`,
      top: `${Math.max(0, isBelow ? top + ASIDE : top - ASIDE - tall)}px`,
    });
  }
}

/**
 * The data point within reach, null if there is none.
 *
 * @param {Trace[]} data Training points, then test points.
 * @param {NonNullable<ReturnType<typeof axesOf>>} axes
 * @param {number} across px from the left end of the axis.
 * @param {number} down px from its upper end.
 * @returns {Sample | null}
 */
function nearest(data, { x, y }, across, down) {
  /** @type {Sample | null} */
  let found = null;
  let least = REACH;
  data.slice(0, 2).forEach((trace, i) => {
    trace.x.forEach((value, index) => {
      const distance = Math.hypot(x.toPixels(value) - across, y.toPixels(Number(trace.y[index])) - down);
      if (distance > least) return;
      least = distance;
      found = { part: ['training', 'test'][i], index };
    });
  });
  return found;
}

/** @param {number} value @param {number} [digits] After the point. */
function readable(value, digits = 3) {
  const size = Math.abs(value);
  const isPlain = size === 0 || (size >= 0.001 && size < 1e4);
  const text = isPlain ? value.toFixed(digits) : value.toExponential(1);
  return text.replaceAll('-', '−');
}
