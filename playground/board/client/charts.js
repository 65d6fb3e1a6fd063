/**
 * Plotly's charts: mounted once, given new data for a new run, extended while it trains.
 *
 * @typedef {import('./message.js').Figure} Figure
 * @typedef {import('./message.js').Trace} Trace
 * @typedef {'linear' | 'log'} Scale
 *
 * @typedef {HTMLDivElement & Figure
 *   & {on: (event: string, react: (event: any) => void) => void}} Plot An element with a chart.
 *
 * @typedef {object} Plotly What is used of it.
 * @property {(plot: Plot, data: Trace[], layout: any, config: object) => void} newPlot
 * @property {(plot: Plot) => void} redraw
 * @property {(plot: Plot, changes: object) => void} restyle
 * @property {(plot: Plot, changes: object) => void} relayout
 * @property {(plot: Plot, more: {x: number[][], y: (number | null)[][]}, traces: number[]) => void} extendTraces
 * @property {{resize: (plot: Plot) => void}} Plots
 */
import { axesOf, drawnSize } from './axes.js';
import { find } from './elements.js';

// Plotly can't label an axis of larger numbers, nor one whose numbers are closer than this, as a share
// of them. Readouts have all numbers.
const [LARGEST, CLOSEST] = [1e100, 1e-9];
const MOST_POINTS = 2000; // of a curve; every other one is dropped when there are more

/** @type {Promise<Plotly> | undefined} */
let loading;

/**
 * Load Plotly, once for all boards of the page.
 *
 * @param {string} address
 */
export function loadPlotly(address) {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = address;
    script.onload = () => resolve(thePlotly());
    script.onerror = () => reject(new Error(`Plotly could not be loaded from ${address}`));
    document.head.appendChild(script);
  });
  return loading;
}

/**
 * Plotly, once its script has run.
 *
 * @returns {Plotly}
 */
export function thePlotly() {
  return /** @type {any} */ (window).Plotly;
}

export class Chart {
  /**
   * @param {Plotly} plotly
   * @param {HTMLElement} panel The `data-view` section.
   */
  constructor(plotly, panel) {
    this.plotly = plotly;
    this.panel = panel;
    this.place = find(panel, '.chart', HTMLElement);
    this.plot = /** @type {Plot} */ (this.place.appendChild(document.createElement('div')));
    new ResizeObserver(() => {
      if (this.hasOtherSize()) plotly.Plots.resize(this.plot);
    }).observe(this.plot);
  }

  /** Whether what is drawn is larger or smaller than its place. */
  hasOtherSize() {
    const { clientWidth, clientHeight } = this.plot;
    const drawn = drawnSize(this.plot);
    if (!drawn || !clientWidth) return false;
    return Math.abs(drawn.width - clientWidth) >= 1 || Math.abs(drawn.height - clientHeight) >= 1;
  }

  /**
   * @param {Figure} figure
   * @param {string} run Zoom is kept within a run.
   */
  begin(figure, run) {
    // where one finger scrolls the page, it must not drag the chart, nor call up its buttons
    const isTouched = matchMedia('(pointer: coarse)').matches;
    const layout = {
      ...figure.layout, autosize: true, uirevision: run, ...(isTouched && { dragmode: false }),
    };
    const config = {
      displaylogo: false,
      scrollZoom: ['region', 'pinned'].includes(String(this.panel.dataset.view)),
      modeBarButtons: [['zoom2d', 'pan2d', 'zoomIn2d', 'zoomOut2d', 'resetScale2d']],
      ...(isTouched && { displayModeBar: false }),
    };
    this.dress(figure.data, layout);
    // anew, not `react`: that would keep axes, and what a double click goes back to, of other data
    this.plotly.newPlot(this.plot, figure.data, layout, config);
  }

  /** The theme has changed. */
  paint() {
    if (!this.plot.data) return;
    this.dress(this.plot.data, this.plot.layout);
    this.plotly.redraw(this.plot);
  }

  /**
   * Give text, grid and outlines the colours of the theme. Any call of Plotly draws a chart anew, so
   * this is done before it is drawn.
   *
   * @param {Trace[]} data
   * @param {any} layout
   */
  dress(data, layout) {
    const theme = getComputedStyle(this.panel);
    const [text, back, grid] = ['text', 'background', 'border'].map((name) =>
      theme.getPropertyValue(`--st-${name}-color`).trim(),
    );
    layout.font = { ...layout.font, color: text, family: theme.fontFamily };
    layout.modebar = { bgcolor: 'rgba(0,0,0,0)', color: grid, activecolor: text };
    layout.hoverlabel = { bgcolor: back, bordercolor: grid, font: { color: text } };
    for (const axis of [layout.xaxis, layout.yaxis]) axis.gridcolor = axis.linecolor = grid;
    for (const { marker, name } of data) {
      if (marker?.line) marker.line.color = name === 'test' ? text : back;
    }
  }
}

/**
 * A chart of curves against the epoch. Any redraw costs some 13 ms, so points are gathered.
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

  /** Take out what came after an epoch. @param {number} epoch */
  cut(epoch) {
    this.gathered = this.gathered.filter((frame) => frame.epoch <= epoch);
    this.redrawn = null;
    const { data } = this.plot;
    const length = data[0].x.findLastIndex((x) => x <= epoch) + 1;
    this.plotly.restyle(this.plot, {
      x: data.map(({ x }) => x.slice(0, length)),
      y: data.map(({ y }) => y.slice(0, length)),
    });
    this.until = data[0].x[length - 1];
    this.isPoint = length === 1;
    if (this.isPoint) this.plotly.restyle(this.plot, { mode: 'markers' });
    this.fitScale();
  }

  /**
   * @param {Figure} made
   * @param {string} run
   * @param {Moment[]} [past] What came after the figure, to be drawn at once.
   * @param {Scale} [scale] To be drawn in, if not in the figure's own.
   */
  begin(made, run, past = [], scale = made.layout.yaxis.type) {
    const figure = structuredClone(made); // Plotly writes into what it is given
    const epochs = figure.data[0].x;
    this.until = epochs[epochs.length - 1];
    this.hasLogScale = made.layout.yaxis.type === 'log';
    figure.layout.yaxis.type = scale;
    for (const trace of figure.data) trace.y = this.drawable(trace.y);
    this.gathered = past.filter(({ epoch }) => epoch > this.until);
    this.redrawn = null;
    const flat = this.flatRange(figure.data, scale);
    if (flat) figure.layout.yaxis.range = flat;
    this.isFlat = flat !== null;
    this.isPoint = epochs.length === 1;
    if (this.isPoint) for (const trace of figure.data) trace.mode = 'markers';
    this.panel.querySelector('.legend')?.replaceChildren(
      ...figure.data.map(({ name, line }) => legendEntry(name, line.color, line.dash === 'dot' ? '┄' : '━')),
    );
    super.begin(figure, run);
  }

  /** @param {Scale} type */
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
    if (!changes.length && !this.plot.layout.shapes?.length) return;
    const color = getComputedStyle(this.panel).color;
    const common = { xref: 'x', yref: 'paper', opacity: 0.7 };
    this.plotly.relayout(this.plot, {
      shapes: changes.map(([epoch]) => ({
        ...common, type: 'line', x0: epoch, x1: epoch, y0: 0, y1: 1, line: { color, width: 1, dash: 'dot' },
      })),
      annotations: changes.map(([epoch, text]) => ({
        ...common, x: epoch, y: 1, text, showarrow: false, xanchor: 'left', yanchor: 'top', font: { size: 10 },
      })),
    });
  }

  /**
   * Numbers as the chart draws them; those that it can't draw are a gap.
   *
   * @param {(number | null)[]} values
   */
  drawable(values) {
    return values.map((value) => {
      const isDrawn = value !== null && Math.abs(value) < LARGEST && (value > 0 || !this.hasLogScale);
      return isDrawn ? value : null;
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
    if (this.plot.data.every(({ y }, i) => y.at(-1) === values[i])) return;
    this.plotly.restyle(this.plot, { y: this.plot.data.map(({ y }, i) => [...y.slice(0, -1), values[i]]) });
  }

  /** Draw what was gathered. */
  flush() {
    if (this.redrawn) this.redraw(this.redrawn);
    if (!this.gathered.length) return;
    const epochs = this.gathered.map((frame) => frame.epoch);
    const values = this.gathered.map((frame) => this.drawable(this.values(frame)));
    const traces = this.plot.data.map((_, i) => i);
    if (this.isPoint) this.plotly.restyle(this.plot, { mode: 'lines' });
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
      });
    } else {
      this.plotly.extendTraces(this.plot, { x, y }, traces);
    }
    this.fitScale();
  }
}

/**
 * The scale of a regression's colours.
 *
 * @param {[number, number, string, string]} values Lowest and highest value, and their colours.
 */
export function colorBar([low, high, lowColor, highColor]) {
  const entry = document.createElement('li');
  const bar = document.createElement('span');
  bar.className = 'color-bar';
  bar.style.background = `linear-gradient(to right, ${lowColor}, transparent, ${highColor})`;
  const [first, last] = [low, high].map((value) => String(Number(value.toPrecision(4))).replace('-', '−'));
  entry.append(first, bar, last);
  return entry;
}

/**
 * @param {string} name
 * @param {string} color
 * @param {string} symbol
 */
export function legendEntry(name, color, symbol) {
  const entry = document.createElement('li');
  const mark = entry.appendChild(document.createElement('span'));
  mark.style.color = color;
  mark.textContent = symbol;
  mark.setAttribute('aria-hidden', 'true');
  entry.append(name);
  return entry;
}
