/**
 * Points that a person clicks into the picture, of the class that was chosen for them.
 *
 * @typedef {import('./charts.js').Chart} Chart
 */

const STEADY = 5; // px that a pointer may move within a click; beyond, the picture is dragged

export class Pen {
  /**
   * @param {HTMLElement} panel The `data-view` section with the picture.
   * @param {Chart} chart
   * @param {(edit: {x: number, y: number, label: number} | {undo: true}) => void} send
   */
  constructor(panel, chart, send) {
    Object.assign(this, { panel, chart, send });
    this.choice = panel.querySelector('[data-action="add-points"]');
    this.undo = panel.querySelector('[data-action="undo-point"]');
    this.undo.onclick = () => send({ undo: true });
    this.choice.onchange = () => this.show();
    const place = panel.querySelector('.chart');
    place.addEventListener('pointerdown', (down) => this.press(down), { capture: true });
  }

  /** Whether a click adds a point. */
  get isDown() {
    return this.choice.selectedIndex > 0;
  }

  /** @param {import('./message.js').Start} start */
  begin({ can_add: canAdd, can_undo: canUndo, classes }) {
    this.choice.hidden = !canAdd;
    // it keeps its room: between two clicks the picture must not move
    this.undo.hidden = !canAdd;
    this.undo.disabled = !canUndo;
    const names = ['Add points…', ...classes.map(([name]) => name)];
    const had = [...this.choice.options].map((option) => option.text);
    if (names.join('\n') !== had.join('\n')) this.choice.replaceChildren(...names.map((name) => new Option(name)));
    if (!canAdd) this.choice.selectedIndex = 0;
    this.colors = classes.map(([, color]) => color);
    this.show();
  }

  show() {
    this.panel.dataset.pen = String(this.isDown);
    this.choice.style.color = this.isDown ? this.colors[this.choice.selectedIndex - 1] : '';
  }

  /** @param {PointerEvent} down A press that may become a click; Plotly moves it to another element. */
  press(down) {
    if (!this.isDown || down.button !== 0 || down.target.closest('.modebar, .card')) return;
    const ends = ['pointerup', 'pointercancel'];
    const release = (up) => {
      for (const type of ends) document.removeEventListener(type, release, { capture: true });
      const moved = Math.hypot(up.clientX - down.clientX, up.clientY - down.clientY);
      if (up.type === 'pointerup' && moved <= STEADY) this.add(up);
    };
    for (const type of ends) document.addEventListener(type, release, { capture: true });
  }

  /** @param {PointerEvent} click */
  add(click) {
    const { left, top } = this.chart.plot.getBoundingClientRect();
    const { xaxis, yaxis } = this.chart.plot._fullLayout;
    const [across, down] = [click.clientX - left - xaxis._offset, click.clientY - top - yaxis._offset];
    if (across < 0 || across > xaxis._length || down < 0 || down > yaxis._length) return;
    this.send({ x: xaxis.p2d(across), y: yaxis.p2d(down), label: this.choice.selectedIndex - 1 });
  }
}
