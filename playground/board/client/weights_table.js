/**
 * All weights and biases as tables, for those who read them rather than see them: one a layer, a row
 * for each unit that a weight comes from, a column for each that it leads to, the biases below.
 *
 * @typedef {import('./network.js').Network} Network
 */
import { find } from './elements.js';
import { signed } from './numbers.js';

const CALM = 400; // ms without a new frame, after which the numbers are written anew

export class WeightsTable {
  /**
   * @param {Network} network
   * @param {HTMLButtonElement} button Opens it.
   */
  constructor(network, button) {
    this.network = network;
    this.dialog = network.panel.appendChild(document.createElement('dialog'));
    this.dialog.className = 'sheet';
    this.dialog.setAttribute('aria-labelledby', 'weights-title');
    this.dialog.innerHTML = `
      <header><h2 id="weights-title">Weights and biases</h2>
        <form method="dialog"><button aria-label="Close">×</button></form></header>
      <p><span role="status"></span> <button type="button">Show the values of now</button></p>
      <div class="tables" tabindex="0" role="region" aria-labelledby="weights-title"></div>`;
    this.tables = find(this.dialog, '.tables', HTMLElement);
    this.moment = find(this.dialog, '[role=status]', HTMLElement);
    find(this.dialog, 'p button', HTMLButtonElement).onclick = () => this.fill();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.waiting = undefined;
    button.onclick = () => {
      this.fill();
      this.dialog.showModal(); // it closes with Esc, and the focus goes back
    };
  }

  /** Another frame is on screen: it is written once it stands still. */
  renew() {
    if (!this.dialog.open) return;
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
    const table = document.createElement('table');
    const isOutput = layer === sizes.length - 1;
    table.createCaption().textContent =
      `${isOutput ? 'Output' : `Hidden ${layer}`}: weights from row to column, and biases`;
    const heads = table.createTHead().insertRow();
    heads.append(cell('td', ''), ...names[layer].map((name) => cell('th', name, 'col')));
    const body = table.createTBody();
    const units = [...names[layer].keys()];
    /** @param {string} name @param {number | null} from */
    const row = (name, from) => {
      const values = units.map((unit) => signed(this.network.valueAt({ layer, unit, from })));
      body.insertRow().append(cell('th', name, 'row'), ...values.map((value) => cell('td', value)));
    };
    names[layer - 1].forEach((name, from) => row(name, from));
    row('bias', null);
    return table;
  }
}

/** @param {'td' | 'th'} kind @param {string} text @param {string} [scope] */
function cell(kind, text, scope) {
  const made = document.createElement(kind);
  made.textContent = text;
  if (scope) made.setAttribute('scope', scope);
  return made;
}
