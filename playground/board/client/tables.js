/**
 * The charts as tables, for whoever would rather read them: losses and layers epoch by epoch, and the
 * points one by one.
 *
 * @typedef {import('./message.js').Start} Start
 * @typedef {import('./message.js').Trace} Trace
 * @typedef {(string | number | null)[]} Row Its first cell is what it is about.
 * @typedef {{title: string, caption: string, head: string[], rows: Row[]}} Table
 */
import { find } from './elements.js';
import { readable } from './numbers.js';
import { Sheet, makeTable } from './sheet.js';

const MOST_ROWS = 50; // of a table of epochs

export class Tables {
  /** @param {HTMLElement} root Of the board. */
  constructor(root) {
    this.sheet = new Sheet(root, '');
  }

  /** Have a panel's button show a table. @param {HTMLElement} panel @param {() => Table} make */
  offer(panel, make) {
    find(panel, '[data-action="table"]', HTMLButtonElement).onclick = () => this.show(make());
  }

  /** @param {Table} table */
  show({ title, caption, head, rows }) {
    this.sheet.heading.textContent = title;
    this.sheet.open(makeTable({ caption, head, rows: rows.map((cells) => cells.map(text)) }));
  }
}

/**
 * Some curves epoch by epoch; of many epochs a choice, evenly spread, with the first and the last.
 *
 * @param {string} title
 * @param {Trace[]} curves
 * @returns {Table}
 */
export function tableOfCurves(title, curves) {
  const { x: epochs } = curves[0];
  const last = epochs.length - 1;
  const count = Math.min(epochs.length, MOST_ROWS);
  const chosen = Array.from({ length: count }, (_, i) => (count > 1 ? Math.round((i * last) / (count - 1)) : 0));
  const which = count <= last ? `${count} epochs from ${epochs[0]} to ${epochs[last]}, evenly spread` : 'Epoch by epoch';
  return {
    title,
    caption: which,
    head: ['epoch', ...curves.map(({ name }) => name)],
    rows: chosen.map((i) => [String(epochs[i]), ...curves.map(({ y }) => y[i])]),
  };
}

/**
 * The points of a picture, one by one.
 *
 * @param {string} title
 * @param {Start} start
 * @param {Trace[]} parts Training points, then test points.
 * @param {number} epoch
 * @param {[string, (index: number) => boolean][]} runs What each run is called, and whether it gets a
 *   point wrong, training points first; none for values.
 * @returns {Table}
 */
export function tableOfPoints(title, { axes, classes, line }, parts, epoch, runs) {
  const verdicts = classes.length ? runs : [];
  const label = classes.length ? ['class'] : line === null ? ['value'] : [];
  let index = 0;
  const rows = parts.flatMap(({ name, x, y, customdata }) => x.map((across, i) => {
    const number = customdata?.[i] ?? 0;
    const of = classes.length ? [classes[number][0]] : line === null ? [number] : [];
    const row = [`${name} ${i + 1}`, across, y[i], ...of, ...verdicts.map(([, isWrong]) => (isWrong(index) ? 'wrong' : 'right'))];
    index += 1;
    return row;
  }));
  const said = verdicts.length ? `, and what the network makes of them at epoch ${epoch}` : '';
  return {
    title,
    caption: `The ${rows.length} points of the data${said}`,
    head: ['point', ...axes, ...label, ...verdicts.map(([name]) => name)],
    rows,
  };
}

/** @param {string | number | null} cell */
function text(cell) {
  if (typeof cell === 'string') return cell;
  return cell === null ? '–' : readable(cell).replaceAll('-', '−');
}
