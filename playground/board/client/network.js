/**
 * The network as it is: every unit with a small picture of what it responds to, every weight as a
 * link, every bias as a dot. Width and colour of a link, size and colour of a dot are the value.
 *
 * @typedef {import('./message.js').Frame} Frame
 * @typedef {{layer: number, from: number | null, to: number, index: number}} Picked A weight of a
 *   layer, 0 being the first that has any, or a bias (`from` is null); `index` in the parameters.
 */
import { Calm } from './calm.js';
import { Card } from './card.js';
import { brushOf, find, themeColor } from './elements.js';
import { linksOver, lookOf, sizeOf } from './links.js';
import { toImage, toPalette } from './region.js';

const WIDTHS = 10; // different widths of links: those of one width are drawn in one go
const REACH = 6; // px from a link or a bias, within which a click means it
const LEAST_TO_WRITE = 26; // px, of an output that a number is written into
const NAMES = 34; // px on the left, for the names of the inputs
const HEADS = 18; // px above, for what the layers are
const TOOLS = 20; // px below that, for changing their units

export class Network {
  /**
   * @param {HTMLElement} panel The `data-view` section.
   * @param {object} board
   * @param {(picture: Uint8Array | null, palette: Uint32Array, title: string) => void} board.show Show a
   *   unit's picture large, under a title; or no unit's any more.
   * @param {(hidden: number[]) => void} board.reshape Ask for other hidden layers.
   * @param {(index: number, value: number) => void} board.edit Set a parameter.
   * @param {(picked: Picked) => void} board.explain Ask why a weight or bias is what it is.
   */
  constructor(panel, { show, reshape, edit, explain }) {
    this.panel = panel;
    this.show = show;
    this.ask = reshape;
    this.edit = edit;
    this.explain = explain;
    /** @type {number[]} units of each layer, inputs and outputs included; none before the first run */
    this.sizes = [];
    /** @type {string[][]} */
    this.names = [];
    /** @type {string[]} what each output says */
    this.outputs = [];
    /** @type {(number | null)[]} what the outputs say of the place that is pointed at, if one is */
    this.said = [];
    /** @type {import('./message.js').Start['classes']} */
    this.classes = [];
    /** @type {[number, number]} */
    this.limits = [0, 0];
    /** @type {{weights: number, biases: number}[]} where those of each layer begin in the parameters */
    this.offsets = [];
    this.palette = new Uint32Array();
    this.negative = this.positive = ''; // colours
    this.hues = { negative: [0, 0, 0], positive: [0, 0, 0] }; // the same as red, green and blue
    this.firstUnits = this.mostLayers = this.mostUnits = 0;
    /** @type {{x: number, y: number}[][]} of each unit of each layer, px */
    this.centres = [];
    this.side = 0; // px, of a unit's picture
    /** @type {Frame | null} */
    this.frame = null;
    /** @type {{layer: number, unit: number} | null} */
    this.pointed = null;
    /** @type {Picked | null} what the card is about, or was when it was open */
    this.picked = null;
    /** @type {number[] | null} hidden layers asked for, until a run begins that knows of it */
    this.asked = null;
    this.addLayer = find(panel, '[data-action="add-layer"]', HTMLButtonElement);
    this.removeLayer = find(panel, '[data-action="remove-layer"]', HTMLButtonElement);
    this.addLayer.onclick = () => this.reshape([...this.hidden(), this.hidden().at(-1) ?? this.firstUnits].slice(0, this.mostLayers));
    this.removeLayer.onclick = () => this.reshape(this.hidden().slice(0, -1));
    /** @type {HTMLElement[]} of each hidden layer */
    this.tools = [];
    this.place = find(panel, '.chart', HTMLElement);
    this.canvas = this.place.appendChild(document.createElement('canvas'));
    this.canvas.setAttribute('aria-hidden', 'true');
    this.values = this.place.appendChild(document.createElement('div'));
    this.values.className = 'unit-values';
    this.values.hidden = true;
    this.card = new Card(this.place, () => this.paint());
    this.small = document.createElement('canvas');
    this.calm = new Calm(this.place);
    /** @type {Frame | null} the frame whose links and biases are painted */
    this.linked = null;
    this.canvas.onpointermove = (event) => this.point(event.offsetX, event.offsetY);
    this.canvas.onpointerleave = () => this.point(-1, -1);
    this.canvas.onclick = (event) => this.pick(event.offsetX, event.offsetY);
    new ResizeObserver(() => this.arrange()).observe(this.place);
  }

  /**
   * @param {import('./message.js').Start} start
   * @param {number[]} sizes Units of each layer, inputs and outputs included.
   */
  begin(start, sizes) {
    this.sizes = sizes;
    if (String(start.reshaped) === String(this.asked)) this.asked = null;
    this.names = start.unit_names;
    this.palette = toPalette(start.unit_palette);
    this.classes = start.classes;
    this.outputs = start.outputs;
    this.said = [];
    this.hues = { negative: start.unit_palette[0].slice(0, 3), positive: start.unit_palette[255].slice(0, 3) };
    [this.negative, this.positive] = [this.hues.negative, this.hues.positive].map(
      ([red, green, blue]) => `rgb(${red} ${green} ${blue})`,
    );
    this.limits = start.parameter_limits;
    this.frame = this.linked = null;
    this.pointed = null;
    this.card.hide();
    this.point(-1, -1);
    let offset = 0;
    this.offsets = sizes.slice(1).map((size, i) => {
      const weights = offset;
      offset += (sizes[i] + 1) * size;
      return { weights, biases: weights + sizes[i] * size };
    });
    this.firstUnits = start.first_units;
    this.mostLayers = start.most_layers;
    this.mostUnits = start.most_units;
    this.addLayer.disabled = sizes.length - 2 === this.mostLayers;
    this.removeLayer.disabled = sizes.length === 2;
    this.makeTools();
    this.panel.dataset.weights = String(sizes.slice(1).reduce((n, size, i) => n + sizes[i] * size, 0));
    this.panel.dataset.biases = String(sizes.slice(1).reduce((n, size) => n + size, 0));
    this.arrange();
  }

  /** The hidden layers; those asked for while their run has not begun, for clicks that are quicker. */
  hidden() {
    return this.asked ?? this.sizes.slice(1, -1);
  }

  /** @param {number[]} hidden Units of the hidden layers that there should be. */
  reshape(hidden) {
    this.asked = hidden;
    this.ask(hidden);
  }

  /**
   * Buttons for the units of each hidden layer. They stay where they are while only numbers change,
   * so that the focus stays too.
   */
  makeTools() {
    const hidden = this.sizes.slice(1, -1);
    if (this.tools.length !== hidden.length) {
      this.tools.forEach((tool) => tool.remove());
      this.tools = hidden.map((_, layer) => {
        const tool = this.place.appendChild(document.createElement('div'));
        tool.className = 'layer-tools';
        /** @param {string} text @param {string} name @param {number} more */
        const button = (text, name, more) => {
          const made = tool.appendChild(document.createElement('button'));
          Object.assign(made, { type: 'button', textContent: text, title: name });
          made.setAttribute('aria-label', name);
          made.onclick = () => {
            this.reshape(this.hidden().map((units, i) => (
              i === layer ? Math.min(Math.max(units + more, 1), this.mostUnits) : units
            )));
          };
        };
        button('−', `Remove a unit from hidden ${layer + 1}`, -1);
        tool.append(document.createElement('span'));
        button('+', `Add a unit to hidden ${layer + 1}`, 1);
        return tool;
      });
    }
    hidden.forEach((units, layer) => {
      const tool = this.tools[layer];
      find(tool, 'span', HTMLSpanElement).textContent = String(units);
      find(tool, 'button:first-child', HTMLButtonElement).disabled = units === 1;
      find(tool, 'button:last-child', HTMLButtonElement).disabled = units === this.mostUnits;
    });
  }

  /** Find a place for each unit. */
  arrange() {
    if (!this.sizes.length) return;
    const [width, height] = [this.place.clientWidth, this.place.clientHeight];
    const sharpness = window.devicePixelRatio || 1;
    Object.assign(this.canvas, { width: width * sharpness, height: height * sharpness });
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    const above = HEADS + TOOLS;
    const gap = (height - above) / Math.max(...this.sizes);
    this.side = Math.max(6, Math.min(36, 0.82 * gap));
    const step = (width - NAMES - this.side - 8) / (this.sizes.length - 1);
    this.centres = this.sizes.map((size, layer) => {
      const near = Math.min(gap, this.side + 26);
      const top = above + (height - above) / 2 - ((size - 1) * near) / 2;
      const x = NAMES + this.side / 2 + layer * step;
      return Array.from({ length: size }, (_, unit) => ({ x, y: top + unit * near }));
    });
    this.tools.forEach((tool, layer) => {
      Object.assign(tool.style, { left: `${this.centres[layer + 1][0].x}px`, top: `${HEADS}px` });
    });
    this.paint();
  }

  /** @param {Frame} frame */
  draw(frame) {
    this.frame = frame;
    this.calm.area = (this.side / (Math.sqrt(this.nodes(frame)) - 1)) ** 2;
    this.calm.take(frame.units, this.palette, (back) => linksOver(frame.parameters, this.offsets, this.centres, { ...this.hues, back }));
    this.paint();
    this.card.renew();
    if (this.pointed) this.tell(frame, this.pointed);
  }

  /** To be called before each repaint of the screen: calmed pictures fade. @param {number} now ms */
  settle(now) {
    if (this.calm.settle(now)) this.paint();
  }

  /** Draw the frame that is there, in the theme's colours. */
  paint() {
    if (!this.frame || !this.centres.length) return;
    const brush = brushOf(this.canvas);
    const sharpness = window.devicePixelRatio || 1;
    brush.setTransform(sharpness, 0, 0, sharpness, 0, 0);
    brush.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const theme = getComputedStyle(this.panel);
    const text = theme.color;
    if (this.calm.renews() || !this.linked) this.linked = this.frame;
    this.paintLinks(brush, this.linked);
    this.paintPictures(brush, this.frame, text, themeColor(theme, 'background'));
    this.paintBiases(brush, this.linked, text);
    if (this.card.isOpen && this.picked) this.paintPicked(brush, this.picked, text);
    brush.fillStyle = text;
    brush.font = `12px ${theme.fontFamily}`;
    brush.textBaseline = 'middle';
    brush.textAlign = 'right';
    this.centres[0].forEach(({ x, y }, i) => {
      brush.fillText(this.names[0][i], x - this.side / 2 - 5, y, NAMES - 6);
    });
    brush.textAlign = 'center';
    this.centres.forEach(([{ x }], layer) => {
      const isOutput = layer === this.sizes.length - 1;
      const name = layer === 0 ? 'inputs' : isOutput ? 'output' : `hidden ${layer}`;
      brush.fillText(name, Math.min(x, this.place.clientWidth - 20), HEADS / 2, 60);
    });
  }

  /** @param {CanvasRenderingContext2D} brush @param {Frame} frame */
  paintLinks(brush, { parameters }) {
    /** @type {Path2D[]} a path for each sign and width */
    const paths = Array.from({ length: 2 * (WIDTHS + 1) }, () => new Path2D());
    this.offsets.forEach(({ weights }, layer) => {
      const [from, to] = [this.centres[layer], this.centres[layer + 1]];
      from.forEach((start, i) => {
        to.forEach((end, j) => {
          const weight = parameters[weights + i * to.length + j];
          const path = paths[2 * Math.round(WIDTHS * sizeOf(weight)) + (weight > 0 ? 1 : 0)];
          path.moveTo(start.x + this.side / 2, start.y);
          path.lineTo(end.x - this.side / 2, end.y);
        });
      });
    });
    paths.forEach((path, i) => {
      const { width, opacity } = lookOf(Math.floor(i / 2) / WIDTHS);
      brush.lineWidth = width;
      brush.globalAlpha = opacity;
      brush.strokeStyle = i % 2 ? this.positive : this.negative;
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
    const size = Math.sqrt(this.nodes(frame));
    if (this.small.width !== size) this.small.width = this.small.height = size;
    const small = brushOf(this.small);
    const pointed = this.pointed && this.centres[this.pointed.layer][this.pointed.unit];
    brush.strokeStyle = text;
    this.centres.slice(0, -1).flat().forEach((centre, unit) => {
      const [left, top] = [centre.x - this.side / 2, centre.y - this.side / 2];
      small.putImageData(toImage(this.calm.pixels.subarray(unit * size ** 2, (unit + 1) * size ** 2)), 0, 0);
      brush.fillStyle = back;
      brush.fillRect(left, top, this.side, this.side);
      brush.drawImage(this.small, 0.5, 0.5, size - 1, size - 1, left, top, this.side, this.side);
      brush.lineWidth = centre === pointed ? 3 : 1;
      brush.strokeRect(left, top, this.side, this.side);
    });
    const outputs = this.centres[this.centres.length - 1];
    outputs.forEach(({ x, y }, unit) => {
      brush.fillStyle = outputs.length > 1 ? this.classes[unit][1] : back;
      brush.lineWidth = 1;
      brush.beginPath();
      brush.arc(x, y, this.side / 2, 0, 2 * Math.PI);
      brush.fill();
      brush.stroke();
    });
    if (this.side >= LEAST_TO_WRITE) this.paintSaid(brush, outputs, text, back);
  }

  /**
   * Write into each output what it says of the place that is pointed at.
   *
   * @param {CanvasRenderingContext2D} brush
   * @param {{x: number, y: number}[]} outputs
   * @param {string} text @param {string} back
   */
  paintSaid(brush, outputs, text, back) {
    brush.font = `600 11px ${getComputedStyle(this.panel).fontFamily}`;
    brush.textAlign = 'center';
    brush.textBaseline = 'middle';
    brush.lineWidth = 3;
    brush.strokeStyle = back;
    brush.fillStyle = text;
    outputs.forEach(({ x, y }, unit) => {
      const value = this.said[unit] ?? null;
      if (value === null) return;
      const words = value.toFixed(2).replace('-', '−');
      brush.strokeText(words, x, y, this.side);
      brush.fillText(words, x, y, this.side);
    });
    brush.strokeStyle = text;
  }

  /**
   * What the network says of the place that is pointed at; null when none is any more.
   *
   * @param {(number | null)[] | null} predicted The probability of each class, or the value.
   */
  say(predicted) {
    const outputs = this.sizes.at(-1) ?? 0;
    // a single output says the probability of class 1 alone
    this.said = predicted?.slice(-outputs) ?? [];
    this.paint();
  }

  /** @param {CanvasRenderingContext2D} brush @param {Frame} frame @param {string} text */
  paintBiases(brush, { parameters }, text) {
    brush.strokeStyle = text;
    brush.lineWidth = 0.75;
    this.offsets.forEach(({ biases }, layer) => {
      this.centres[layer + 1].forEach(({ x, y }, unit) => {
        const bias = parameters[biases + unit];
        const size = sizeOf(bias);
        brush.fillStyle = bias > 0 ? this.positive : this.negative;
        brush.beginPath();
        brush.arc(x - this.side / 2, y + this.side / 2, 1.5 + 4 * size, 0, 2 * Math.PI);
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
    const end = this.centres[layer + 1][to];
    brush.strokeStyle = text;
    brush.lineWidth = 2;
    brush.setLineDash([5, 4]);
    brush.beginPath();
    if (from === null) {
      brush.arc(end.x - this.side / 2, end.y + this.side / 2, 9, 0, 2 * Math.PI);
    } else {
      const start = this.centres[layer][from];
      brush.moveTo(start.x + this.side / 2, start.y);
      brush.lineTo(end.x - this.side / 2, end.y);
    }
    brush.stroke();
    brush.setLineDash([]);
  }

  /** Nodes of a unit's picture. @param {Frame} frame */
  nodes(frame) {
    return frame.units.length / this.centres.slice(0, -1).flat().length;
  }

  /** @param {Frame} frame @param {number} unit Counted through all layers but the outputs. */
  picture(frame, unit) {
    const nodes = this.nodes(frame);
    return frame.units.subarray(unit * nodes, (unit + 1) * nodes);
  }

  /**
   * The pointer is here: is it on a unit?
   *
   * @param {number} x
   * @param {number} y
   */
  point(x, y) {
    const reach = this.side / 2 + 3;
    this.pointed = null;
    this.centres.forEach((units, layer) =>
      units.forEach((centre, unit) => {
        if (Math.abs(centre.x - x) < reach && Math.abs(centre.y - y) < reach) {
          this.pointed = { layer, unit };
        }
      }),
    );
    this.canvas.style.cursor = this.frame && this.parameterAt(x, y) ? 'pointer' : 'default';
    this.values.hidden = !this.pointed;
    if (this.pointed && this.frame) this.tell(this.frame, this.pointed);
    else this.show(null, this.palette, '');
    this.paint();
  }

  /**
   * The weight or bias that is drawn here, if there is one.
   *
   * @param {number} x
   * @param {number} y
   * @returns {Picked | null}
   */
  parameterAt(x, y) {
    /** @type {Picked | null} */
    let nearest = null;
    let least = REACH;
    for (const [layer, { weights, biases }] of this.offsets.entries()) {
      const [from, to] = [this.centres[layer], this.centres[layer + 1]];
      for (const [j, end] of to.entries()) {
        const fromBias = Math.hypot(x - end.x + this.side / 2, y - end.y - this.side / 2);
        if (fromBias < least) {
          least = fromBias / 2; // a dot lies on top of the links
          nearest = { layer, from: null, to: j, index: biases + j };
        }
        for (const [i, start] of from.entries()) {
          const distance = distanceToLink(x, y, start.x + this.side / 2, start.y, end.x - this.side / 2, end.y);
          if (distance < least) {
            least = distance;
            nearest = { layer, from: i, to: j, index: weights + i * to.length + j };
          }
        }
      }
    }
    // on a unit, only its bias can be meant
    return this.pointed && nearest?.from !== null ? null : nearest;
  }

  /** A click: show the weight or bias there, to be set or explained. @param {number} x @param {number} y */
  pick(x, y) {
    this.point(x, y); // a finger has not pointed before
    const { frame } = this;
    const picked = frame && this.parameterAt(x, y);
    if (!picked) {
      this.card.hide();
      return;
    }
    const { layer, from, to, index } = picked;
    const name = this.names[layer + 1][to];
    const parameter = {
      label: from === null ? 'bias' : 'weight',
      value: () => (this.frame ?? frame).parameters[index],
      limits: this.limits,
      /** @param {number} value */
      set: (value) => this.edit(index, value),
    };
    this.picked = picked;
    const title = from === null ? `bias of ${name}` : `${this.names[layer][from]} → ${name}`;
    this.card.show({ title, parameter, explain: () => this.explain(picked) }, x, y);
    this.paint();
  }

  /**
   * Show the unit that is pointed at: its picture large, its weights and bias as numbers.
   *
   * @param {Frame} frame
   * @param {{layer: number, unit: number}} pointed
   */
  tell(frame, { layer, unit }) {
    const isOutput = layer === this.sizes.length - 1;
    const before = this.sizes.slice(0, layer).reduce((sum, size) => sum + size, 0);
    const name = isOutput ? `output: ${this.outputs[unit]}` : this.names[layer][unit];
    // the large picture shows all classes, whichever output is pointed at
    const ofOutput = this.outputs.length > 1 ? '' : name;
    const title = isOutput ? ofOutput : `${name}: ${layer ? 'activation' : 'input'}`;
    this.show(isOutput ? null : this.picture(frame, before + unit), this.palette, title);
    const lines = [name];
    if (layer > 0) {
      const { weights, biases } = this.offsets[layer - 1];
      const { parameters } = frame;
      lines.push(`bias ${readable(parameters[biases + unit])}`);
      for (let i = 0; i < this.sizes[layer - 1]; i++) {
        const weight = parameters[weights + i * this.sizes[layer] + unit];
        lines.push(`${readable(weight)}  from ${this.names[layer - 1][i]}`);
      }
    }
    this.values.textContent = lines.join('\n');
    const { x } = this.centres[layer][unit];
    const isRight = x > this.place.clientWidth / 2;
    const aside = this.side / 2 + 10;
    Object.assign(this.values.style, {
      top: '0',
      left: isRight ? 'auto' : `${x + aside}px`,
      right: isRight ? `${this.place.clientWidth - x + aside}px` : 'auto',
    });
  }

  /** The network in words. */
  inWords() {
    const hidden = this.sizes.slice(1, -1);
    const inputs = this.names[0].join(', ');
    const layers = hidden.length ? `hidden layers of ${hidden.join(', ')} units` : 'no hidden layer';
    const { weights, biases } = this.panel.dataset;
    return `Inputs ${inputs}; ${layers}; outputs: ${this.sizes.at(-1)}. ${weights} weights and ${biases} biases.`;
  }
}

/**
 * How far a place is from a straight line between two others.
 *
 * @param {number} x @param {number} y
 * @param {number} x1 @param {number} y1
 * @param {number} x2 @param {number} y2
 */
function distanceToLink(x, y, x1, y1, x2, y2) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const along = Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
}

/** @param {number} value */
function readable(value) {
  const size = Math.abs(value);
  const digits = size === Infinity ? '∞' : size >= 1e4 ? size.toExponential(2) : size.toFixed(3);
  return `${value < 0 ? '−' : '+'}${digits}`;
}
