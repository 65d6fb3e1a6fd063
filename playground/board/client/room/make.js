/** Making elements of the page. What a person has written goes in as text, never as markup. */

/**
 * An element with its properties and what is in it.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<Omit<HTMLElementTagNameMap[Tag], 'dataset' | 'style'>> & {data?: Record<string, string>,
 *   label?: string}} [properties] `data`: what `data-…` says; `label`: its name for whoever does not see it.
 * @param {...(Node | string)} parts
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, { data = {}, label, ...properties } = {}, ...parts) {
  const element = document.createElement(tag);
  Object.assign(element, properties);
  Object.assign(element.dataset, data);
  if (label) element.setAttribute('aria-label', label);
  element.append(...parts);
  return element;
}

/**
 * A button.
 *
 * @param {string} name What stands on it.
 * @param {() => void} act
 * @param {string} [title] What it does, if that needs more words.
 */
export function button(name, act, title = '') {
  return make('button', { type: 'button', textContent: name, onclick: act, title });
}

/** A number and what it counts. @param {number} count @param {string} one @param {string} [more] */
export function counted(count, one, more = `${one}s`) {
  return `${count} ${count === 1 ? one : more}`;
}
