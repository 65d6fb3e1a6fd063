/**
 * What opens on the page around the board: it is brought into view, and what a person has asked for gets
 * the focus, so that reading goes on there.
 */

import { wantsLessMotion } from './flashes.js';

const GROWING = 2500; // ms in which an explanation has come for sure
const SETTLING = 1200; // ms in which the page has come to rest around what has opened
const LONGEST = 20_000; // ms that a page may take to open something

/** What is chosen under the board is brought into view. */
export function showWhatOpens() {
  const follow = (/** @type {Event} */ { target }) => {
    const choice = target instanceof Element && target.closest('.st-key-views button');
    if (choice) followGrowth(document.querySelector('.st-key-inside'));
  };
  document.addEventListener('click', follow, { capture: true }); // Streamlit's buttons keep it from bubbling
}

/**
 * What is folded away beside the board comes into sight when it opens, as far as there is room, and
 * closes with Esc, as what lies over the page does.
 */
export function followFolded() {
  document.addEventListener('toggle', ({ target }) => {
    if (!(target instanceof HTMLDetailsElement) || !target.open || !target.closest('.st-key-folded')) return;
    const observer = new ResizeObserver(() => target.scrollIntoView({ block: 'nearest' }));
    observer.observe(target);
    stopWhenUsed(observer);
  }, { capture: true }); // this event does not bubble
  document.addEventListener('keydown', ({ key, target }) => {
    const open = key === 'Escape' && target instanceof Element && target.closest('.st-key-folded details[open]');
    const summary = open && open.querySelector('summary');
    // the first Esc is for a list of options that is open
    if (!summary || target.getAttribute('aria-expanded') === 'true') return;
    summary.click();
    summary.focus();
  }, { capture: true });
}

/**
 * Keep the top of something in view while what is asked for comes.
 *
 * @param {Element | null} element
 */
export function followGrowth(element) {
  if (!element) return;
  const behavior = wantsLessMotion() ? 'instant' : 'smooth'; // 'auto' is whatever a style sheet says
  const observer = new ResizeObserver(() => element.scrollIntoView({ behavior }));
  observer.observe(element.closest('.stMainBlockContainer') ?? element);
  stopWhenUsed(observer);
}

/** Follow no longer than until a person does something. @param {ResizeObserver} observer */
function stopWhenUsed(observer) {
  const stop = () => observer.disconnect();
  setTimeout(stop, GROWING);
  // whoever does something there has it in view: a list that is open would be closed by scrolling
  for (const type of ['pointerdown', 'keydown', 'wheel']) {
    document.addEventListener(type, stop, { capture: true, once: true, passive: true });
  }
}

/** The explanation of one step was asked for: go there as soon as it is there. */
export function focusExplanation() {
  goTo('.st-key-view_step', 'Explanation');
}

/** A lesson has opened: go to its text, also when the gallery gives the focus back to its button. */
export function focusLesson() {
  goTo('.st-key-lesson_text', 'Lesson');
}

/**
 * Put the focus on a part of the page as soon as it is there, and keep it there while the page settles,
 * until a person does something.
 *
 * @param {string} selector
 * @param {string} name What the part is called.
 */
function goTo(selector, name) {
  let end = performance.now() + LONGEST;
  let isFree = true;
  const stop = () => (isFree = false);
  for (const type of ['pointerdown', 'keydown']) document.addEventListener(type, stop, { capture: true, once: true });
  const look = (/** @type {number} */ now) => {
    if (!isFree || now > end) return;
    requestAnimationFrame(look);
    const part = document.querySelector(selector);
    const isCovered = document.querySelector('[role=dialog]') !== null;
    if (!(part instanceof HTMLElement) || isCovered || part.contains(document.activeElement)) return;
    part.tabIndex = -1; // it can have the focus, but is no stop of the Tab key
    part.setAttribute('role', 'group');
    part.setAttribute('aria-label', name);
    part.focus({ preventScroll: true });
    end = Math.min(end, now + SETTLING);
  };
  requestAnimationFrame(look);
}
