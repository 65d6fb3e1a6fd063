/**
 * The network view for hands on a keyboard: one stop for the Tab key, and arrow keys from there.
 *
 * Up and down go through the units of a layer, or through the links into a unit. Left goes from a
 * unit to its links, and from a link to where it comes from; right goes the other way. So every weight
 * is a link into some unit, and every bias is at its unit.
 *
 * The element with the focus is an `application`: screen readers then pass arrow keys on instead of
 * reading the page with them. What the keyboard is at is its active descendant. There are two of
 * those that take turns, because a screen reader speaks when the active one is another element, and
 * not reliably when the same one has another name.
 *
 * @typedef {import('./network.js').Network} Network
 * @typedef {{layer: number, unit: number, from: number | null}} At A unit, or with `from` the link that
 *   comes to it from that unit of the layer before.
 */
import { signed } from './numbers.js';

const CALM = 400; // ms without a new frame, after which the name says the value of now
const HOW = 'Arrow keys: up and down through the units of a layer or the weights into a unit, left from a '
  + 'unit to its weights and on to the layer before, right to the next layer. Enter opens a value.';

export class NetworkKeys {
  /** @param {Network} network */
  constructor(network) {
    this.network = network;
    /** @type {At} */
    this.at = { layer: 0, unit: 0, from: null };
    this.root = network.place.appendChild(document.createElement('div'));
    this.root.className = 'network-keys';
    this.root.tabIndex = 0;
    this.root.setAttribute('role', 'application');
    this.root.setAttribute('aria-roledescription', 'network diagram');
    this.root.setAttribute('aria-label', 'Units and weights');
    this.root.setAttribute('aria-description', HOW);
    this.items = [0, 1].map((i) => {
      const item = this.root.appendChild(document.createElement('div'));
      item.id = `network-at-${i}`;
      item.className = 'spoken';
      return item;
    });
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.waiting = undefined;
    this.root.onkeydown = (event) => this.press(event);
    this.root.onfocus = () => this.go(this.at);
    this.root.onblur = () => network.leave();
  }

  /** Whether the focus is in the network. */
  get isFocused() {
    return document.activeElement === this.root;
  }

  /** Another network: the unit that is nearest to where the keyboard was. */
  begin() {
    const { sizes } = this.network;
    const layer = Math.min(this.at.layer, sizes.length - 1);
    const unit = Math.min(this.at.unit, sizes[layer] - 1);
    const from = layer && this.at.from !== null ? Math.min(this.at.from, sizes[layer - 1] - 1) : null;
    this.at = { layer, unit, from };
  }

  /** Another frame is on screen: its value is named once the picture stands still. */
  renew() {
    if (!this.isFocused) return;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.name(this.root.querySelector(`#${this.root.getAttribute('aria-activedescendant')}`)), CALM);
    if (this.at.from !== null) this.network.tellLink(this.at);
  }

  /** Be somewhere. @param {At} at */
  go(at) {
    this.at = at;
    const item = this.items.find(({ id }) => id !== this.root.getAttribute('aria-activedescendant')) ?? this.items[0];
    this.name(item);
    this.root.setAttribute('aria-activedescendant', item.id);
    this.network.pointTo(at);
  }

  /** Have an element say where the keyboard is. @param {Element | null} item */
  name(item) {
    if (!item || !this.network.frame) return;
    const { layer, from } = this.at;
    item.setAttribute('role', layer ? 'button' : 'img'); // of an input there is nothing to open
    item.setAttribute('aria-label', inWords(this.network, this.at));
    if (layer) item.setAttribute('aria-roledescription', from === null ? 'unit' : 'weight');
    else item.setAttribute('aria-roledescription', 'input');
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (!this.network.frame || event.altKey || event.metaKey || event.shiftKey) return;
    const to = event.ctrlKey ? this.far(event.key) : this.next(event.key);
    if (to) {
      this.go(to);
    } else if (event.key === 'Enter' && !event.ctrlKey) {
      this.network.openAt(this.at);
    } else if (event.key === 'Escape') {
      this.network.leave(); // what lies beside the unit may cover something
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * Where a key goes to; null if it means nothing here, the same place if there is nothing further.
   *
   * @param {string} key
   * @returns {At | null}
   */
  next(key) {
    const { layer, unit, from } = this.at;
    const { sizes, centres } = this.network;
    const isUnit = from === null;
    const [here, last] = isUnit ? [unit, sizes[layer] - 1] : [from, sizes[layer - 1] - 1];
    /** @param {number} index @returns {At} */
    const along = (index) => {
      const inside = Math.min(Math.max(index, 0), last);
      return isUnit ? { layer, unit: inside, from } : { layer, unit, from: inside };
    };
    if (key === 'ArrowUp') return along(here - 1);
    if (key === 'ArrowDown') return along(here + 1);
    if (key === 'Home') return along(0);
    if (key === 'End') return along(last);
    if (key === 'ArrowLeft') {
      if (!isUnit) return { layer: layer - 1, unit: from, from: null };
      return layer ? { layer, unit, from: nearest(centres[layer - 1], centres[layer][unit].y) } : this.at;
    }
    if (key === 'ArrowRight') {
      if (!isUnit) return { layer, unit, from: null };
      if (layer === sizes.length - 1) return this.at;
      return { layer: layer + 1, unit: nearest(centres[layer + 1], centres[layer][unit].y), from: null };
    }
    return null;
  }

  /** The far ends of the network, with the control key. @param {string} key @returns {At | null} */
  far(key) {
    const { sizes } = this.network;
    if (key === 'Home') return { layer: 0, unit: 0, from: null };
    if (key === 'End') return { layer: sizes.length - 1, unit: sizes[sizes.length - 1] - 1, from: null };
    return null;
  }
}

/** Which of some units is at most the same height. @param {{y: number}[]} units @param {number} height px */
function nearest(units, height) {
  const distances = units.map(({ y }) => Math.abs(y - height));
  return distances.indexOf(Math.min(...distances));
}

/**
 * What stands somewhere in the network, and its value.
 *
 * @param {Network} network
 * @param {At} at
 */
function inWords(network, { layer, unit, from }) {
  const { names, outputs, sizes } = network;
  if (!layer) return `input ${names[0][unit]}`;
  const value = signed(network.valueAt({ layer, unit, from }));
  if (from !== null) return `weight from ${names[layer - 1][from]} to ${names[layer][unit]}: ${value}`;
  const says = layer === sizes.length - 1 ? `output: ${outputs[unit]}` : names[layer][unit];
  return `${says}, bias ${value}`;
}
