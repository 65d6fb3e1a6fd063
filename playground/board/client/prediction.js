/**
 * What a network predicts everywhere, and above it the points of the data.
 *
 * @typedef {import('./message.js').Start} Start
 * @typedef {{points: {curveNumber: number, pointIndex: number}[], event: MouseEvent}} Click Plotly's.
 */
import { Chart, colorBar, legendEntry } from './charts.js';
import { find } from './elements.js';
import { Region } from './region.js';

export class Prediction {
  /**
   * @param {import('./charts.js').Plotly} plotly
   * @param {HTMLElement} panel The `data-view` section.
   * @param {(click: Click) => void} [pick] A point was clicked.
   */
  constructor(plotly, panel, pick) {
    this.panel = panel;
    this.pick = pick;
    this.region = new Region(find(panel, '.chart', HTMLElement)); // below the points
    this.points = new Chart(plotly, panel);
    this.heading = find(panel, 'h2', HTMLElement);
    this.title = ''; // while no unit's picture is shown
  }

  /**
   * Write what is said of it; before it is drawn, as that leaves it less room.
   *
   * @param {string} title
   * @param {Start} start
   */
  label(title, start) {
    this.title = this.heading.textContent = title;
    const hasOthers = start.classes.some(([, , mark]) => mark === '▲');
    this.panel.querySelector('.legend')?.replaceChildren(
      ...start.classes.map(([name, color, mark]) => legendEntry(name, color, mark)),
      ...(start.values ? [colorBar(start.values)] : []),
      ...(start.line ? [legendEntry(start.line, 'inherit', '━')] : []),
      legendEntry('training', 'inherit', hasOthers ? '●▲' : '●'),
      legendEntry('test', 'inherit', hasOthers ? '◆▼' : '◆'),
      ...(start.classes.length ? [legendEntry('misclassified', 'inherit', '○')] : []),
    );
  }

  /**
   * Show what a unit responds to instead, and say so; or no unit any more.
   *
   * @param {Uint8Array | null} picture
   * @param {Uint32Array} palette
   * @param {string} title '' for that of the regions.
   */
  showOther(picture, palette, title) {
    this.region.showOther(picture, palette);
    const words = title || this.title;
    if (this.heading.textContent !== words) this.heading.textContent = words;
  }

  /**
   * A new run: new points.
   *
   * @param {import('./message.js').Figure} figure
   * @param {Start} start
   * @param {string} run
   */
  begin(figure, start, run) {
    this.points.begin(structuredClone(figure), run); // Plotly writes into what it is given
    const { plot } = this.points;
    this.region.begin(plot, start);
    plot.on('plotly_relayouting', (moving) => this.region.paint(moving));
    plot.on('plotly_afterplot', () => this.region.paint());
    plot.on('plotly_click', (click) => this.pick?.(click));
  }

  /** Take all colours from the theme. */
  paint() {
    this.points.paint();
    this.region.paint();
  }
}
