/**
 * What the class has found so far: the chart of an experiment, which fills while they play, or the best
 * of a challenge. Python makes the figure and the table; see `results.py`.
 *
 * @typedef {object} Results
 * @property {string} title
 * @property {string} words How far it is.
 * @property {import('../charts.js').Figure | null} figure
 * @property {{head: string[], rows: string[][]}} table
 */
import { thePlotly } from '../charts.js';
import { themeColor } from '../elements.js';
import { makeTable, Sheet } from '../sheet.js';
import { button, make } from './make.js';

export class ResultsSheet {
  /** @param {HTMLElement} place @param {{say: (message: Record<string, any>) => boolean, download: () => void}} does */
  constructor(place, does) {
    this.does = does;
    this.sheet = new Sheet(place, 'Results');
    this.sheet.dialog.classList.add('class-results');
    this.sheet.dialog.addEventListener('close', () => does.say({ results: false }));
    this.words = make('p', {});
    this.words.setAttribute('role', 'status');
    this.plot = /** @type {import('../charts.js').Plot} */ (make('div', { className: 'class-plot' }));
    this.table = make('div', {});
    const download = button('Download results', does.download, 'A table as CSV, without names');
    this.sheet.content.append(this.words, this.plot, this.table, make('div', { className: 'class-doing' }, download));
    new ResizeObserver(() => {
      if (this.plot.data && this.plot.clientWidth) thePlotly().Plots.resize(this.plot);
    }).observe(this.plot);
  }

  /** Show it. */
  open() {
    this.does.say({ results: true });
    if (!this.sheet.isOpen) this.sheet.open();
  }

  /** The line is there again, which knows nothing of before. */
  renew() {
    if (this.sheet.isOpen) this.does.say({ results: true });
  }

  /** Draw them. @param {Results} results */
  show({ title, words, figure, table }) {
    this.sheet.heading.textContent = title;
    if (this.words.textContent !== words) this.words.textContent = words;
    this.plot.hidden = figure === null;
    if (figure) this.#draw(figure);
    this.table.replaceChildren(makeTable({ caption: title, ...table }));
  }

  /** @param {import('../charts.js').Figure} figure */
  #draw({ data, layout }) {
    const style = getComputedStyle(this.plot);
    const [text, grid] = [themeColor(style, 'text'), themeColor(style, 'border')];
    const axis = { gridcolor: grid, linecolor: grid, zerolinecolor: grid };
    const dressed = {
      ...layout,
      autosize: true,
      height: undefined, // that of its place
      paper_bgcolor: 'rgba(0,0,0,0)',
      plot_bgcolor: 'rgba(0,0,0,0)',
      font: { ...layout.font, color: text, family: style.fontFamily },
      xaxis: { ...layout.xaxis, ...axis },
      yaxis: { ...layout.yaxis, ...axis },
    };
    thePlotly().newPlot(this.plot, data, dressed, { displayModeBar: false, responsive: false });
  }
}
