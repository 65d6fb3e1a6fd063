/** The list of keys, and the switch for those that are single characters. */
import { find } from './elements.js';
import { Sheet } from './sheet.js';
import { areOn, shortcutsOf, switchTo } from './shortcuts.js';

/** Keys that mean something in one place only, and what they do there. */
const ELSEWHERE = [
  ['Space', 'Play or pause, unless a button or a field has the focus'],
  ['Tab', 'From one control to the next; network, data points and timeline are one stop each'],
  ['Arrow keys', 'In the network, the data points and the timeline: from one to the next'],
  ['Home, End', 'There: the first and the last'],
  ['Enter', 'On a weight, a bias or a data point: its value, its explanation'],
  ['Esc', 'Close what is open'],
];

export class Help {
  /**
   * @param {import('./shortcuts.js').Keyed} board
   * @param {HTMLButtonElement} button Opens it.
   */
  constructor(board, button) {
    this.board = board;
    this.sheet = new Sheet(board.root, 'Keyboard shortcuts');
    this.sheet.content.innerHTML = `
      <table><tbody></tbody></table>
      <label><input type="checkbox"> Single characters are shortcuts</label>`;
    this.isOn = find(this.sheet.content, 'input', HTMLInputElement);
    this.isOn.onchange = () => switchTo(this.isOn.checked, board.root);
    button.onclick = () => this.open();
  }

  /** Show it. */
  open() {
    this.isOn.checked = areOn();
    this.fill();
    this.sheet.open();
  }

  /** Write the list, of what this board can do. */
  fill() {
    const characters = shortcutsOf(this.board).map(({ keys, label }) => [keys[0].toUpperCase(), label]);
    const rows = [...ELSEWHERE, ...characters].map(([key, label]) => {
      const row = document.createElement('tr');
      row.innerHTML = '<th scope="row"><kbd></kbd></th><td></td>';
      row.querySelector('kbd')?.append(key);
      row.lastElementChild?.append(label);
      return row;
    });
    find(this.sheet.content, 'tbody', HTMLElement).replaceChildren(...rows);
  }
}
