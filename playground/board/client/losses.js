/**
 * The chart of the losses, of run A too if there is one, on a linear scale or on a log scale.
 *
 * @typedef {import('./message.js').Passed} Passed
 * @typedef {import('./message.js').Frame | Passed} Moment
 */
import { Curves } from './curves.js';
import { find } from './elements.js';

export class Losses {
  /**
   * @param {import('./charts.js').Plotly} plotly
   * @param {HTMLElement} panel The `data-view` section.
   */
  constructor(plotly, panel) {
    /** @type {Curves<Moment>} */
    this.curves = new Curves(plotly, panel, allLosses);
    this.log = find(panel, '[data-action="log"]', HTMLButtonElement);
    this.log.onclick = () => {
      this.log.setAttribute('aria-pressed', String(this.scale !== 'log'));
      this.curves.setScale(this.scale);
    };
  }

  /** As the button says. @returns {import('./curves.js').Scale} */
  get scale() {
    return this.log.getAttribute('aria-pressed') === 'true' ? 'log' : 'linear';
  }

  /** A new run. @param {import('./message.js').Start} start @param {string} run */
  begin({ figures }, run) {
    this.curves.begin(figures.loss, run, this.scale);
  }
}

/** A number a curve; run A has none where it has diverged. @param {Moment} moment */
function allLosses({ losses, pinned }) {
  if (!pinned) return losses;
  return [...losses, ...pinned.losses.map((loss) => (pinned.diverged ? NaN : loss))];
}
