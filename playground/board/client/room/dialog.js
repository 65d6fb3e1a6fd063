/** What the strip of a class opens: a form over the board, which stays as it was while it is closed. */
import { Sheet } from '../sheet.js';
import { make } from './make.js';

export class Dialog {
  /**
   * @param {HTMLElement} place
   * @param {string} title
   * @param {object} form
   * @param {string} form.name What stands on the button that does it.
   * @param {() => boolean} form.act Do it; whether there was a line to say it on.
   */
  constructor(place, title, { name, act }) {
    this.sheet = new Sheet(place, title);
    this.fields = make('div', { className: 'class-fields' });
    this.complaint = make('p', { className: 'class-complaint' });
    this.complaint.setAttribute('role', 'alert');
    this.submit = make('button', { className: 'primary', textContent: name });
    this.buttons = make('div', { className: 'class-doing' }, this.submit);
    this.form = make('form', { className: 'class-form' }, this.fields, this.complaint, this.buttons);
    this.form.onsubmit = (event) => {
      event.preventDefault();
      this.complain('');
      this.isWaiting = act();
      if (!this.isWaiting && !this.complaint.textContent) this.complain('There is no line to the class just now.');
    };
    this.isWaiting = false; // for the room to do it
    this.sheet.dialog.classList.add('class-sheet');
    this.sheet.content.append(this.form);
  }

  /** Show it. */
  open() {
    this.complain('');
    this.isWaiting = false;
    if (!this.sheet.isOpen) this.sheet.open();
  }

  /** The room has done what was wanted. */
  done() {
    if (this.isWaiting) this.sheet.dialog.close();
    this.isWaiting = false;
  }

  /** Say what is wrong; '' once it is not. @param {string} words */
  complain(words) {
    this.complaint.textContent = words;
    if (words) this.isWaiting = false;
  }
}

/**
 * A choice of one of several.
 *
 * @param {string} name Of the group.
 * @param {[string, string][]} choices Value and what it is called.
 * @param {string} chosen
 * @param {(value: string) => void} changed
 */
export function radios(name, choices, chosen, changed) {
  return choices.map(([value, words]) => {
    const input = make('input', { type: 'radio', name, value, checked: value === chosen, onchange: () => changed(value) });
    return make('label', { className: 'class-choice' }, input, words);
  });
}

/**
 * A switch.
 *
 * @param {string} words
 * @param {boolean} isOn
 * @param {() => void} [changed]
 */
export function tick(words, isOn, changed = () => {}) {
  const input = make('input', { type: 'checkbox', checked: isOn, onchange: changed });
  return { input, label: make('label', { className: 'class-choice' }, input, words) };
}

/** A group of fields with a title. @param {string} title @param {...Node} parts */
export function group(title, ...parts) {
  return make('fieldset', {}, make('legend', { textContent: title }), ...parts);
}

/** A field with its name. @param {string} name @param {HTMLElement} input */
export function field(name, input) {
  return make('label', { className: 'class-field' }, make('span', { textContent: name }), input);
}
