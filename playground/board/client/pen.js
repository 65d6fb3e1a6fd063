/**
 * Points that a person clicks into the picture, of the class that was chosen for them.
 *
 * @typedef {import('./charts.js').Chart} Chart
 */
import { axesOf } from './axes.js';
import { find } from './elements.js';
import { PenForm } from './pen_form.js';

const STEADY = 5; // px that a pointer may move within a click; beyond, the picture is dragged

export class Pen {
  /**
   * @param {HTMLElement} panel The `data-view` section with the picture.
   * @param {Chart} chart
   * @param {(edit: {x: number, y: number, label: number} | {undo: true}) => void} send
   */
  constructor(panel, chart, send) {
    this.panel = panel;
    this.chart = chart;
    this.send = send;
    /** @type {string[]} of the classes */
    this.colors = [];
    this.choice = find(panel, '[data-action="add-points"]', HTMLSelectElement);
    this.undo = find(panel, '[data-action="undo-point"]', HTMLButtonElement);
    this.undo.onclick = () => send({ undo: true });
    this.choice.onchange = () => this.show();
    this.form = new PenForm(panel, (x, y) => this.addAt(x, y));
    const place = find(panel, '.chart', HTMLElement);
    place.addEventListener('pointerdown', (down) => this.press(down), { capture: true });
  }

  /** Whether a click adds a point. */
  get isDown() {
    return this.choice.selectedIndex > 0;
  }

  /** @param {import('./message.js').Start} start */
  begin(start) {
    const { can_add: canAdd, can_undo: canUndo, classes } = start;
    this.form.begin(start);
    this.choice.hidden = !canAdd;
    this.undo.hidden = !canAdd;
    this.undo.disabled = !canUndo;
    const names = ['Add points…', ...classes.map(([name]) => name)];
    const had = [...this.choice.options].map((option) => option.text);
    if (names.join('\n') !== had.join('\n')) this.choice.replaceChildren(...names.map((name) => new Option(name)));
    if (!canAdd) this.choice.selectedIndex = 0;
    this.colors = classes.map(([, color]) => color);
    this.show();
  }

  /** Show of which class the next point would be. */
  show() {
    this.panel.dataset.pen = String(this.isDown);
    this.form.show(this.isDown);
    // not the text: a colour that tells classes apart need not be legible as words
    this.choice.style.boxShadow = this.isDown ? `inset 0 -4px ${this.colors[this.choice.selectedIndex - 1]}` : '';
  }

  /** @param {PointerEvent} down A press that may become a click; Plotly moves it to another element. */
  press(down) {
    const other = down.target instanceof Element && down.target.closest('.modebar, .card');
    if (!this.isDown || down.button !== 0 || other) return;
    const ends = /** @type {const} */ (['pointerup', 'pointercancel']);
    /** @param {PointerEvent} up */
    const release = (up) => {
      for (const type of ends) document.removeEventListener(type, release, { capture: true });
      const moved = Math.hypot(up.clientX - down.clientX, up.clientY - down.clientY);
      if (up.type === 'pointerup' && moved <= STEADY) this.add(up);
    };
    for (const type of ends) document.addEventListener(type, release, { capture: true });
  }

  /** @param {PointerEvent} click */
  add(click) {
    const axes = axesOf(this.chart.plot);
    if (!axes) return;
    const { x, y } = axes;
    const { left, top } = this.chart.plot.getBoundingClientRect();
    const [across, down] = [click.clientX - left - x.start, click.clientY - top - y.start];
    if (across < 0 || across > x.length || down < 0 || down > y.length) return;
    this.addAt(x.toValue(across), y.toValue(down));
  }

  /** Add a point of the chosen class. @param {number} x @param {number} y In the units of the axes. */
  addAt(x, y) {
    this.send({ x, y, label: this.choice.selectedIndex - 1 });
  }
}
