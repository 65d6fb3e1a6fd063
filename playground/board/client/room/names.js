/** What is done with names: three switches; and who sits where. */
import { Dialog, tick } from './dialog.js';
import { button, make } from './make.js';

/** @typedef {import('./teach.js').Room} Room */

export class NamesDialog {
  /** @param {HTMLElement} place @param {(message: Record<string, any>) => boolean} say */
  constructor(place, say) {
    this.say = say;
    this.asked = tick('Students are asked for a name', true, () => this.#rule());
    this.toTeacher = tick('You see the names', true);
    this.toClass = tick('The class sees the names, where you show something of a student', false);
    this.dialog = new Dialog(place, 'Names', {
      name: 'Set',
      act: () => say({ do: 'names', asked: this.asked.input.checked, to_teacher: this.toTeacher.input.checked, to_class: this.toClass.input.checked }),
    });
    this.seats = make('ul', { className: 'class-seats', label: 'Students' });
    const words = 'Nobody has to have a name: each seat has an alias. If names are no longer asked for, those that are there are forgotten.';
    const switches = [this.asked, this.toTeacher, this.toClass].map(({ label }) => label);
    this.dialog.fields.append(make('p', { textContent: words }), ...switches);
    this.dialog.sheet.content.append(make('h3', { textContent: 'Students' }), this.seats);
  }

  /** Show it. @param {Room} room */
  open({ names, ...room }) {
    this.asked.input.checked = names.asked;
    this.toTeacher.input.checked = names.to_teacher;
    this.toClass.input.checked = names.to_class;
    this.#rule();
    this.show({ names, ...room });
    this.dialog.open();
  }

  /** Show who sits where. @param {Room} room */
  show({ seats }) {
    const has = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.seat : undefined;
    this.seats.replaceChildren(...seats.map((seat) => this.#seat(seat)));
    if (has) this.seats.querySelector('button')?.focus(); // the one that had the focus may be gone
    if (!seats.length) this.seats.append(make('li', { textContent: 'Nobody has joined yet.' }));
  }

  /** @param {import('./teach.js').Seat} seat */
  #seat({ number, name, alias }) {
    const remove = button('Remove', () => this.say({ do: 'remove', seat: number }), 'Take the seat away; they can join again as somebody new');
    remove.dataset.seat = String(number);
    remove.setAttribute('aria-label', `Remove ${name || alias}`);
    return make('li', {}, make('span', { textContent: name ? `${name} (${alias})` : alias }), remove);
  }

  /** Who is not asked for a name has none to be seen. */
  #rule() {
    for (const { input } of [this.toTeacher, this.toClass]) input.disabled = !this.asked.input.checked;
  }
}
