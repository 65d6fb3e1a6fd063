/** What is shown over the board and read there: tables, and the list of keys. */
import { find } from './elements.js';

let sheets = 0; // made so far

/** A dialog with a title. It closes by Esc, by its button or by a click beside it, and gives the focus back. */
export class Sheet {
  /** @param {HTMLElement} place @param {string} title */
  constructor(place, title) {
    this.dialog = place.appendChild(document.createElement('dialog'));
    this.dialog.className = 'sheet';
    const id = `sheet-${(sheets += 1)}`;
    this.dialog.setAttribute('aria-labelledby', id);
    this.dialog.innerHTML = `
      <header><h2 id="${id}"></h2><form method="dialog"><button aria-label="Close">✕</button></form></header>
      <div class="content" tabindex="0" role="region" aria-labelledby="${id}"></div>`;
    this.heading = find(this.dialog, 'h2', HTMLElement);
    this.heading.textContent = title;
    this.content = find(this.dialog, '.content', HTMLElement);
    // a click on the backdrop is one on the dialog itself
    this.dialog.onclick = ({ target }) => {
      if (target === this.dialog) this.dialog.close();
    };
  }

  /** Whether it is shown. */
  get isOpen() {
    return this.dialog.open;
  }

  /** Show it. @param {...Node} parts What is in it; nothing for what was in it before. */
  open(...parts) {
    if (parts.length) this.content.replaceChildren(...parts);
    this.dialog.showModal();
  }
}

/**
 * A table with a caption, and heads for its rows and columns.
 *
 * @param {object} table
 * @param {string} table.caption
 * @param {string[]} table.head
 * @param {string[][]} table.rows The first cell of each is what it is about.
 */
export function makeTable({ caption, head, rows }) {
  const table = document.createElement('table');
  table.createCaption().textContent = caption;
  const line = table.createTHead().insertRow();
  for (const name of head) {
    if (name) line.append(headCell('col', name));
    else line.insertCell(); // the corner
  }
  const body = table.createTBody();
  for (const [about, ...cells] of rows) {
    const row = body.insertRow();
    row.append(headCell('row', about));
    for (const cell of cells) row.insertCell().textContent = cell;
  }
  return table;
}

/** @param {'row' | 'col'} scope @param {string} words */
function headCell(scope, words) {
  return Object.assign(document.createElement('th'), { scope, textContent: words });
}
