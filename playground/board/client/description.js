/**
 * The board in words, spoken by a screen reader and shown to whoever asks: what is there when it opens,
 * and what has happened whenever it has come to rest. While it plays it is silent, unless asked.
 *
 * The server finds the words, `description.py`. Where there is none, the numbers have to do.
 *
 * @typedef {import('./message.js').Frame} Frame
 * @typedef {'about' | 'numbers' | 'picture' | 'pinned' | 'verdict'} Part
 *
 * @typedef {object} Answer As `answer` in description.py makes it.
 * @property {string} run
 * @property {number} epoch
 * @property {Partial<Record<Part, string>>} parts
 */
import { find } from './elements.js';

const STILL = 400; // ms after which a picture that doesn't change is described
const LOST = 3000; // ms after which no answer will come any more
const PAUSE = 60; // ms without a word, after which the same words are news to a screen reader
/** @type {Part[]} */
const ALWAYS = ['numbers', 'picture'];
/** @type {Part[]} in the order in which they are said */
const PARTS = ['about', 'numbers', 'picture', 'pinned', 'verdict'];

export class Description {
  /**
   * @param {HTMLElement} root Of the board.
   * @param {object} board
   * @param {import('./player.js').Player} board.player
   * @param {(question: object) => boolean} board.ask Ask the server; whether there is one.
   * @param {() => Partial<Record<Part, string>>} board.numbers The board in the words that it has itself.
   */
  constructor(root, { player, ask, numbers }) {
    this.player = player;
    this.ask = ask;
    this.numbers = numbers;
    this.root = find(root, '.description', HTMLElement);
    this.text = find(this.root, '[role=status]', HTMLElement);
    this.close = find(this.root, 'button', HTMLButtonElement);
    this.close.onclick = () => this.showPanel(false);
    document.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape' && !this.close.hidden) this.showPanel(false);
    });
    /** @type {Frame | null} on screen */
    this.frame = null;
    /** @type {Frame | null} the one that was described last */
    this.described = null;
    this.run = ''; // whose frame that was
    this.isBrief = true; // whether there were only single steps since then
    /** @type {Partial<Record<Part, string>>} what was said last of each part */
    this.said = {};
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.waiting = undefined; // for the picture to stand still
    this.isAsked = false; // whether a person wants to hear it
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.out = undefined; // for the answer
  }

  /** A frame is on screen now. @param {Frame} frame */
  show(frame) {
    this.frame = frame;
    if (this.player.now.state !== 'playing') this.sayWhenStill();
  }

  /** It plays now, or does no longer. @param {import('./player.js').State} state */
  showState(state) {
    clearTimeout(this.waiting);
    if (state === 'playing') this.isBrief = false;
    else this.sayWhenStill();
  }

  /** Describe the moment on screen, unless it soon is another one. */
  sayWhenStill() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.sayWhatHappened(), STILL);
  }

  /** Describe the moment on screen, if it stands still there and was not described. */
  sayWhatHappened() {
    const { run, onScreen, state, isPast } = this.player.now;
    if (state === 'playing' || !this.frame || this.frame === this.described) return;
    const since = this.described && this.run === run && !isPast && this.described.epoch < onScreen ? this.described.epoch : null;
    this.#question(since);
  }

  /** Describe the moment on screen now, for a person who asks, and show the words. */
  describe() {
    if (!this.frame) return;
    this.isAsked = true;
    this.showPanel(true);
    this.#question(null);
  }

  /** @param {number | null} since Epoch from which on it is to be told what has changed. */
  #question(since) {
    const { run, onScreen: epoch } = this.player.now;
    this.described = this.frame;
    this.run = run;
    clearTimeout(this.waiting);
    clearTimeout(this.out);
    if (this.ask({ describe: { run, epoch, since } })) this.out = setTimeout(() => this.take(null), LOST);
    else this.say(this.numbers());
  }

  /** The server has answered. @param {Answer | null} answer Null if the moment is not known any more. */
  take(answer) {
    clearTimeout(this.out);
    const { run, onScreen, state } = this.player.now;
    const isOver = state === 'playing' || (answer !== null && (answer.run !== run || answer.epoch !== onScreen));
    if (isOver && !this.isAsked) return;
    this.say(answer?.parts ?? this.numbers());
  }

  /** Say what is news; all of it to a person who asks. @param {Partial<Record<Part, string>>} parts */
  say(parts) {
    const { isAsked, isBrief, said } = this;
    /** @param {Part} part */
    const isWanted = (part) => {
      if (isAsked) return part !== 'about';
      if (ALWAYS.includes(part)) return true;
      // what ended the run says the board itself
      if (part === 'verdict' && (isBrief && said.verdict || this.player.now.state === 'diverged')) return false;
      return parts[part] !== said[part];
    };
    const words = PARTS.filter((part) => parts[part] && isWanted(part)).map((part) => parts[part]).join(' ');
    this.said = { ...said, ...parts };
    this.isAsked = false;
    this.isBrief = true;
    this.text.textContent = '';
    setTimeout(() => {
      this.text.textContent = words;
    }, PAUSE);
  }

  /** Show the words on screen, too, or no longer. @param {boolean} isShown */
  showPanel(isShown) {
    const hadFocus = this.root.contains(document.activeElement);
    this.root.classList.toggle('text-alternative', !isShown);
    this.close.hidden = !isShown;
    // the menu that it was called from may have been closed meanwhile
    const home = this.opener?.checkVisibility() ? this.opener : this.opener?.closest('details')?.querySelector('summary');
    if (!isShown && hadFocus) home?.focus();
    const { activeElement } = document;
    if (isShown) this.opener = activeElement instanceof HTMLElement ? activeElement : undefined;
  }
}
