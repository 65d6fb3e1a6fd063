/**
 * Where Plotly has drawn a chart's axes. Its interface doesn't tell, so names that are private to it
 * are read; all of them stand here.
 *
 * @typedef {import('./charts.js').Plot} Plot
 *
 * @typedef {object} Axis
 * @property {number} start px from the left, or from the top, of the chart.
 * @property {number} length px
 * @property {[number, number]} range Its ends as they are now, zoomed or not.
 * @property {(value: number) => number} toPixels From a value to px from `start`.
 * @property {(pixels: number) => number} toValue The way back.
 */

import { axesToCome, isWaiting } from './stand_in.js';

const WRITTEN_FOR = 'plotly.js 4.1';

/**
 * A part of what Plotly holds.
 *
 * @param {any} whole
 * @param {string} name
 */
function read(whole, name) {
  if (whole?.[name] === undefined) {
    throw new Error(`Plotly no longer has ${name}: see client/axes.js, written for ${WRITTEN_FOR}`);
  }
  return whole[name];
}

/**
 * Width and height in px, as drawn; null while there is no chart.
 *
 * @param {Plot} plot
 * @returns {{width: number, height: number} | null}
 */
export function drawnSize(plot) {
  if (!plot.data || isWaiting(plot)) return null;
  const layout = read(plot, '_fullLayout');
  return { width: read(layout, 'width'), height: read(layout, 'height') };
}

/**
 * The axes as drawn, or as they will be; null while there is no chart, or no room for one.
 *
 * @param {Plot} plot
 * @returns {{x: Axis, y: Axis} | null}
 */
export function axesOf(plot) {
  if (!plot.data) return null;
  if (isWaiting(plot)) return axesToCome(plot);
  const layout = read(plot, '_fullLayout');
  const [x, y] = [axis(read(layout, 'xaxis')), axis(read(layout, 'yaxis'))];
  return x.length && y.length ? { x, y } : null;
}

/** @param {any} drawn @returns {Axis} */
function axis(drawn) {
  const [toPixels, toValue] = [read(drawn, 'd2p'), read(drawn, 'p2d')];
  return {
    start: read(drawn, '_offset'),
    length: read(drawn, '_length'),
    range: read(drawn, 'range'),
    toPixels: (value) => toPixels(value),
    toValue: (pixels) => toValue(pixels),
  };
}
