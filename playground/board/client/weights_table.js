/**
 * All weights and biases as tables, for those who read them rather than see them: one a layer, a row
 * for each unit that a weight comes from, a column for each that it leads to, the biases below.
 *
 * @typedef {import('./network.js').Network} Network
 */
import { find } from './elements.js';
import { signed } from './numbers.js';
import { Sheet, makeTable } from './sheet.js';

const CALM = 400; // ms without a new frame, after which the numbers are written anew

export class WeightsTable {
  /**
   * @param {Network} network
   * @param {HTMLButtonElement} button Opens it.
   */
  constructor(network, button) {
    this.network = network;
    this.sheet = new Sheet(network.panel, 'Weights and biases');
    this.sheet.content.innerHTML = `
      <p><span role="status"></span> <button type="button">Show the values of now</button></p>
      <div class="tables"></div>`;
    this.tables = find(this.sheet.content, '.tables', HTMLElement);
    this.moment = find(this.sheet.content, '[role=status]', HTMLElement);
    find(this.sheet.content, 'p button', HTMLButtonElement).onclick = () => this.fill();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.waiting = undefined;
    button.onclick = () => {
      this.fill();
      this.sheet.open();
    };
  }

  /** Another frame is on screen: it is written once it stands still. */
  renew() {
    if (!this.sheet.isOpen) return;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.fill(), CALM);
  }

  /** Write the values of the frame on screen. */
  fill() {
    const { frame, sizes } = this.network;
    if (!frame) return;
    const words = `Epoch ${Number(frame.epoch.toFixed(2))}`;
    if (this.moment.textContent !== words) this.moment.textContent = words;
    this.tables.replaceChildren(...sizes.slice(1).map((_, i) => this.table(i + 1)));
  }

  /** The weights and biases of a layer. @param {number} layer 0 are the inputs, which have none. */
  table(layer) {
    const { names, sizes } = this.network;
    const name = layer === sizes.length - 1 ? 'Output' : `Hidden ${layer}`;
    const units = [...names[layer].keys()];
    /** @param {string} about @param {number | null} from */
    const row = (about, from) => [about, ...units.map((unit) => signed(this.network.valueAt({ layer, unit, from })))];
    return makeTable({
      caption: `${name}: weights from row to column, and biases`,
      head: ['', ...names[layer]],
      rows: [...names[layer - 1].map((about, from) => row(about, from)), row('bias', null)],
    });
  }
}
