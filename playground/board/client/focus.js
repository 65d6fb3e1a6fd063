/**
 * Keeping the focus where a person works. A button that is disabled, hidden or taken off the page while
 * it has the focus hands it to nobody: the next Tab would begin at the top of the page. Then what has
 * taken its place gets it, or else its neighbour.
 */

const STOPS = 'button, select, input, textarea, summary, a[href], [tabindex="0"]';
const REPLACED = 600; // ms in which the page puts a control in the place of one that it took away

export class FocusKeeper {
  constructor() {
    /** @type {HTMLElement | null} what had the focus last; null since a click on something else */
    this.last = null;
    this.name = ''; // what that is, for finding it again
    /** @type {Element[]} what it is in, from the inside out */
    this.around = [];
    /** @type {HTMLElement[]} all stops of the Tab key then, in order */
    this.order = [];
    this.lostAt = 0; // ms; 0 while nothing is lost
    this.isTabbing = false; // whether the last key was Tab
    document.addEventListener('focusin', ({ target }) => {
      if (target instanceof HTMLElement) this.note(target);
    });
    // a click on nothing in particular takes the focus away, and is meant to
    document.addEventListener('pointerdown', () => (this.last = null), { capture: true });
    // and so is Tab at the end of the page: whoever goes on to the browser is not held back
    document.addEventListener('keydown', ({ key }) => (this.isTabbing = key === 'Tab'), { capture: true });
  }

  /** The focus is here. @param {HTMLElement} element */
  note(element) {
    this.last = element;
    this.name = nameOf(element);
    this.around = [];
    for (let outer = element.parentElement; outer; outer = outer.parentElement) this.around.push(outer);
    this.order = stopsIn(document);
    this.lostAt = 0;
  }

  /** To be called before each repaint of the screen. @param {number} now ms */
  tick(now) {
    if (!this.last || document.activeElement !== document.body || !document.hasFocus()) return;
    if (canHaveFocus(this.last)) {
      if (this.isTabbing) return;
      this.last.focus({ preventScroll: true }); // it was taken off the page and put back
      return;
    }
    this.lostAt ||= now;
    const { stop, isSame } = this.heir();
    const isOver = this.last.isConnected || now - this.lostAt > REPLACED;
    if (stop && (isSame || isOver)) stop.focus({ preventScroll: true });
  }

  /**
   * What should have the focus instead: something of the same kind and name, or what is nearest, within
   * the innermost part of the page that still has anything to stop at.
   *
   * @returns {{stop: HTMLElement | undefined, isSame: boolean}}
   */
  heir() {
    const lost = /** @type {HTMLElement} */ (this.last);
    const place = this.order.indexOf(lost);
    /** @type {HTMLElement | undefined} */
    let neighbour;
    for (const outer of this.around) {
      if (!outer.isConnected) continue;
      const stops = stopsIn(outer).filter(canHaveFocus);
      const same = stops.find((stop) => nameOf(stop) === this.name) ?? stops.find((stop) => controlsSame(stop, lost));
      if (same) return { stop: same, isSame: true };
      /** @param {HTMLElement} stop */
      const distance = (stop) => {
        const index = this.order.indexOf(stop);
        return index < 0 ? Infinity : Math.abs(index - place - 0.25); // of two as near, the one that follows
      };
      neighbour ??= stops.toSorted((one, other) => distance(one) - distance(other))[0];
    }
    return { stop: neighbour, isSame: false };
  }
}

/** @param {ParentNode} part */
function stopsIn(part) {
  return [.../** @type {NodeListOf<HTMLElement>} */ (part.querySelectorAll(STOPS))];
}

/** Whether the Tab key may stop here. @param {HTMLElement} element */
function canHaveFocus(element) {
  return element.isConnected
    && element.tabIndex >= 0
    && !element.matches(':disabled')
    && !element.closest('[inert]')
    && element.checkVisibility({ visibilityProperty: true });
}

/** Whether two buttons open and close the same thing. @param {HTMLElement} one @param {HTMLElement} other */
function controlsSame(one, other) {
  const controls = one.getAttribute('aria-controls');
  return controls !== null && controls === other.getAttribute('aria-controls');
}

/** The kind and name of a control, as far as they tell it from others. @param {HTMLElement} element */
function nameOf(element) {
  const label = element.getAttribute('aria-label') ?? (element.querySelector('img')?.alt || element.textContent.trim());
  return [element.tagName, element.getAttribute('role'), element.getAttribute('type'), label].join('|');
}
