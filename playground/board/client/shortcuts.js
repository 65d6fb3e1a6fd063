/**
 * Single characters that do something wherever the focus is, unless characters mean something there.
 * They can be switched off, as WCAG 2.1.4 asks: a person who dictates to the computer types them by
 * accident. R and C are Streamlit's.
 *
 * @typedef {object} Keyed What the shortcuts need of the board.
 * @property {HTMLElement} root
 * @property {import('./player.js').Player} player
 * @property {import('./help.js').Help} help
 * @property {{toggle: () => void}} [present]
 * @property {() => void} [describe]
 *
 * @typedef {object} Shortcut
 * @property {string[]} keys Values of `KeyboardEvent.key`, in small letters; the first one is shown.
 * @property {string} label What it does.
 * @property {string} [action] The button that it presses, or else:
 * @property {(board: Keyed) => void} [act]
 * @property {(board: Keyed) => boolean} [isThere] Whether this board can do it.
 */

const SWITCHED_OFF = 'mlp-playground-keys-off'; // in the browser's storage

// where characters are typed, or choose something; a canvas is one of Streamlit's tables
const TAKE_LETTERS = [
  'input:not([type=checkbox], [type=radio])', 'textarea', 'select', '[contenteditable=true]', 'canvas',
  'dialog', '[role=dialog]', ...['slider', 'combobox', 'listbox', 'option', 'grid', 'textbox'].map((role) => `[role=${role}]`),
].join();

/** @type {Shortcut[]} */
const SHORTCUTS = [
  { keys: ['s'], label: 'Step: train for one epoch', action: 'step' },
  { keys: ['b'], label: 'Batch: train on one mini-batch', action: 'batch' },
  { keys: ['0'], label: 'Reset: back to epoch 0', action: 'reset' },
  { keys: [',', '<'], label: 'Slower: fewer epochs per frame', act: (board) => changeSpeed(board, -1) },
  { keys: ['.', '>'], label: 'Faster: more epochs per frame', act: (board) => changeSpeed(board, 1) },
  {
    keys: ['p'],
    label: 'Present: the board alone',
    act: (board) => board.present?.toggle(),
    isThere: (board) => Boolean(board.present),
  },
  {
    keys: ['d'],
    label: 'Describe what is on screen',
    act: (board) => board.describe?.(),
    isThere: (board) => Boolean(board.describe),
  },
  { keys: ['?'], label: 'This list', act: (board) => board.help.open() },
];

/** Whether characters are shortcuts in this browser. */
export function areOn() {
  try {
    return localStorage.getItem(SWITCHED_OFF) === null;
  } catch {
    return true; // a browser that keeps nothing
  }
}

/** Have characters be shortcuts, or not. @param {boolean} isOn @param {HTMLElement} root Of the board. */
export function switchTo(isOn, root) {
  try {
    if (isOn) localStorage.removeItem(SWITCHED_OFF);
    else localStorage.setItem(SWITCHED_OFF, 'yes');
  } catch {
    // see above
  }
  announce(root);
}

/** Have the buttons say by which key they are pressed. @param {HTMLElement} root */
export function announce(root) {
  for (const { keys: [key], action } of SHORTCUTS) {
    const button = action && root.querySelector(`[data-action="${action}"]`);
    if (!button) continue; // it does without one
    if (areOn()) button.setAttribute('aria-keyshortcuts', key.toUpperCase());
    else button.removeAttribute('aria-keyshortcuts');
  }
}

/**
 * Do what the character keys stand for. Off the page, the board does nothing.
 *
 * @param {Keyed} board
 */
export function onShortcuts(board) {
  announce(board.root);
  document.addEventListener('keydown', (event) => {
    const { key, target } = event;
    const isHeld = event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
    const isCapital = event.shiftKey && /[a-z]/i.test(key);
    const isTyped = target instanceof Element && target.closest(TAKE_LETTERS) !== null;
    if (isHeld || isCapital || isTyped || !board.root.isConnected || !areOn()) return;
    const shortcut = SHORTCUTS.find(({ keys }) => keys.includes(key.toLowerCase()));
    if (!shortcut || document.querySelector('dialog[open], [role=dialog]')) return;
    event.preventDefault();
    if (shortcut.act) shortcut.act(board);
    else press(board.root, shortcut.action);
  }, { capture: true }); // some widgets keep keys to them
}

/** @param {HTMLElement} root @param {string | undefined} action */
function press(root, action) {
  buttonOf(root, action)?.click(); // nothing happens while it is disabled
}

/**
 * The button that a shortcut presses; null where the board goes without it.
 *
 * @param {HTMLElement} root @param {string | undefined} action
 */
function buttonOf(root, action) {
  const button = root.querySelector(`[data-action="${action}"]`);
  const isThere = button instanceof HTMLButtonElement && getComputedStyle(button).display !== 'none';
  return isThere ? button : null;
}

/** Those that this board has. @param {Keyed} board */
export function shortcutsOf(board) {
  return SHORTCUTS.filter(({ action, isThere }) => (action ? buttonOf(board.root, action) : isThere?.(board) ?? true));
}

/** Choose the next speed. @param {Keyed} board @param {number} by */
function changeSpeed({ root }, by) {
  const speed = root.querySelector('[data-action="speed"]');
  if (!(speed instanceof HTMLSelectElement)) return;
  const next = Math.min(Math.max(speed.selectedIndex + by, 0), speed.length - 1);
  if (next === speed.selectedIndex) return;
  speed.selectedIndex = next;
  speed.dispatchEvent(new Event('change'));
}
