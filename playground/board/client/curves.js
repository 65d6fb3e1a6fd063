/**
 * Charts of curves against the epoch. Any redraw costs some 13 ms, so points are gathered. When a run
 * goes on from a past epoch, what came after it before stays as a faint curve.
 *
 * @typedef {import('./message.js').Figure} Figure
 * @typedef {import('./message.js').Trace} Trace
 * @typedef {import('./charts.js').Plotly} Plotly
 * @typedef {'linear' | 'log'} Scale
 * @typedef {{x: number[], y: (number | null)[]}} Points Of a curve.
 */
import { axesOf } from './axes.js';
import { Chart, curveEntry } from './charts.js';
import { typeScale } from './elements.js';

// Plotly can't label an axis of larger numbers: those are drawn here, so that a curve that diverges goes
// on to its last epoch. Nor can it label one whose numbers are closer than this, as a share of them.
// Readouts have all numbers.
const [LARGEST, CLOSEST] = [1e100, 1e-9];
const MOST_POINTS = 2000; // of a curve; every other one is dropped when there are more
const FAINT = 0.35; // opacity of what came before

/**
 * A chart of curves.
 *
 * @template {{epoch: number}} Moment A frame, or what the curves show of it.
 */
export class Curves extends Chart {
  /**
   * @param {Plotly} plotly
   * @param {HTMLElement} panel The `data-view` section.
   * @param {(moment: Moment) => number[]} values Of each curve the value at a moment.
   */
  constructor(plotly, panel, values) {
    super(plotly, panel);
    this.values = values;
    /** @type {Moment[]} */
    this.gathered = [];
    /** @type {Moment | null} the last epoch drawn, when its values were changed since */
    this.redrawn = null;
    this.until = -1; // the last epoch that is drawn or gathered
    this.isPoint = false; // whether it has one epoch only: a line of one point would not be seen
    this.isFlat = false;
    this.hasLogScale = false; // of itself: what that can't show is never there
    this.run = '';
    this.count = 0; // how many curves there are, without the faint ones, which come after them
    /** @type {Points[]} of each curve what came after the epoch from which the run goes on */
    this.before = [];
    /** @type {[number, string][]} since when which live changes are in force */
    this.changes = [];
    this.pointer = this.place.appendChild(document.createElement('div'));
    this.pointer.className = 'pointer';
    this.pointer.hidden = true;
  }

  /** Point at an epoch, or at none. @param {number | null} epoch */
  point(epoch) {
    this.pointer.hidden = epoch === null;
    const axes = axesOf(this.plot);
    if (epoch === null || !axes) return;
    const { x, y } = axes;
    const left = x.start + Math.min(Math.max(x.toPixels(epoch), 0), x.length);
    Object.assign(this.pointer.style, { left: `${left}px`, top: `${y.start}px`, height: `${y.length}px` });
  }

  /** The curves, without the faint ones. */
  get traces() {
    return this.plot.data.slice(0, this.count);
  }

  /** The curves with all that was gathered for them. */
  drawn() {
    this.flush();
    return this.traces;
  }

  /** Their numbers. */
  get numbers() {
    return this.traces.map((_, i) => i);
  }

  /** Take out what came after an epoch, and leave it as faint curves. @param {number} epoch */
  cut(epoch) {
    this.flush();
    const { traces } = this;
    const length = traces[0].x.findLastIndex((x) => x <= epoch) + 1;
    const isLast = length === traces[0].x.length;
    this.showBefore(isLast ? [] : traces.map(({ x, y }) => ({ x: x.slice(length - 1), y: y.slice(length - 1) })));
    this.plotly.restyle(this.plot, {
      x: traces.map(({ x }) => x.slice(0, length)),
      y: traces.map(({ y }) => y.slice(0, length)),
    }, this.numbers);
    this.until = traces[0].x[length - 1];
    this.isPoint = length === 1;
    if (this.isPoint) this.plotly.restyle(this.plot, { mode: 'markers' }, this.numbers);
    this.fitScale();
  }

  /** Show other faint curves than up to now. @param {Points[]} before */
  showBefore(before) {
    const faint = this.plot.data.slice(this.count).map((_, i) => this.count + i);
    if (faint.length) this.plotly.deleteTraces(this.plot, faint);
    this.before = before;
    if (before.length) this.plotly.addTraces(this.plot, this.faint(this.traces));
  }

  /** The faint curves, for Plotly. @param {Trace[]} traces Those that they belong to. @returns {Trace[]} */
  faint(traces) {
    return this.before.slice(0, traces.length).map(({ x, y }, i) => ({
      x, y: this.drawable(y), name: '', mode: 'lines', line: { ...traces[i].line }, opacity: FAINT, hoverinfo: 'skip',
    }));
  }

  /**
   * A new run, or other curves of the same one.
   *
   * @param {Figure} made
   * @param {string} run
   * @param {Scale} [scale] To be drawn in, if not in the figure's own.
   */
  begin(made, run, scale = made.layout.yaxis.type) {
    if (run !== this.run) [this.changes, this.before] = [[], []];
    this.run = run;
    const figure = structuredClone(made); // Plotly writes into what it is given
    const epochs = figure.data[0].x;
    this.until = epochs[epochs.length - 1];
    this.hasLogScale = made.layout.yaxis.type === 'log';
    figure.layout.yaxis.type = scale;
    for (const trace of figure.data) trace.y = this.drawable(trace.y);
    this.gathered = [];
    this.redrawn = null;
    const flat = this.flatRange(figure.data, scale);
    if (flat) figure.layout.yaxis.range = flat;
    this.isFlat = flat !== null;
    this.isPoint = epochs.length === 1;
    if (this.isPoint) for (const trace of figure.data) trace.mode = 'markers';
    this.panel.querySelector('.legend')?.replaceChildren(
      ...figure.data.map(({ name, line }) => curveEntry(name, line)),
    );
    this.count = figure.data.length;
    figure.data.push(...this.faint(figure.data));
    super.begin(figure, run);
  }

  /** Whether a person has zoomed into it. */
  isMoved() {
    const { xaxis, yaxis } = this.plot.layout;
    return xaxis.autorange === false || (yaxis.autorange === false && !this.isFlat);
  }

  /** Draw in another scale. @param {Scale} type */
  setScale(type) {
    if (this.plot.data && this.plot.layout.yaxis.type !== type) {
      const flat = this.flatRange(this.plot.data, type);
      const range = flat ? { 'yaxis.range': flat } : { 'yaxis.autorange': true };
      this.plotly.relayout(this.plot, { 'yaxis.type': type, ...range });
    }
  }

  /** Take a frame in; the curves have whole epochs only. @param {Moment} frame */
  add(frame) {
    if (frame.epoch > this.until && Number.isInteger(frame.epoch)) this.gathered.push(frame);
    else if (frame.epoch === this.until) this.redrawn = frame;
  }

  /**
   * Mark the epochs since when changes are in force.
   *
   * @param {[number, string][]} changes
   */
  mark(changes) {
    if (JSON.stringify(changes) === JSON.stringify(this.changes)) return;
    this.changes = changes;
    this.plotly.relayout(this.plot, this.marks());
  }

  /** The marks, as Plotly draws them. */
  marks() {
    const { color } = getComputedStyle(this.panel);
    const common = { xref: 'x', yref: 'paper', opacity: 0.7 };
    return {
      shapes: this.changes.map(([epoch]) => ({
        ...common, type: 'line', x0: epoch, x1: epoch, y0: 0, y1: 1, line: { color, width: 1, dash: 'dot' },
      })),
      annotations: this.changes.map(([epoch, text]) => ({
        ...common, x: epoch, y: 1, text, showarrow: false, xanchor: 'left', yanchor: 'top', font: { size: 10 * typeScale() },
      })),
    };
  }

  /** The marks have the colours of the theme too. @param {Trace[]} data @param {any} layout */
  dress(data, layout) {
    super.dress(data, layout);
    Object.assign(layout, this.marks());
  }

  /**
   * Numbers as the chart draws them: too large ones at the largest, and what it can't draw is a gap.
   *
   * @param {(number | null)[]} values
   */
  drawable(values) {
    return values.map((value) => {
      if (value === null || Number.isNaN(value) || (value <= 0 && this.hasLogScale)) return null;
      return Math.max(-LARGEST, Math.min(value, LARGEST));
    });
  }

  /**
   * The range to show if all values are as good as equal; null if they are not.
   *
   * @param {Trace[]} data
   * @param {Scale} type Of the axis; Plotly has the range of a log axis as exponents.
   * @returns {[number, number] | null}
   */
  flatRange(data, type) {
    const values = data.flatMap(({ y }) => y.filter((value) => value !== null));
    const low = values.reduce((least, value) => Math.min(least, value), Infinity);
    const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
    const isFlat = low <= high && high > 0 && high - low <= CLOSEST * high;
    if (!isFlat) return null;
    return type === 'log' ? [Math.log10(low) - 0.01, Math.log10(high) + 0.01] : [0.99 * low, 1.01 * high];
  }

  /** Keep an axis that Plotly can label, also when the values are as good as equal. */
  fitScale() {
    const range = this.flatRange(this.plot.data, this.plot.layout.yaxis.type);
    if (range) this.plotly.relayout(this.plot, { 'yaxis.range': range });
    else if (this.isFlat) this.plotly.relayout(this.plot, { 'yaxis.autorange': true });
    this.isFlat = range !== null;
  }

  /** Draw an epoch's values anew: they were changed after it was drawn. @param {Moment} redrawn */
  redraw(redrawn) {
    const values = this.drawable(this.values(redrawn));
    this.redrawn = null;
    const { traces } = this;
    if (traces.every(({ y }, i) => y.at(-1) === values[i])) return;
    this.plotly.restyle(this.plot, { y: traces.map(({ y }, i) => [...y.slice(0, -1), values[i]]) }, this.numbers);
  }

  /** Draw what was gathered. */
  flush() {
    if (this.redrawn) this.redraw(this.redrawn);
    if (!this.gathered.length) return;
    const epochs = this.gathered.map((frame) => frame.epoch);
    const values = this.gathered.map((frame) => this.drawable(this.values(frame)));
    const traces = this.numbers;
    if (this.isPoint) this.plotly.restyle(this.plot, { mode: 'lines' }, traces);
    this.isPoint = false;
    this.until = epochs[epochs.length - 1];
    this.gathered = [];
    const x = traces.map(() => epochs);
    const y = traces.map((i) => values.map((row) => row[i]));
    if (this.plot.data[0].x.length + epochs.length > MOST_POINTS) {
      /** @template T @param {T[]} old @param {T[]} more */
      const thin = (old, more) => [...old.filter((_, i) => i % 2 === 0), ...more];
      this.plotly.restyle(this.plot, {
        x: traces.map((i) => thin(this.plot.data[i].x, x[i])),
        y: traces.map((i) => thin(this.plot.data[i].y, y[i])),
      }, traces);
    } else {
      this.plotly.extendTraces(this.plot, { x, y }, traces);
    }
    this.fitScale();
  }
}
