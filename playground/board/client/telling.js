/**
 * What others are told of the board: the page, what a person has done and wants to know; the server,
 * and the page if it asked for that, which moment stands still on screen.
 *
 * What the page is told goes over the line, which loses nothing; then the page is woken to take it.
 *
 * @typedef {import('./message.js').Frame} Frame
 * @typedef {'reshape' | 'look' | 'edit' | 'changed' | 'copied' | 'history' | 'lesson'} Name
 */
import { focusExplanation, followGrowth } from './opening.js';

const STILL = 150; // ms after which a picture that doesn't change counts as looked at
const FOLLOWED = 400; // ms from one telling to the next, while it plays and the page follows
const FIRST_CALL = 1000; // ms until a page that has not come back is woken; each time twice as long

export class Telling {
  /**
   * @param {import('./line.js').Line} line
   * @param {import('./player.js').Player} player
   */
  constructor(line, player) {
    this.line = line;
    this.player = player;
    /** @type {(() => void) | undefined} have the page take what it was told; undefined if there is no page */
    this.wake = undefined;
    /** @type {{name: Name, value: object}[]} what the page has not been told yet */
    this.untold = [];
    /** @type {Frame | null} on screen */
    this.frame = null;
    /** @type {Frame | null} the last one that was told of */
    this.told = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.waiting = undefined; // for the picture to stand still
    this.isFollowed = false; // whether a part of the page is shown anew while it plays, too
    this.followedAt = 0; // when it was told of last, ms
    this.explained = {}; // the sample or the weight that was asked about last, of this run
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.calling = undefined; // for the page to come back
  }

  /**
   * Tell the page.
   *
   * @param {Name} name
   * @param {object} value
   */
  tell(name, value) {
    if (!this.wake) return;
    this.untold.push({ name, value });
    this.tellAll();
  }

  /** Tell what waits, if there is a line to the page. */
  tellAll() {
    while (this.untold.length && !this.line.isLost && this.line.send({ tell: this.untold[0] })) this.untold.shift();
  }

  /**
   * While the server has never heard of the page: wake it, until it says where its board is answered.
   * The board comes first, and plays on meanwhile.
   *
   * @param {number} [pause] ms
   */
  callBack(pause = FIRST_CALL) {
    clearTimeout(this.calling);
    if (!this.line.isLost) return;
    this.calling = setTimeout(() => {
      if (this.line.isLost) this.wake?.();
      this.callBack(2 * pause);
    }, pause);
  }

  /** A new run: its first frame is known without being told. */
  begin() {
    this.told = null;
    this.explained = {};
  }

  /** A frame is on screen now. @param {Frame} frame */
  show(frame) {
    this.frame = frame;
    this.told ??= frame;
    if (this.player.now.state === 'playing') this.tellFollower(performance.now());
    else this.tellWhenStill();
  }

  /** Tell which moment is on screen, now and then, if the page follows. @param {number} now ms */
  tellFollower(now) {
    if (!this.isFollowed || now - this.followedAt < FOLLOWED) return;
    this.followedAt = now;
    const { run, onScreen: epoch } = this.player.now;
    this.line.send({ look: { run, epoch } });
  }

  /** Tell which moment is on screen, unless it soon is another one. */
  tellWhenStill() {
    if (this.player.now.state === 'playing') return;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.tellMoment(), STILL);
  }

  /** Tell which moment is on screen, if it stands still there and was not told. */
  tellMoment() {
    clearTimeout(this.waiting);
    const { run, onScreen: epoch, state } = this.player.now;
    if (state === 'playing' || this.frame === this.told) return;
    this.told = this.frame;
    this.line.send({ look: { run, epoch } }); // the server knows whether to wake the page for it
  }

  /** Ask the page for an explanation, of this very moment. @param {object} picked A sample or a weight. */
  explain(picked) {
    this.player.pause();
    this.told = this.frame;
    this.explained = picked;
    const { run, onScreen: epoch } = this.player.now;
    this.tell('look', { run, epoch, ...picked });
    followGrowth(document.querySelector('.st-key-inside'));
    focusExplanation();
  }
}
