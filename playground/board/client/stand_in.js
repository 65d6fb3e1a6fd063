/**
 * What stands in for Plotly until its script has come, which on a slow line takes longer than all the
 * rest: it holds the charts and draws none, so that the board plays meanwhile. Then Plotly takes over.
 *
 * Regions and data points are drawn without it, where Plotly will have its axes.
 *
 * @typedef {import('./charts.js').Plot} Plot
 * @typedef {import('./charts.js').Plotly} Plotly
 * @typedef {import('./charts.js').Trace} Trace
 * @typedef {import('./axes.js').Axis} Axis
 */
import { hideDrawing, makeToolbar } from './modebar.js';

const POINT = 3.5; // px, radius

/** @typedef {{plot: Plot, config: object, reactions: [string, (event: any) => void][]}} Held A chart. */

/** @type {Set<Plot>} those that no Plotly has drawn yet */
const waiting = new Set();

/** Whether a chart still waits for Plotly. @param {Plot} plot */
export function isWaiting(plot) {
  return waiting.has(plot);
}

/** The same calls as Plotly has. @implements {Plotly} */
export class Charting {
  constructor() {
    /** @type {Plotly | null} */
    this.real = null;
    /** @type {Map<Plot, Held>} */
    this.held = new Map();
    this.Plots = { resize: (/** @type {Plot} */ plot) => this.real?.Plots.resize(plot) };
  }

  /** Plotly has come: it draws all that is held. @param {Plotly} plotly */
  take(plotly) {
    this.real = plotly;
    for (const { plot, config, reactions } of this.held.values()) {
      waiting.delete(plot);
      draw(plotly, plot, plot.data, plot.layout, config);
      for (const [event, react] of reactions) plot.on(event, react);
    }
    this.held.clear();
  }

  /** @type {Plotly['newPlot']} */
  newPlot(plot, data, layout, config) {
    if (this.real) {
      draw(this.real, plot, data, layout, config);
      return;
    }
    /** @type {Held} */
    const held = { plot, config, reactions: [] };
    this.held.set(plot, held);
    waiting.add(plot);
    Object.assign(plot, { data, layout, on: (/** @type {string} */ event, /** @type {() => void} */ react) => held.reactions.push([event, react]) });
  }

  /** @type {Plotly['redraw']} */
  redraw(plot) {
    this.real?.redraw(plot);
  }

  /** @type {Plotly['restyle']} Of lists, each trace gets one. */
  restyle(plot, changes, traces) {
    if (this.real) {
      this.real.restyle(plot, changes, traces);
      return;
    }
    (traces ?? plot.data.map((_, i) => i)).forEach((trace, i) => {
      for (const [name, value] of Object.entries(changes)) {
        Object.assign(plot.data[trace], { [name]: Array.isArray(value) ? value[i] : value });
      }
    });
  }

  /** @type {Plotly['relayout']} A dot in a name leads into a part. */
  relayout(plot, changes) {
    if (this.real) {
      this.real.relayout(plot, changes);
      return;
    }
    for (const [name, value] of Object.entries(changes)) {
      const path = name.split('.');
      const last = /** @type {string} */ (path.pop());
      path.reduce((part, step) => (part[step] ??= {}), plot.layout)[last] = value;
    }
  }

  /** @type {Plotly['extendTraces']} */
  extendTraces(plot, more, traces) {
    if (this.real) {
      this.real.extendTraces(plot, more, traces);
      return;
    }
    traces.forEach((trace, i) => {
      plot.data[trace].x.push(...more.x[i]);
      plot.data[trace].y.push(...more.y[i]);
    });
  }

  /** @type {Plotly['addTraces']} */
  addTraces(plot, traces) {
    if (this.real) this.real.addTraces(plot, traces);
    else plot.data.push(...traces);
  }

  /** @type {Plotly['deleteTraces']} */
  deleteTraces(plot, traces) {
    if (this.real) this.real.deleteTraces(plot, traces);
    else plot.data = plot.data.filter((_, i) => !traces.includes(i));
  }
}

/**
 * Have Plotly draw a chart, for hands and for readers, too.
 *
 * @param {Plotly} plotly @param {Plot} plot @param {Trace[]} data @param {any} layout @param {object} config
 */
function draw(plotly, plot, data, layout, config) {
  plotly.newPlot(plot, data, layout, config);
  makeToolbar(plot, 'View of the chart');
  hideDrawing(plot);
}

/**
 * Where Plotly will have the axes of a chart that waits; null unless it is a plane with fixed ends.
 *
 * @param {Plot} plot
 * @returns {{x: Axis, y: Axis} | null}
 */
export function axesToCome({ layout, clientWidth, clientHeight }) {
  const { margin, xaxis, yaxis } = layout;
  const [wide, tall] = [clientWidth - margin.l - margin.r, clientHeight - margin.t - margin.b];
  if (!xaxis.range || !yaxis.range || wide <= 0 || tall <= 0) return null;
  const [across, up] = [xaxis.range, yaxis.range].map(([low, high]) => high - low);
  // a unit up is `scaleratio` times as long as one across, and the picture as large as fits
  const scale = Math.min(wide / across, tall / (up * yaxis.scaleratio));
  const [width, height] = [scale * across, scale * up * yaxis.scaleratio];
  return {
    x: axis(margin.l + (wide - width) / 2, width, xaxis.range, false),
    y: axis(margin.t + (tall - height) / 2, height, yaxis.range, true),
  };
}

/**
 * @param {number} start @param {number} length @param {[number, number]} range
 * @param {boolean} isUp Whether it begins below.
 * @returns {Axis}
 */
function axis(start, length, [low, high], isUp) {
  const scale = length / (high - low);
  return {
    start,
    length,
    range: [low, high],
    toPixels: (value) => (isUp ? (high - value) * scale : (value - low) * scale),
    toValue: (pixels) => (isUp ? high - pixels / scale : low + pixels / scale),
  };
}

/**
 * Paint the data points of a chart that waits.
 *
 * @param {CanvasRenderingContext2D} brush Its origin is where the axes begin.
 * @param {Plot} plot
 * @param {{x: Axis, y: Axis}} axes
 * @param {string} rim Colour.
 */
export function paintPoints(brush, plot, axes, rim) {
  brush.lineWidth = 1;
  brush.strokeStyle = rim;
  for (const { x, y, marker } of plot.data) {
    x.forEach((across, i) => {
      brush.fillStyle = marker?.color[i] ?? rim;
      brush.beginPath();
      brush.arc(axes.x.toPixels(across), axes.y.toPixels(Number(y[i])), POINT, 0, 2 * Math.PI);
      brush.fill();
      brush.stroke();
    });
  }
}
