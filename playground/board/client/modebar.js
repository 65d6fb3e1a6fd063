/**
 * Plotly's buttons over a chart, one stop of the Tab key for each chart: within it, the arrow keys go
 * from button to button, as in any toolbar.
 */

const MOVES = new Map([['ArrowLeft', -1], ['ArrowRight', 1]]);

/**
 * Make a chart's buttons a toolbar; to be called for each new chart.
 *
 * @param {HTMLElement} plot
 * @param {string} name
 */
export function makeToolbar(plot, name) {
  const bar = plot.querySelector('.modebar');
  if (!(bar instanceof HTMLElement)) return;
  bar.setAttribute('aria-label', name);
  const buttons = [...bar.querySelectorAll('button')];
  /** @param {number} chosen */
  const choose = (chosen) => buttons.forEach((button, i) => (button.tabIndex = i === chosen ? 0 : -1));
  choose(0);
  bar.onkeydown = (event) => {
    const move = MOVES.get(event.key);
    const at = buttons.findIndex((button) => button === document.activeElement);
    if (!move || at < 0) return;
    event.preventDefault();
    const next = (at + move + buttons.length) % buttons.length;
    choose(next);
    buttons[next].focus();
  };
}

/**
 * Hide what is drawn from screen readers: beside it stands what it shows, in words. So is the drawing
 * off the screen on which Plotly measures texts.
 *
 * @param {HTMLElement} plot
 */
export function hideDrawing(plot) {
  for (const drawing of [...plot.querySelectorAll('svg'), ...document.querySelectorAll('#js-plotly-tester')]) {
    drawing.setAttribute('aria-hidden', 'true');
  }
}
