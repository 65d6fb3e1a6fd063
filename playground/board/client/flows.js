/**
 * The chart of what goes through the layers: which quantity it shows, and what is known of the others.
 *
 * @typedef {Pick<import('./message.js').Frame, 'epoch' | 'flows'>} Moment
 * @typedef {import('./message.js').Start} Start
 */
import { Curves } from './curves.js';
import { find } from './elements.js';

const MOST_PAST = 1000; // moments; beyond twice as many, every other one is let go

export class Flows {
  /**
   * @param {import('./charts.js').Plotly} plotly
   * @param {HTMLElement} panel The `data-view` section.
   */
  constructor(plotly, panel) {
    this.chosen = 0; // which quantity is shown
    /** @type {Curves<Moment>} */
    this.curves = new Curves(plotly, panel, ({ flows }) => flows[this.chosen]);
    /** @type {Start | null} */
    this.start = null;
    this.run = '';
    /** @type {Moment[]} of the whole run, for the quantities that are not shown */
    this.past = [];
    /** @type {Moment[]} those after the epoch from which the run goes on, as they were before */
    this.before = [];
    this.heading = find(panel, 'h2', HTMLElement);
    this.choice = find(panel, '[data-action="flow"]', HTMLSelectElement);
    this.choice.onchange = () => {
      this.chosen = this.choice.selectedIndex;
      this.draw();
    };
  }

  /** A new run, or other charts of the same one. @param {Start} start @param {string} run */
  begin(start, run) {
    const { figures, flows } = start;
    const figuresOf = flows.map(([name]) => figures[name]);
    if (run !== this.run) this.before = [];
    this.start = start;
    this.run = run;
    this.past = figuresOf[0].data[0].x.map((epoch, i) => ({
      epoch, flows: figuresOf.map(({ data }) => data.map(({ y }) => Number(y[i]))),
    }));
    if (!this.choice.length) {
      this.choice.append(...flows.map(([name, label, symbol]) => new Option(`${label} (${symbol})`, name)));
    }
    if (start.choices.flow) {
      this.choice.value = start.choices.flow;
      this.chosen = this.choice.selectedIndex;
    }
    this.draw();
  }

  /** Draw the chosen quantity, as far as it is known. */
  draw() {
    if (!this.start) return;
    const [name, label, , help] = this.start.flows[this.chosen];
    this.choice.title = help;
    this.heading.textContent = `${label} per layer`;
    const { data, layout } = this.start.figures[name];
    const curves = this.points(this.past, data.length);
    this.curves.before = this.points(this.before, data.length);
    this.curves.begin({ data: data.map((trace, layer) => ({ ...trace, ...curves[layer] })), layout }, this.run);
  }

  /**
   * The curve of each layer.
   *
   * @param {Moment[]} moments
   * @param {number} layers
   */
  points(moments, layers) {
    const x = moments.map(({ epoch }) => epoch);
    if (!x.length) return [];
    return Array.from({ length: layers }, (_, layer) => ({ x: [...x], y: moments.map(({ flows }) => flows[this.chosen][layer]) }));
  }

  /** Take a moment in; of the past there are whole epochs only. @param {Moment} moment */
  add({ epoch, flows }) {
    this.curves.add({ epoch, flows });
    if (this.past.at(-1)?.epoch === epoch) this.past.pop(); // it was changed
    if (Number.isInteger(epoch)) this.past.push({ epoch, flows });
    if (this.past.length > 2 * MOST_PAST) this.past = this.past.filter((_, i) => i % 2);
  }

  /** Take out what came after an epoch. @param {number} epoch */
  cut(epoch) {
    const length = this.past.findLastIndex((moment) => moment.epoch <= epoch) + 1;
    this.before = length < this.past.length ? this.past.slice(length - 1) : [];
    this.past = this.past.slice(0, length);
    this.curves.cut(epoch);
  }
}
