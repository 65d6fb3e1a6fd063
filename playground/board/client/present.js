/**
 * The board for a projector: nothing else on the screen, in type that is read from the last row. All
 * lengths are in rem, so a larger root font enlarges them; `board.css` has the size. Whatever was
 * there before is still there afterwards.
 *
 * @typedef {'both' | 'region' | 'network'} Shown
 */
import { find } from './elements.js';

export class Presentation {
  /**
   * @param {HTMLElement} root Of the board.
   * @param {() => void} repaint What is drawn has to be drawn in another size.
   */
  constructor(root, repaint) {
    this.root = root;
    this.repaint = repaint;
    /** @type {Element | null} what had the focus before */
    this.before = null;
    /** @type {NodeListOf<HTMLButtonElement>} */
    this.choices = root.querySelectorAll('[data-presents]');
    for (const choice of this.choices) choice.onclick = () => this.show(/** @type {Shown} */ (choice.dataset.presents));
    find(root, '[data-action="present"]', HTMLButtonElement).onclick = () => this.enter();
    find(root, '[data-action="leave"]', HTMLButtonElement).onclick = () => this.leave();
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.defaultPrevented) this.leave();
    });
  }

  /** Whether it is on. */
  get isOn() {
    return this.root.dataset.presenting !== undefined;
  }

  /** Turn it on or off. */
  toggle() {
    if (this.isOn) this.leave();
    else this.enter();
  }

  /** Fill the screen. */
  enter() {
    if (this.isOn) return;
    this.before = document.activeElement;
    document.documentElement.dataset.presents = '';
    find(this.root, '.menu', HTMLDetailsElement).open = false;
    this.show('both');
    find(this.root, '[data-action="play"]', HTMLButtonElement).focus();
  }

  /** Back to the page. */
  leave() {
    if (!this.isOn) return;
    delete document.documentElement.dataset.presents;
    delete this.root.dataset.presenting;
    this.repaint();
    const { before } = this;
    if (before instanceof HTMLElement && before.isConnected && before.checkVisibility()) before.focus();
    else find(this.root, '.menu summary', HTMLElement).focus();
  }

  /** Choose the pictures. @param {Shown} shown */
  show(shown) {
    this.root.dataset.presenting = shown;
    for (const choice of this.choices) choice.setAttribute('aria-pressed', String(choice.dataset.presents === shown));
    this.repaint();
  }
}
