/**
 * By what a room knows its teacher again: the key of each room, kept by the browser, and which room
 * the tab is in.
 *
 * @typedef {{code: string, key: string}} TeachersRoom
 */

const KEY = 'mlp-playground-teacher-'; // and the code
const CURRENT = 'mlp-playground-teaches'; // of the tab

/** This tab teaches a room from now on. @param {TeachersRoom} room */
export function keepRoom({ code, key }) {
  try {
    localStorage.setItem(KEY + code, key);
    sessionStorage.setItem(CURRENT, code);
  } catch {
    // a browser that keeps nothing: only the teacher's link leads back then
  }
}

/** The room that this tab has taught before a reload; null for none. @returns {TeachersRoom | null} */
export function keptRoom() {
  try {
    const code = sessionStorage.getItem(CURRENT) ?? '';
    const key = localStorage.getItem(KEY + code);
    return code && key ? { code, key } : null;
  } catch {
    return null;
  }
}

/** There is no such room any more. @param {string} code */
export function forgetRoom(code) {
  try {
    localStorage.removeItem(KEY + code);
    if (sessionStorage.getItem(CURRENT) === code) sessionStorage.removeItem(CURRENT);
  } catch {
    // see above
  }
}
