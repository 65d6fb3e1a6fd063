/**
 * The frames that were drawn, in bounded memory: the first and the newest are always there, and when
 * there is no more room, every second one is let go, and of the later ones as many.
 *
 * @typedef {import('./message.js').Frame} Frame
 */

const MOST_BYTES = 24e6;

export class Film {
  /** @param {number} [mostBytes] Of all frames together. */
  constructor(mostBytes = MOST_BYTES) {
    this.mostBytes = mostBytes;
    /** @type {Frame[]} */
    this.frames = [];
    /** @type {number[]} of each frame: how many came before it */
    this.numbers = [];
    this.next = 0;
    this.stride = 1;
    this.bytes = 0;
  }

  /** Forget all frames. */
  clear() {
    this.frames = [];
    this.numbers = [];
    this.next = 0;
    this.stride = 1;
    this.bytes = 0;
  }

  /** Add the newest frame; one of the same epoch takes the place of the last. @param {Frame} frame */
  add(frame) {
    const newest = this.numbers.at(-1);
    if (newest !== undefined) {
      const again = this.frames.at(-1)?.epoch === frame.epoch;
      if (again) this.next = newest;
      // the last one was kept for being the newest
      if (again || newest % this.stride) this.#drop();
    }
    this.frames.push(frame);
    this.numbers.push(this.next);
    this.next += 1;
    this.bytes += size(frame);
    if (this.bytes > this.mostBytes && this.frames.length > 2) this.#thin();
  }

  /** Put a frame of an earlier epoch in its place. Returns its index. @param {Frame} frame */
  insert(frame) {
    const before = this.indexOf(frame.epoch);
    const epoch = this.frames[before]?.epoch ?? Infinity;
    const index = epoch < frame.epoch ? before + 1 : before;
    if (epoch === frame.epoch) return index;
    this.frames.splice(index, 0, frame);
    this.numbers.splice(index, 0, this.numbers[before] ?? 0); // it goes when its neighbour goes
    this.bytes += size(frame);
    return index;
  }

  /** Forget what came after an epoch. @param {number} epoch */
  cut(epoch) {
    while ((this.frames.at(-1)?.epoch ?? epoch) > epoch) this.#drop();
    this.next = (this.numbers.at(-1) ?? -1) + 1;
  }

  /** Put another frame in the place of each. @param {(frame: Frame) => Frame} change */
  map(change) {
    this.frames = this.frames.map(change);
    this.bytes = this.frames.reduce((sum, frame) => sum + size(frame), 0);
  }

  /** Index of the last frame up to an epoch, of the first if there is none. @param {number} epoch */
  indexOf(epoch) {
    let [low, high] = [0, this.frames.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.frames[middle].epoch <= epoch) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Let the newest frame go. */
  #drop() {
    const dropped = this.frames.pop();
    this.numbers.pop();
    if (dropped) this.bytes -= size(dropped);
  }

  /** Let every second frame go, but for the newest. */
  #thin() {
    this.stride *= 2;
    const isKept = this.numbers.map((n, i) => n % this.stride === 0 || i === this.numbers.length - 1);
    this.frames = this.frames.filter((_, i) => isKept[i]);
    this.numbers = this.numbers.filter((_, i) => isKept[i]);
    this.bytes = this.frames.reduce((sum, frame) => sum + size(frame), 0);
  }
}

/** @param {Frame} frame */
function size({ region, units, parameters, borders, misclassified, pinned }) {
  const ofA = pinned ? [pinned.region, ...pinned.borders, pinned.misclassified] : [];
  const arrays = [region, units, parameters, ...borders, misclassified, ...ofA];
  return arrays.reduce((sum, array) => sum + array.byteLength, 1000); // and its numbers
}
