/**
 * Pictures that are safe to look at. At a high learning rate the regions flip from frame to frame, and
 * large flashes can trigger a seizure. So a picture is watched, and calmed before it flashes: each node
 * fades towards its colour, and what the picture shows is an average over half a second.
 *
 * WCAG 2.2, 2.3.1: a flash is a pair of opposing changes of the relative luminance by a tenth or more,
 * the darker one below 0.8; more than three within a second are too many where they cover more than a
 * quarter of 341 by 256 px. There is a rule for saturated reds, too: none of our colours is one.
 *
 * @typedef {object} Over What is painted over a picture.
 * @property {Float32Array} luminances Of each part.
 * @property {Float32Array} areas px²
 */
const SECOND = 1020; // ms, and a frame: when exactly it is on screen is not known
const FRAME = 1000 / 60; // ms
const SWING = 0.1; // of the relative luminance, from 0 for black to 1 for white
const BRIGHT = 0.8; // above, changes do not count
const MOST = 6; // swings of a node within a second: three flashes
const MANY = 4; // swings within a second after which a node counts as flashing
export const LIMIT = (341 * 256) / 4; // px² that may flash
const CAUTION = 0.75; // share of it at which pictures are calmed: what else moves is small
const SMALL = 0.1; // share of it that one picture may always have
const LINGER = 2000; // ms that a picture is calmed after it last flashed
const FADES = { playing: 500, still: 120 }; // ms in which a node goes most of its way
const SLOW_FADES = { playing: 1000, still: 300 }; // ms, for those who want less motion
const RESTED = 1000; // ms without a new picture after which, for them, the next one need not fade in
const STILL = 300; // ms without a new picture after which the last one counts as looked at
const LONGEST = 50; // ms of fading at once: where frames are late, it must not jump
const RENEWAL = 350; // ms from one change of the lines over a picture to the next while it is calmed
const CLOSE = 1 / 512; // of a colour that is as good as reached

const LINEAR = Float32Array.from({ length: 256 }, (_, value) => {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
});
const FINENESS = 4095;
const ENCODED = Uint8Array.from({ length: FINENESS + 1 }, (_, i) => {
  const share = i / FINENESS;
  return Math.round(255 * (share <= 0.0031308 ? 12.92 * share : 1.055 * share ** (1 / 2.4) - 0.055));
});

/** Relative luminance of a colour in linear light. @param {number} red @param {number} green @param {number} blue */
const luminance = (red, green, blue) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;

/**
 * Relative luminance of a colour on another one, as browsers blend them.
 *
 * @param {number[]} color Red, green and blue, 0 to 255.
 * @param {number} opacity
 * @param {number[]} back
 */
export function luminanceOf(color, opacity, back) {
  const [red, green, blue] = color.map((value, i) => LINEAR[Math.round(opacity * value + (1 - opacity) * back[i])]);
  return luminance(red, green, blue);
}

/** Opposing changes of many luminances, and when they were. */
class Swings {
  /** @param {Float32Array} luminances At first. */
  constructor(luminances) {
    this.extremes = luminances.slice(); // how far each has come in its direction
    this.directions = new Int8Array(luminances.length); // 1 up, −1 down, 0 if it has not swung yet
    this.times = new Float64Array(MOST * luminances.length).fill(-Infinity); // of each its last swings
    this.oldest = new Uint8Array(luminances.length); // which of those comes first
  }

  /** @param {number} i @param {number} value Its luminance now. @param {number} now ms */
  see(i, value, now) {
    const change = value - this.extremes[i];
    if (this.directions[i] * change > 0) this.extremes[i] = value;
    else if (Math.abs(change) >= SWING && Math.min(value, this.extremes[i]) < BRIGHT) {
      this.directions[i] = Math.sign(change);
      this.extremes[i] = value;
      this.times[MOST * i + this.oldest[i]] = now;
      this.oldest[i] = (this.oldest[i] + 1) % MOST;
    }
  }

  /** Whether it has swung so many times within a second. @param {number} i @param {number} count @param {number} now ms */
  has(i, count, now) {
    return this.times[MOST * i + ((this.oldest[i] + MOST - count) % MOST)] > now - SECOND;
  }

  /** The luminance nearest to a value at which it does not swing. @param {number} i @param {number} value */
  without(i, value) {
    const reach = 0.95 * SWING;
    return this.directions[i] > 0
      ? Math.max(value, this.extremes[i] - reach)
      : Math.min(value, this.extremes[i] + reach);
  }
}

/** @type {MediaQueryList | undefined} */
let lessMotion;

/** Whether the system says that less motion is wanted. */
export function wantsLessMotion() {
  lessMotion ??= matchMedia('(prefers-reduced-motion: reduce)');
  return lessMotion.matches;
}

/** What to paint of a picture whose nodes are bytes, each of which stands for a colour. */
export class Guard {
  /** @param {() => boolean} [wantsLess] Whether less motion is wanted. */
  constructor(wantsLess = wantsLessMotion) {
    this.wantsLess = wantsLess;
    this.limit = LIMIT; // px² that may flash, of this picture and of those beside it
    this.flashing = 0; // px² of what is painted that flashes
    this.area = 0; // px² of a node
    /** @type {Uint32Array} RGBA of each byte */
    this.palette = new Uint32Array();
    this.look = ''; // the colours that stand in the tables
    this.tables = { red: new Float32Array(), green: new Float32Array(), blue: new Float32Array(), luminance: new Float32Array() };
    /** @type {Uint8Array} the picture as it is */
    this.bytes = new Uint8Array();
    this.colors = new Uint32Array(); // what to paint: RGBA of each node
    this.isCalm = false; // whether it is not the picture as it is
    /** @type {Swings | null} of the picture as it is */
    this.swings = null;
    /** @type {Swings | null} of what is over it */
    this.over = null;
    /** @type {Swings | null} of what is painted */
    this.painted = null;
    this.shades = { red: new Float32Array(), green: new Float32Array(), blue: new Float32Array() };
    this.takenAt = this.flashedAt = this.fadedAt = this.renewedAt = -Infinity; // ms
  }

  /**
   * Which colours the bytes stand for.
   *
   * @param {Uint32Array} palette RGBA of each byte.
   * @param {number[]} back Red, green and blue of what is behind the picture.
   */
  setColors(palette, back) {
    const look = back.join();
    if (palette === this.palette && look === this.look) return;
    this.palette = palette;
    this.look = look;
    const channel = (/** @type {number} */ n) => Float32Array.from(palette, (color) => {
      const opacity = (color >>> 24) / 255;
      return LINEAR[Math.round(opacity * ((color >>> (8 * n)) & 255) + (1 - opacity) * back[n])];
    });
    const [red, green, blue] = [channel(0), channel(1), channel(2)];
    this.tables = { red, green, blue, luminance: red.map((value, i) => luminance(value, green[i], blue[i])) };
  }

  /**
   * The next picture; `colors` is what to paint of it.
   *
   * @param {Uint8Array} bytes
   * @param {number} now ms
   * @param {Over | null} [over]
   * @param {number} [beside] px² that flash elsewhere.
   */
  take(bytes, now, over = null, beside = 0) {
    const isOther = bytes.length !== this.bytes.length;
    if (isOther) {
      this.colors = new Uint32Array(bytes.length);
      this.swings = this.painted = null;
      this.isCalm = false;
    }
    const before = isOther ? bytes : this.bytes;
    if (!this.swings) {
      const luminances = Float32Array.from(bytes, (byte) => this.tables.luminance[byte]);
      [this.swings, this.painted] = [new Swings(luminances), new Swings(luminances)];
    }
    const flashing = this.watch(bytes, this.swings, now) + this.watchOver(over, now);
    if (flashing + beside > CAUTION * this.limit && flashing > SMALL * this.limit) this.flashedAt = now;
    const wantsLess = this.wantsLess() && (this.isCalm || now - this.takenAt < RESTED);
    this.bytes = bytes;
    this.takenAt = now;
    if (now - this.flashedAt < LINGER || wantsLess) {
      if (!this.isCalm) this.begin(before, now);
      this.fade(now);
    } else this.paintAsItIs(now);
    this.flashing = this.isCalm ? 0 : flashing;
  }

  /** How many px² of a picture flash, if it is painted as it is. @param {Uint8Array} bytes @param {Swings} swings @param {number} now ms */
  watch(bytes, swings, now) {
    const table = this.tables.luminance;
    let flashing = 0;
    for (let i = 0; i < bytes.length; i += 1) {
      swings.see(i, table[bytes[i]], now);
      if (swings.has(i, MANY, now)) flashing += 1;
    }
    return flashing * this.area;
  }

  /** How many px² of what is over it flash. @param {Over | null} over @param {number} now ms */
  watchOver(over, now) {
    if (over === null) return 0;
    const { luminances, areas } = over;
    if (this.over?.extremes.length !== luminances.length) this.over = new Swings(luminances);
    let flashing = 0;
    for (let i = 0; i < luminances.length; i += 1) {
      this.over.see(i, luminances[i], now);
      if (this.over.has(i, MANY, now)) flashing += areas[i];
    }
    return flashing;
  }

  /** Be calm from now on. @param {Uint8Array} before The picture that is painted. @param {number} now ms */
  begin(before, now) {
    const { red, green, blue } = this.tables;
    this.isCalm = true;
    this.fadedAt = now - FRAME;
    this.shades = {
      red: Float32Array.from(before, (byte) => red[byte]),
      green: Float32Array.from(before, (byte) => green[byte]),
      blue: Float32Array.from(before, (byte) => blue[byte]),
    };
  }

  /**
   * Let what is painted fade towards the picture as it is, to be called before each repaint of the screen:
   * some time after the last change they are the same.
   *
   * @param {number} now ms
   * @returns {boolean} Whether there is something else to paint.
   */
  settle(now) {
    if (!this.isCalm || now <= this.fadedAt) return false;
    this.fade(now);
    return true;
  }

  /** @param {number} now ms */
  fade(now) {
    const { painted, shades, tables, bytes, colors } = this;
    if (!painted) return;
    const isStill = now - this.takenAt >= STILL;
    const { playing, still } = this.wantsLess() ? SLOW_FADES : FADES;
    const time = Math.min(now - this.fadedAt, LONGEST);
    const step = 1 - Math.exp(-time / (isStill ? still : playing));
    this.fadedAt = now;
    let farthest = 0;
    for (let i = 0; i < bytes.length; i += 1) {
      const byte = bytes[i];
      let [red, green, blue] = [shades.red[i], shades.green[i], shades.blue[i]];
      const toRed = tables.red[byte] - red;
      const toGreen = tables.green[byte] - green;
      const toBlue = tables.blue[byte] - blue;
      const way = luminance(toRed, toGreen, toBlue);
      let share = step;
      if (way && painted.has(i, MOST, now)) {
        const from = luminance(red, green, blue);
        share = Math.max(0, Math.min(share, (painted.without(i, from + share * way) - from) / way));
      }
      shades.red[i] = red += share * toRed;
      shades.green[i] = green += share * toGreen;
      shades.blue[i] = blue += share * toBlue;
      painted.see(i, luminance(red, green, blue), now);
      farthest = Math.max(farthest, (1 - share) * Math.max(Math.abs(toRed), Math.abs(toGreen), Math.abs(toBlue)));
      colors[i] = encoded(red) | (encoded(green) << 8) | (encoded(blue) << 16) | 0xff000000;
    }
    if (farthest < CLOSE && isStill) this.paintAsItIs(now);
  }

  /** Paint the picture as it is. @param {number} now ms */
  paintAsItIs(now) {
    const { bytes, colors, palette, painted, tables } = this;
    this.isCalm = false;
    for (let i = 0; i < bytes.length; i += 1) {
      colors[i] = palette[bytes[i]];
      painted?.see(i, tables.luminance[bytes[i]], now);
    }
  }

  /** Whether the lines over the picture may change. @param {number} now ms */
  renews(now) {
    if (this.isCalm && now - this.renewedAt < RENEWAL * (this.wantsLess() ? 2 : 1)) return false;
    this.renewedAt = now;
    return true;
  }
}

/** @param {number} value In linear light. */
function encoded(value) {
  return ENCODED[Math.max(0, Math.min(FINENESS, Math.round(FINENESS * value)))];
}
