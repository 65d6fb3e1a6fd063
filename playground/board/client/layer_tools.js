/**
 * Buttons for the units of each hidden layer, above it. Where layers stand too close for that, every
 * second pair is a row lower; where they stand closer still, there is one pair of buttons, and a list
 * of the layers to choose whose they are.
 *
 * They stay where they are while only numbers change, so that the focus stays too. For the Tab key all
 * of them are one stop: arrow keys go from one to the next.
 */
import { find } from './elements.js';

const NUMBER = 20; // px, the width of the number between two buttons
const GAP = 4; // px between the tools of two layers
const BUTTON = 24; // px, the least side of what can be hit with a pointer
const TOUCHED = 44; // px, of what a finger can hit
const MOST_ROWS = 2;

export class LayerTools {
  /**
   * @param {HTMLElement} place The picture; the tools lie over it.
   * @param {(layer: number, more: number) => void} change Have more units in a hidden layer, or fewer.
   */
  constructor(place, change) {
    this.change = change;
    this.root = place.appendChild(document.createElement('div'));
    this.root.className = 'all-layer-tools';
    this.root.setAttribute('role', 'toolbar');
    this.root.setAttribute('aria-label', 'Units of the hidden layers');
    this.choice = this.root.appendChild(document.createElement('select'));
    this.choice.setAttribute('aria-label', 'Layer whose units to change');
    this.choice.onchange = () => this.showChosen();
    /** @type {HTMLElement[]} of each hidden layer */
    this.tools = [];
    this.rows = 1; // that they take; 0 if there is room for the tools of one layer only
    this.touch = matchMedia('(pointer: coarse)');
    this.root.onkeydown = (event) => this.press(event);
    this.root.addEventListener('focusin', ({ target }) => {
      if (target instanceof HTMLElement) this.makeStop(target);
    });
  }

  /** @param {number[]} hidden Units of each hidden layer. @param {number} mostUnits */
  begin(hidden, mostUnits) {
    while (this.tools.length > hidden.length) this.tools.pop()?.remove();
    while (this.tools.length < hidden.length) this.tools.push(this.makeTool(this.tools.length));
    hidden.forEach((units, layer) => {
      const tool = this.tools[layer];
      find(tool, 'span', HTMLSpanElement).textContent = String(units);
      const fewer = find(tool, 'button:first-child', HTMLButtonElement);
      const more = find(tool, 'button:last-child', HTMLButtonElement);
      fewer.disabled = units === 1;
      more.disabled = units === mostUnits;
      // one that has nothing more to do hands over to the other one
      if (fewer.disabled && fewer.tabIndex === 0) this.makeStop(more);
      if (more.disabled && more.tabIndex === 0) this.makeStop(fewer);
    });
    if (this.choice.length !== hidden.length) {
      const chosen = Math.min(Math.max(this.choice.selectedIndex, 0), hidden.length - 1);
      this.choice.replaceChildren(...hidden.map((_, layer) => new Option(`hidden ${layer + 1}`)));
      this.choice.selectedIndex = chosen;
    }
    const stops = this.stops();
    if (!stops.some(({ tabIndex }) => tabIndex === 0)) this.makeStop(stops[0]);
  }

  /** @param {number} layer */
  makeTool(layer) {
    const tool = this.root.appendChild(document.createElement('div'));
    tool.className = 'layer-tools';
    /** @param {string} text @param {string} name @param {number} more */
    const button = (text, name, more) => {
      const made = tool.appendChild(document.createElement('button'));
      Object.assign(made, { type: 'button', textContent: text, title: name, tabIndex: -1 });
      made.setAttribute('aria-label', name);
      made.onclick = () => this.change(layer, more);
    };
    button('−', `Remove a unit from hidden ${layer + 1}`, -1);
    tool.append(document.createElement('span'));
    button('+', `Add a unit to hidden ${layer + 1}`, 1);
    return tool;
  }

  /** Side of a button, px. */
  get side() {
    return this.touch.matches ? TOUCHED : BUTTON;
  }

  /**
   * How much room the tools take from top to bottom, px.
   *
   * @param {number} step px from one layer to the next.
   */
  heightFor(step) {
    const needed = 2 * this.side + NUMBER + GAP;
    const rows = Math.ceil(needed / step);
    this.rows = this.tools.length < 2 ? 1 : rows <= MOST_ROWS ? rows : 0;
    return Math.max(this.rows, 1) * (this.side + 2);
  }

  /**
   * Stand above the layers.
   *
   * @param {number[]} middles Of the hidden layers, px from the left.
   * @param {number} top px
   */
  arrange(middles, top) {
    this.root.dataset.rows = String(this.rows);
    this.root.style.top = `${top}px`;
    this.tools.forEach((tool, layer) => {
      tool.style.left = this.rows ? `${middles[layer]}px` : '';
      tool.style.top = this.rows ? `${(layer % this.rows) * (this.side + 2)}px` : '';
    });
    this.showChosen();
  }

  /** Show the tools of all layers, or of the chosen one. */
  showChosen() {
    this.choice.hidden = this.rows > 0;
    this.tools.forEach((tool, layer) => {
      tool.hidden = !this.rows && layer !== this.choice.selectedIndex;
    });
    if (!this.stops().some(({ tabIndex }) => tabIndex === 0)) this.makeStop(this.stops()[0]);
  }

  /** What can have the focus, in order. @returns {(HTMLButtonElement | HTMLSelectElement)[]} */
  stops() {
    /** @type {NodeListOf<HTMLButtonElement | HTMLSelectElement>} */
    const all = this.root.querySelectorAll('select:not([hidden]), .layer-tools:not([hidden]) button:enabled');
    return [...all];
  }

  /** Have the Tab key stop here, and nowhere else among the tools. @param {HTMLElement | undefined} stop */
  makeStop(stop) {
    if (!stop) return;
    for (const other of this.root.querySelectorAll('button, select')) other.setAttribute('tabindex', '-1');
    stop.tabIndex = 0;
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const stops = this.stops();
    const here = stops.findIndex((stop) => stop === document.activeElement);
    /** @type {Record<string, number>} */
    const ways = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: stops.length - 1 };
    if (here < 0 || !(event.key in ways) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    stops[Math.min(Math.max(ways[event.key], 0), stops.length - 1)].focus();
  }
}
