/** A part that unfolds over the board: it closes as menus do. */

/**
 * Close by Esc, which gives the focus back, by a click elsewhere, and when the focus goes elsewhere.
 *
 * @param {HTMLDetailsElement} details
 */
export function closeWhenLeft(details) {
  details.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !details.open) return;
    event.stopPropagation();
    details.open = false;
    details.querySelector('summary')?.focus();
  });
  details.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !details.contains(relatedTarget)) details.open = false;
  });
  document.addEventListener('pointerdown', (event) => {
    if (!event.composedPath().includes(details)) details.open = false;
  });
}
