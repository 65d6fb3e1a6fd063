/**
 * A student's own run, on its way from page to page: what the next page is to open with, and what was
 * left behind when the class went on to something else.
 *
 * @typedef {import('../value.js').KeptRun} KeptRun
 */
import { readKept, writeKept } from '../storage.js';
import { HANDED_OVER } from '../value.js';

/** @param {string} code */
const mine = (code) => `mlp-playground-mine-${code}`;
/** @param {string} code */
const left = (code) => `mlp-playground-left-${code}`;

/** Settings as the query of a link. @param {Record<string, any>} settings */
export function queryOf(settings) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(settings)) {
    const isOfData = name === 'classes' && settings.own; // the data have as many as they have
    if (value !== null && !isOfData) query.set(name, String(value)); // a list becomes a,b
  }
  return query.toString();
}

/** Have the page at a query open with a run. @param {string} search @param {KeptRun} run */
export function handOver(search, run) {
  writeKept('session', HANDED_OVER, JSON.stringify({ search, ...run }));
  return search;
}

/** Keep a run that is left. @param {string} code @param {KeptRun | null} run */
export function keepMine(code, run) {
  if (run) writeKept('session', mine(code), JSON.stringify(run));
}

/** The run that was left, null for none. @param {string} code @returns {KeptRun | null} */
export function myRun(code) {
  return JSON.parse(readKept('session', mine(code)) ?? 'null');
}

/** Note how often the class had been asked to follow when a student goes off alone. @param {string} code @param {number} follows */
export function noteLeft(code, follows) {
  writeKept('session', left(code), String(follows));
}

/** @param {string} code */
export function noted(code) {
  return Number(readKept('session', left(code)) ?? -1);
}

/** The secret of the seat in a room, '' for none. @param {string} code */
export function seatIn(code) {
  return readKept('local', `mlp-playground-seat-${code}`) ?? '';
}

/** @param {string} code @param {string | null} secret Null to forget it. */
export function keepSeat(code, secret) {
  writeKept('local', `mlp-playground-seat-${code}`, secret);
}
