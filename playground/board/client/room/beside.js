/**
 * A student's run as a copy beside one of the teacher's: two boards of their own, in frames. Whatever is
 * done there, nobody's run is touched.
 *
 * @typedef {import('../value.js').KeptRun} KeptRun
 */
import { Sheet } from '../sheet.js';
import { make } from './make.js';
import { handOver, queryOf } from './mine.js';

const SHOWN = 'network,region';

export class Beside {
  /** @param {HTMLElement} place @param {import('../value.js').RunValue} value Of the teacher's run. */
  constructor(place, value) {
    this.value = value;
    this.copies = 0;
    this.sheet = new Sheet(place, '');
    this.sheet.dialog.classList.add('class-beside');
    this.sheet.dialog.addEventListener('close', () => this.sheet.content.replaceChildren());
  }

  /** Show a student's run beside the teacher's. @param {KeptRun} run @param {string} name */
  async open(run, name) {
    this.sheet.heading.textContent = `${name}’s run beside yours: copies, to try things out`;
    this.sheet.open(make('div', { className: 'class-frames' }));
    const mine = this.value.kept();
    if (mine && !mine.about.settings.own) await this.#frame('Yours', mine);
    await this.#frame(name, run);
  }

  /** A board with a run. Resolves when it has taken it up: one after the other. @param {string} name @param {KeptRun} run */
  #frame(name, run) {
    const words = `${name}, epoch ${Math.floor(run.epoch)}`;
    const query = `?${queryOf(run.about.settings)}&${new URLSearchParams({ show: SHOWN, copy: String((this.copies += 1)), theme: theme() })}`;
    const frame = make('iframe', { title: words });
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
    frame.src = `${location.href.split(/[?#]/)[0].replace(/\/$/, '')}/embed${handOver(query, run)}`;
    this.sheet.content.firstElementChild?.append(make('figure', {}, make('figcaption', { textContent: words }), frame));
    return loaded;
  }
}

/** Which theme a frame is to have: this page's. */
function theme() {
  const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/\d+/g)?.map(Number) ?? [255, 255, 255];
  return red + green + blue < 384 ? 'dark' : 'light';
}
