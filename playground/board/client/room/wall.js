/**
 * The wall: a tile for each student, drawn from small pictures. It shows what is on their screens, lets
 * up to six be collected for every screen, and opens a run as a copy beside the teacher's.
 *
 * @typedef {import('./teach.js').Room} Room
 * @typedef {import('./tile.js').Tile} Tile
 */
import { Sheet } from '../sheet.js';
import { tick } from './dialog.js';
import { button, counted, make } from './make.js';
import { drawTile } from './tile.js';

const MOST_COLLECTED = 6; // as in room.py
const STUCK = [
  'not started', 'diverged', 'saturated', 'dead units', 'vanishing gradient', 'exploding gradient', 'equal units',
  'unstable', 'stuck',
]; // as in tiles.py

/** What is no number is larger than any. @param {Tile} tile */
const lossOf = ({ test_loss: loss }) => loss ?? Infinity;

/** @type {Record<string, [string, (a: Tile, b: Tile) => number]>} in which order */
const SORTS = {
  seat: ['Seat', () => 0],
  best: ['Test loss, lowest first', (a, b) => lossOf(a) - lossOf(b) || 0],
  worst: ['Test loss, highest first', (a, b) => lossOf(b) - lossOf(a) || 0],
  accuracy: ['Accuracy, highest first', (a, b) => b.test_accuracy - a.test_accuracy],
  epoch: ['Epoch, latest first', (a, b) => b.epoch - a.epoch],
  changed: ['Most changed first', (a, b) => changes(b) - changes(a)],
};

/** @type {Record<string, [string, (tile: Tile, wall: Wall) => boolean]>} which are shown */
const FILTERS = {
  all: ['All', () => true],
  any: ['Stuck', ({ diagnosis }) => diagnosis !== ''],
  ...Object.fromEntries(STUCK.map((name) => [name, [`Stuck: ${name}`, (/** @type {Tile} */ { diagnosis }) => diagnosis === name]])),
  collected: ['Collected', ({ seat }, { onScreens }) => onScreens.has(seat)],
};

export class Wall {
  /**
   * @param {HTMLElement} place
   * @param {object} does
   * @param {(message: Record<string, any>) => boolean} does.say
   * @param {(tile: Tile, name: string) => void} does.open Open a run as a copy.
   * @param {() => boolean} does.isPresenting Whether the screen is on a projector.
   */
  constructor(place, does) {
    this.does = does;
    this.sheet = new Sheet(place, 'Wall');
    this.sheet.dialog.classList.add('class-wall');
    this.sheet.dialog.addEventListener('close', () => does.say({ wall: false }));
    /** @type {Map<number, WallTile>} by seat */
    this.tiles = new Map();
    /** @type {Set<number>} seats that are ticked */
    this.ticked = new Set();
    /** @type {Set<number>} seats whose tiles are on every screen */
    this.onScreens = new Set();
    /** @type {Map<number, import('./teach.js').Seat>} */
    this.seats = new Map();
    this.sort = choice('Sort by', SORTS, () => this.arrange(true));
    this.filter = choice('Show', FILTERS, () => this.arrange(true));
    this.anonymous = tick('Anonymous', false, () => this.name());
    this.collect = button('Collect', () => this.#collect(), 'Put the ticked tiles on every screen');
    this.untile = button('Take them away', () => does.say({ do: 'collect', seats: [] }), 'No more collected tiles on the screens');
    this.said = make('span', { className: 'class-said' });
    this.said.setAttribute('role', 'status');
    const bar = make('div', { className: 'class-doing' }, this.sort.label, this.filter.label, this.anonymous.label, this.collect, this.untile, this.said);
    this.grid = make('ul', { className: 'class-tiles', label: 'Tiles' });
    this.none = make('p', { textContent: 'No tiles yet: they come when the students play.' });
    this.sheet.content.append(bar, this.none, this.grid);
  }

  /** Show it. */
  open() {
    if (this.does.isPresenting()) this.anonymous.input.checked = true;
    this.name();
    this.does.say({ wall: true });
    if (!this.sheet.isOpen) this.sheet.open();
    this.arrange(true);
    for (const tile of this.tiles.values()) tile.draw(); // the theme may be another one
  }

  /** The line is there again, which knows nothing of before. */
  renew() {
    if (this.sheet.isOpen) this.does.say({ wall: true });
  }

  /** The room is another one now. @param {Room} room */
  take({ seats, collected, turn }) {
    const number = turn?.number ?? 0;
    for (const [seat, { tile }] of this.tiles) if (tile.turn !== number) this.#drop(seat);
    this.seats = new Map(seats.map((seat) => [seat.number, seat]));
    this.onScreens = new Set(collected.map(({ seat }) => seat));
    this.untile.hidden = collected.length === 0;
    for (const seat of this.tiles.keys()) if (!this.seats.has(seat)) this.#drop(seat);
    if (!this.onScreens.size && this.filter.input.value === 'collected') this.filter.input.value = 'all';
    if (this.sheet.isOpen) this.arrange(false);
    this.name();
  }

  /** Tiles that are others than before. @param {Tile[]} tiles */
  show(tiles) {
    for (const tile of tiles) {
      const known = this.tiles.get(tile.seat) ?? this.#add(tile.seat);
      known.show(tile);
    }
    this.name();
    this.arrange(false);
    for (const { seat } of tiles) this.tiles.get(seat)?.draw(); // on the page, where the theme has colours
  }

  /** Say who is who, or only their aliases. */
  name() {
    for (const [seat, tile] of this.tiles) tile.call(this.nameOf(seat));
  }

  /** What a student is called here. @param {number} seat */
  nameOf(seat) {
    const { name = '', alias = `Seat ${seat}` } = this.seats.get(seat) ?? {};
    return this.anonymous.input.checked ? alias : name || alias;
  }

  /**
   * Put the tiles in order. Nothing moves under somebody's pointer unless they want it.
   *
   * @param {boolean} isWanted
   */
  arrange(isWanted) {
    const [, compare] = SORTS[this.sort.input.value];
    const [, isShown] = FILTERS[this.filter.input.value];
    const tiles = [...this.tiles.values()].sort((a, b) => compare(a.tile, b.tile) || a.tile.seat - b.tile.seat);
    for (const { root, tile } of tiles) root.hidden = !isShown(tile, this);
    const isBusy = this.grid.matches(':hover') || this.grid.contains(document.activeElement);
    const isNew = tiles.some(({ root }) => !root.isConnected);
    if (isWanted || isNew || !isBusy) this.#place(tiles.map(({ root }) => root));
    this.none.hidden = tiles.length > 0;
    const stuck = tiles.filter(({ tile }) => tile.diagnosis).length;
    this.sheet.heading.textContent = `Wall: ${counted(tiles.length, 'tile')}${stuck ? `, ${stuck} stuck` : ''}`;
    this.collect.disabled = this.ticked.size === 0;
  }

  /** @param {HTMLElement[]} roots */
  #place(roots) {
    if (roots.every((root, index) => this.grid.children[index] === root)) return;
    const before = document.activeElement;
    this.grid.replaceChildren(...roots);
    if (before instanceof HTMLElement && this.grid.contains(before)) before.focus();
  }

  /** @param {number} seat */
  #add(seat) {
    const tile = new WallTile({
      open: (shown) => this.does.open(shown, this.nameOf(seat)),
      tick: (isOn) => this.#tick(seat, isOn),
    });
    this.tiles.set(seat, tile);
    return tile;
  }

  /** @param {number} seat */
  #drop(seat) {
    this.tiles.get(seat)?.root.remove();
    this.tiles.delete(seat);
    this.ticked.delete(seat);
  }

  /** Whether a tile can be ticked. @param {number} seat @param {boolean} isOn */
  #tick(seat, isOn) {
    if (isOn && this.ticked.size >= MOST_COLLECTED) {
      this.said.textContent = `At most ${MOST_COLLECTED} tiles can be collected: untick one first.`;
      return false;
    }
    if (isOn) this.ticked.add(seat);
    else this.ticked.delete(seat);
    this.said.textContent = counted(this.ticked.size, 'tile is ticked', 'tiles are ticked');
    this.collect.disabled = this.ticked.size === 0;
    return isOn;
  }

  #collect() {
    if (!this.does.say({ do: 'collect', seats: [...this.ticked] })) return;
    this.said.textContent = `${counted(this.ticked.size, 'tile is', 'tiles are')} on every screen.`;
    for (const tile of this.tiles.values()) tile.untick();
    this.ticked.clear();
    this.collect.disabled = true;
  }
}

/** One tile of the wall. */
class WallTile {
  /**
   * @param {object} does
   * @param {(tile: Tile) => void} does.open
   * @param {(isOn: boolean) => boolean} does.tick Whether it is ticked then.
   */
  constructor(does) {
    /** @type {Tile} */
    this.tile = { seat: 0, turn: 0, region: '', palette: [], epoch: 0, train_loss: 0, test_loss: 0, test_accuracy: 0, differs: '', diagnosis: '' };
    this.canvas = make('canvas', {});
    this.canvas.setAttribute('aria-hidden', 'true');
    this.who = make('b', {});
    this.losses = make('span', {});
    this.differs = make('span', { className: 'class-differs' });
    this.stuck = make('span', { className: 'class-stuck' });
    this.open = make('button', { type: 'button', onclick: () => does.open(this.tile) }, this.canvas, this.who, this.losses, this.stuck, this.differs);
    this.chosen = tick('collect', false, () => (this.chosen.input.checked = does.tick(this.chosen.input.checked)));
    this.root = make('li', { data: { testid: 'tile' } }, this.open, this.chosen.label);
  }

  /** Show another picture. @param {Tile} tile */
  show(tile) {
    this.tile = tile;
    this.root.dataset.seat = String(tile.seat);
    this.losses.textContent = `epoch ${Math.floor(tile.epoch)} · test loss ${tile.test_loss?.toPrecision(3) ?? '–'}`;
    this.differs.textContent = tile.differs;
    this.stuck.textContent = tile.diagnosis && `⚠ ${tile.diagnosis}`;
    this.open.disabled = !tile.value;
    this.open.title = tile.value ? 'Open this run as a copy, beside yours' : 'This run can’t be copied: it has own data, or a long past';
  }

  /** Paint the picture. */
  draw() {
    drawTile(this.canvas, this.tile);
  }

  /** @param {string} name */
  call(name) {
    if (this.who.textContent === name) return;
    this.who.textContent = name;
    this.chosen.input.setAttribute('aria-label', `Collect the tile of ${name}`);
  }

  /** It is collected. */
  untick() {
    this.chosen.input.checked = false;
  }
}

/** How much differs from the start. @param {Tile} tile */
function changes({ differs }) {
  return differs ? differs.split(';').length : 0;
}

/**
 * A list to choose from, with its name.
 *
 * @param {string} name
 * @param {Record<string, [string, any]>} choices
 * @param {() => void} changed
 */
function choice(name, choices, changed) {
  const input = make('select', { onchange: changed }, ...Object.entries(choices).map(([value, [words]]) => new Option(words, value)));
  return { input, label: make('label', { className: 'class-field' }, make('span', { textContent: name }), input) };
}
