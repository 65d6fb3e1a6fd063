/** A student's bare page: it asks for a code, waits, and shows the teacher's board. */
import { makeBoard } from '../board.js';
import { loadPlotly } from '../charts.js';
import { find } from '../elements.js';
import { followTheme } from '../theme.js';
import { keepRoom } from './keys.js';
import { button, make } from './make.js';
import { sit } from './seat.js';
import { barePage } from './way.js';

const LONGEST_CODE = 20; // letters, as it may be typed, with spaces

const main = find(document, 'main', HTMLElement);
const stage = find(document, '#stage', HTMLElement);
const place = find(document, '#board', HTMLElement);
const beside = find(document, '#beside', HTMLElement);

/** @typedef {import('./way.js').Room} Room */

/** A code as a person types it. @param {string} text */
const readCode = (text) => text.toUpperCase().replace(/[\s-]/g, '');

/** Put something on the stage, above the board or in its place. @param {...Node} parts */
function show(...parts) {
  stage.replaceChildren(...parts);
  stage.hidden = !parts.length;
}

/** Ask for a room's code. @param {string} [words] Why. @param {string} [typed] */
function askForCode(words = '', typed = '') {
  const field = make('input', {
    type: 'text', name: 'code', value: typed, maxLength: LONGEST_CODE, required: true,
    autocomplete: 'off', spellcheck: false, autocapitalize: 'characters',
  });
  const complaint = make('p', { className: 'complaint', textContent: words });
  complaint.setAttribute('role', 'alert');
  const form = make('form', { className: 'join' },
    make('h2', { textContent: 'Join your class' }),
    make('label', {}, make('span', { textContent: 'Code of the room' }), field),
    make('button', { className: 'primary', textContent: 'Join' }),
    complaint,
    make('p', {}, 'Your teacher shows the code. You need no account. Or ', home('play on your own'), '.'));
  form.onsubmit = (event) => {
    event.preventDefault();
    const code = readCode(field.value);
    if (!code) return;
    history.replaceState(null, '', barePage(code));
    join(code);
  };
  show(form);
  field.focus();
}

/** A link to the playground without a class. @param {string} words */
function home(words) {
  return make('a', { href: String(main.dataset.home), textContent: words });
}

/** Take a seat in a room. @param {string} code */
function join(code) {
  const board = makeBoard(find(document, '#markup', HTMLTemplateElement).innerHTML, () => loadPlotly(String(main.dataset.plotly)));
  place.replaceChildren(board.root);
  place.hidden = true;
  show(make('p', { className: 'waiting', textContent: 'Joining…' }));
  const seat = sit(board, {
    code,
    line: String(main.dataset.line),
    place: main,
    isPage: false,
    changed: (room, hasPicture) => wait(room, hasPicture),
    ended: (words) => end(words),
    read: (html) => read(html),
  });

  const words = make('p');
  const waiting = make('div', { className: 'waiting' }, make('h2', { textContent: 'You are in.' }), words);

  /** Show the teacher's board, or say what to wait for. @param {Room} room @param {boolean} hasPicture */
  function wait(room, hasPicture) {
    seat.strip.askNameIn(!hasPicture && room.names.asked ? waiting : null);
    if (hasPicture && place.hidden) {
      place.hidden = false;
      board.paint();
    }
    if (hasPicture) show();
    else if (waiting.parentElement !== stage) show(waiting);
    words.textContent = room.mode === 'follow'
      ? 'The teacher’s board comes in a moment.'
      : 'What the class does appears here by itself. You need not reload the page.';
  }

  /** The room is over, or there is none. @param {string} why */
  function end(why) {
    seat.strip.askNameIn(null);
    if (seat.room) {
      const again = button('Join another class', () => location.assign(barePage('')));
      show(make('div', { className: 'waiting' }, make('h2', { textContent: why }),
        make('p', { textContent: 'What you saw last stays on this screen until you leave it.' }), again));
    } else {
      seat.strip.root.remove();
      place.replaceChildren();
      askForCode(why, code);
    }
  }
}

/** Show what is open beside the teacher's board. @param {string} html As the server makes it, see beside.py. */
function read(html) {
  find(beside, '.text', HTMLElement).innerHTML = html;
  beside.hidden = !html;
  main.classList.toggle('reading', Boolean(html));
}

followTheme();
const asked = readCode(new URLSearchParams(location.search).get('room') ?? '');
const key = new URLSearchParams(location.hash.slice(1)).get('teach');
if (asked && key) {
  keepRoom({ code: asked, key });
  location.replace(String(main.dataset.home)); // the key is out of the address, and no server has seen it
} else if (asked) join(asked);
else askForCode();
