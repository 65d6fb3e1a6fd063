/** A picture on the board, calmed where it would flash, and the words that say so. */
import { themeColor, toRgb } from './elements.js';
import { Guard, wantsLessMotion } from './flashes.js';

/** @type {Set<Calm>} all that there are: what flashes is counted together */
const all = new Set();
const WORDS = 1000; // ms that the words stay: they must not flicker either

export class Calm {
  /** @param {HTMLElement} place The chart that the picture is in. */
  constructor(place) {
    this.place = place;
    /** @type {Map<number, Guard>} by how many nodes their pictures have */
    this.guards = new Map();
    this.guard = new Guard(); // of the picture that is shown
    this.area = 0; // px² of a node
    this.look = ''; // of the theme
    this.back = [255, 255, 255]; // red, green and blue of what is behind the picture
    all.add(this);
    this.calmedAt = -Infinity; // ms
    this.note = place.appendChild(document.createElement('div'));
    this.note.className = 'calmed';
    this.note.setAttribute('aria-live', 'polite');
  }

  /** What to paint: RGBA of each node. */
  get pixels() {
    return this.guard.colors;
  }

  /** px² of what is painted that flashes. */
  get flashing() {
    return this.place.isConnected && performance.now() - this.guard.takenAt < WORDS ? this.guard.flashing : 0;
  }

  /**
   * The next picture.
   *
   * @param {Uint8Array} bytes
   * @param {Uint32Array} palette RGBA of each byte.
   * @param {(back: number[]) => import('./flashes.js').Over | null} [over] What is painted over it, on a background.
   */
  take(bytes, palette, over = () => null) {
    const guard = this.guards.get(bytes.length) ?? new Guard();
    this.guards.set(bytes.length, guard);
    this.guard = guard;
    const look = themeColor(getComputedStyle(this.place), 'background');
    if (this.look !== look) [this.look, this.back] = [look, toRgb(look)];
    guard.setColors(palette, this.back);
    guard.area = this.area;
    const now = performance.now();
    const beside = [...all].reduce((sum, other) => sum + (other === this ? 0 : other.flashing), 0);
    guard.take(bytes, now, over(this.back), beside);
    this.say(now);
  }

  /**
   * To be called before each repaint of the screen.
   *
   * @param {number} now ms
   * @returns {boolean} Whether there is something else to paint.
   */
  settle(now) {
    this.say(now);
    return this.guard.settle(now);
  }

  /** Whether the lines over the picture may change. */
  renews() {
    return this.guard.renews(performance.now());
  }

  /** Say that the picture is calmed, if it is. @param {number} now ms */
  say(now) {
    if (this.guard.isCalm) this.calmedAt = now;
    const reason = wantsLessMotion() ? 'your system asks for less motion' : 'it changes too fast to be safe to look at';
    const words = now - this.calmedAt < WORDS ? `Picture calmed: ${reason}` : '';
    if (this.note.textContent !== words) this.note.textContent = words;
  }
}
