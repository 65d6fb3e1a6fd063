/**
 * What to do first: shown to who is here for the first time, gone by itself once something is done.
 */
import { find } from './elements.js';

const SEEN = 'mlp-playground-seen'; // in the browser's storage, for ever

export class Welcome {
  /**
   * @param {HTMLElement} root Of the board.
   * @param {() => void} begin Open the first lesson.
   */
  constructor(root, begin) {
    this.element = find(root, '.welcome', HTMLElement);
    find(this.element, '[data-action="first-lesson"]', HTMLButtonElement).onclick = () => {
      this.hide();
      begin();
    };
    find(this.element, '[data-action="dismiss"]', HTMLButtonElement).onclick = () => this.hide();
  }

  /** Show it, unless it was seen in this browser. */
  show() {
    try {
      if (localStorage.getItem(SEEN)) return;
    } catch {
      // a browser that keeps nothing shows it each time
    }
    this.element.hidden = false;
  }

  /** Something was done: it is not needed any more. */
  hide() {
    if (this.element.hidden) return;
    this.element.hidden = true;
    try {
      localStorage.setItem(SEEN, 'yes');
    } catch {
      // see above
    }
  }
}
