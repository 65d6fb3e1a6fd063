/**
 * The browser's storage. What it refuses to keep, in a private window or where cookies are blocked, is
 * kept in the tab's name: that goes along from page to page, and nobody sees it.
 *
 * @typedef {'local' | 'session'} Place Kept by the browser, or with the tab.
 */

/** @param {Place} place */
const storage = (place) => (place === 'local' ? localStorage : sessionStorage);

/** What is kept in the tab's name. @returns {Record<string, string>} */
function inName() {
  try {
    return JSON.parse(window.name)?.mlpPlayground ?? {};
  } catch {
    return {}; // it is somebody else's, or none
  }
}

/** @param {Place} place @param {string} key */
export function readKept(place, key) {
  try {
    return storage(place).getItem(key);
  } catch {
    return inName()[key] ?? null;
  }
}

/** @param {Place} place @param {string} key @param {string | null} value Null to forget it. */
export function writeKept(place, key, value) {
  try {
    if (value === null) storage(place).removeItem(key);
    else storage(place).setItem(key, value);
  } catch {
    const { [key]: before, ...others } = inName();
    if (value === null && before === undefined) return;
    window.name = JSON.stringify({ mlpPlayground: value === null ? others : { ...others, [key]: value } });
  }
}
