/**
 * The strip above the teacher's board: the room's code, how many students are there, what they do now,
 * and the buttons for all that is done with a class.
 *
 * @typedef {import('./teach.js').Room} Room
 */
import { copyOnClick } from '../clipboard.js';
import { closeWhenLeft } from '../popup.js';
import { button, make } from './make.js';

const LOST =
  'Seats, answers and tiles of this room are deleted, and its code is no longer valid. ' +
  'What a student plays stays on their own screen.';

export class Strip {
  /**
   * @param {object} does What its buttons do.
   * @param {() => void} does.join
   * @param {() => void} does.follow
   * @param {() => void} does.turn
   * @param {() => void} does.task
   * @param {() => void} does.pause
   * @param {() => void} does.ask
   * @param {() => void} does.wall
   * @param {() => void} does.names
   * @param {() => void} does.results
   * @param {() => void} does.download
   * @param {() => void} does.untile Take the collected tiles away.
   * @param {() => boolean} does.close Whether the room could be told.
   * @param {() => string} does.link By which students join.
   * @param {() => string} does.ownLink By which the teacher comes back.
   */
  constructor(does) {
    this.does = does;
    this.code = make('span', { data: { testid: 'room-code' } });
    this.seats = make('span', { data: { testid: 'room-seats' }, textContent: '0' });
    this.noun = make('span', { textContent: 'students' });
    this.join = button('Join', does.join, 'Show the class how to join: code, address and QR code');
    this.follow = button('Follow me', does.follow, 'Every student’s board shows yours');
    this.turn = button('Your turn', does.turn, 'Let the students play: each begins with your settings, or with the lesson that you have open');
    this.task = button('Task', does.task, 'Let them play something special: with limits, an experiment, a challenge');
    this.pause = button('Pause the class', does.pause, 'Every board stands still and says why');
    this.ask = button('Ask', does.ask, 'Put a question that everybody answers before anybody plays');
    this.wall = button('Wall', does.wall, 'See what each student has on screen');
    this.close = button('Close the room', () => this.#askWhetherToClose());
    this.menu = this.#menu();
    this.status = make('span', {});
    this.status.setAttribute('role', 'status');
    this.asked = button('', does.ask);
    this.results = button('Results', does.results, 'What the class has found so far');
    this.untile = button('Take them away', does.untile, 'No more collected tiles on the screens');
    this.complaint = make('span', { className: 'class-complaint' });
    this.complaint.setAttribute('role', 'alert');
    this.more = button('Class', () => this.unfold(!this.isUnfolded), 'All that is done with the class');
    this.more.className = 'class-more';
    const doing = make('div', { className: 'class-doing' }, this.follow, this.turn, this.task, this.pause, this.ask, this.wall, this.menu, this.close);
    const now = make('div', { className: 'class-now' }, this.status, this.asked, this.results, this.untile, this.complaint);
    const who = make('div', { className: 'class-who' }, this.code, make('span', {}, this.seats, ' ', this.noun), this.join, this.more);
    this.root = make('div', { className: 'class-strip', label: 'Class', tabIndex: -1 }, who, doing, now);
    this.root.setAttribute('role', 'region');
    for (const each of [this.asked, this.results, this.untile]) each.hidden = true;
    this.unfold(false);
  }

  /** Whether all of it is shown on the projector. */
  get isUnfolded() {
    return this.root.dataset.unfolded === 'true';
  }

  /** On the projector it is folded into a corner, unless it is needed. @param {boolean} isUnfolded */
  unfold(isUnfolded) {
    this.root.dataset.unfolded = String(isUnfolded);
    this.more.setAttribute('aria-expanded', String(isUnfolded));
  }

  /** What is wanted now and then. */
  #menu() {
    const { link, ownLink, names, download } = this.does;
    const students = make('button', { type: 'button', textContent: 'Copy the students’ link' });
    const own = make('button', { type: 'button', textContent: 'Copy your own link' });
    own.title = 'Whoever has it is the teacher of this room: keep it to yourself';
    copyOnClick(students, link);
    copyOnClick(own, ownLink);
    const secret = make('small', { textContent: 'Your own link holds your secret: keep it to yourself.' });
    const others = [button('Names…', names), students, own, secret, button('Download results', download)];
    const menu = make('details', { className: 'menu' });
    const summary = make('summary', { label: 'Menu of the class', textContent: '⋯', title: 'Names, links, results' });
    menu.append(summary, make('div', { className: 'sharing' }, ...others));
    closeWhenLeft(menu);
    return menu;
  }

  /**
   * Show how the room is.
   *
   * @param {Room} room
   * @param {number} here Students who have a line.
   * @param {boolean} isFollowed Whether the class follows this very board.
   */
  show(room, here, isFollowed) {
    const { turn, question, answers, collected } = room;
    this.code.textContent = room.code;
    this.seats.textContent = String(here);
    this.noun.textContent = here === 1 ? 'student' : 'students';
    this.follow.setAttribute('aria-pressed', String(isFollowed));
    const isTask = turn !== null && turn.kind !== 'free' && turn.kind !== 'lesson';
    this.turn.setAttribute('aria-pressed', String(room.mode === 'play' && !isTask));
    this.task.setAttribute('aria-pressed', String(room.mode === 'play' && isTask));
    this.pause.textContent = room.paused ? 'Go on' : 'Pause the class';
    this.pause.title = room.paused ? 'Let the boards go on' : 'Every board stands still and says why';
    const words = inWords(room, isFollowed);
    if (this.status.textContent !== words) this.status.textContent = words; // each change is read out
    this.asked.hidden = !question;
    const answered = answers?.reduce((sum, count) => sum + count, 0) ?? 0;
    this.asked.textContent = `Question: ${answered} of ${here} have answered`;
    this.results.hidden = room.mode !== 'play' || !turn || !['experiment', 'challenge'].includes(turn.kind);
    this.untile.hidden = collected.length === 0;
  }

  /** Say something that is wrong; '' once it is not. @param {string} words */
  complain(words) {
    this.complaint.textContent = words;
  }

  /** Ask once more, and say what is lost. */
  #askWhetherToClose() {
    const question = make('div', { className: 'class-now', label: 'Close the room?' }, make('span', { textContent: LOST }));
    const settle = () => {
      question.remove();
      this.close.hidden = false;
      this.close.focus();
    };
    const keep = button('Keep it open', settle);
    const close = button('Close the room', () => {
      if (!this.does.close()) settle();
    });
    question.append(close, keep);
    question.setAttribute('role', 'group');
    question.onkeydown = (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      settle();
    };
    this.close.hidden = true;
    this.root.append(question);
    keep.focus();
  }
}

/** What the class does now. @param {Room} room @param {boolean} isFollowed */
function inWords({ mode, paused, turn, collected, seats }, isFollowed) {
  if (collected.length) return `${collected.length} ${collected.length === 1 ? 'tile is' : 'tiles are'} on every screen.`;
  if (paused) return 'Every board stands still.';
  if (mode === 'follow') return isFollowed ? 'The class follows this board.' : 'The class follows another tab of yours.';
  if (mode === 'play') return `The class plays${turn?.title ? `: ${turn.title}` : ''}.`;
  return seats.length ? 'The class waits.' : 'Nobody has joined yet: show the class how.';
}
