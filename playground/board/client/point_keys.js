/**
 * The data points for hands on a keyboard: one stop for the Tab key, and arrow keys from there. Left
 * and right go through the points in the order of x, up and down in that of y, so that each of them is
 * reached. What the network says of a point is asked for as if a pointer were there.
 *
 * See network_keys.js for its role and for why two elements take turns.
 *
 * @typedef {import('./probe.js').Probe} Probe
 * @typedef {import('./probe.js').Sample} Sample
 */
import { axesOf } from './axes.js';

const HOW = 'Arrow keys: left and right through the points by x, up and down by y. Enter opens a card that leads to an explanation.';

export class PointKeys {
  /**
   * @param {HTMLElement} place The picture.
   * @param {Probe} probe What knows what to say of a place.
   * @param {(sample: Sample, x: number, y: number) => void} open Show the card of a point, beside a place in px.
   */
  constructor(place, probe, open) {
    this.probe = probe;
    this.open = open;
    this.at = 0; // which point: training points first, then test points
    this.isNew = false; // whether what is said of it comes next
    this.root = place.appendChild(document.createElement('div'));
    this.root.className = 'point-keys';
    this.root.tabIndex = 0;
    this.root.setAttribute('role', 'application');
    this.root.setAttribute('aria-roledescription', 'scatter plot');
    this.root.setAttribute('aria-label', 'Data points');
    this.root.setAttribute('aria-description', HOW);
    this.ring = this.root.appendChild(document.createElement('div'));
    this.ring.className = 'at';
    this.items = [0, 1].map((i) => {
      const item = this.root.appendChild(document.createElement('div'));
      item.id = `point-at-${i}`;
      item.className = 'spoken';
      item.setAttribute('role', 'button');
      item.setAttribute('aria-label', 'not read yet');
      item.setAttribute('aria-roledescription', 'data point');
      return item;
    });
    this.root.onkeydown = (event) => this.press(event);
    this.root.onfocus = () => this.go(this.at);
    this.root.onblur = () => probe.leave();
    probe.written = (words) => this.say(words);
  }

  /** Whether the focus is among the points. */
  get isFocused() {
    return document.activeElement === this.root;
  }

  /** Every point, training points first. @returns {{sample: Sample, x: number, y: number}[]} */
  points() {
    return this.probe.prediction.points.plot.data.slice(0, 2).flatMap(({ x, y }, i) =>
      x.map((across, index) => ({ sample: { part: ['training', 'test'][i], index }, x: across, y: Number(y[index]) })),
    );
  }

  /** Be at a point; the last one if there are not so many. @param {number} number */
  go(number) {
    const points = this.points();
    this.at = Math.min(number, points.length - 1);
    const point = points[this.at];
    if (!point) return;
    this.isNew = true;
    const { left, top } = this.settle() ?? { left: 0, top: 0 };
    this.probe.place = { left, top, ...point };
  }

  /** Have the ring where the point is drawn now; where that is, in px; null if it is out of sight. */
  settle() {
    const { plot } = this.probe.prediction.points;
    const axes = axesOf(plot);
    const point = this.points()[this.at];
    if (!axes || !point) return null;
    const { x, y } = axes;
    const [across, down] = [x.toPixels(point.x), y.toPixels(point.y)];
    const [left, top] = [x.start + across, y.start + down];
    this.ring.hidden = across < 0 || across > x.length || down < 0 || down > y.length;
    Object.assign(this.ring.style, { left: `${left}px`, top: `${top}px` });
    return this.ring.hidden ? null : { left, top };
  }

  /** To be called before each repaint: a person may zoom, and a new run may have other points. */
  tick() {
    if (!this.isFocused) return;
    this.settle();
    if (!this.probe.place) this.go(this.at);
  }

  /** What the network says of the point has come: name it, once. @param {string} words */
  say(words) {
    const { sample } = this.points()[this.at] ?? {};
    // who is quicker than the answer hears of the point of now, not of the one before
    if (!this.isFocused || !this.isNew || !words.startsWith(`${sample?.part} point ${Number(sample?.index) + 1}:`)) return;
    this.isNew = false;
    const item = this.items.find(({ id }) => id !== this.root.getAttribute('aria-activedescendant')) ?? this.items[0];
    item.setAttribute('aria-label', words);
    this.root.setAttribute('aria-activedescendant', item.id);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    /** @type {Record<string, ['x' | 'y', number]>} */
    const ways = {
      ArrowLeft: ['x', -1], ArrowRight: ['x', 1], ArrowDown: ['y', -1], ArrowUp: ['y', 1], Home: ['x', -Infinity], End: ['x', Infinity],
    };
    if (event.key in ways) {
      this.go(this.along(...ways[event.key]));
    } else if (event.key === 'Enter') {
      const { sample } = this.points()[this.at];
      const { left, top } = this.settle() ?? { left: 0, top: 0 };
      this.open(sample, left, top);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * The point that is so many further along an axis.
   *
   * @param {'x' | 'y'} axis @param {number} by
   */
  along(axis, by) {
    const points = this.points();
    const order = [...points.keys()].toSorted((one, other) => points[one][axis] - points[other][axis] || one - other);
    const place = Math.min(Math.max(order.indexOf(this.at) + by, 0), order.length - 1);
    return order[place];
  }
}
