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
    /** @type {Moment[]} since the start, for the quantities that are not shown */
    this.past = [];
    this.choice = find(panel, '[data-action="flow"]', HTMLSelectElement);
    this.choice.onchange = () => {
      this.chosen = this.choice.selectedIndex;
      this.draw();
    };
  }

  /** A new run. @param {Start} start @param {string} run */
  begin(start, run) {
    this.start = start;
    this.run = run;
    this.past = [];
    if (!this.choice.length) this.choice.append(...start.flows.map(([name, label]) => new Option(label, name)));
    if (start.choices.flow) {
      this.choice.value = start.choices.flow;
      this.chosen = this.choice.selectedIndex;
    }
    this.draw();
  }

  /** Draw the chosen quantity, as far as it is known. */
  draw() {
    if (!this.start) return;
    const [name, , help] = this.start.flows[this.chosen];
    this.choice.title = help;
    this.curves.begin(this.start.figures[name], this.run, this.past);
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
    this.past = this.past.filter((moment) => moment.epoch <= epoch);
    this.curves.cut(epoch);
  }
}
