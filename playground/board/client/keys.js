/** The space bar, which plays and pauses wherever the focus is, unless it means something there. */

const FIELDS = ['input', 'textarea', 'select', 'button', 'a', 'summary', '[contenteditable=true]'];
const ROLES = ['slider', 'radio', 'checkbox', 'switch', 'combobox', 'listbox', 'option', 'menuitem', 'tab'];
const TAKE_SPACE = [...FIELDS, ...ROLES.map((role) => `[role=${role}]`)].join();
const CHOSEN = '[aria-checked=true]'; // there it has nothing to do

/**
 * Call something whenever the space bar is pressed and means nothing else.
 *
 * @param {HTMLElement} root While that is off the page, nothing is called.
 * @param {() => void} react
 */
export function onSpace(root, react) {
  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    const held = event.ctrlKey || event.altKey || event.metaKey || event.repeat;
    if (event.code !== 'Space' || held || takesSpace(event.target) || !root.isConnected) return;
    event.preventDefault();
    react();
  };
  document.addEventListener('keydown', onKey, { capture: true }); // some widgets keep keys to them
}

/**
 * Whether the space bar already means something where the focus is.
 *
 * @param {EventTarget | null} target
 */
function takesSpace(target) {
  return target instanceof Element && !target.closest(CHOSEN) && target.closest(TAKE_SPACE) !== null;
}
