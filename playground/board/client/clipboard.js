/** Copying: a link to the run, or a line of HTML that shows the board in a page elsewhere. */

const SAID = 1500; // ms for which a button says whether it worked

/**
 * Have a button copy a text.
 *
 * @param {HTMLButtonElement} button
 * @param {() => string} text
 * @param {() => void} [then] When it was copied.
 */
export function copyOnClick(button, text, then) {
  const name = button.textContent;
  button.onclick = async () => {
    const isCopied = await copy(text());
    button.textContent = isCopied ? 'Copied' : 'Use the address bar';
    if (isCopied) then?.();
    setTimeout(() => (button.textContent = name), SAID);
  };
}

/**
 * Copy a text; whether it worked.
 *
 * @param {string} text
 */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // there is no clipboard API on a plain http address of the local network
    const before = document.activeElement;
    const area = document.body.appendChild(document.createElement('textarea'));
    area.value = text;
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    if (before instanceof HTMLElement) before.focus();
    return copied;
  }
}

const OF_CLASS = ['room', 'turn']; // parts of a student's link that are for nobody else

/**
 * A link that opens the same page, outside of a class.
 *
 * @param {string} href
 */
export function linkOf(href) {
  const address = new URL(href);
  const there = OF_CLASS.filter((name) => address.searchParams.has(name));
  for (const name of there) address.searchParams.delete(name);
  return there.length ? address.href : href;
}

/**
 * A link that opens the same settings at an epoch, with what is open besides the board.
 *
 * @param {string} href
 * @param {number} epoch
 * @param {Record<string, string>} open Parts of the link's query.
 */
export function momentLink(href, epoch, open) {
  const address = new URL(linkOf(href));
  const parts = { epoch: String(Math.floor(epoch)), ...open };
  for (const [name, value] of Object.entries(parts)) address.searchParams.set(name, value);
  return address.href;
}

/**
 * A line of HTML that shows the board alone, in a page elsewhere.
 *
 * @param {Location} location
 */
export function frameOf({ href }) {
  const { search } = new URL(linkOf(href));
  const base = href.split(/[?#]/)[0].replace(/\/(embed)?$/, '');
  const address = `${base}/embed${search}`.replaceAll('&', '&amp;').replaceAll('"', '%22');
  return `<iframe src="${address}" width="100%" height="720" style="border: 0" title="MLP Playground"></iframe>`;
}
