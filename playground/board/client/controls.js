/**
 * The bar above the charts: play and pause, single steps, how fast it goes, the learning rate, and
 * links to take away.
 *
 * @typedef {import('./player.js').Player} Player
 */
import { copyOnClick, frameOf, linkOf } from './clipboard.js';
import { find } from './elements.js';

export class Controls {
  /**
   * @param {HTMLElement} bar
   * @param {Player} player
   * @param {() => void} copiedWithoutData A link was copied, and a person's data are not in it.
   */
  constructor(bar, player, copiedWithoutData) {
    /** @param {string} action */
    const button = (action) => find(bar, `[data-action="${action}"]`, HTMLButtonElement);
    /** @param {string} action */
    const choice = (action) => find(bar, `[data-action="${action}"]`, HTMLSelectElement);
    this.player = player;
    this.play = button('play');
    this.batch = button('batch');
    this.speed = choice('speed');
    this.rate = choice('learning-rate');
    this.shownRate = ''; // of the frame on screen; the box may be ahead of it
    this.play.onclick = () => player.playOrPause();
    this.batch.onclick = () => player.step('batch');
    button('step').onclick = () => player.step();
    button('reset').onclick = () => player.reset();
    this.speed.onchange = () => player.setSpeed(Number(this.speed.value));
    this.rate.onchange = () => player.change('learning_rate', Number(this.rate.value));
    const then = () => {
      if (new URLSearchParams(location.search).has('own')) copiedWithoutData();
    };
    copyOnClick(button('copy'), () => linkOf(location.href), then);
    copyOnClick(button('copy-frame'), () => frameOf(location), then);
  }

  /** A new run. @param {import('./message.js').Start} start */
  begin({ speeds, learning_rates: rates, choices }) {
    if (!this.speed.length) this.speed.append(...options(speeds));
    if (choices.speed) {
      this.speed.value = String(choices.speed);
      this.player.setSpeed(choices.speed);
    }
    this.rate.replaceChildren(...options(rates));
    this.shownRate = ''; // the first frame says which of them it is
  }

  /** A frame is on screen. @param {import('./message.js').Frame} frame @param {boolean} isPast */
  show({ learning_rate: rate }, isPast) {
    this.batch.disabled = isPast;
    if (this.shownRate !== String(rate)) this.shownRate = this.rate.value = String(rate);
  }

  /** Show whether it plays, or can. @param {import('./player.js').State} state */
  showState(state) {
    this.play.textContent = state === 'playing' ? 'Pause' : 'Play';
    this.play.disabled = state === 'diverged' || state === 'finished';
  }
}

/** Choices of a box. @param {number[]} values */
function options(values) {
  return values.map((value) => new Option(String(value)));
}
