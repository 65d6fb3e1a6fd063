/**
 * The decision regions: a canvas under the points of a transparent Plotly chart.
 *
 * A canvas of its own is painted in well under a millisecond and leaves the chart alone, however
 * many points it has. It follows the chart's axes when a person zooms or pans.
 *
 * @typedef {import('./message.js').Frame} Frame
 * @typedef {import('./charts.js').Plot} Plot
 */
import { axesOf } from './axes.js';
import { brushOf } from './elements.js';

/**
 * RGBA as the four bytes that an ImageData holds, read as one number.
 *
 * @param {number[][]} colors
 */
export function toPalette(colors) {
  return new Uint32Array(new Uint8Array(colors.flat()).buffer);
}

/**
 * A square picture; its lowest row comes first, while an image starts on top.
 *
 * @param {Uint8Array} values
 * @param {Uint32Array} palette
 */
export function toImage(values, palette) {
  const size = Math.sqrt(values.length);
  const pixels = new Uint32Array(values.length);
  values.forEach((value, i) => {
    pixels[(size - 1 - Math.floor(i / size)) * size + (i % size)] = palette[value];
  });
  return new ImageData(new Uint8ClampedArray(pixels.buffer), size, size);
}

export class Region {
  /** @param {HTMLElement} element To put the canvas into, before the chart is put there. */
  constructor(element) {
    this.element = element;
    this.canvas = element.appendChild(document.createElement('canvas'));
    this.canvas.setAttribute('aria-hidden', 'true');
    this.nodes = document.createElement('canvas');
    /** @type {Pick<Frame, 'region' | 'borders'> | null} */
    this.frame = null;
    /** @type {Uint8Array | null} picture of a unit, when that is shown */
    this.other = null;
    /** @type {Plot | null} */
    this.chart = null;
    /** @type {import('./message.js').Start['plane']} */
    this.plane = [[0, 1], [0, 1]];
    this.palette = new Uint32Array();
  }

  /**
   * @param {Plot} chart The mounted Plotly chart that is drawn above.
   * @param {import('./message.js').Start} start
   */
  begin(chart, start) {
    this.chart = chart;
    this.plane = start.plane;
    this.palette = toPalette(start.palette);
  }

  /** @param {Pick<Frame, 'region' | 'borders'>} frame */
  draw(frame) {
    this.frame = frame;
    if (this.other) return;
    this.show(frame.region, this.palette);
  }

  /**
   * Show the picture of a unit instead, until it is null.
   *
   * @param {Uint8Array | null} picture
   * @param {Uint32Array} palette
   */
  showOther(picture, palette) {
    this.other = picture;
    if (picture) this.show(picture, palette);
    else if (this.frame) this.show(this.frame.region, this.palette);
  }

  /** @param {Uint8Array} region @param {Uint32Array} palette */
  show(region, palette) {
    const size = Math.sqrt(region.length);
    if (this.nodes.width !== size) this.nodes.width = this.nodes.height = size;
    brushOf(this.nodes).putImageData(toImage(region, palette), 0, 0);
    this.paint();
  }

  /**
   * Paint the last frame where the axes are now.
   *
   * @param {Record<string, number>} [moving] Ranges of the axes while they are being dragged.
   */
  paint(moving = {}) {
    const axes = this.chart && axesOf(this.chart);
    if (!this.frame || !axes) return;
    const [x, y] = [axes.x, axes.y].map(({ start, length, range }, i) => {
      const name = ['xaxis', 'yaxis'][i];
      const low = moving[`${name}.range[0]`] ?? range[0];
      const high = moving[`${name}.range[1]`] ?? range[1];
      return { start, length, low, high, scale: length / (high - low) };
    });
    const sharpness = window.devicePixelRatio || 1;
    const [width, height] = [x.length * sharpness, y.length * sharpness].map(Math.round);
    if (this.canvas.width !== width || this.canvas.height !== height) {
      Object.assign(this.canvas, { width, height });
    }
    Object.assign(this.canvas.style, {
      left: `${x.start}px`,
      top: `${y.start}px`,
      width: `${x.length}px`,
      height: `${y.length}px`,
    });
    const brush = brushOf(this.canvas);
    brush.setTransform(sharpness, 0, 0, sharpness, 0, 0);
    brush.clearRect(0, 0, x.length, y.length);
    const [[west, east], [south, north]] = this.plane;
    const left = (west - x.low) * x.scale;
    const top = (y.high - north) * y.scale;
    const [wide, tall] = [(east - west) * x.scale, (north - south) * y.scale];
    brush.imageSmoothingQuality = 'high';
    // the outermost nodes lie on the square's edge: half a pixel of each of them is outside
    const size = this.nodes.width;
    brush.drawImage(this.nodes, 0.5, 0.5, size - 1, size - 1, left, top, wide, tall);
    brush.beginPath();
    for (const line of this.other ? [] : this.frame.borders) {
      for (let i = 0; i < line.length; i += 2) {
        const across = left + (line[i] / 65535) * wide;
        const down = top + (1 - line[i + 1] / 65535) * tall;
        if (i === 0) brush.moveTo(across, down);
        else brush.lineTo(across, down);
      }
    }
    brush.lineWidth = 2;
    brush.lineJoin = 'round';
    brush.strokeStyle = getComputedStyle(this.element).color;
    brush.stroke();
  }
}
