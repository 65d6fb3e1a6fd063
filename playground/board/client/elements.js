/** Elements of the page, for certain: what is missing is named here, not where it is used. */

/**
 * The first element that a selector finds, of the kind that it has to be.
 *
 * @template {Element} Kind
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => Kind} kind For instance HTMLButtonElement.
 * @returns {Kind}
 */
export function find(root, selector, kind) {
  const element = root.querySelector(selector);
  if (!(element instanceof kind)) throw new Error(`There is no ${kind.name} at ${selector}`);
  return element;
}

/** @type {MediaQueryList | undefined} */
let forced;

/**
 * A colour of the theme, for what is drawn by script. Where a person forces colours of their own, it is
 * the name of a system colour: Plotly knows none, so it is looked up.
 *
 * @param {CSSStyleDeclaration} style Computed.
 * @param {'text' | 'background' | 'border'} name
 */
export function themeColor(style, name) {
  const color = style.getPropertyValue(`--st-${name}-color`).trim();
  forced ??= matchMedia('(forced-colors: active)');
  if (!forced.matches) return color;
  const probe = document.body.appendChild(document.createElement('span'));
  probe.style.cssText = `forced-color-adjust: none; color: ${color}`;
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

/**
 * A colour of the style sheets as red, green and blue, 0 to 255.
 *
 * @param {string} color
 */
export function toRgb(color) {
  const brush = brushOf(Object.assign(document.createElement('canvas'), { width: 1, height: 1 }));
  brush.fillStyle = color;
  brush.fillRect(0, 0, 1, 1);
  return [...brush.getImageData(0, 0, 1, 1).data.subarray(0, 3)];
}

/**
 * What a canvas is drawn on with.
 *
 * @param {HTMLCanvasElement} canvas
 * @returns {CanvasRenderingContext2D}
 */
export function brushOf(canvas) {
  const brush = canvas.getContext('2d');
  if (!brush) throw new Error('This browser cannot draw on a canvas');
  return brush;
}

/** How large type is here, as against the 16 px that browsers begin with: for what is drawn in px. */
export function typeScale() {
  return parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
}
