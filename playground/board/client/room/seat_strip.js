/** A student's strip: the room, what the class is doing, the way to what is theirs, and who they are. */
import { readable } from '../numbers.js';
import { closeWhenLeft } from '../popup.js';
import { button, make } from './make.js';

const LONGEST_NAME = 40; // letters, as in room.py

/** @typedef {{test_loss: number | null, diverged: boolean}} Result Of a seat in an experiment, see tiles.py. */

export class Strip {
  /**
   * @param {object} what
   * @param {() => void} what.takeIt Take the teacher's run.
   * @param {() => void} what.back Back to the teacher.
   * @param {() => void} what.toMine Back to the run that was left.
   * @param {() => void} what.goOn Go on without the room.
   * @param {(name: string) => void} what.rename
   */
  constructor({ takeIt, back, toMine, goOn, rename }) {
    this.code = make('b', { data: { testid: 'room-code' } });
    this.doing = make('p', { className: 'doing' });
    this.doing.setAttribute('role', 'status');
    this.task = make('p', { className: 'task', hidden: true });
    this.best = make('p', { className: 'best', hidden: true });
    this.buttons = {
      takeIt: button('Take it from here', takeIt, 'The same run at this epoch is yours: change it, play on'),
      back: button('Back to the teacher', back, 'Follow the class again; your run is kept'),
      toMine: button('Back to my run', toMine, 'The run that you left'),
      goOn: button('Go on without the class', goOn, 'This run stays yours'),
    };
    for (const each of Object.values(this.buttons)) each.hidden = true;
    // what the student is called, and where that is changed
    this.called = make('summary', { title: 'How you are called here' });
    this.field = make('input', { type: 'text', name: 'name', maxLength: LONGEST_NAME, autocomplete: 'off' });
    this.explained = make('p');
    this.form = make('form', {},
      make('label', {}, make('span', { textContent: 'Your name (optional)' }), this.field),
      make('button', { textContent: 'Save name' }), this.explained);
    this.who = make('details', { className: 'who' }, this.called, this.form);
    this.form.onsubmit = (event) => {
      event.preventDefault();
      rename(this.field.value.trim());
      this.who.open = false;
    };
    closeWhenLeft(this.who);
    const room = make('span', { className: 'room' }, 'Room ', this.code);
    this.root = make('div', { className: 'seat', label: 'Your class' },
      room, this.doing, make('span', { className: 'ways' }, ...Object.values(this.buttons)), this.who, this.task, this.best);
    this.root.setAttribute('role', 'region');
  }

  /** Put the form for the name somewhere else; back into the strip with null. @param {HTMLElement | null} place */
  askNameIn(place) {
    const home = place ?? this.who;
    if (this.form.parentElement !== home) home.append(this.form);
    this.who.classList.toggle('fixed', place !== null);
  }

  /** @param {import('./way.js').Room} room */
  showRoom({ code, me, names }) {
    this.code.textContent = code;
    const called = me.name || me.alias;
    if (this.called.textContent !== called) this.called.textContent = called;
    if (document.activeElement !== this.field) this.field.value = me.name;
    this.form.hidden = !names.asked;
    this.who.classList.toggle('nameless', !names.asked);
    const seen = names.to_teacher ? 'Your teacher sees it.' : 'Your teacher does not see it.';
    const byClass = names.to_class ? 'The class sees it, too.' : `The class knows you as ${me.alias}.`;
    this.explained.textContent = `${seen} ${byClass}`;
  }

  /** @param {string} words */
  say(words) {
    if (this.doing.textContent !== words) this.doing.textContent = words;
  }

  /** Which ways there are. @param {(keyof Strip['buttons'])[]} ways */
  offer(...ways) {
    for (const [name, each] of Object.entries(this.buttons)) each.hidden = !ways.includes(/** @type {any} */ (name));
  }

  /** @param {string} words What is to be done; '' for nothing. */
  sayTask(words) {
    this.task.hidden = !words;
    if (this.task.textContent !== words) this.task.textContent = words;
  }

  /** The best of a challenge. @param {string} words '' for none. */
  sayBest(words) {
    this.best.hidden = !words;
    if (this.best.textContent !== words) this.best.textContent = words;
  }
}

/**
 * What is to be done in a turn, in words.
 *
 * @param {import('./way.js').Turn} turn
 * @param {Result | null} result Of an experiment, null before there is one.
 */
export function taskOf({ kind, title, has, epochs, goal, fewest }, result) {
  if (kind === 'experiment') {
    if (!result) return `You have ${has}. Press Play: it stops at epoch ${epochs}.`;
    const words = result.test_loss === null ? 'your run diverged' : `your test loss is ${readable(result.test_loss)}`;
    return `Done: with ${has} ${words}. It is in the chart of the class.`;
  }
  if (kind === 'challenge') {
    return `${title ? `${title}: r` : 'R'}each a test loss of ${readable(goal)} with as few ${fewest} as possible.`;
  }
  return '';
}
