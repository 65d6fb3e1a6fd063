/**
 * The decision regions: a canvas under the points of a transparent Plotly chart.
 *
 * A canvas of its own is painted in well under a millisecond and leaves the chart alone, however
 * many points it has. It follows the chart's axes when a person zooms or pans. A fitted curve is a line
 * alone: then the canvas is above the points, which would cover it.
 *
 * @typedef {import('./message.js').Frame} Frame
 * @typedef {import('./charts.js').Plot} Plot
 */
import { axesOf } from './axes.js';
import { Calm } from './calm.js';
import { brushOf, themeColor, typeScale } from './elements.js';
import { isWaiting, paintPoints } from './stand_in.js';

const RING = 6.5; // px, radius of the ring around a misclassified point
const HALF = 9; // px, half the side of its picture
const COVERED = 0.3; // how much of a node a line covers

/**
 * RGBA as the four bytes that an ImageData holds, read as one number.
 *
 * @param {number[][]} colors
 */
export function toPalette(colors) {
  return new Uint32Array(new Uint8Array(colors.flat()).buffer);
}

/**
 * A square picture, or several one below the other; the lowest row of each comes first, while an image
 * starts on top.
 *
 * @param {Uint32Array} colors RGBA of each node.
 * @param {number} [size] Nodes along a side.
 */
export function toImage(colors, size = Math.sqrt(colors.length)) {
  const pixels = new Uint32Array(colors.length);
  const rows = colors.length / size;
  for (let row = 0; row < rows; row += 1) {
    const top = row - (row % size); // of its picture
    pixels.set(colors.subarray(row * size, (row + 1) * size), (2 * top + size - 1 - row) * size);
  }
  return new ImageData(new Uint8ClampedArray(pixels.buffer), size, rows);
}

/** Whether a bit is set. @param {Uint8Array} bits The highest of each byte first. @param {number} index */
function isSet(bits, index) {
  return Boolean((bits[index >> 3] ?? 0) & (128 >> (index & 7)));
}

export class Region {
  /** @param {HTMLElement} element To put the canvas into, before the chart is put there. */
  constructor(element) {
    this.element = element;
    this.canvas = element.appendChild(document.createElement('canvas'));
    this.canvas.setAttribute('aria-hidden', 'true');
    this.nodes = document.createElement('canvas');
    this.ringPicture = document.createElement('canvas');
    this.ringLook = ''; // its colours and sharpness
    /** @type {Pick<Frame, 'region' | 'borders' | 'misclassified'> | null} */
    this.frame = null;
    this.calm = new Calm(element);
    /** @type {Region['frame']} the frame whose borders and rings are painted */
    this.lined = null;
    /** @type {import('./flashes.js').Over} of each node, whether a border or a ring covers some of it */
    this.covered = { luminances: new Float32Array(), areas: new Float32Array() };
    /** @type {Uint8Array | null} picture of a unit, when that is shown */
    this.other = null;
    /** @type {Plot | null} */
    this.chart = null;
    /** @type {import('./message.js').Start['plane']} */
    this.plane = [[0, 1], [0, 1]];
    this.palette = new Uint32Array();
    this.classes = 0; // how many, 0 for values
    this.isCurve = false;
    /** @type {[number, number]} lowest and highest value that the colours tell apart */
    this.values = [0, 1];
  }

  /**
   * @param {Plot} chart The mounted Plotly chart that is drawn above.
   * @param {import('./message.js').Start} start
   */
  begin(chart, start) {
    this.chart = chart;
    this.plane = start.plane;
    this.palette = toPalette(start.palette);
    this.classes = start.classes.length;
    this.isCurve = start.line !== null;
    this.canvas.classList.toggle('above', this.isCurve && !this.other);
    if (start.values) this.values = [start.values[0], start.values[1]];
  }

  /**
   * What the picture says at a place, as far as its bytes can tell; null outside. `region_bytes` in
   * palette.py says what a byte means.
   *
   * @param {number} x In the units of the axes.
   * @param {number} y
   * @returns {{label: number | null, value: number} | null} Most probable class and its probability; or
   *   the value.
   */
  read(x, y) {
    const [[west, east], [south, north]] = this.plane;
    const [across, up] = [(x - west) / (east - west), (y - south) / (north - south)];
    if (!this.frame || across < 0 || across > 1 || up < 0 || up > 1) return null;
    const { region, borders } = this.frame;
    const size = Math.sqrt(region.length);
    const byte = region[Math.round(up * (size - 1)) * size + Math.round(across * (size - 1))];
    if (this.classes) {
      const levels = Math.floor(256 / this.classes);
      const chance = 1 / this.classes;
      const value = chance + ((byte % levels) / (levels - 1)) * (1 - chance);
      return { label: Math.floor(byte / levels), value };
    }
    if (!this.isCurve) {
      const [low, high] = this.values;
      return { label: null, value: low + (byte / 255) * (high - low) };
    }
    /** @type {number | null} height of the curve's nearest vertex */
    let height = null;
    let least = Infinity;
    for (const line of borders) {
      for (let i = 0; i < line.length; i += 2) {
        const distance = Math.abs(line[i] / 65535 - across);
        if (distance < least) [least, height] = [distance, line[i + 1] / 65535];
      }
    }
    return height === null ? null : { label: null, value: south + height * (north - south) };
  }

  /** Whether a point is misclassified. @param {number} index Training points first, then test points. */
  isWrong(index) {
    return this.frame !== null && isSet(this.frame.misclassified, index);
  }

  /** @param {Pick<Frame, 'region' | 'borders' | 'misclassified'>} frame */
  draw(frame) {
    this.frame = frame;
    if (this.other) return;
    this.show(frame.region, this.palette, () => this.cover(frame));
  }

  /**
   * Which nodes a border or a ring covers some of.
   *
   * @param {Pick<Frame, 'region' | 'borders' | 'misclassified'>} frame
   */
  cover({ region, borders, misclassified }) {
    const size = Math.sqrt(region.length);
    if (this.covered.areas.length !== region.length) {
      this.covered = { luminances: new Float32Array(region.length), areas: new Float32Array(region.length) };
    }
    this.covered.areas.fill(COVERED * this.calm.area);
    const { covered: { luminances: covered }, plane: [[west, east], [south, north]] } = this;
    covered.fill(0);
    for (const line of borders) {
      for (let i = 0; i < line.length; i += 2) {
        covered[Math.round((line[i + 1] / 65535) * (size - 1)) * size + Math.round((line[i] / 65535) * (size - 1))] = 1;
      }
    }
    let number = 0;
    for (const { x, y } of this.chart?.data.slice(0, 2) ?? []) {
      for (let i = 0; i < x.length; i += 1, number += 1) {
        if (!isSet(misclassified, number)) continue;
        const across = Math.round(((x[i] - west) / (east - west)) * (size - 1));
        const up = Math.round(((Number(y[i]) - south) / (north - south)) * (size - 1));
        if (across < 1 || across > size - 2 || up < 0 || up > size - 1) continue;
        covered.fill(1, up * size + across - 1, up * size + across + 2);
      }
    }
    return this.covered;
  }

  /**
   * Show the picture of a unit instead, until it is null.
   *
   * @param {Uint8Array | null} picture
   * @param {Uint32Array} palette
   */
  showOther(picture, palette) {
    this.other = picture;
    this.canvas.classList.toggle('above', this.isCurve && !picture);
    if (picture) this.show(picture, palette);
    else if (this.frame) this.show(this.frame.region, this.palette);
  }

  /** @param {Uint8Array} region @param {Uint32Array} palette @param {() => import('./flashes.js').Over} [over] */
  show(region, palette, over) {
    this.calm.take(region, palette, over);
    this.paintNodes();
  }

  /** To be called before each repaint of the screen: a calmed picture fades. @param {number} now ms */
  settle(now) {
    if (this.calm.settle(now)) this.paintNodes();
  }

  /** Paint the picture, calmed where it would flash. */
  paintNodes() {
    const image = toImage(this.calm.pixels);
    if (this.nodes.width !== image.width) this.nodes.width = this.nodes.height = image.width;
    brushOf(this.nodes).putImageData(image, 0, 0);
    if (this.calm.renews()) this.lined = this.frame;
    this.paint();
  }

  /**
   * Paint the last frame where the axes are now.
   *
   * @param {Record<string, number>} [moving] Ranges of the axes while they are being dragged.
   */
  paint(moving = {}) {
    const axes = this.chart && axesOf(this.chart);
    if (!this.lined || !axes) return;
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
    this.calm.note.style.top = `${y.start + y.length}px`;
    const brush = brushOf(this.canvas);
    brush.setTransform(sharpness, 0, 0, sharpness, 0, 0);
    brush.clearRect(0, 0, x.length, y.length);
    const [[west, east], [south, north]] = this.plane;
    const left = (west - x.low) * x.scale;
    const top = (y.high - north) * y.scale;
    const [wide, tall] = [(east - west) * x.scale, (north - south) * y.scale];
    // the outermost nodes lie on the square's edge: half of each of them is outside
    const size = this.nodes.width;
    this.calm.area = (wide * tall) / (size - 1) ** 2;
    const [halfWide, halfTall] = [wide, tall].map((length) => length / (size - 1) / 2);
    brush.save();
    brush.beginPath();
    brush.rect(left, top, wide, tall);
    brush.clip();
    brush.drawImage(this.nodes, left - halfWide, top - halfTall, wide + 2 * halfWide, tall + 2 * halfTall);
    brush.restore();
    brush.beginPath();
    for (const line of this.other ? [] : this.lined.borders) {
      for (let i = 0; i < line.length; i += 2) {
        const across = left + (line[i] / 65535) * wide;
        const down = top + (1 - line[i + 1] / 65535) * tall;
        if (i === 0) brush.moveTo(across, down);
        else brush.lineTo(across, down);
      }
    }
    brush.lineJoin = 'round';
    const theme = getComputedStyle(this.element);
    const back = themeColor(theme, 'background');
    // a rim tells a curve from the points that it crosses
    const strokes = /** @type {[number, string][]} */ ([[5, back], [2, theme.color]]);
    for (const [thick, style] of strokes.slice(this.isCurve ? 0 : 1)) {
      brush.lineWidth = thick * typeScale();
      brush.strokeStyle = style;
      brush.stroke();
    }
    if (this.chart && isWaiting(this.chart)) paintPoints(brush, this.chart, axes, back);
    if (this.other) return;
    this.paintRings(brush, this.lined.misclassified, x, y, this.ring(theme.color, back, sharpness));
  }

  /**
   * Paint a ring around each misclassified point.
   *
   * @param {CanvasRenderingContext2D} brush
   * @param {Uint8Array} misclassified
   * @param {{low: number, scale: number}} x @param {{high: number, scale: number}} y
   * @param {HTMLCanvasElement} ring
   */
  paintRings(brush, misclassified, x, y, ring) {
    let number = 0;
    for (const { x: places, y: heights } of this.chart?.data.slice(0, 2) ?? []) {
      for (let i = 0; i < places.length; i += 1, number += 1) {
        if (!isSet(misclassified, number)) continue;
        // on whole pixels, where it stays sharp
        const left = Math.round((places[i] - x.low) * x.scale - HALF);
        const top = Math.round((y.high - Number(heights[i])) * y.scale - HALF);
        brush.drawImage(ring, left, top, 2 * HALF, 2 * HALF);
      }
    }
  }

  /**
   * A picture of a ring: hundreds of copies are painted in the time that a few strokes take.
   *
   * @param {string} color
   * @param {string} back Of its rim, so that it is seen on every colour.
   * @param {number} sharpness
   */
  ring(color, back, sharpness) {
    const look = [color, back, sharpness].join();
    if (this.ringLook === look) return this.ringPicture;
    this.ringLook = look;
    this.ringPicture.width = this.ringPicture.height = Math.ceil(2 * HALF * sharpness);
    const brush = brushOf(this.ringPicture);
    brush.scale(sharpness, sharpness);
    brush.beginPath();
    brush.arc(HALF, HALF, RING, 0, 2 * Math.PI);
    for (const [width, style] of /** @type {[number, string][]} */ ([[3, back], [1.3, color]])) {
      brush.lineWidth = width;
      brush.strokeStyle = style;
      brush.stroke();
    }
    return this.ringPicture;
  }
}
