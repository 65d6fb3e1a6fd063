/**
 * The space bar, which plays and pauses wherever the focus is, unless it means something there.
 *
 * A button means it only to those who have come there by the Tab key. After a click, or when a panel
 * was closed and gave the focus back, the focus is on a button too, but nobody has it in mind.
 */

const FIELDS = ['input', 'textarea', 'select', 'button', 'a', 'summary', '[contenteditable=true]'];
const ROLES = ['slider', 'radio', 'checkbox', 'switch', 'combobox', 'listbox', 'option', 'menuitem', 'tab'];
const TAKE_SPACE = [...FIELDS, ...ROLES.map((role) => `[role=${role}]`)].join();
const CHOSEN = '[aria-checked=true]'; // there it has nothing to do
const BUTTONS = 'button, summary, a';
const KEPT = '[role=switch], [role=checkbox], [role=combobox]';

/**
 * Call something whenever the space bar is pressed and means nothing else.
 *
 * @param {HTMLElement} root While that is off the page, nothing is called.
 * @param {() => void} react
 */
export function onSpace(root, react) {
  let byTab = false; // whether the focus was brought to where it is by the Tab key
  let isDown = false; // whether the space bar is pressed and was taken
  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    if (event.key === 'Tab') byTab = true;
    if (event.key === 'Escape') byTab = false;
    const held = event.ctrlKey || event.altKey || event.metaKey || event.repeat;
    if (event.code !== 'Space' || held || takesSpace(event.target, byTab) || !root.isConnected) return;
    event.preventDefault();
    isDown = true;
    react();
  };
  /** A button would be pressed when the key goes up. @param {KeyboardEvent} event */
  const onKeyUp = (event) => {
    if (event.code !== 'Space' || !isDown) return;
    event.preventDefault();
    isDown = false;
  };
  document.addEventListener('keydown', onKey, { capture: true }); // some widgets keep keys to them
  document.addEventListener('keyup', onKeyUp, { capture: true });
  document.addEventListener('pointerdown', () => (byTab = false), { capture: true });
}

/**
 * Whether the space bar already means something where the focus is.
 *
 * @param {EventTarget | null} target
 * @param {boolean} byTab
 */
function takesSpace(target, byTab) {
  if (!(target instanceof Element) || target.closest(CHOSEN) || !target.closest(TAKE_SPACE)) return false;
  const isButton = target.closest(BUTTONS) !== null && target.closest(KEPT) === null;
  return byTab || !isButton;
}
