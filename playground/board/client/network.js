/**
 * The network as it is: every unit with a small picture of what it responds to, every weight as a
 * link, every bias as a dot. Width and colour of a link, size and colour of a dot are the value.
 *
 * @typedef {import('./message.js').Frame} Frame
 * @typedef {{layer: number, from: number | null, to: number, index: number}} Picked A weight of a
 *   layer, 0 being the first that has any, or a bias (`from` is null); `index` in the parameters.
 * @typedef {import('./network_keys.js').At} At
 */
import { Calm } from './calm.js';
import { Card } from './card.js';
import { find, typeScale } from './elements.js';
import { LayerTools } from './layer_tools.js';
import { linksOver } from './links.js';
import { NetworkKeys } from './network_keys.js';
import { NetworkPainting } from './network_painting.js';
import { signed } from './numbers.js';
import { toPalette } from './region.js';
import { WeightsTable } from './weights_table.js';

const REACH = 6; // px from a link or a bias, within which a click means it
const NAMES = 34; // px on the left, for the names of the inputs
const LARGEST = 36; // px, of a unit's picture where there is room
const HEADS = 18; // px above, for what the layers are
const MOST_IN_A_COLUMN = 16; // units: on a large screen they are larger, and as many fit

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
    this.nameRoom = NAMES;
    this.heads = HEADS;
    this.isHurried = false; // whether frames come late, so that what can wait should wait
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
    this.place = find(panel, '.chart', HTMLElement);
    this.canvas = this.place.appendChild(document.createElement('canvas'));
    this.canvas.setAttribute('aria-hidden', 'true');
    this.values = this.place.appendChild(document.createElement('div'));
    this.values.className = 'unit-values';
    this.values.hidden = true;
    this.tools = new LayerTools(this.place, (layer, more) => this.changeUnits(layer, more));
    this.keys = new NetworkKeys(this);
    this.card = new Card(this.place, { closed: () => this.paint(), home: this.keys.root });
    this.painting = new NetworkPainting(this);
    this.table = new WeightsTable(this, find(panel, '[data-action="weights-table"]', HTMLButtonElement));
    this.calm = new Calm(this.place);
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
    this.frame = null;
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
    this.tools.begin(sizes.slice(1, -1), this.mostUnits);
    this.keys.begin();
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

  /** Have more units in a hidden layer, or fewer. @param {number} layer @param {number} more */
  changeUnits(layer, more) {
    this.reshape(this.hidden().map((units, i) => (
      i === layer ? Math.min(Math.max(units + more, 1), this.mostUnits) : units
    )));
  }

  /** Find a place for each unit. */
  arrange() {
    if (!this.sizes.length) return;
    const [width, height] = [this.place.clientWidth, this.place.clientHeight];
    const sharpness = window.devicePixelRatio || 1;
    Object.assign(this.canvas, { width: width * sharpness, height: height * sharpness });
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    const scale = typeScale();
    [this.nameRoom, this.heads] = [NAMES * scale, HEADS * scale];
    const largest = Math.max(LARGEST, height / MOST_IN_A_COLUMN);
    const nearest = (width - this.nameRoom - largest - 8) / (this.sizes.length - 1); // px from layer to layer, at least
    const above = this.heads + this.tools.heightFor(nearest);
    const gap = (height - above) / Math.max(...this.sizes);
    this.side = Math.max(6, Math.min(largest, 0.82 * gap));
    const step = (width - this.nameRoom - this.side - 8) / (this.sizes.length - 1);
    this.centres = this.sizes.map((size, layer) => {
      const near = Math.min(gap, 1.72 * this.side);
      const top = above + (height - above) / 2 - ((size - 1) * near) / 2;
      const x = this.nameRoom + this.side / 2 + layer * step;
      return Array.from({ length: size }, (_, unit) => ({ x, y: top + unit * near }));
    });
    this.painting.begin();
    this.tools.arrange(this.centres.slice(1, -1).map(([{ x }]) => x), this.heads);
    this.paint();
  }

  /** @param {Frame} frame */
  draw(frame) {
    const isFirst = !this.frame;
    this.frame = frame;
    this.calm.area = (this.side / (Math.sqrt(this.nodes(frame)) - 1)) ** 2;
    this.calm.take(frame.units, this.palette, (back) => linksOver(frame.parameters, this.offsets, this.centres, { ...this.hues, back }));
    this.paint();
    this.card.renew();
    if (isFirst && this.keys.isFocused) this.keys.go(this.keys.at);
    if (this.pointed) this.tell(frame, this.pointed);
    this.keys.renew();
    this.table.renew();
  }

  /** To be called before each repaint of the screen: calmed pictures fade. @param {number} now ms */
  settle(now) {
    if (this.calm.settle(now) || this.painting.isBehind()) this.paint();
  }

  /** Draw the frame that is there, in the theme's colours. */
  paint() {
    if (this.frame && this.centres.length) this.painting.paint(this.frame);
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
    this.keys.at = { layer: picked.layer + 1, unit: picked.to, from: picked.from }; // keys go on from there
    this.open(frame, picked, x, y, false);
  }

  /**
   * Show the card of a weight or bias.
   *
   * @param {Frame} frame
   * @param {Picked} picked
   * @param {number} x @param {number} y Beside which place of the picture, px.
   * @param {boolean} takesFocus Whether the focus goes into its field.
   */
  open(frame, picked, x, y, takesFocus) {
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
    this.card.show({ title, parameter, explain: () => this.explain(picked), takesFocus }, x, y);
    this.paint();
  }

  /** The keyboard is somewhere: show of it what a pointer would. @param {At} at */
  pointTo({ layer, unit, from }) {
    this.pointed = from === null ? { layer, unit } : null;
    this.values.hidden = !this.frame;
    if (this.pointed && this.frame) {
      this.tell(this.frame, this.pointed);
    } else {
      this.show(null, this.palette, '');
      this.tellLink({ layer, unit, from });
    }
    this.paint();
  }

  /** Neither pointer nor keyboard is in the picture any more. */
  leave() {
    this.point(-1, -1);
  }

  /** The weight of the link at a place of the keyboard, or the bias of the unit there. @param {At} at @returns {Picked} */
  pickedAt({ layer, unit, from }) {
    const { weights, biases } = this.offsets[layer - 1];
    const index = from === null ? biases + unit : weights + from * this.sizes[layer] + unit;
    return { layer: layer - 1, from, to: unit, index };
  }

  /** Its value now. @param {At} at */
  valueAt(at) {
    return this.frame ? this.frame.parameters[this.pickedAt(at).index] : NaN;
  }

  /** Open the card of what the keyboard is at; an input has none. @param {At} at */
  openAt(at) {
    const { layer, unit, from } = at;
    if (!this.frame || !layer) return;
    const end = this.centres[layer][unit];
    const start = from === null ? end : this.centres[layer - 1][from];
    this.leave(); // what stands beside the unit would lie above the card
    this.open(this.frame, this.pickedAt(at), (start.x + end.x) / 2, (start.y + end.y) / 2, true);
  }

  /** Show the weight of a link. @param {At} at */
  tellLink(at) {
    const { layer, unit, from } = at;
    if (from === null || !this.frame) return;
    this.values.textContent = `${this.names[layer - 1][from]} → ${this.names[layer][unit]}\nweight ${signed(this.valueAt(at))}`;
    this.putValues(this.centres[layer][unit].x);
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
      lines.push(`bias ${signed(parameters[biases + unit])}`);
      for (let i = 0; i < this.sizes[layer - 1]; i++) {
        const weight = parameters[weights + i * this.sizes[layer] + unit];
        lines.push(`${signed(weight)}  from ${this.names[layer - 1][i]}`);
      }
    }
    this.values.textContent = lines.join('\n');
    this.putValues(this.centres[layer][unit].x);
  }

  /** Put the values to the side of a unit where there is more room. @param {number} x px */
  putValues(x) {
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
