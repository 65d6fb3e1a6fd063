/**
 * Plotly's charts: mounted once, given new data for a new run; and their legends.
 *
 * @typedef {import('./message.js').Figure} Figure
 * @typedef {import('./message.js').Trace} Trace
 *
 * @typedef {HTMLDivElement & Figure
 *   & {on: (event: string, react: (event: any) => void) => void}} Plot An element with a chart.
 *
 * @typedef {object} Plotly What is used of it.
 * @property {(plot: Plot, data: Trace[], layout: any, config: object) => void} newPlot
 * @property {(plot: Plot) => void} redraw
 * @property {(plot: Plot, changes: object, traces?: number[]) => void} restyle
 * @property {(plot: Plot, changes: object) => void} relayout
 * @property {(plot: Plot, more: {x: number[][], y: (number | null)[][]}, traces: number[]) => void} extendTraces
 * @property {(plot: Plot, traces: Trace[]) => void} addTraces
 * @property {(plot: Plot, traces: number[]) => void} deleteTraces
 * @property {{resize: (plot: Plot) => void}} Plots
 */
import { axesOf, drawnSize } from './axes.js';
import { find, themeColor, typeScale } from './elements.js';

/**
 * Load Plotly.
 *
 * @param {string} address
 * @returns {Promise<Plotly>}
 */
export function loadPlotly(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = address;
    script.onload = () => resolve(thePlotly());
    script.onerror = () => reject(new Error(`Plotly could not be loaded from ${address}`));
    document.head.appendChild(script);
  });
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
    this.hint = this.place.appendChild(document.createElement('div'));
    this.hint.className = 'moved';
    this.hint.textContent = 'Double-click to reset the view';
    this.hint.hidden = true;
    /** @type {string} ranges of the axes when nobody has moved them */
    this.home = '';
    this.scale = 1; // how large type and lines are, as against the figure that came
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
   * A new run: a new chart.
   *
   * @param {Figure} figure It becomes the chart's own.
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
      scrollZoom: false, // the wheel scrolls the page
      doubleClick: 'reset', // to what was shown first, however often
      modeBarButtons: [['zoom2d', 'pan2d', 'zoomIn2d', 'zoomOut2d', 'resetScale2d']],
      ...(isTouched && { displayModeBar: false }),
    };
    this.scale = 1;
    this.dress(figure.data, layout);
    // anew, not `react`: that would keep axes, and what a double click goes back to, of other data
    this.plotly.newPlot(this.plot, figure.data, layout, config);
    this.home = this.ranges;
    this.hint.hidden = true;
    this.plot.on('plotly_relayout', () => {
      this.hint.hidden = !this.isMoved();
    });
  }

  /** What the axes show, in a word. */
  get ranges() {
    const axes = axesOf(this.plot);
    return axes ? [...axes.x.range, ...axes.y.range].map((end) => end.toPrecision(6)).join() : this.home;
  }

  /** Whether a person has dragged it away or zoomed into it. */
  isMoved() {
    return this.ranges !== this.home;
  }

  /** The theme has changed. */
  paint() {
    if (!this.plot.data) return;
    this.dress(this.plot.data, this.plot.layout);
    this.plotly.redraw(this.plot);
  }

  /**
   * Give text, grid and outlines the colours of the theme, and everything the size of its type. Any call
   * of Plotly draws a chart anew, so this is done before it is drawn.
   *
   * @param {Trace[]} data
   * @param {any} layout
   */
  dress(data, layout) {
    const theme = getComputedStyle(this.panel);
    const [text, back, grid] = [themeColor(theme, 'text'), themeColor(theme, 'background'), themeColor(theme, 'border')];
    const times = typeScale() / this.scale;
    this.scale *= times;
    layout.font = { ...layout.font, size: layout.font.size * times, color: text, family: theme.fontFamily };
    layout.margin = Object.fromEntries(Object.entries(layout.margin).map(([side, size]) => [side, size * times]));
    layout.modebar = { bgcolor: 'rgba(0,0,0,0)', color: grid, activecolor: text };
    layout.hoverlabel = { bgcolor: back, bordercolor: grid, font: { color: text } };
    for (const axis of [layout.xaxis, layout.yaxis]) axis.gridcolor = axis.linecolor = grid;
    for (const { marker, line, name } of data) {
      if (marker?.line) marker.line.color = name === 'test' ? text : back;
      if (marker) marker.size *= times;
      if (line) line.width *= times;
    }
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
 * An entry of a legend.
 *
 * @param {string} name
 * @param {string} color
 * @param {string} symbol
 */
export function legendEntry(name, color, symbol) {
  const entry = document.createElement('li');
  const mark = entry.appendChild(document.createElement('span'));
  mark.className = 'mark';
  mark.style.color = color;
  mark.textContent = symbol;
  mark.setAttribute('aria-hidden', 'true');
  entry.append(name);
  return entry;
}

/**
 * A short piece of a curve, for a legend.
 *
 * @param {{color: string, dash: string}} line
 */
export function lineSample({ color, dash }) {
  const sample = document.createElement('span');
  sample.className = 'sample';
  sample.style.borderTop = `2px ${{ dash: 'dashed', dot: 'dotted' }[dash] ?? 'solid'} ${color}`;
  return sample;
}

/**
 * An entry of a legend of curves.
 *
 * @param {string} name
 * @param {{color: string, dash: string}} line
 */
export function curveEntry(name, line) {
  const entry = document.createElement('li');
  entry.append(lineSample(line), name);
  return entry;
}
