/**
 * Painting the network view: links, units with what they respond to, biases, names; and above them
 * what the card or the keyboard is at.
 *
 * @typedef {import('./message.js').Frame} Frame
 * @typedef {import('./network.js').Network} Network
 * @typedef {import('./network.js').Picked} Picked
 */
import { brushOf, themeColor, typeScale } from './elements.js';
import { lookOf, sizeOf } from './links.js';
import { toImage } from './region.js';

const WIDTHS = 10; // different widths of links: those of one width are drawn in one go
const LINKS_INTERVAL = 100; // ms from one painting of the links to the next, where frames are late
const LEAST_TO_WRITE = 26; // px, of an output that a number is written into

export class NetworkPainting {
  /** @param {Network} network */
  constructor(network) {
    this.network = network;
    this.small = document.createElement('canvas'); // all pictures of units, one below the other
    this.links = document.createElement('canvas'); // what takes longest to paint, kept
    /** @type {Frame | null} the frame whose links and biases are painted */
    this.linked = null;
    this.linkedAt = 0; // when that was, ms
  }

  /** Other links, or other places for them. */
  begin() {
    this.linked = null;
  }

  /** Whether the links are still those of an earlier frame, and need be no longer. */
  isBehind() {
    const { frame, isHurried } = this.network;
    return this.linked !== frame && !isHurried && performance.now() - this.linkedAt >= LINKS_INTERVAL;
  }

  /** Paint the links of a frame, unless that has to wait. @param {Frame} frame @param {number} sharpness */
  renewLinks(frame, sharpness) {
    const { canvas, calm, isHurried } = this.network;
    const now = performance.now();
    if (this.linked && (this.linked === frame || (isHurried && now - this.linkedAt < LINKS_INTERVAL) || !calm.renews())) return;
    this.linked = frame;
    this.linkedAt = now;
    Object.assign(this.links, { width: canvas.width, height: canvas.height });
    const brush = brushOf(this.links);
    brush.scale(sharpness, sharpness);
    this.paintLinks(brush, frame);
  }

  /** Paint a frame, in the theme's colours. @param {Frame} frame */
  paint(frame) {
    const { canvas, panel, centres, side, names, nameRoom, heads, card, picked } = this.network;
    const brush = brushOf(canvas);
    const sharpness = window.devicePixelRatio || 1;
    this.renewLinks(frame, sharpness);
    const linked = this.linked ?? frame;
    brush.setTransform(1, 0, 0, 1, 0, 0);
    brush.clearRect(0, 0, canvas.width, canvas.height);
    if (canvas.width && canvas.height) brush.drawImage(this.links, 0, 0);
    brush.setTransform(sharpness, 0, 0, sharpness, 0, 0);
    const theme = getComputedStyle(panel);
    const text = theme.color;
    const back = themeColor(theme, 'background');
    this.paintPictures(brush, frame, text, back);
    this.paintBiases(brush, linked, text);
    if (card.isOpen && picked) this.paintPicked(brush, picked, text);
    this.paintFocus(brush, text, back);
    brush.fillStyle = text;
    brush.font = `${12 * typeScale()}px ${theme.fontFamily}`;
    brush.textBaseline = 'middle';
    brush.textAlign = 'right';
    centres[0].forEach(({ x, y }, i) => {
      brush.fillText(names[0][i], x - side / 2 - 5, y, nameRoom - 6);
    });
    brush.textAlign = 'center';
    const room = Math.min(60 * typeScale(), centres[1][0].x - centres[0][0].x - 4);
    centres.forEach(([{ x }], layer) => {
      const isOutput = layer === centres.length - 1;
      const name = layer === 0 ? 'inputs' : isOutput ? 'output' : `hidden ${layer}`;
      brush.fillText(name, Math.min(x, canvas.clientWidth - 20 * typeScale()), heads / 2, room);
    });
  }

  /** @param {CanvasRenderingContext2D} brush @param {Frame} frame */
  paintLinks(brush, { parameters }) {
    const { offsets, centres, side, positive, negative } = this.network;
    /** @type {Path2D[]} a path for each sign and width */
    const paths = Array.from({ length: 2 * (WIDTHS + 1) }, () => new Path2D());
    offsets.forEach(({ weights }, layer) => {
      const [from, to] = [centres[layer], centres[layer + 1]];
      from.forEach((start, i) => {
        to.forEach((end, j) => {
          const weight = parameters[weights + i * to.length + j];
          const path = paths[2 * Math.round(WIDTHS * sizeOf(weight)) + (weight > 0 ? 1 : 0)];
          path.moveTo(start.x + side / 2, start.y);
          path.lineTo(end.x - side / 2, end.y);
        });
      });
    });
    const scale = typeScale();
    paths.forEach((path, i) => {
      const { width, opacity } = lookOf(Math.floor(i / 2) / WIDTHS);
      brush.lineWidth = width * scale;
      brush.globalAlpha = opacity;
      brush.strokeStyle = i % 2 ? positive : negative;
      brush.stroke(path);
    });
    brush.globalAlpha = 1;
  }

  /**
   * @param {CanvasRenderingContext2D} brush
   * @param {Frame} frame
   * @param {string} text
   * @param {string} back
   */
  paintPictures(brush, frame, text, back) {
    const { network } = this;
    const { centres, side, classes } = network;
    const size = Math.sqrt(network.nodes(frame));
    const all = toImage(network.calm.pixels, size);
    if (this.small.width !== size || this.small.height !== all.height) Object.assign(this.small, { width: size, height: all.height });
    brushOf(this.small).putImageData(all, 0, 0);
    const pointed = network.pointed && centres[network.pointed.layer][network.pointed.unit];
    brush.strokeStyle = text;
    centres.slice(0, -1).flat().forEach((centre, unit) => {
      const [left, top] = [centre.x - side / 2, centre.y - side / 2];
      brush.fillStyle = back;
      brush.fillRect(left, top, side, side);
      brush.drawImage(this.small, 0.5, unit * size + 0.5, size - 1, size - 1, left, top, side, side);
      brush.lineWidth = centre === pointed ? 3 : 1;
      brush.strokeRect(left, top, side, side);
    });
    const outputs = centres[centres.length - 1];
    outputs.forEach(({ x, y }, unit) => {
      brush.fillStyle = outputs.length > 1 ? classes[unit][1] : back;
      brush.lineWidth = 1;
      brush.beginPath();
      brush.arc(x, y, side / 2, 0, 2 * Math.PI);
      brush.fill();
      brush.stroke();
    });
    if (side >= LEAST_TO_WRITE) this.paintSaid(brush, outputs, text, back);
  }

  /**
   * Write into each output what it says of the place that is pointed at.
   *
   * @param {CanvasRenderingContext2D} brush
   * @param {{x: number, y: number}[]} outputs
   * @param {string} text @param {string} back
   */
  paintSaid(brush, outputs, text, back) {
    const { panel, said, side } = this.network;
    brush.font = `600 ${11 * typeScale()}px ${getComputedStyle(panel).fontFamily}`;
    brush.textAlign = 'center';
    brush.textBaseline = 'middle';
    brush.lineWidth = 3;
    brush.strokeStyle = back;
    brush.fillStyle = text;
    outputs.forEach(({ x, y }, unit) => {
      const value = said[unit] ?? null;
      if (value === null) return;
      const words = value.toFixed(2).replace('-', '−');
      brush.strokeText(words, x, y, side);
      brush.fillText(words, x, y, side);
    });
    brush.strokeStyle = text;
  }

  /** @param {CanvasRenderingContext2D} brush @param {Frame} frame @param {string} text */
  paintBiases(brush, { parameters }, text) {
    const { offsets, centres, side, positive, negative } = this.network;
    brush.strokeStyle = text;
    brush.lineWidth = 0.75;
    offsets.forEach(({ biases }, layer) => {
      centres[layer + 1].forEach(({ x, y }, unit) => {
        const bias = parameters[biases + unit];
        const size = sizeOf(bias);
        brush.fillStyle = bias > 0 ? positive : negative;
        brush.beginPath();
        brush.arc(x - side / 2, y + side / 2, 1.5 + 4 * size, 0, 2 * Math.PI);
        brush.fill();
        brush.stroke();
      });
    });
  }

  /**
   * Show which weight or bias the card is about.
   *
   * @param {CanvasRenderingContext2D} brush
   * @param {Picked} picked
   * @param {string} text
   */
  paintPicked(brush, { layer, from, to }, text) {
    const { centres, side } = this.network;
    const end = centres[layer + 1][to];
    brush.strokeStyle = text;
    brush.lineWidth = 2;
    brush.setLineDash([5, 4]);
    brush.beginPath();
    if (from === null) {
      brush.arc(end.x - side / 2, end.y + side / 2, 9, 0, 2 * Math.PI);
    } else {
      const start = centres[layer][from];
      brush.moveTo(start.x + side / 2, start.y);
      brush.lineTo(end.x - side / 2, end.y);
    }
    brush.stroke();
    brush.setLineDash([]);
  }

  /**
   * Show where the keyboard is: a frame around a unit, a thick line along a link. The colour of the
   * text on a rim of the background's: it stands out from every picture and every link.
   *
   * @param {CanvasRenderingContext2D} brush
   * @param {string} text @param {string} back
   */
  paintFocus(brush, text, back) {
    const { centres, side, keys } = this.network;
    if (!keys.isFocused) return;
    const { layer, unit, from } = keys.at;
    const end = centres[layer][unit];
    const path = new Path2D();
    if (from === null) {
      const half = side / 2 + 5;
      path.rect(end.x - half, end.y - half, 2 * half, 2 * half);
    } else {
      const start = centres[layer - 1][from];
      path.moveTo(start.x + side / 2, start.y);
      path.lineTo(end.x - side / 2, end.y);
    }
    for (const [width, style] of /** @type {[number, string][]} */ ([[7, back], [3, text]])) {
      brush.lineWidth = width;
      brush.strokeStyle = style;
      brush.stroke(path);
    }
  }
}
