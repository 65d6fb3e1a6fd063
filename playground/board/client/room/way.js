/**
 * Which page shows what the class is doing: the bare page, where it waits and follows, or the full one,
 * where it plays.
 *
 * @typedef {object} Turn As `Room.for_seat` makes it.
 * @property {number} number
 * @property {'free' | 'lesson' | 'experiment' | 'challenge'} kind
 * @property {string} query Of this seat.
 * @property {string} title
 * @property {string} has Of an experiment: what this seat has, in words.
 * @property {number} epochs
 * @property {number} goal
 * @property {'parameters' | 'epochs'} fewest
 *
 * @typedef {object} Room As `Room.for_seat` makes it.
 * @property {string} code
 * @property {'wait' | 'follow' | 'play'} mode
 * @property {boolean} paused
 * @property {number} follows How often the class was asked to follow.
 * @property {{asked: boolean, to_teacher: boolean, to_class: boolean}} names
 * @property {Turn | null} turn
 * @property {import('./asked.js').Question | null} question
 * @property {import('./tile.js').Tile[]} collected
 * @property {{number: number, name: string, alias: string, answered: number | null}} me
 * @property {number[] | null} answers
 *
 * @typedef {object} Here
 * @property {boolean} isPage Whether it is the full page.
 * @property {string} turn What its address says: the number of a turn, or `OWN`.
 * @property {number} left How often the class had been asked to follow when the student went off alone.
 */

export const OWN = 'own'; // in the place of a turn's number: a run that was taken from the teacher

/** The query of the bare page. @param {string} code */
export function barePage(code) {
  return `?${new URLSearchParams({ room: code })}`;
}

/** The query of the full page. @param {string} code @param {string | number} turn @param {string} query */
export function fullPage(code, turn, query) {
  return `?${new URLSearchParams({ room: code, turn: String(turn) })}${query && '&'}${query}`;
}

/**
 * The query of the page that is to be shown instead; '' if this one is right.
 *
 * @param {Room} room
 * @param {Here} here
 */
export function wayTo({ code, mode, turn, follows }, here) {
  if (mode === 'play' && turn) {
    return here.isPage && here.turn === String(turn.number) ? '' : fullPage(code, turn.number, turn.query);
  }
  if (!here.isPage || (here.turn === OWN && here.left === follows)) return '';
  return barePage(code);
}
