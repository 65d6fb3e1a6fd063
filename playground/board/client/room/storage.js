/** The browser's storage; what it refuses to keep, in a private window or a frame, the page keeps. */

/** @typedef {'local' | 'session'} Place Kept by the browser, or with the tab. */

/** @type {Map<string, string>} */
const refused = new Map();

/** @param {Place} place */
const storage = (place) => (place === 'local' ? localStorage : sessionStorage);

/** @param {Place} place @param {string} key */
export function readKept(place, key) {
  try {
    return storage(place).getItem(key) ?? refused.get(key) ?? null;
  } catch {
    return refused.get(key) ?? null;
  }
}

/**
 * Whether it is kept beyond the page.
 *
 * @param {Place} place @param {string} key @param {string | null} value Null to forget it.
 */
export function writeKept(place, key, value) {
  refused.delete(key);
  try {
    if (value === null) storage(place).removeItem(key);
    else storage(place).setItem(key, value);
    return true;
  } catch {
    if (value !== null) refused.set(key, value);
    return false;
  }
}
