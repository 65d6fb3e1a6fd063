/**
 * The value of the run on screen: settings, live changes and where it stands. With it any server makes
 * the run again, to the last bit. The tab keeps it too, so that a reload of the page goes on where it
 * was; own data, which may be large, are kept in the browser's database.
 *
 * @typedef {import('./message.js').Header} Header
 *
 * @typedef {object} KeptRun A run, but for own data.
 * @property {NonNullable<Header['value']>} about
 * @property {[number, string, any][]} made
 * @property {number} epoch
 */
import { readKept, writeKept } from './storage.js';

const KEY = 'mlp-playground-run';
export const HANDED_OVER = 'mlp-playground-handed-over'; // a run that the next page is to open with
const DATABASE = 'mlp-playground';
const STORE = 'own-data';
const MOST_KEPT = 5; // own data of so many runs
const SAVE_INTERVAL = 2000; // ms

export class RunValue {
  constructor() {
    /** @type {NonNullable<Header['value']> | null} */
    this.about = null;
    /** @type {[number, string, any][]} live changes: since when, what, and its value */
    this.made = [];
    this.epoch = 0; // of the present
    /** @type {Record<string, object>} own data by their digest */
    this.data = {};
    this.savedAt = 0;
    this.isHandedOver = false; // whether it came from another page
    this.isKept = true; // whether the tab keeps it
  }

  /** There is no run any more, or another one. */
  forget() {
    this.about = null;
    this.made = [];
    this.epoch = 0;
    this.isHandedOver = false;
  }

  /** The run up to the present; null if there is none. @returns {KeptRun | null} */
  kept() {
    const { about, epoch } = this;
    return about && { about, made: this.made.filter(([at]) => at <= epoch), epoch };
  }

  /** Take note of what a message says of the run. @param {Header} header */
  read({ value, made }) {
    if (value) {
      this.about = value;
      this.isHandedOver = false; // the server knows it
    }
    if (made) this.made = made;
  }

  /** Whether there is more to it than its settings, which the page's link has too. */
  get isNew() {
    return !this.about || (!this.isHandedOver && this.epoch === 0 && this.made.length === 0);
  }

  /** As `read_value` in value.py takes it; null if a new run is as good. */
  text() {
    if (!this.about || this.isNew) return null;
    const { settings, pin, stop_at } = this.about;
    const made = this.made.filter(([at]) => at <= this.epoch);
    const present = { settings, changes: made, epoch: this.epoch };
    const data = settings.own ? { [settings.own]: this.data[settings.own] } : {};
    return JSON.stringify({ present, pin, stop_at, data });
  }

  /** Keep own data. @param {Record<string, object>} data By digest. */
  take(data) {
    Object.assign(this.data, data);
    keepData(data).catch(() => {}); // a private window has no database: a reload then has no own data
  }

  /** Keep the value with the tab, if it is time. @param {number} now ms @param {boolean} [atOnce] */
  save(now, atOnce = false) {
    if (!this.isKept || (!atOnce && now - this.savedAt < SAVE_INTERVAL)) return;
    this.savedAt = now;
    const { about, made, epoch } = this;
    try {
      if (this.isNew) sessionStorage.removeItem(KEY);
      else sessionStorage.setItem(KEY, JSON.stringify({ search: location.search, about, made, epoch }));
    } catch {
      // a page in a frame may have no storage: a reload then begins at epoch 0
    }
  }

  /**
   * Take up what another page has handed over; or what the tab has kept, if this is the same page again.
   * Resolves to whether there was something.
   */
  async takeUp() {
    if (await this.#takeHandedOver()) return true;
    const [how] = /** @type {(PerformanceNavigationTiming | undefined)[]} */ (performance.getEntriesByType('navigation'));
    if (!how || !['reload', 'back_forward'].includes(how.type)) return false;
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
      // the page may have set another address since
      return kept?.search === new URL(how.name).search && (await this.#fill(kept));
    } catch {
      return false;
    }
  }

  /** It is taken up once, by the page that it is for. */
  async #takeHandedOver() {
    try {
      const kept = JSON.parse(readKept('session', HANDED_OVER) ?? 'null');
      writeKept('session', HANDED_OVER, null);
      const [how] = performance.getEntriesByType('navigation');
      this.isHandedOver = kept?.search === new URL(how.name).search && (await this.#fill(kept));
    } catch {
      this.isHandedOver = false;
    }
    return this.isHandedOver;
  }

  /** @param {KeptRun} kept */
  async #fill({ about, made, epoch }) {
    const { own } = about.settings;
    if (own) {
      const data = await keptData(own);
      if (!data) return false;
      this.data[own] = data;
    }
    Object.assign(this, { about, made, epoch });
    return true;
  }
}

/** @returns {Promise<IDBDatabase>} */
function openDatabase() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

/** @param {Record<string, object>} data */
async function keepData(data) {
  const database = await openDatabase();
  const store = database.transaction(STORE, 'readwrite').objectStore(STORE);
  const keys = await result(store.getAllKeys());
  for (const key of keys.slice(0, Math.max(0, keys.length + 1 - MOST_KEPT))) store.delete(key);
  for (const [digest, own] of Object.entries(data)) store.put(own, digest);
}

/** @param {string} digest */
async function keptData(digest) {
  const database = await openDatabase();
  return result(database.transaction(STORE).objectStore(STORE).get(digest));
}

/**
 * @template T
 * @param {IDBRequest<T>} asked
 * @returns {Promise<T>}
 */
function result(asked) {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}
