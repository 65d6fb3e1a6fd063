/**
 * A question to everybody: choosing it, and how it is answered. How the class has answered stays hidden
 * until the teacher shows it, for this may be on the projector.
 *
 * @typedef {import('./teach.js').Room} Room
 * @typedef {import('./teach.js').Question} Question
 */
import { Sheet } from '../sheet.js';
import { Dialog, field, group, radios } from './dialog.js';
import { button, counted, make } from './make.js';

const MOST_OPTIONS = 6; // as in read.py
const [LONGEST_TEXT, LONGEST_OPTION] = [500, 120];

export class AskDialog {
  /** @param {HTMLElement} place @param {(message: Record<string, any>) => boolean} say */
  constructor(place, say) {
    this.say = say;
    this.dialog = new Dialog(place, 'Ask the class', { name: 'Ask', act: () => this.#ask() });
    /** @type {{name: string, title: string, question: string, options: string[]}[]} */
    this.lessons = [];
    this.kind = 'lesson';
    this.lesson = make('select', { onchange: () => this.#preview() });
    this.preview = make('div', { className: 'class-preview' });
    this.text = make('textarea', { maxLength: LONGEST_TEXT, rows: 2 });
    this.options = Array.from({ length: MOST_OPTIONS }, () => make('input', { type: 'text', maxLength: LONGEST_OPTION }));
    this.ofLesson = group('A lesson’s question', field('Lesson', this.lesson), this.preview);
    const options = this.options.map((input, index) => field(`Option ${index + 1}`, input));
    this.typed = group('Your own question', field('Question', this.text), ...options, make('p', { textContent: 'Two options at least; empty ones are left out.' }));
    this.choices = radios('class-asks', [['lesson', 'A lesson’s question'], ['typed', 'Your own question']], 'lesson', (kind) => this.#choose(kind));
    this.dialog.fields.append(...this.choices, this.ofLesson, this.typed);
    this.#choose('lesson');
  }

  /** @param {{name: string, title: string, question: string, options: string[]}[]} lessons */
  offer(lessons) {
    this.lessons = lessons;
    this.lesson.replaceChildren(...lessons.map(({ name, title }) => new Option(title, name)));
    this.#choose(this.kind);
  }

  /** Show it. */
  open() {
    const open = new URLSearchParams(location.search).get('lesson');
    if (open && this.lessons.some(({ name }) => name === open)) this.lesson.value = open;
    this.#preview();
    this.dialog.open();
  }

  /** @param {string} kind */
  #choose(kind) {
    this.kind = kind;
    this.ofLesson.hidden = kind !== 'lesson';
    this.typed.hidden = kind !== 'typed';
    this.#preview();
  }

  /** Show the question of the lesson that is chosen. */
  #preview() {
    const lesson = this.lessons.find(({ name }) => name === this.lesson.value);
    const options = (lesson?.options ?? []).map((option) => make('li', { textContent: option }));
    this.preview.replaceChildren(make('p', { textContent: lesson?.question ?? '' }), make('ol', {}, ...options));
  }

  #ask() {
    if (this.kind === 'lesson') return this.say({ do: 'ask', lesson: this.lesson.value });
    const options = this.options.map(({ value }) => value.trim()).filter(Boolean);
    const text = this.text.value.trim();
    if (!text || options.length < 2) {
      this.dialog.complain('A question needs its text and two options at least.');
      return false;
    }
    return this.say({ do: 'ask', text, options });
  }
}

export class QuestionSheet {
  /** @param {HTMLElement} place @param {(message: Record<string, any>) => boolean} say */
  constructor(place, say) {
    this.sheet = new Sheet(place, 'Question');
    this.sheet.dialog.classList.add('class-sheet', 'class-asked');
    this.text = make('p', { className: 'class-text' });
    this.options = make('ol', {});
    this.count = make('p', {});
    this.count.setAttribute('role', 'status');
    this.reveal = button('Show the answers', () => say({ do: 'show answers' }), 'The class sees them, too');
    this.end = button('Go on', () => say({ do: 'end question' }), 'The question is over');
    const buttons = make('div', { className: 'class-doing' }, this.reveal, this.end);
    this.sheet.content.append(this.text, this.options, this.count, buttons);
    this.number = 0; // of the question that is shown
  }

  /** Show it again. */
  open() {
    if (!this.sheet.isOpen) this.sheet.open();
  }

  /** Show how it stands. @param {Room} room @param {number} here Students who are there. */
  show({ question, answers }, here) {
    if (!question || !answers) {
      this.sheet.dialog.close();
      return;
    }
    const { number, text, options, right, shown } = question;
    const answered = answers.reduce((sum, count) => sum + count, 0);
    this.text.textContent = text;
    this.options.replaceChildren(...options.map((option, index) => answer(option, answers[index], answered, index === right, shown)));
    const words = shown ? counted(answered, 'answer') : `${answered} of ${here} have answered`;
    if (this.count.textContent !== words) this.count.textContent = words;
    this.reveal.hidden = shown;
    if (number !== this.number) this.open();
    this.number = number;
  }
}

/**
 * An option, and once it may be seen, how many have chosen it.
 *
 * @param {string} option @param {number} count @param {number} all @param {boolean} isRight @param {boolean} isShown
 */
function answer(option, count, all, isRight, isShown) {
  const line = make('li', {}, make('span', { textContent: option }));
  if (!isShown) return line;
  const bar = make('span', { className: 'class-bar' });
  bar.style.setProperty('--share', String(all ? count / all : 0));
  line.append(make('div', { className: 'class-count' }, bar, make('b', { textContent: `${count}${isRight ? ' ✓ right' : ''}` })));
  return line;
}
