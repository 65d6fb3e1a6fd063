// @ts-nocheck -- its types are still to be completed
/**
 * The live board: wires the server's messages, the buttons and the charts to the player.
 *
 * @typedef {import('./message.js').Frame} Frame
 */
import { Card } from './card.js';
import { Chart, Curves, colorBar, legendEntry, loadPlotly } from './charts.js';
import { unpack } from './message.js';
import { Network } from './network.js';
import { Pen } from './pen.js';
import { Player } from './player.js';
import { Region } from './region.js';
import { Timeline } from './timeline.js';

const CURVE_INTERVAL = 70; // ms from one chart of curves being extended to the other one being so
const MOST_PAST = 1000; // frames; beyond twice as many, every other one is let go
const GROWING = 2500; // ms in which an explanation has come for sure
const STILL = 150; // ms after which a picture that doesn't change counts as looked at
const TEXT_INTERVAL = 1000; // ms from one renewal of the charts' text alternatives to the next

/**
 * The page's board. It outlives its place on the page: Streamlit may take a component off the page
 * and mount it again in the middle of a run, and then the run goes on.
 *
 * @type {Promise<Board> | undefined}
 */
let theBoard;

/**
 * What Streamlit calls for each message, and when the theme has changed.
 *
 * @param {{data: Uint8Array, parentElement: HTMLElement,
 *   setTriggerValue: (name: string, value: object[]) => void}} component
 * @param {string} plotlyAddress
 */
export async function mount({ data, parentElement, setTriggerValue }, plotlyAddress) {
  theBoard ??= build(plotlyAddress);
  const board = await theBoard;
  if (board.root.parentElement !== parentElement) parentElement.append(board.root);
  board.send = (events) => setTriggerValue('events', events);
  board.receive(data);
  // Nothing is returned to clean up with: Streamlit would call it for each message that is overtaken
  // by the next one. Off the page, the board stands still.
}

/**
 * Where on the network view a unit is, in px; for tests and for tools that point at it.
 *
 * @param {number} layer 0 for the inputs.
 * @param {number} unit
 */
export async function whereIs(layer, unit) {
  return (await theBoard)?.network.centres[layer][unit];
}

/** @param {string} plotlyAddress */
async function build(plotlyAddress) {
  const served = (file) => new URL(file, import.meta.url).href;
  const [plotly, markup] = await Promise.all([
    loadPlotly(plotlyAddress),
    fetch(served('board.html')).then((response) => response.text()),
    loadStyle(served('board.css')),
  ]);
  return makeBoard(plotly, markup);
}

/**
 * @param {any} plotly
 * @param {string} markup What is in board.html.
 */
export function makeBoard(plotly, markup) {
  const root = document.createElement('div');
  root.className = 'board';
  root.innerHTML = markup;
  return new Board(root, plotly);
}

/** @param {string} address */
function loadStyle(address) {
  return new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: address });
    link.onload = resolve;
    link.onerror = () => reject(new Error(`The board's style could not be loaded from ${address}`));
    document.head.append(link);
  });
}

class Board {
  /**
   * @param {HTMLElement} root
   * @param {any} plotly
   */
  constructor(root, plotly) {
    this.root = root;
    /** @type {((events: object[]) => void) | null} to the server; null if there is none */
    this.send = null;
    /** @type {{number: number, name: string, value: object}[]} told, and maybe not heard yet */
    this.unheard = [];
    this.told = 0;
    this.drawn = 0;
    this.marks = '[]'; // of live changes in the curves, as JSON
    this.inOrder = Promise.resolve();
    const panel = (view) => root.querySelector(`[data-view="${view}"]`);
    this.panels = Object.fromEntries(
      ['network', 'region', 'pinned', 'loss', 'gradients'].map((view) => [view, panel(view)]),
    );
    this.layers = this.panels.gradients.querySelector('.layers tbody');
    this.region = new Region(this.panels.region.querySelector('.chart'));
    this.network = new Network(this.panels.network, {
      show: (picture, palette) => this.region.showOther(picture, palette),
      reshape: (hidden) => this.tell('reshape', { hidden }),
      edit: (index, value) => this.player.change('parameter', [index, value]),
      explain: ({ layer, from, to }) => this.explain({ weight: { layer, from, to } }),
    });
    this.points = new Chart(plotly, this.panels.region);
    this.card = new Card(this.panels.region.querySelector('.chart'));
    this.pen = new Pen(this.panels.region, this.points, (edit) => this.tell('edit', edit));
    this.pinnedRegion = new Region(this.panels.pinned.querySelector('.chart'));
    this.pinnedPoints = new Chart(plotly, this.panels.pinned);
    this.loss = new Curves(plotly, this.panels.loss, allLosses);
    this.gradients = new Curves(plotly, this.panels.gradients, (frame) => frame.flows[this.flow]);
    this.flow = 0; // which quantity of the layers is shown
    this.turns = [this.loss, this.gradients]; // whose turn it is to be extended
    this.player = new Player({
      send: (request) => this.tell('request', request),
      begin: (start) => this.begin(start),
      record: (frame) => this.record(frame),
      show: (frame) => this.show(frame),
      cut: (epoch) => this.cut(epoch),
      stateChanged: (state) => this.showState(state),
      stopped: (reason) => (root.querySelector('.state').textContent = reason),
    });
    this.timeline = new Timeline(root.querySelector('.timeline'), this.player, (epoch) => this.epochInWords(epoch));
    this.values = new Map(
      [...root.querySelectorAll('[data-value]')].map((cell) => [cell.dataset.value, cell]),
    );
    this.listen();
    requestAnimationFrame((now) => this.tick(now));
  }

  listen() {
    const { player, root } = this;
    const button = (action) => root.querySelector(`[data-action="${action}"]`);
    this.playButton = button('play');
    this.speed = button('speed');
    this.rate = button('learning-rate');
    this.logButton = button('log');
    this.playButton.onclick = () => this.playOrPause();
    button('step').onclick = () => player.step();
    button('batch').onclick = () => player.step('batch');
    button('reset').onclick = () => player.reset();
    this.batchButton = button('batch');
    this.pinButton = button('pin');
    this.pinButton.onclick = () => player.pin(!this.start.pinned);
    button('copy').onclick = (event) => copyLink(event.currentTarget);
    this.speed.onchange = () => player.setSpeed(Number(this.speed.value));
    this.rate.onchange = () => player.change('learning_rate', Number(this.rate.value));
    this.flows = button('flow');
    this.flows.onchange = () => {
      this.flow = this.flows.selectedIndex;
      this.showFlow();
    };
    this.logButton.onclick = () => {
      const log = this.logButton.getAttribute('aria-pressed') !== 'true';
      this.logButton.setAttribute('aria-pressed', String(log));
      this.loss.setScale(this.lossScale);
    };
    const onKey = (event) => {
      const held = event.ctrlKey || event.altKey || event.metaKey || event.repeat;
      if (event.code !== 'Space' || held || takesSpace(event.target) || !root.isConnected) return;
      event.preventDefault();
      this.playOrPause();
    };
    document.addEventListener('keydown', onKey, { capture: true }); // some widgets keep keys to them
    // the browser asks in its own words whether to leave
    window.addEventListener('beforeunload', (event) => {
      if (this.unsaved && root.isConnected) event.preventDefault();
    });
  }

  playOrPause() {
    if (this.player.state === 'playing') this.player.pause();
    else this.player.play();
  }

  /** @param {Uint8Array} packed Messages are unpacked one after another, in the order they came. */
  receive(packed) {
    // Streamlit also calls when the theme has changed
    const theme = getComputedStyle(this.root).color;
    if (theme !== this.theme) {
      this.theme = theme;
      this.paint();
    }
    this.inOrder = this.inOrder
      .then(() => unpack(packed))
      .then(({ header, frames }) => {
        this.unheard = this.unheard.filter(({ number }) => number > header.heard);
        this.told = Math.max(this.told, header.heard); // a board that is mounted anew counts on
        this.player.receive(header, frames);
        if (header.run === this.player.run) this.mark(header.changes);
        this.root.querySelector('.comparison').textContent = header.comparison;
        this.unsaved = header.unsaved;
      });
  }

  /** Take all colours from the theme. */
  paint() {
    [this.points, this.pinnedPoints, this.loss, this.gradients].forEach((chart) => chart.paint());
    this.region.paint();
    this.pinnedRegion.paint();
    this.network.paint();
    if (this.start) this.paintMarks();
  }

  /** @param {import('./message.js').Start} start */
  begin(start) {
    const { run } = this.player;
    const { figures } = start;
    this.label(start); // before the charts are drawn: it leaves them less room
    this.beginRegion(this.points, this.region, figures.region, start);
    if (start.pinned) this.beginRegion(this.pinnedPoints, this.pinnedRegion, structuredClone(figures.region), start);
    this.points.plot.on('plotly_click', (click) => this.pickPoint(click));
    this.timeline.begin(start);
    this.card.hide();
    this.toldFrame = null; // the server knows a run's first frame
    this.marks = '[]';
    this.network.begin(start, this.player.layerSizes);
    this.loss.begin(figures.loss, run, [], this.lossScale);
    this.start = start;
    this.past = []; // of the frames since the start, for quantities of the layers that are not shown
    this.showFlow();
  }

  /** Write what is said of a run around its charts. @param {import('./message.js').Start} start */
  label(start) {
    for (const element of this.root.querySelectorAll('[data-when=pinned]')) element.hidden = !start.pinned;
    this.root.dataset.pinned = String(start.pinned);
    this.pinButton.textContent = start.pinned ? 'Unpin A' : 'Pin as A';
    this.pinButton.title = start.pinned
      ? 'Go on with this run alone, from its beginning'
      : 'Keep this run beside the next one: both begin again and play in step, on the same data, to be compared';
    this.accuracy = start.accuracy;
    this.panels.region.querySelector('h2').textContent = start.pinned ? `B: ${start.title.toLowerCase()}` : start.title;
    this.panels.pinned.querySelector('h2').textContent = `A: ${start.title.toLowerCase()}`;
    for (const name of this.root.querySelectorAll('.accuracy')) name.textContent = start.accuracy;
    const hasPenalty = start.figures.loss.data.length > (start.pinned ? 4 : 2);
    this.root.querySelector('[data-when="penalty"]').hidden = !hasPenalty;
    this.panels.region.querySelector('.legend').replaceChildren(
      ...start.classes.map(([name, color]) => legendEntry(name, color, '■')),
      ...(start.values ? [colorBar(start.values)] : []),
      ...(start.line ? [legendEntry(start.line, 'inherit', '━')] : []),
      legendEntry('training', 'inherit', '●'),
      legendEntry('test', 'inherit', '◆'),
    );
    this.pen.begin(start);
    this.layers.replaceChildren(...start.figures[start.flows[0][0]].data.map(({ name, line }) => {
      const row = document.createElement('tr');
      row.innerHTML = '<th scope="row"></th><td class="flat"></td><td></td>';
      row.firstChild.textContent = name;
      row.firstChild.style.color = line.color;
      return row;
    }));
    if (!this.flows.length) this.flows.append(...start.flows.map(([name, label]) => new Option(label, name)));
    if (!this.speed.length) this.speed.append(...options(start.speeds));
    this.rate.replaceChildren(...options(start.learning_rates));
    this.root.dataset.learningRate = ''; // the first frame says which of them it is
    this.root.querySelector('.state').textContent = '';
  }

  /**
   * @param {Chart} points
   * @param {Region} region
   * @param {{data: object[], layout: object}} figure
   * @param {import('./message.js').Start} start
   */
  beginRegion(points, region, figure, start) {
    points.begin(figure, this.player.run);
    region.begin(points.plot, start);
    points.plot.on('plotly_relayouting', (moving) => region.paint(moving));
    points.plot.on('plotly_afterplot', () => region.paint());
  }

  /** Draw the chosen quantity of the layers, as far as it is known. */
  showFlow() {
    const [name, , help] = this.start.flows[this.flow];
    this.flows.title = help;
    this.gradients.begin(this.start.figures[name], this.player.run, this.past);
    this.paintMarks();
  }

  get lossScale() {
    return this.logButton.getAttribute('aria-pressed') === 'true' ? 'log' : 'linear';
  }

  /** Add a frame to what is known of the run. @param {Frame} frame */
  record(frame) {
    this.drawn += 1;
    this.loss.add(frame);
    this.gradients.add(frame);
    if (this.past.at(-1)?.epoch === frame.epoch) this.past.pop(); // it was changed
    if (Number.isInteger(frame.epoch)) this.past.push({ epoch: frame.epoch, flows: frame.flows });
    if (this.past.length > 2 * MOST_PAST) this.past = this.past.filter((_, i) => i % 2);
    this.root.dataset.frames = String(this.drawn);
  }

  /** Forget what is known of the time after an epoch. @param {number} epoch */
  cut(epoch) {
    this.past = this.past.filter((past) => past.epoch <= epoch);
    this.loss.cut(epoch);
    this.gradients.cut(epoch);
  }

  /** Put a frame on screen, the present one or one of the past. @param {Frame} frame */
  show(frame) {
    this.frame = frame;
    this.toldFrame ??= frame;
    this.region.draw(frame);
    this.network.draw(frame);
    if (frame.pinned) this.showPinned(frame.pinned);
    const diagnosis = frame.diagnosis ?? this.diagnosisOfPast();
    if (diagnosis) this.showDiagnosis(diagnosis);
    this.showMoment();
    const { dataset } = this.root;
    dataset.epoch = String(frame.epoch);
    if (dataset.learningRate !== String(frame.learning_rate)) {
      dataset.learningRate = this.rate.value = String(frame.learning_rate);
    }
    if (!dataset.testid) {
      dataset.testid = 'board'; // not before there is something to see
      dataset.state = this.player.state;
    }
    this.write('epoch', frame.epoch, (epoch) => this.epochInWords(epoch));
    ['train', 'test'].forEach((part, i) => {
      this.write(`${part}_loss`, frame.losses[i], readable);
      this.write(`${part}_accuracy`, frame.accuracies[i], (share) => this.share(share));
    });
    if (frame.losses.length > 2) this.write('objective', frame.losses[2], readable);
    if (this.player.state !== 'playing') this.tellWhenStill();
  }

  /** Show where in time the picture is. */
  showMoment() {
    const { past, onScreen, state } = this.player;
    // while it trains, a few times a second do: see `tick`
    if (past !== null || state !== 'playing') this.timeline.update();
    this.root.dataset.past = String(past !== null);
    this.batchButton.disabled = past !== null;
    [this.loss, this.gradients].forEach((chart) => chart.point(past === null ? null : onScreen));
  }

  /** The newest diagnosis up to the past frame on screen: not every frame has one. */
  diagnosisOfPast() {
    const { film, past } = this.player;
    if (past === null) return null;
    return film.frames.slice(0, past).findLast((frame) => frame.diagnosis)?.diagnosis;
  }

  /** @param {import('./message.js').Pinned} pinned */
  showPinned(pinned) {
    this.pinnedRegion.draw(pinned);
    const [train, test] = pinned.losses.map(readable);
    const [trainShare, testShare] = pinned.accuracies.map((share) => this.share(share));
    this.panels.pinned.querySelector('.hint').textContent =
      `loss ${train}, test ${test} · ${this.accuracy} ${trainShare}, test ${testShare}` +
      (pinned.diverged ? ` · diverged after epoch ${pinned.epoch}` : '');
  }

  /** @param {number} epoch */
  epochInWords(epoch) {
    const { batches } = this.player;
    const whole = Math.floor(epoch);
    return whole === epoch ? String(whole) : `${whole} + ${Math.round((epoch - whole) * batches)}/${batches}`;
  }

  /** @param {import('./message.js').Diagnosis} diagnosis */
  showDiagnosis({ text, flat, updates }) {
    this.panels.gradients.querySelector('.diagnosis').textContent = text;
    updates.forEach((update, layer) => {
      const [, share, step] = this.layers.children[layer].children;
      const hasFlat = layer < flat.length; // the output layer has no activation that could be flat
      share.textContent = hasFlat ? `${Math.round(100 * flat[layer])} %` : '–';
      share.style.setProperty('--share', hasFlat ? String(flat[layer]) : '0');
      step.textContent = update ? update.toExponential(0).replace('e-', 'e−') : '0';
    });
  }

  /** Mark the live changes in the curves. @param {[number, string][]} changes */
  mark(changes) {
    const marks = JSON.stringify(changes);
    if (marks === this.marks) return;
    this.marks = marks;
    this.paintMarks();
  }

  paintMarks() {
    const changes = JSON.parse(this.marks);
    [this.loss, this.gradients].forEach((chart) => chart.mark(changes));
  }

  /** A data point was clicked. @param {any} click Plotly's event. */
  pickPoint({ points: [{ curveNumber, pointIndex }], event }) {
    if (this.pen.isDown) return;
    const part = ['training', 'test'][curveNumber];
    const { left, top } = this.card.place.getBoundingClientRect();
    const title = `${part} point ${pointIndex + 1}`;
    const explain = () => this.explain({ sample: { part, index: pointIndex } });
    this.card.show({ title, explain }, event.clientX - left, event.clientY - top);
  }

  /** Ask for an explanation, of this very moment. @param {object} picked */
  explain(picked) {
    this.player.pause();
    this.toldFrame = this.frame;
    const { run, onScreen: epoch } = this.player;
    this.tell('look', { run, epoch, ...picked });
    followGrowth(document.querySelector('.st-key-inside'));
  }

  /**
   * Tell the server. Streamlit may drop a message for the next one before anybody has read it; so
   * each has all that the server has not said to have heard, but for what the next one overtakes.
   *
   * @param {'request' | 'reshape' | 'look' | 'edit'} name
   * @param {object} value
   */
  tell(name, value) {
    if (!this.send) return;
    this.unheard = this.unheard.filter((event) => event.name !== name || !isOvertaken(event));
    this.unheard.push({ number: (this.told += 1), name, value });
    // Streamlit gathers what is sent until its next timer. Input comes just before a repaint, and so
    // does most of this; a timer of our own keeps the two out of one message.
    this.sending ??= setTimeout(() => {
      this.sending = undefined;
      this.send(this.unheard);
    });
  }

  /** Tell the server what stands still on screen, for explanations of it. */
  tellWhenStill() {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      const { run, onScreen: epoch, state } = this.player;
      if (state === 'playing' || this.frame === this.toldFrame) return;
      this.toldFrame = this.frame;
      this.tell('look', { run, epoch });
    }, STILL);
  }

  /** @param {number} value An accuracy, or R², which may be far below 0. */
  share(value) {
    return this.accuracy === 'accuracy' ? percent(value) : readable(value);
  }

  /**
   * Show a number, and all its digits to whoever points at it.
   *
   * @param {string} name
   * @param {number} value
   * @param {(value: number) => string} format
   */
  write(name, value, format) {
    const cell = this.values.get(name);
    if (cell.title === String(value)) return;
    cell.title = String(value);
    cell.textContent = format(value);
  }

  /** @param {number} now */
  tick(now) {
    requestAnimationFrame((later) => this.tick(later));
    if (!this.root.isConnected) return;
    this.player.tick(now);
    if (now - (this.curvesAt ?? 0) > CURVE_INTERVAL) {
      this.curvesAt = now;
      this.turns[0].flush();
      if (this.player.state === 'playing') this.timeline.update();
      this.turns.reverse();
    }
    if (this.frame !== this.described && now - (this.textAt ?? 0) > TEXT_INTERVAL) {
      this.textAt = now;
      this.describe();
    }
  }

  /** @param {import('./player.js').State} state */
  showState(state) {
    this.root.dataset.state = state;
    this.playButton.textContent = state === 'playing' ? 'Pause' : 'Play';
    this.playButton.disabled = state === 'diverged' || state === 'finished';
    if (state !== 'playing') this.tellWhenStill();
    this.timeline.update();
    // what ended a run is still good to know when its learning rate has been lowered
    if (state !== 'paused') this.root.querySelector('.state').textContent = this.stateText(state);
  }

  /** @param {import('./player.js').State} state */
  stateText(state) {
    const { epoch, learning_rate: rate } = this.frame ?? {};
    if (state === 'diverged') {
      return (
        `Training diverged after epoch ${epoch}: the next step would have left the range of ` +
        `numbers. The charts keep the last finite epoch. Lower the learning rate (now ${rate}), ` +
        'then Reset.'
      );
    }
    if (state === 'finished' && !this.root.dataset.recorded) return `Finished: ${epoch} epochs is the most that one run keeps. Reset begins again.`;
    return '';
  }

  /** Say in words what the charts show. */
  describe() {
    const { frame } = this;
    this.described = frame;
    const [train, test] = frame.accuracies.map((share) => this.share(share));
    const say = (view, text) => {
      this.panels[view].querySelector('.text-alternative').textContent = text;
    };
    say('network', this.network.inWords());
    say('region', `At epoch ${frame.epoch} the training ${this.accuracy} is ${train}, the test ${this.accuracy} ${test}.`);
    const [trainLoss, testLoss] = frame.losses.map(readable);
    if (frame.pinned) say('pinned', `Run A: ${this.panels.pinned.querySelector('.hint').textContent}.`);
    say('loss', `At epoch ${frame.epoch} the training loss is ${trainLoss}, the test loss ${testLoss}.`);
    const flows = frame.flows[this.flow].map(readable).join(', ');
    const [, quantity] = this.start.flows[this.flow];
    say('gradients', `At epoch ${frame.epoch} ${quantity} of the layers, from the first to the output, is ${flows}.`);
  }
}

/**
 * Whether the next event of the same name makes one void.
 *
 * @param {{name: string, value: object}} event
 */
function isOvertaken({ name, value }) {
  if (name === 'request') return 'frames' in value; // and not if it begins again
  return name === 'look' && !('sample' in value || 'weight' in value);
}

/**
 * Keep the top of something in view while what is asked for comes.
 *
 * @param {Element | null} element
 */
function followGrowth(element) {
  if (!element) return;
  const observer = new ResizeObserver(() => element.scrollIntoView({ behavior: 'smooth' }));
  observer.observe(element);
  setTimeout(() => observer.disconnect(), GROWING);
}

/** What the chart of losses shows of a frame; run A has none where it has diverged. @param {Frame} frame */
function allLosses({ losses, pinned }) {
  if (!pinned) return losses;
  return [...losses, ...pinned.losses.map((loss) => (pinned.diverged ? NaN : loss))];
}

/** @param {number[]} values */
function options(values) {
  return values.map((value) => new Option(String(value)));
}

/** @param {number} value */
function readable(value) {
  const size = Math.abs(value);
  return (size !== 0 && size < 1e-4) || size >= 1e4 ? value.toExponential(2) : value.toFixed(4);
}

/** @param {number} share */
function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}

/**
 * Whether the space bar already means something where the focus is.
 *
 * @param {EventTarget | null} target
 */
function takesSpace(target) {
  if (target instanceof Element && target.closest('[aria-checked=true]')) return false; // chosen
  const fields = 'input, textarea, select, button, a, summary, [contenteditable=true]';
  const roles = ['slider', 'radio', 'checkbox', 'switch', 'combobox', 'listbox', 'option', 'menuitem', 'tab'];
  const selector = [fields, ...roles.map((role) => `[role=${role}]`)].join();
  return target instanceof Element && target.closest(selector) !== null;
}

/** @param {HTMLButtonElement} button Says for a moment whether it worked. */
async function copyLink(button) {
  const link = location.href;
  let copied = true;
  try {
    await navigator.clipboard.writeText(link);
  } catch {
    // there is no clipboard API on a plain http address of the local network
    const text = document.body.appendChild(document.createElement('textarea'));
    text.value = link;
    text.select();
    copied = document.execCommand('copy');
    text.remove();
  }
  const name = 'Copy link';
  button.textContent = copied ? 'Copied' : 'Use the address bar';
  setTimeout(() => (button.textContent = name), 1500);
}
