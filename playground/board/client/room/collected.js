/** Up to six tiles that the teacher has put on every screen, to be discussed. */
import { readable } from '../numbers.js';
import { make } from './make.js';
import { drawTile } from './tile.js';

export class Collected {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.shown = ''; // the tiles on screen
    this.tiles = make('div', { className: 'tiles' });
    this.fold = make('button', { type: 'button', textContent: 'Hide', onclick: () => this.#toggle() });
    const title = make('h2', { id: 'collected-title', textContent: 'Let us look at these' });
    this.root = make('div', { className: 'collected', tabIndex: -1 },
      make('header', {}, title, this.fold), this.tiles);
    this.root.setAttribute('role', 'region');
    this.root.setAttribute('aria-labelledby', 'collected-title');
    this.root.popover = 'manual';
    place.append(this.root);
  }

  /** @param {import('./tile.js').Tile[]} tiles */
  show(tiles) {
    const shown = JSON.stringify(tiles);
    if (shown === this.shown) return;
    this.shown = shown;
    if (!tiles.length) {
      if (this.root.matches(':popover-open')) this.root.hidePopover();
      return;
    }
    const canvases = tiles.map(() => make('canvas'));
    this.tiles.dataset.count = String(tiles.length);
    this.tiles.replaceChildren(...tiles.map((tile, index) => captioned(canvases[index], tile)));
    if (!this.root.matches(':popover-open')) this.root.showPopover();
    this.#fold(false);
    canvases.forEach((canvas, index) => drawTile(canvas, tiles[index]));
    this.root.focus();
  }

  #toggle() {
    this.#fold(!this.tiles.hidden);
  }

  /** @param {boolean} isFolded */
  #fold(isFolded) {
    this.tiles.hidden = isFolded;
    this.root.classList.toggle('folded', isFolded);
    this.fold.textContent = isFolded ? 'Show' : 'Hide';
    this.fold.setAttribute('aria-expanded', String(!isFolded));
  }
}

/** @param {HTMLCanvasElement} canvas @param {import('./tile.js').Tile} tile */
function captioned(canvas, tile) {
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `What the network of ${tile.shown_name} predicts`);
  const numbers = `epoch ${Math.floor(tile.epoch)} · test loss ${tile.test_loss === null ? '–' : readable(tile.test_loss)}`;
  return make('figure', { data: { testid: 'tile' } }, canvas, make('figcaption', {},
    make('b', { textContent: tile.shown_name ?? '' }),
    make('span', { textContent: [numbers, tile.diagnosis].filter(Boolean).join(' · ') }),
    make('span', { textContent: tile.differs })));
}
