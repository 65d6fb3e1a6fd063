/**
 * What the class is to play: the teacher's settings or a lesson, what of it may be changed, and what for:
 * to play freely, as an experiment in which each student has another value, or as a challenge.
 *
 * @typedef {object} Varied A setting that an experiment may vary.
 * @property {string} name
 * @property {string} label
 * @property {[string, string][]} values Suggested ones, as a link has them and in words.
 *
 * @typedef {object} Offers What can be chosen from, as offers.py says it.
 * @property {[string, string][]} lock
 * @property {[string, string][]} hide
 * @property {Varied[]} vary
 * @property {{name: string, title: string, question: string, options: string[]}[]} lessons
 */
import { Dialog, field, group, radios, tick } from './dialog.js';
import { make } from './make.js';

// of the page's address, what is no setting
const NOT_PLAYED = ['room', 'turn', 'lock', 'hide', 'present', 'play', 'epoch', 'view', 'step', 'own'];
const MOST_VALUES = 20; // of a setting, as in read.py
const SUGGESTED = ['0.01', '0.1', '1.0']; // of the setting that comes first, to begin with

export class TurnDialog {
  /** @param {HTMLElement} place @param {(message: Record<string, any>) => boolean} say */
  constructor(place, say) {
    this.say = say;
    this.dialog = new Dialog(place, 'Task', { name: 'Let them play', act: () => this.#begin() });
    this.kind = 'turn';
    this.allowed = 'all';
    this.isChosen = false; // whether the teacher has said what may be changed
    /** @type {Offers} */
    this.offers = { lock: [], hide: [], vary: [], lessons: [] };
    this.base = make('select', { label: 'Everybody begins with' });
    this.noData = make('p', { textContent: 'Your own data stay here: the class begins with the dataset that is chosen on the left.' });
    this.kinds = radios('class-kind', [['turn', 'Play freely'], ['experiment', 'An experiment: each has another value'], ['challenge', 'A challenge: who needs least?']], 'turn', (kind) => this.#choose(kind));
    this.varied = [new VariedFields('Setting', false), new VariedFields('And', true)];
    this.epochs = make('input', { type: 'number', min: '1', max: '5000', step: '1', value: '100' });
    this.experiment = group('Experiment', ...this.varied.map(({ root }) => root), field('Compared after epochs', this.epochs));
    this.goal = make('input', { type: 'number', min: '0', step: 'any', value: '0.1' });
    this.fewest = make('select', {}, new Option('parameters', 'parameters'), new Option('epochs', 'epochs'));
    this.challenge = group('Challenge', field('Test loss to be reached', this.goal), field('With as few as possible', this.fewest));
    this.choices = make('div', {});
    this.locks = make('div', { className: 'class-ticks' });
    this.hides = make('div', { className: 'class-ticks' });
    /** @type {Map<string, HTMLInputElement>} what may be changed */
    this.free = new Map();
    /** @type {Map<string, HTMLInputElement>} what is not shown */
    this.hidden = new Map();
    const restrictions = group('What may be changed', this.choices, this.locks);
    const parts = make('details', {}, make('summary', { textContent: 'What is not shown' }), this.hides);
    const begin = group('Everybody begins with', this.base, this.noData);
    this.dialog.fields.append(group('What for', ...this.kinds), this.experiment, this.challenge, begin, restrictions, parts);
    this.#choose('turn');
  }

  /** @param {Offers} offers */
  offer(offers) {
    this.offers = offers;
    this.base.replaceChildren(new Option('Your settings, as they are now', ''), ...offers.lessons.map(({ name, title }) => new Option(`Lesson: ${title}`, name)));
    for (const varied of this.varied) varied.offer(offers.vary);
    for (const [place, names, inputs, isOn] of /** @type {const} */ ([[this.locks, offers.lock, this.free, true], [this.hides, offers.hide, this.hidden, false]])) {
      const ticks = names.map(([name, label]) => ({ name, ...tick(label, isOn) }));
      inputs.clear();
      for (const { name, input } of ticks) inputs.set(name, input);
      place.replaceChildren(...ticks.map(({ label }) => label));
    }
  }

  /** Show it. */
  open() {
    const query = new URLSearchParams(location.search);
    this.noData.hidden = !query.has('own');
    this.dialog.open();
  }

  /** What is it for? @param {string} kind */
  #choose(kind) {
    this.kind = kind;
    this.experiment.hidden = kind !== 'experiment';
    this.challenge.hidden = kind !== 'challenge';
    if (!this.isChosen) this.#allow(kind === 'experiment' ? 'none' : 'all');
  }

  /** @param {string} allowed */
  #allow(allowed) {
    this.allowed = allowed;
    this.locks.hidden = allowed !== 'some';
    const choices = radios('class-allowed', [['all', 'Everything may be changed'], ['some', 'Only what is ticked'], ['none', 'Nothing may be changed']], allowed, (value) => {
      this.isChosen = true;
      this.allowed = value;
      this.locks.hidden = value !== 'some';
    });
    this.choices.replaceChildren(...choices);
  }

  /** The query of what everybody begins with. */
  get query() {
    if (this.base.value) return new URLSearchParams({ lesson: this.base.value }).toString();
    return presentQuery();
  }

  /** Names of what is locked. */
  get lock() {
    if (this.allowed === 'all') return [];
    if (this.allowed === 'none') return ['all'];
    return [...this.free].filter(([, { checked }]) => !checked).map(([name]) => name);
  }

  #begin() {
    const hide = [...this.hidden].filter(([, { checked }]) => checked).map(([name]) => name);
    const shared = { do: this.kind, query: this.query, lock: this.lock, hide };
    if (this.kind === 'experiment') return this.#beginExperiment(shared);
    if (this.kind === 'challenge') {
      const title = `A test loss of ${this.goal.value} with as few ${this.fewest.value} as possible`;
      return this.say({ ...shared, title, goal: this.goal.valueAsNumber, fewest: this.fewest.value });
    }
    return this.say(shared);
  }

  /** @param {object} shared */
  #beginExperiment(shared) {
    const chosen = this.varied.filter(({ name }) => name);
    const complaint = chosen.map(({ complaint: words }) => words).find(Boolean) ?? (new Set(chosen.map(({ name }) => name)).size < chosen.length ? 'The two settings must differ.' : '');
    if (complaint) {
      this.dialog.complain(complaint);
      return false;
    }
    const title = `Experiment: ${chosen.map(({ label }) => label.toLowerCase()).join(' and ')}`;
    const varied = Object.fromEntries(chosen.map(({ name, values }) => [name, values]));
    return this.say({ ...shared, title, varied, epochs: this.epochs.valueAsNumber });
  }
}

/** The query of what the teacher has on screen: the page's address is always a link to it. */
export function presentQuery() {
  const query = new URLSearchParams(location.search);
  for (const name of NOT_PLAYED) query.delete(name);
  return query.toString();
}

/** What the page's address locks and hides: a link that was prepared holds for the class, too. */
export function presentLimits() {
  const query = new URLSearchParams(location.search);
  /** @param {string} name */
  const named = (name) => (query.get(name) ?? '').split(',').filter(Boolean);
  return { lock: named('lock'), hide: named('hide') };
}

/** A setting of an experiment, and the values that are given out. */
class VariedFields {
  /** @param {string} title @param {boolean} mayBeNone */
  constructor(title, mayBeNone) {
    this.mayBeNone = mayBeNone;
    /** @type {Varied[]} */
    this.offers = [];
    this.setting = make('select', { onchange: () => this.#suggest() });
    this.ticks = make('div', { className: 'class-ticks', label: 'Values' });
    this.ticks.setAttribute('role', 'group');
    this.more = make('input', { type: 'text', placeholder: 'further values, separated by spaces' });
    this.rest = make('div', {}, this.ticks, field('Further values', this.more));
    this.root = make('div', { className: 'class-varied' }, field(title, this.setting), this.rest);
    /** @type {HTMLInputElement[]} */
    this.inputs = [];
  }

  /** @param {Varied[]} offers */
  offer(offers) {
    this.offers = offers;
    const none = this.mayBeNone ? [new Option('no other setting', '')] : [];
    this.setting.replaceChildren(...none, ...offers.map(({ name, label }) => new Option(label, name)));
    this.#suggest();
  }

  /** Key of the setting; '' for none. */
  get name() {
    return this.setting.value;
  }

  /** What it is called. */
  get label() {
    return this.offers.find(({ name }) => name === this.name)?.label ?? '';
  }

  /** The values that are given out, as a link has them. */
  get values() {
    const ticked = this.inputs.filter(({ checked }) => checked).map(({ value }) => value);
    return [...new Set([...ticked, ...this.more.value.split(/[\s;]+/).filter(Boolean)])];
  }

  /** What is wrong with them. */
  get complaint() {
    const { length } = this.values;
    if (length >= 2 && length <= MOST_VALUES) return '';
    return `${this.label} needs 2 to ${MOST_VALUES} values, got ${length}.`;
  }

  #suggest() {
    const offer = this.offers.find(({ name }) => name === this.name);
    this.rest.hidden = !offer;
    const ticks = (offer?.values ?? []).map(([value, words]) => {
      const { input, label } = tick(words, offer === this.offers[0] ? SUGGESTED.includes(value) : true);
      input.value = value;
      return { input, label };
    });
    this.inputs = ticks.map(({ input }) => input);
    this.ticks.replaceChildren(...ticks.map(({ label }) => label));
  }
}
