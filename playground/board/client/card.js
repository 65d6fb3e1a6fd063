/**
 * A small card over a picture, for the one thing that was clicked: what it is, its value to change (in
 * a recorded run, to read), and a way to its explanation.
 *
 * @typedef {object} Parameter What may be set.
 * @property {string} label
 * @property {() => number} value Of now.
 * @property {[number, number]} limits
 * @property {(value: number) => void} set
 */
import { find } from './elements.js';

export class Card {
  /**
   * @param {HTMLElement} place The picture; the card stays inside.
   * @param {object} around
   * @param {HTMLElement} around.home Where the focus goes from a card that is closed.
   * @param {() => void} [around.closed] Called when the card is closed.
   */
  constructor(place, { home, closed }) {
    this.place = place;
    this.home = home;
    this.closed = closed;
    this.isLeaving = false; // whether the Tab key was pressed in it last
    this.root = place.appendChild(document.createElement('form'));
    this.root.className = 'card';
    this.root.hidden = true;
    this.root.noValidate = true; // the card itself says what is wrong, in the page's language
    this.root.innerHTML = `
      <header><strong></strong><button type="button" aria-label="Close">×</button></header>
      <label><span></span><input type="number" step="any"><button>Set</button></label>
      <p role="alert"></p>
      <button type="button" class="explain">Explain it below</button>`;
    this.title = find(this.root, 'strong', HTMLElement);
    this.field = find(this.root, 'label', HTMLLabelElement);
    this.input = find(this.root, 'input', HTMLInputElement);
    this.alert = find(this.root, 'p', HTMLParagraphElement);
    this.explain = () => {};
    this.isReadOnly = false; // whether values can't be changed
    /** @type {Parameter | undefined} */
    this.parameter = undefined;
    find(this.root, 'header button', HTMLButtonElement).onclick = () => this.hide();
    find(this.root, '.explain', HTMLButtonElement).onclick = () => {
      this.hide();
      this.explain();
    };
    this.root.onkeydown = (event) => {
      this.isLeaving = event.key === 'Tab';
      if (event.key === 'Escape') this.hide();
    };
    this.root.onpointerdown = () => (this.isLeaving = false);
    // a click elsewhere leaves it open: its value can be watched while the network trains
    this.root.addEventListener('focusout', ({ relatedTarget: next }) => {
      if (this.isLeaving && next instanceof Node && !this.root.contains(next)) this.hide();
    });
    this.root.onsubmit = (event) => {
      event.preventDefault();
      this.submit();
    };
  }

  /**
   * @param {object} what
   * @param {string} what.title
   * @param {() => void} what.explain
   * @param {Parameter} [what.parameter]
   * @param {boolean} [what.takesFocus] Whether the focus goes into the card: who works with keys goes on there.
   * @param {number} x px from the left of the picture.
   * @param {number} y px from its top.
   */
  show({ title, explain, parameter, takesFocus = false }, x, y) {
    this.title.textContent = title;
    this.explain = explain;
    this.parameter = parameter;
    this.alert.textContent = '';
    this.field.hidden = !parameter;
    this.root.hidden = false;
    if (parameter) {
      find(this.field, 'span', HTMLSpanElement).textContent = parameter.label;
      this.input.setAttribute('aria-label', `${parameter.label} of ${title}`);
      this.input.readOnly = find(this.field, 'button', HTMLButtonElement).hidden = this.isReadOnly;
      this.input.blur();
      this.renew();
    }
    const { clientWidth: width, clientHeight: height } = this.place;
    const left = Math.min(Math.max(0, x + 12), width - this.root.offsetWidth);
    const top = Math.min(Math.max(0, y + 12), height - this.root.offsetHeight);
    Object.assign(this.root.style, { left: `${Math.max(0, left)}px`, top: `${Math.max(0, top)}px` });
    if (!takesFocus) return;
    this.isLeaving = false;
    if (parameter) {
      this.input.focus();
      this.input.select();
    } else {
      const below = find(this.root, '.explain', HTMLButtonElement);
      // where there is no page, there is nothing to explain it below
      (below.checkVisibility() ? below : find(this.root, 'header button', HTMLButtonElement)).focus();
    }
  }

  /** Whether it is there to be seen. */
  get isOpen() {
    return !this.root.hidden;
  }

  /** Close it. */
  hide() {
    const hadFocus = this.root.contains(document.activeElement);
    this.root.hidden = true;
    if (hadFocus) this.home.focus({ preventScroll: true });
    this.closed?.();
  }

  /** Show the value of now, unless someone is writing another one. */
  renew() {
    const isWriting = !this.isReadOnly && document.activeElement === this.input;
    if (this.root.hidden || !this.parameter || isWriting) return;
    this.input.value = String(Number(this.parameter.value().toPrecision(6)));
  }

  /** Set what was written into the field, or say why it can't be set. */
  submit() {
    if (!this.parameter || this.isReadOnly) return;
    const { label, limits, set } = this.parameter;
    const [low, high] = limits;
    const value = this.input.valueAsNumber;
    const isGood = value >= low && value <= high;
    const got = this.input.value || 'nothing';
    this.alert.textContent = isGood ? '' : `${label} must be a number from ${low} to ${high}, got ${got}`;
    if (isGood) set(value);
  }
}
