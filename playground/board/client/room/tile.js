/**
 * A tile: the small picture of a student's run, painted on a canvas as the large one is on the board.
 * `tiles.py` in `playground/room` makes tiles.
 *
 * @typedef {object} Tile
 * @property {number} seat
 * @property {number} turn Number of the turn that was on, 0 before the first.
 * @property {string} region A byte a node as base64, row by row, the lowest row first.
 * @property {number[][]} palette The RGBA colour of each byte.
 * @property {number} epoch
 * @property {number | null} train_loss Null if it is no number.
 * @property {number | null} test_loss
 * @property {string} [shown_name] What the class calls the student.
 * @property {string} differs What differs from the start, in words.
 * @property {number} test_accuracy
 * @property {string} diagnosis `diverged`, `saturated`, `not started` or ''.
 * @property {{present: {settings: Record<string, any>, changes: [number, string, any][], epoch: number}} | null} [value]
 *   The run, to be made again; not of the tiles that the class sees, and of none that is too large.
 */
import { brushOf, themeColor } from '../elements.js';
import { toImage, toPalette } from '../region.js';

/**
 * Paint a tile; the canvas keeps its size on the page.
 *
 * @param {HTMLCanvasElement} canvas On the page: its colours are those of the theme there.
 * @param {Pick<Tile, 'region' | 'palette'>} tile
 */
export function drawTile(canvas, { region, palette }) {
  const bytes = Uint8Array.from(atob(region), (letter) => letter.charCodeAt(0));
  const colors = toPalette(palette);
  const nodes = toImage(Uint32Array.from(bytes, (byte) => colors[byte]));
  Object.assign(canvas, { width: nodes.width, height: nodes.height });
  const brush = brushOf(canvas);
  const picture = Object.assign(document.createElement('canvas'), { width: nodes.width, height: nodes.height });
  brushOf(picture).putImageData(nodes, 0, 0);
  // opacity says how sure the network is: below it is the page, as on the board
  brush.fillStyle = themeColor(getComputedStyle(canvas), 'background') || 'white';
  brush.fillRect(0, 0, nodes.width, nodes.height);
  brush.drawImage(picture, 0, 0);
}
