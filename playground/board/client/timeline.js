/**
 * The row below the charts: back to any frame of the run, when to pause by itself, and whether the run
 * is kept to be compared with the next one.
 *
 * @typedef {import('./player.js').Player} Player
 */
import { find } from './elements.js';
import { closeWhenLeft } from './popup.js';

export class Timeline {
  /**
   * @param {HTMLElement} row
   * @param {Player} player
   * @param {(epoch: number) => string} inWords
   * @param {HTMLElement} play The button that plays.
   */
  constructor(row, player, inWords, play) {
    this.player = player;
    this.inWords = inWords;
    this.slider = find(row, '[data-action="timeline"]', HTMLInputElement);
    this.label = find(row, '.moment', HTMLElement);
    this.goOn = find(row, '[data-action="continue"]', HTMLButtonElement);
    this.slider.oninput = () => {
      player.lookAtEpoch(Number(this.slider.value));
    };
    // keys go frame by frame, however far apart the frames are
    this.slider.onfocus = () => this.speak();
    this.slider.onkeydown = (event) => this.moveByKey(event);
    this.goOn.onclick = () => {
      player.continueFromHere();
      // the button has nothing more to do; what comes next is to play from there
      play.focus();
    };
    this.pin = find(row, '[data-action="pin"]', HTMLButtonElement);
    this.isPinned = false; // whether there is a run A
    this.pin.onclick = () => this.choosePin();
    this.choice = find(row, '.pinning .choice', HTMLElement);
    /** @param {string} action @param {() => void} [pin] */
    const choose = (action, pin) => {
      find(this.choice, `[data-action="${action}"]`, HTMLButtonElement).onclick = () => {
        this.ask(false);
        pin?.();
      };
    };
    choose('pin-here', () => player.pin(true));
    choose('pin-reset', () => player.pinAndReset());
    choose('pin-not');
    this.choice.onkeydown = (event) => {
      if (event.key === 'Escape') this.ask(false);
    };
    this.stopping = find(row, '.stopping', HTMLDetailsElement);
    this.watch = find(this.stopping, 'select', HTMLSelectElement);
    this.stopping.onchange = () => this.readStops();
    closeWhenLeft(this.stopping);
  }

  /** Pin or unpin; where there is a choice, ask how. */
  choosePin() {
    if (this.isPinned) this.player.pin(false);
    else if (this.player.now.shown === 0) this.player.pin(true);
    else this.ask(true);
  }

  /** Ask how to pin, or no longer. @param {boolean} asks */
  ask(asks) {
    this.choice.hidden = !asks;
    this.pin.hidden = asks;
    (asks ? find(this.choice, 'button', HTMLButtonElement) : this.pin).focus();
  }

  /** A new run. @param {import('./message.js').Start} start */
  begin({ pinned, stop_limits: limits, watched }) {
    this.isPinned = pinned;
    this.choice.hidden = true;
    this.pin.hidden = false;
    this.pin.textContent = pinned ? 'Unpin A' : 'Pin as A';
    this.pin.title = pinned
      ? 'Continue with run B alone, from the epoch on screen'
      : 'Keep this run as A: it plays beside the next run, B, epoch by epoch, on the same data';
    if (this.watch.length) return;
    this.watch.append(...watched.map((name) => new Option(`${name} loss`, name)));
    for (const [name, [low, high]] of Object.entries(limits)) {
      const field = find(this.stopping, `[name=${name}]`, HTMLInputElement);
      Object.assign(field, { min: low, max: high });
    }
  }

  /** @param {KeyboardEvent} event */
  moveByKey(event) {
    const { frames } = this.player.now;
    /** @type {Record<string, number>} */
    const moves = { ArrowLeft: -1, ArrowRight: 1, Home: -frames, End: frames };
    if (!(event.key in moves)) return;
    event.preventDefault();
    this.player.move(moves[event.key]);
  }

  /** Show where the picture on screen is. */
  update() {
    const { frames, first, onScreen, isPast, shown, state } = this.player.now;
    if (!frames) return;
    // a run that opens at a later epoch has one frame: its end, so the handle is there too
    this.slider.min = String(frames < 2 ? 0 : first);
    this.slider.max = String(shown);
    this.slider.value = String(onScreen);
    this.slider.disabled = frames < 2 || this.player.isWatching;
    const words = isPast ? `epoch ${this.inWords(onScreen)} of ${this.inWords(shown)}` : `epoch ${this.inWords(shown)}`;
    if (this.label.textContent !== words) this.label.textContent = words;
    if (state !== 'playing') this.speak();
    this.goOn.disabled = !isPast;
  }

  /** Let a screen reader say where it is: when it stands still, or when somebody comes to it. */
  speak() {
    this.slider.setAttribute('aria-valuetext', String(this.label.textContent));
  }

  /** Tell the player what is written into the fields, if it can be used. */
  readStops() {
    /** @type {Record<string, string | number | null>} */
    const rule = { watch: this.watch.value };
    const said = [];
    let complaint = '';
    for (const field of this.stopping.querySelectorAll('input')) {
      const value = field.value === '' ? null : Number(field.value);
      const whole = field.step === '1';
      const { min, max, name, value: text, validity } = field;
      const isFine = !validity.badInput
        && (value === null || (value >= Number(min) && value <= Number(max) && (!whole || Number.isInteger(value))));
      field.setAttribute('aria-invalid', String(!isFine));
      if (!isFine) {
        const label = field.labels?.[0].firstElementChild?.textContent;
        complaint = `“${label}” must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}, got ${text || 'no number'}. `;
      }
      rule[name] = isFine ? value : null;
      if (rule[name] !== null) said.push(String(field.dataset.says).replace('…', String(value)));
    }
    find(this.stopping, '.complaint', HTMLElement).textContent = complaint;
    find(this.stopping, 'summary', HTMLElement).textContent = said.length ? `Stops at ${said.join(' or ')}` : 'Stop at…';
    this.player.stopWhen(rule);
  }
}
