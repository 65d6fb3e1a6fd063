/**
 * A question of the teacher's on a student's screen, and how the class has answered. The board stays in
 * sight: the question may be about it.
 *
 * @typedef {object} Question As `Question` in room.py.
 * @property {number} number
 * @property {string} text
 * @property {string[]} options
 * @property {number | null} right
 * @property {boolean} shown
 */
import { make } from './make.js';

export class Asked {
  /**
   * @param {HTMLElement} place
   * @param {(answer: {question: number, option: number}) => void} say
   */
  constructor(place, say) {
    this.say = say;
    this.number = 0; // of the question on screen
    /** @type {number | null} */
    this.chosen = null;
    this.title = make('legend', { id: 'asked-title' });
    this.options = make('div', { className: 'options' });
    this.note = make('p', { className: 'note' });
    this.note.setAttribute('role', 'status');
    this.root = make('div', { className: 'asked', tabIndex: -1 },
      make('fieldset', {}, this.title, this.options), this.note);
    this.root.setAttribute('aria-labelledby', 'asked-title');
    this.root.popover = 'manual'; // in the top layer, and nothing else closes it
    place.append(this.root);
  }

  /** @param {import('./way.js').Room} room */
  show({ question, me, answers }) {
    if (!question) {
      this.close();
      return;
    }
    if (question.number !== this.number) this.#begin(question, me.answered);
    else if (me.answered !== this.chosen && this.chosen !== null && !question.shown) this.#answer(this.chosen); // it was lost with the line
    if (question.shown) this.#showAnswers(question, me.answered, answers ?? []);
    else this.#sayNote();
  }

  /** The question is over. */
  close() {
    this.number = 0;
    this.root.removeAttribute('role'); // while there is a dialog, keys do nothing on the board
    if (this.root.matches(':popover-open')) this.root.hidePopover();
  }

  /** @param {Question} question @param {number | null} answered */
  #begin({ number, text, options }, answered) {
    this.number = number;
    this.chosen = answered;
    this.root.setAttribute('role', 'dialog');
    this.title.textContent = text;
    this.options.replaceChildren(...options.map((option, index) => {
      const radio = make('input', { type: 'radio', name: 'asked', value: String(index), checked: index === answered });
      radio.onchange = () => this.#answer(index);
      return make('label', {}, radio, make('span', { textContent: option }));
    }));
    if (!this.root.matches(':popover-open')) this.root.showPopover();
    this.root.focus();
  }

  /** @param {number} option */
  #answer(option) {
    this.chosen = option;
    this.say({ question: this.number, option });
    this.#sayNote();
  }

  #sayNote() {
    const words = this.chosen === null
      ? 'Everybody answers before anybody plays.'
      : 'Your answer is in. You can change it until your teacher shows the answers.';
    if (this.note.textContent !== words) this.note.textContent = words;
  }

  /** @param {Question} question @param {number | null} answered @param {number[]} answers */
  #showAnswers({ options, right }, answered, answers) {
    const all = answers.reduce((sum, count) => sum + count, 0);
    const rows = options.map((option, index) => {
      const count = answers[index] ?? 0;
      const share = all ? count / all : 0;
      const marks = [index === right && '✓ right', index === answered && 'your answer'].filter(Boolean).join(', ');
      const bar = make('span', { className: 'bar' });
      bar.style.setProperty('--share', String(share));
      return make('div', { className: 'answer' },
        make('span', { textContent: option }),
        make('b', { textContent: marks }),
        make('span', { className: 'count', textContent: `${count} of ${all} (${Math.round(100 * share)} %)` }),
        bar);
    });
    this.options.replaceChildren(...rows);
    this.note.textContent = 'So the class has answered. Your teacher goes on from here.';
  }
}
