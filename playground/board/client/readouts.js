/**
 * The numbers and sentences of the board: readouts, the diagnosis of the layers, why it stands still,
 * and what the charts show in words.
 *
 * @typedef {import('./message.js').Frame} Frame
 * @typedef {import('./message.js').Start} Start
 * @typedef {import('./message.js').Trace} Trace
 * @typedef {import('./player.js').State} State
 */
import { lineSample } from './charts.js';
import { courseOf } from './course.js';
import { find } from './elements.js';
import { readable } from './numbers.js';

const LEGIBLE = 100; // ms; numbers that change faster can't be read
const TEXT_INTERVAL = 1000; // ms from one renewal of the charts' text alternatives to the next

export class Readouts {
  /** @param {HTMLElement} root Of the board. */
  constructor(root) {
    this.root = root;
    this.state = find(root, '.state', HTMLElement);
    this.comparison = find(root, '.comparison', HTMLElement);
    this.diagnosis = find(root, '[data-view=gradients] .diagnosis', HTMLElement);
    this.layers = find(root, '[data-view=gradients] .layers tbody', HTMLElement);
    this.pinnedHint = find(root, '[data-view=pinned] .hint', HTMLElement);
    /** @type {Map<string, HTMLElement>} */
    this.values = new Map(
      [.../** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('[data-value]'))].map((cell) => [
        /** @type {string} */ (cell.dataset.value), cell,
      ]),
    );
    this.batches = 1;
    this.accuracy = 'accuracy';
    /** @type {Start | null} */
    this.start = null;
    /** @type {Frame | null} */
    this.frame = null;
    this.isBehind = false; // whether the numbers are still those of an earlier frame
    this.writtenAt = 0; // when they were written, ms
    /** @type {Frame | null} the one that was put into words last */
    this.described = null;
    this.textAt = 0; // when that was
  }

  /** @param {Start} start @param {number} batches Mini-batches that an epoch has. */
  begin(start, batches) {
    this.start = start;
    this.batches = batches;
    this.accuracy = start.accuracy;
    this.state.textContent = '';
    for (const name of this.root.querySelectorAll('.accuracy')) name.textContent = start.accuracy;
    const [word, meaning] = start.without_slope;
    Object.assign(find(this.root, '[data-value-of=flat]', HTMLElement), { textContent: word, title: meaning });
    const hasPenalty = start.figures.loss.data.length > (start.pinned ? 4 : 2);
    find(this.root, '[data-when="penalty"]', HTMLElement).hidden = !hasPenalty;
    this.layers.replaceChildren(
      ...start.figures[start.flows[0][0]].data.map((/** @type {any} */ { name, line }) => {
        const row = document.createElement('tr');
        row.innerHTML = '<th scope="row"></th><td class="flat"></td><td></td>';
        const head = /** @type {HTMLElement} */ (row.firstChild);
        head.append(lineSample(line), name);
        return row;
      }),
    );
  }

  /** @param {Frame} frame */
  show(frame) {
    this.frame = frame;
    this.isBehind = true;
  }

  /**
   * Write the numbers of the frame on screen; where frames are late, as often as anybody can read them.
   *
   * @param {boolean} isHurried
   * @param {number} now ms
   */
  renew(isHurried, now = performance.now()) {
    if (!this.frame || !this.isBehind || (isHurried && now - this.writtenAt < LEGIBLE)) return;
    const { frame } = this;
    this.isBehind = false;
    this.writtenAt = now;
    this.write('epoch', frame.epoch, (epoch) => this.epochInWords(epoch));
    ['train', 'test'].forEach((part, i) => {
      this.write(`${part}_loss`, frame.losses[i], readable);
      this.write(`${part}_accuracy`, frame.accuracies[i], (share) => this.share(share));
    });
    if (frame.losses.length > 2) this.write('objective', frame.losses[2], readable);
    if (frame.pinned) this.showPinned(frame.pinned);
  }

  /** @param {import('./message.js').Pinned} pinned */
  showPinned(pinned) {
    const [train, test] = pinned.losses.map(readable);
    const [trainShare, testShare] = pinned.accuracies.map((share) => this.share(share));
    this.pinnedHint.textContent =
      `loss ${train}, test ${test} · ${this.accuracy} ${trainShare}, test ${testShare}` +
      (pinned.diverged ? ` · diverged after epoch ${pinned.epoch}` : '');
  }

  /** @param {number} epoch */
  epochInWords(epoch) {
    const whole = Math.floor(epoch);
    return whole === epoch ? String(whole) : `${whole} + ${Math.round((epoch - whole) * this.batches)}/${this.batches}`;
  }

  /** @param {import('./message.js').Diagnosis} diagnosis */
  showDiagnosis({ text, flat, updates }) {
    this.diagnosis.textContent = text;
    updates.forEach((update, layer) => {
      const [, share, step] = /** @type {HTMLCollectionOf<HTMLElement>} */ (this.layers.children[layer].children);
      const hasFlat = layer < flat.length; // the output layer has no activation that could be flat
      share.textContent = hasFlat ? `${Math.round(100 * flat[layer])} %` : '–';
      share.style.setProperty('--share', hasFlat ? String(flat[layer]) : '0');
      step.textContent = update ? update.toExponential(0).replace('e-', 'e−') : '0';
    });
  }

  /** Say why it stands still, if there is a reason. @param {State} state */
  showState(state) {
    // what ended a run is still good to know when its learning rate has been lowered
    if (state !== 'paused') this.say(this.stateText(state), state);
  }

  /** @param {State} state */
  stateText(state) {
    const { epoch, learning_rate: rate } = this.frame ?? { epoch: 0, learning_rate: 0 };
    if (state === 'diverged') {
      return (
        `Training diverged after epoch ${epoch}: the next step leaves the range of numbers. ` +
        `The charts keep the last finite epoch. Lower the learning rate (now ${rate}), then press ` +
        'Reset.'
      );
    }
    if (state === 'finished' && !this.root.dataset.recorded) {
      return `Finished: a run has at most ${epoch} epochs. Press Reset to start again.`;
    }
    return '';
  }

  /** @param {string} words @param {State} [state] That they are about. */
  say(words, state = 'paused') {
    this.state.textContent = words;
    this.state.dataset.of = state;
  }

  /**
   * Renew, from time to time, what the charts show in words; while it plays nobody could read them.
   *
   * @param {number} now ms
   * @param {object} parts
   * @param {() => string} parts.network The network in words.
   * @param {number} parts.flow Which quantity of the layers is shown.
   * @param {() => Trace[]} parts.losses The curves of the losses.
   * @param {() => Trace[]} parts.layers The curves of that quantity.
   */
  describe(now, { network, flow, losses, layers }) {
    if (!this.frame || !this.start || this.frame === this.described || now - this.textAt <= TEXT_INTERVAL) return;
    this.textAt = now;
    const { frame, start } = this;
    this.described = frame;
    const [train, test] = frame.accuracies.map((share) => this.share(share));
    /** @param {string} view @param {string} text */
    const say = (view, text) => {
      find(this.root, `[data-view=${view}] > .text-alternative`, HTMLElement).textContent = text;
    };
    say('network', network());
    say('region', `At epoch ${frame.epoch} the training ${this.accuracy} is ${train}, the test ${this.accuracy} ${test}.`);
    if (frame.pinned) say('pinned', `Run A: ${this.pinnedHint.textContent}.`);
    say('loss', coursesOf(losses()));
    const [, quantity, symbol] = start.flows[flow];
    say('gradients', `${quantity} (${symbol}), layer by layer from the inputs. ${coursesOf(layers())}`);
  }

  /**
   * The moment on screen in the words that there are without a server.
   *
   * @returns {{numbers: string, verdict: string}}
   */
  inWords() {
    const { frame } = this;
    if (!frame) return { numbers: '', verdict: '' };
    const [train, test] = frame.losses.map(readable);
    const [trainShare, testShare] = frame.accuracies.map((share) => this.share(share));
    return {
      numbers:
        `Epoch ${this.epochInWords(frame.epoch)}. The training loss is ${train}, the test loss is ${test}; ` +
        `${this.accuracy} is ${trainShare} (test ${testShare}).`,
      verdict: this.diagnosis.textContent,
    };
  }

  /** @param {number} value An accuracy, or R², which may be far below 0. */
  share(value) {
    return this.accuracy === 'accuracy' ? percent(value) : readable(value);
  }

  /**
   * Show a number, and all its digits to whoever points at it. A screen reader reads what is shown.
   *
   * @param {string} name
   * @param {number} value
   * @param {(value: number) => string} format
   */
  write(name, value, format) {
    const cell = /** @type {HTMLElement} */ (this.values.get(name));
    if (cell.title === String(value)) return;
    const words = format(value);
    cell.title = String(value);
    cell.textContent = words;
    find(/** @type {HTMLElement} */ (cell.parentElement), '.text-alternative', HTMLElement).textContent = words;
  }
}

/** How some curves run. @param {Trace[]} curves */
function coursesOf(curves) {
  const courses = curves.map(({ name, y }) => `${name} ${courseOf(y, readable)}`).join('; ');
  return `Up to epoch ${curves[0].x.at(-1)}: ${courses}.`;
}

/** @param {number} share */
function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}
