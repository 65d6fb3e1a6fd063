/**
 * How links look: width and opacity are the size of a weight, the colour is its sign; and what of that
 * could flash.
 *
 * @typedef {import('./flashes.js').Over} Over
 * @typedef {{x: number, y: number}} Place px
 */
import { luminanceOf } from './flashes.js';

const LARGEST = 2.5; // a weight of this size has the widest link; larger ones are no wider
const WIDEST = 5; // px
const STEPS = 20; // different luminances of links: as good as all

/** How large a weight is drawn, from 0 to 1. @param {number} weight */
export function sizeOf(weight) {
  return Math.min(Math.abs(weight) / LARGEST, 1);
}

/** Width, px, and opacity of a link. @param {number} size From 0 to 1. */
export function lookOf(size) {
  return { width: 0.5 + WIDEST * size, opacity: 0.3 + 0.6 * size };
}

/**
 * Luminance and area of each link.
 *
 * @param {Float32Array} parameters
 * @param {{weights: number}[]} offsets Where the weights of each layer begin.
 * @param {Place[][]} centres Of each unit of each layer.
 * @param {{negative: number[], positive: number[], back: number[]}} colors Red, green and blue.
 * @returns {Over}
 */
export function linksOver(parameters, offsets, centres, { negative, positive, back }) {
  const luminancesOf = [negative, positive].map((color) =>
    Array.from({ length: STEPS + 1 }, (_, step) => luminanceOf(color, lookOf(step / STEPS).opacity, back)),
  );
  const count = centres.slice(1).reduce((sum, units, layer) => sum + units.length * centres[layer].length, 0);
  const [luminances, areas] = [new Float32Array(count), new Float32Array(count)];
  let link = 0;
  offsets.forEach(({ weights }, layer) => {
    const [from, to] = [centres[layer], centres[layer + 1]];
    from.forEach((start, i) => {
      to.forEach((end, j) => {
        const weight = parameters[weights + i * to.length + j];
        const size = sizeOf(weight);
        luminances[link] = luminancesOf[weight > 0 ? 1 : 0][Math.round(STEPS * size)];
        areas[link] = lookOf(size).width * Math.hypot(end.x - start.x, end.y - start.y);
        link += 1;
      });
    });
  });
  return { luminances, areas };
}
