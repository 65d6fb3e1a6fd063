/**
 * Which frame is on screen, which come next, and when to ask for more. It knows nothing of the page.
 *
 * The browser asks and the server answers, one request at a time. Frames wait in a queue; the next
 * request goes out while there are still enough of them to bridge the measured round trip. Since
 * the present is the frame on screen, anything that changes what comes next starts a new take: the
 * queue is dropped, and the server is asked to go on from the frame on screen.
 *
 * Frames that were drawn are kept on a film. While a person looks back, the present stays where it
 * was; it moves there when training is to go on from there, or when something is changed.
 *
 * While the line is broken the request that is out waits, and so does what comes after the queue; all
 * else goes on. Then training goes on from the frame on screen.
 *
 * @typedef {import('./message.js').Frame} Frame
 * @typedef {import('./message.js').Header} Header
 * @typedef {import('./message.js').Start} Start
 * @typedef {'paused' | 'playing' | 'diverged' | 'finished'} State
 * @typedef {'epoch' | 'batch'} Stride What a single step is long.
 *
 * @typedef {Record<string, string | number | null>} StopRule As StopRule in stopping.py.
 * @typedef {number | [number, number]} Changed The value of a setting; of a parameter its index and its value.
 *
 * @typedef {object} Wish What a request is for.
 * @property {boolean} [reset] To begin again.
 * @property {boolean} [pin] To go on beside run A, which is this run up to here; or without run A. With
 *   `reset`, to begin again so.
 * @property {number} [frames] To go on, for so many frames at most.
 * @property {number} [speed] Epochs per frame, if not those of the board.
 *
 * @typedef {object} Now What the player shows.
 * @property {State} state
 * @property {string} run Which run it is.
 * @property {number} shown Epoch of the present.
 * @property {number} onScreen Epoch of the picture on screen.
 * @property {boolean} isPast Whether that is a frame of the past.
 * @property {number} first Epoch of the first frame that there is.
 * @property {number} frames How many there are.
 */
import { Film } from './film.js';

const SHORTEST_FRAME = 14; // ms: a fast screen need not see more than some 60 frames a second
const RESERVE = 250; // ms of frames beyond what the round trip takes
const MOST_FRAMES = 60; // of one request
const PARAMETER = 'parameter'; // the name of an edited weight or bias among the changes
const BATCH = 0; // in the place of a speed: a mini-batch a frame

export class Player {
  /**
   * @param {object} board
   * @param {(request: object) => void} board.send Send a request to the server; it may be lost.
   * @param {(start: Start, header: Header) => void} board.begin A new run: new charts.
   * @param {(frame: Frame) => void} board.record Add a frame to the curves.
   * @param {(frame: Frame) => void} board.show Put a frame on screen.
   * @param {(epoch: number) => void} board.cut Take what came after an epoch out of the curves.
   * @param {(state: State) => void} board.stateChanged
   * @param {(reason: string) => void} board.stopped It paused by itself.
   * @param {() => void} board.changed The server has done what was asked: another run, another setting.
   */
  constructor({ send, begin, record, show, cut, stateChanged, stopped, changed }) {
    this.send = send;
    this.begin = begin;
    this.record = record;
    this.show = show;
    this.cut = cut;
    this.stateChanged = stateChanged;
    this.stopped = stopped;
    this.changed = changed;
    /** @type {State} */
    this.state = 'paused';
    this.speed = 1;
    this.run = '';
    this.take = 0;
    this.film = new Film();
    /** @type {number | null} index on the film of the past frame on screen; null in the present */
    this.past = null;
    this.shown = 0; // epoch of the present
    this.last = 0; // epoch of the newest frame here
    /** @type {Frame[]} */
    this.queue = [];
    /** @type {State | null} what the state will be once the queue is empty */
    this.end = null;
    this.steps = 0; // single steps that are still to be shown
    /** @type {Stride} */
    this.stride = 'epoch'; // of those steps
    /** @type {{epoch: number, reason: string}[]} */
    this.stops = []; // where to pause, and why
    this.batches = 1; // mini-batches that an epoch has
    /** @type {[string, Changed][]} */
    this.changes = []; // settings and values that were changed and not answered yet
    /** @type {StopRule | undefined} */
    this.stopRule = undefined; // when to pause by itself, if that was not answered yet
    /** @type {StopRule | undefined} */
    this.lastRule = undefined; // answered or not
    /** @type {{id: number, at: number, what: Wish} | null} */
    this.asked = null; // the request that is out, and when it went
    this.isRecorded = false; // whether all there is was taken in at once
    this.isHeld = false; // whether it stands still, whatever is pressed
    this.playsOn = false; // whether it played when it was held
    this.isWatching = false; // whether another's board is shown: nothing is begun here, and nothing asked
    this.requests = 0;
    this.isBringing = false; // whether the next run is this one, made again
    this.roundTrip = 200; // ms, as measured
    this.frameTime = 1000 / 60; // ms, as measured
    this.drawnAt = 0;
  }

  /** Go on from the frame on screen. */
  play() {
    if (this.state === 'paused' && !this.isHeld && !this.isWatching) this.#become('playing');
  }

  /** Stand still at the frame on screen. */
  pause() {
    if (this.state === 'playing' && !this.isWatching) this.#become('paused');
  }

  /** Stand still from now on, whatever is pressed. */
  hold() {
    if (this.isHeld) return;
    this.playsOn = this.state === 'playing' && !this.isWatching;
    this.isHeld = true;
    this.steps = 0;
    if (this.state === 'playing') this.#become('paused');
  }

  /** Go on, if it played when it was held. */
  release() {
    this.isHeld = false;
    if (this.playsOn) this.play();
    this.playsOn = false;
  }

  /** The one or the other, whichever is not the case yet. */
  playOrPause() {
    if (this.state === 'playing') this.pause();
    else this.play();
  }

  /**
   * Show the network one epoch later, or one mini-batch.
   *
   * @param {Stride} [stride]
   */
  step(stride = 'epoch') {
    if (this.isHeld || this.isWatching) return;
    if (this.state === 'playing') this.#become('paused');
    if (this.past !== null) this.lookAt(this.past + 1);
    else if (this.state === 'paused') this.#stepOn(stride);
  }

  /** Ask for one more step. @param {Stride} stride */
  #stepOn(stride) {
    this.steps = this.stride === stride ? this.steps + 1 : 1;
    this.stride = stride;
    this.#showSteps();
  }

  /**
   * Begin again; what is on screen stays there until the new run's first frame comes. A recording goes
   * back to its beginning.
   */
  reset() {
    if (this.isRecorded) this.lookAt(0);
    else this.#beginAgain({ reset: true });
  }

  /**
   * Go on as run B beside run A, which is this run up to the present; or go on without run A.
   *
   * @param {boolean} pin
   */
  pin(pin) {
    this.#retake({ pin });
  }

  /** Begin again, and let run A, which is this run, begin again beside it. */
  pinAndReset() {
    this.#beginAgain({ pin: true, reset: true });
  }

  /** What is shown now. @returns {Now} */
  get now() {
    const { state, run, shown, onScreen, past, film } = this;
    const { length } = film.frames;
    return { state, run, shown, onScreen, isPast: past !== null, first: length ? film.frames[0].epoch : 0, frames: length };
  }

  /** The newest diagnosis up to the frame on screen: not every frame has one. */
  get diagnosis() {
    const { frames } = this.film;
    return frames.slice(0, (this.past ?? frames.length - 1) + 1).findLast((frame) => frame.diagnosis)?.diagnosis;
  }

  /** Ask for another run in the place of this one. @param {Wish} how */
  #beginAgain(how) {
    this.#become('paused');
    this.steps = 0;
    this.past = null;
    this.#ask(how);
  }

  /** Set when to pause by itself. @param {StopRule} rule */
  stopWhen(rule) {
    this.stopRule = this.lastRule = rule;
    this.#retake();
  }

  /** Epoch of the picture on screen. */
  get onScreen() {
    return this.past === null ? this.shown : this.film.frames[this.past].epoch;
  }

  /** Show the frame of an epoch, the last one up to it. @param {number} epoch */
  lookAtEpoch(epoch) {
    this.lookAt(this.film.indexOf(epoch));
  }

  /** Show another frame, so many later or earlier than the one on screen. @param {number} frames */
  move(frames) {
    const last = this.film.frames.length - 1;
    this.lookAt(Math.max((this.past ?? last) + frames, 0));
  }

  /** Show a frame of the film; its last one is the present. @param {number} index */
  lookAt(index) {
    if (this.state === 'playing') this.#become('paused');
    this.#lookAt(index);
  }

  /** Show a frame of the film, also while it plays. @param {number} index */
  #lookAt(index) {
    const last = this.film.frames.length - 1;
    if (last < 0) return;
    this.steps = 0;
    this.past = index < last ? Math.max(index, 0) : null;
    if (this.past !== null && this.state !== 'playing') this.#become('paused');
    this.show(this.film.frames[this.past ?? last]);
    if (this.past === null && this.end && !this.queue.length) this.#become(this.end);
  }

  /** Make the past frame on screen the present: the run goes on from there. */
  continueFromHere() {
    if (this.past === null) return;
    this.#comeBack();
    this.#retake();
  }

  /** What came after the frame on screen is forgotten. */
  #comeBack() {
    if (this.past === null) return;
    this.shown = this.onScreen;
    this.past = null;
    this.film.cut(this.shown);
    this.cut(this.shown);
    this.show(this.film.frames[this.film.frames.length - 1]); // it is the present now
  }

  /**
   * Change the running network, from the frame on screen on.
   *
   * @param {string} setting
   * @param {Changed} value
   */
  change(setting, value) {
    this.#comeBack();
    const others = this.changes.filter(([other]) => other !== setting || other === PARAMETER);
    this.changes = [...others, [setting, value]];
    this.#retake();
  }

  /** Go faster or slower. @param {number} speed Epochs per frame, from the frame on screen on. */
  setSpeed(speed) {
    this.speed = speed;
    if (this.queue.length || this.asked) this.#retake();
  }

  /**
   * Take in a message.
   *
   * @param {Header} header
   * @param {Frame[]} frames
   */
  receive(header, frames) {
    let wasAsked = Boolean(header.start && header.brought); // for another run, or another setting
    if (this.asked && header.answers === this.asked.id) {
      const { at, what } = this.asked;
      this.roundTrip += 0.3 * (performance.now() - at - this.roundTrip);
      this.asked = null;
      wasAsked ||= 'reset' in what || 'pin' in what;
      if (!header.start) {
        wasAsked ||= this.changes.some(([setting]) => setting !== PARAMETER);
        [this.changes, this.stopRule] = [[], undefined];
      }
    }
    if (header.start && header.brought && this.isBringing && this.film.frames.length) this.#adopt(header);
    else if (header.start && header.run === this.run && this.film.frames.at(-1)?.epoch === frames[0].epoch) {
      this.#renew(header.start, header, frames[0]);
      wasAsked = true;
    } else if (header.start) this.#begin(header.start, header, frames[0]);
    else if (header.run !== this.run) return; // of a run that is over
    else if (header.go_on) this.#goOn();
    else if (header.take === this.take && header.after === this.last) this.#queue(header, frames);
    if (wasAsked) this.changed();
  }

  /**
   * The run on screen is about to be made again elsewhere: what is not shown yet is not part of it.
   * Returns the epoch up to which it is.
   */
  bring() {
    this.isBringing = true;
    this.queue = [];
    this.last = this.shown;
    return this.shown;
  }

  /** The run on screen has been made again, under another name. @param {Header} header */
  #adopt(header) {
    this.isBringing = false;
    this.run = header.run;
    this.take = header.take;
    this.stopRule = this.lastRule;
    this.#goOn();
  }

  /** The line is there again: go on from the frame on screen. */
  #goOn() {
    const lost = this.asked?.what;
    this.asked = null;
    if (lost && ('reset' in lost || 'pin' in lost)) this.#ask(lost);
    else this.#retake();
  }

  /**
   * Take in a whole run that was recorded, and show its beginning; nothing comes after it.
   *
   * @param {Header} header @param {Frame[]} frames
   */
  load(header, [first, ...others]) {
    if (!header.start) throw new Error('A recording must hold what its run starts with');
    this.isRecorded = true;
    this.#begin(header.start, header, first);
    this.past = 0; // none of them is shown while they are taken in
    for (const frame of others) this.#put(frame);
    this.last = this.shown;
    this.end = 'finished';
    this.lookAt(0);
  }

  /**
   * Show a moment of the board that is watched.
   *
   * @param {Header & {watch: import('./message.js').Watch}} header
   * @param {Frame} frame
   */
  watch(header, frame) {
    const { run, start, watch: { state, past } } = header;
    if (run !== this.run && !start) return;
    const hasPinned = Boolean(this.film.frames.at(-1)?.pinned);
    if (run === this.run) this.#cutAfter(past ?? frame.epoch);
    if (past === null) this.past = null;
    if (start && run !== this.run) this.#begin(start, header, frame);
    else if (start && start.pinned !== hasPinned) this.#renew(start, header, frame);
    else if (past === null) this.#put(frame);
    this.shown = past ?? frame.epoch;
    if (past !== null) {
      this.past = this.film.insert(frame);
      this.show(frame);
    }
    this.#become(this.isHeld && state === 'playing' ? 'paused' : state);
  }

  /** The present is an earlier one: what came after it is forgotten. @param {number} epoch */
  #cutAfter(epoch) {
    if (epoch >= this.shown) return;
    this.film.cut(epoch);
    this.cut(epoch);
  }

  /**
   * To be called before each repaint of the screen.
   *
   * @param {number} now ms
   */
  tick(now) {
    if (this.state !== 'playing' || this.isWatching) return;
    const since = now - this.drawnAt;
    if (this.past !== null) {
      if (since >= SHORTEST_FRAME) this.#replay(now);
      return;
    }
    if (this.queue.length && since >= SHORTEST_FRAME) {
      if (since < 200) this.frameTime += 0.1 * (since - this.frameTime);
      this.drawnAt = now;
      this.#show();
      const stop = this.stops.find(({ epoch }) => epoch === this.shown);
      if (stop) {
        this.pause();
        this.stopped(stop.reason);
      }
    }
    if (this.end && !this.queue.length) this.#become(this.end);
    else if (this.state === 'playing' && !this.asked && !this.end && this.queue.length * this.frameTime < this.#bridge()) {
      const frames = Math.ceil((this.#bridge() + RESERVE) / this.frameTime);
      this.#ask({ frames: Math.min(frames, MOST_FRAMES) });
    }
  }

  /** Show the next frame of the film, as many epochs on as the speed says. @param {number} now */
  #replay(now) {
    this.drawnAt = now;
    const next = this.film.indexOf(this.onScreen + (this.speed || 1 / this.batches));
    this.#lookAt(Math.max(next, /** @type {number} */ (this.past) + 1));
  }

  /** ms of frames that should be here when a request goes out. */
  #bridge() {
    return 1.5 * this.roundTrip + 50;
  }

  /** A new run, from its first frame on. @param {Start} start @param {Header} header @param {Frame} frame */
  #begin(start, header, frame) {
    this.run = header.run;
    this.isBringing = this.playsOn = false;
    this.take = header.take;
    this.queue = [];
    this.end = null;
    this.batches = header.batches;
    this.stops = [];
    this.film.clear();
    this.past = null;
    this.steps = 0;
    this.changes = this.changes.filter(([setting]) => setting !== PARAMETER); // that is of the old run
    this.asked = null;
    this.last = frame.epoch;
    if (this.state !== 'playing') this.#become('paused');
    this.begin(start, header);
    this.#put(frame);
    this.#noteEnd(header);
    if (this.changes.length || this.stopRule) this.#retake(); // it began without them
  }

  /**
   * The same run goes on, beside run A or alone: other charts, and what was shown is still there. Up to
   * here, A is this very run.
   *
   * @param {Start} start @param {Header} header @param {Frame} frame The present once more.
   */
  #renew(start, header, frame) {
    this.film.map(start.pinned ? besideItself : alone);
    this.begin(start, header);
    this.#put(frame);
    this.#noteEnd(header);
    if (this.past !== null) this.show(this.film.frames[this.past]);
    if (this.changes.length || this.stopRule) this.#retake(); // it was made without them
    else this.#showSteps();
  }

  /** Frames that come next. @param {Header} header @param {Frame[]} frames */
  #queue(header, frames) {
    const coming = header.redrawn ? frames.slice(1) : frames;
    if (header.redrawn) this.#put(frames[0]);
    this.queue.push(...coming);
    this.last = coming.at(-1)?.epoch ?? this.last;
    if (header.stop) this.stops.push({ epoch: this.last, reason: header.stop });
    this.#noteEnd(header);
    this.#showSteps();
  }

  /** Whether anything comes after a message's frames, and if not, why. @param {Header} header */
  #noteEnd(header) {
    this.end = header.diverged ? 'diverged' : header.finished ? 'finished' : null;
  }

  /** Show the steps that are here, and ask for those that are not. */
  #showSteps() {
    while (this.steps && this.#isNext(this.queue[0])) {
      this.steps -= 1;
      this.#show();
    }
    if (this.end && !this.queue.length && this.state === 'paused') {
      this.steps = 0;
      this.#become(this.end);
    } else if (this.steps && this.queue.length) {
      this.#retake(); // what is queued has other strides
    } else if (this.steps && !this.asked) {
      this.#askSteps();
    }
  }

  /** Ask for the single steps that are still to be shown. */
  #askSteps() {
    this.#ask({ frames: this.steps, speed: this.stride === 'batch' ? BATCH : 1 });
  }

  /** Whether a frame is the one that a single step shows. @param {Frame} [frame] */
  #isNext(frame) {
    if (!frame) return false;
    // counted in mini-batches: an epoch ends at a whole number of `batches`
    const [shown, next] = [this.shown, frame.epoch].map((epoch) => Math.round(epoch * this.batches));
    if (this.stride === 'batch') return next === shown + 1;
    return next === (Math.floor(shown / this.batches) + 1) * this.batches;
  }

  /** Drop what is not on screen yet and go on from what is. @param {Wish} [how] */
  #retake(how = {}) {
    this.take += 1;
    this.stops = [];
    this.queue = [];
    this.last = this.shown;
    this.end = null;
    if (this.state === 'diverged' || this.state === 'finished') this.#become('paused');
    if (this.steps && !('pin' in how)) this.#askSteps();
    else this.#ask({ frames: this.state === 'playing' ? 8 : 0, ...how });
  }

  /** Show the next frame of the queue. */
  #show() {
    this.#put(/** @type {Frame} */ (this.queue.shift()));
  }

  /** Make a frame the present. @param {Frame} frame */
  #put(frame) {
    this.shown = frame.epoch;
    this.film.add(frame);
    this.record(frame);
    if (this.past === null) this.show(frame);
  }

  /** Send a request. @param {Wish} what */
  #ask(what) {
    this.asked = { id: (this.requests += 1), at: performance.now(), what };
    this.send({
      id: this.requests,
      run: this.run,
      take: this.take,
      epoch: this.shown,
      last: this.last,
      speed: this.speed,
      changes: this.changes,
      ...(this.stopRule && { stop: this.stopRule }),
      ...what,
    });
  }

  /** Be in a state from now on. @param {State} state */
  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.stateChanged(state);
  }
}

/** A frame with run A as it was then: that very run. @param {Frame} frame @returns {Frame} */
function besideItself(frame) {
  const { epoch, losses, accuracies, region, borders, misclassified } = frame;
  const pinned = { epoch, losses: losses.slice(0, 2), accuracies, region, borders, misclassified, diverged: false };
  return { ...frame, pinned };
}

/** A frame without run A. @param {Frame} frame @returns {Frame} */
function alone(frame) {
  return { ...frame, pinned: undefined };
}
