/**
 * The live board: wires the line, the player, the pictures and the buttons to each other.
 *
 * @typedef {import('./message.js').Frame} Frame
 * @typedef {import('./message.js').Header} Header
 * @typedef {import('./message.js').Start} Start
 * @typedef {import('./message.js').Figure} Figure
 * @typedef {import('./charts.js').Plotly} Plotly
 * @typedef {'network' | 'region' | 'pinned' | 'loss' | 'gradients'} View
 * @typedef {'reshape' | 'look' | 'edit' | 'changed' | 'history'} Told What the page may be told.
 */
import { Card } from './card.js';
import { Chart, Curves, colorBar, legendEntry } from './charts.js';
import { find } from './elements.js';
import { Line } from './line.js';
import { unpack } from './message.js';
import { Network } from './network.js';
import { Pen } from './pen.js';
import { Player } from './player.js';
import { Readouts } from './readouts.js';
import { Region } from './region.js';
import { Timeline } from './timeline.js';
import { RunValue } from './value.js';

const CURVE_INTERVAL = 70; // ms from one chart of curves being extended to the other one being so
const MOST_PAST = 1000; // frames; beyond twice as many, every other one is let go
const GROWING = 2500; // ms in which an explanation has come for sure
const STILL = 150; // ms after which a picture that doesn't change counts as looked at

/**
 * A board that has no run yet.
 *
 * @param {Plotly} plotly
 * @param {string} markup What is in board.html.
 */
export function makeBoard(plotly, markup) {
  const root = document.createElement('div');
  root.className = 'board';
  root.innerHTML = markup;
  return new Board(root, plotly);
}

class Board {
  /**
   * @param {HTMLElement} root
   * @param {Plotly} plotly
   */
  constructor(root, plotly) {
    this.root = root;
    /** @type {(() => void) | null} have the page take what it was told; null if there is no page */
    this.wake = null;
    /** @type {{name: Told, value: object}[]} what the page has not been told yet */
    this.untold = [];
    this.follows = false; // whether the page wants to know what stands still on screen
    this.attached = ''; // address of the line, '' before there is one
    /** @type {Start | null} of the run on screen */
    this.start = null;
    /** @type {Frame | null} on screen */
    this.frame = null;
    /** @type {Frame | null} the last one that the page or the server was told of */
    this.toldFrame = null;
    this.refused = ''; // why there is another run than the one that was brought
    this.unsaved = false; // whether something would be lost with the page
    this.theme = ''; // what tells one theme from another
    this.curvesAt = 0; // when a chart of curves was extended last, ms
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.telling = undefined; // what waits for the picture to stand still
    this.drawn = 0; // frames, so far
    /** @type {Pick<Frame, 'epoch' | 'flows'>[]} what the curves of the layers may show */
    this.past = [];
    this.marks = '[]'; // of live changes in the curves, as JSON
    this.inOrder = Promise.resolve();
    this.readouts = new Readouts(root);
    this.value = new RunValue();
    /** @param {View} view */
    const panel = (view) => find(root, `[data-view="${view}"]`, HTMLElement);
    this.panels = {
      network: panel('network'),
      region: panel('region'),
      pinned: panel('pinned'),
      loss: panel('loss'),
      gradients: panel('gradients'),
    };
    const place = find(this.panels.region, '.chart', HTMLElement);
    this.region = new Region(place);
    this.network = new Network(this.panels.network, {
      show: (picture, palette) => this.region.showOther(picture, palette),
      reshape: (hidden) => this.tell('reshape', { hidden }),
      edit: (index, value) => this.player.change('parameter', [index, value]),
      explain: ({ layer, from, to }) => this.explain({ weight: { layer, from, to } }),
    });
    this.points = new Chart(plotly, this.panels.region);
    this.card = new Card(place);
    this.pen = new Pen(this.panels.region, this.points, (edit) => this.tell('edit', edit));
    this.pinnedRegion = new Region(find(this.panels.pinned, '.chart', HTMLElement));
    this.pinnedPoints = new Chart(plotly, this.panels.pinned);
    this.loss = new Curves(plotly, this.panels.loss, allLosses);
    /** @type {Curves<Pick<Frame, 'epoch' | 'flows'>>} */
    this.gradients = new Curves(plotly, this.panels.gradients, (frame) => frame.flows[this.flow]);
    this.flow = 0; // which quantity of the layers is shown
    this.turns = [this.loss, this.gradients]; // whose turn it is to be extended
    this.player = new Player({
      send: (request) => this.line.send(request),
      begin: (start, header) => this.begin(start, header),
      record: (frame) => this.record(frame),
      show: (frame) => this.show(frame),
      cut: (epoch) => this.cut(epoch),
      stateChanged: (state) => this.showState(state),
      stopped: (reason) => this.readouts.say(reason),
      changed: () => this.tell('changed', {}),
    });
    this.line = new Line({
      receive: (message) => this.receive(message),
      note: (note) => this.note(note),
      stateChanged: (state) => this.showLine(state),
      run: () => this.player.now.run,
      value: () => this.valueToBring(),
    });
    this.timeline = new Timeline(find(root, '.timeline', HTMLElement), this.player, (epoch) => this.readouts.epochInWords(epoch));
    /** @param {number} layer @param {number} unit */
    const whereIs = (layer, unit) => this.network.centres[layer][unit];
    // where on the network view a unit is, in px; for tests and for tools that point at it
    Object.assign(root, { whereIs });
    /** @param {string} action */
    const button = (action) => find(root, `[data-action="${action}"]`, HTMLButtonElement);
    /** @param {string} action */
    const choice = (action) => find(root, `[data-action="${action}"]`, HTMLSelectElement);
    this.playButton = button('play');
    this.stepButton = button('step');
    this.batchButton = button('batch');
    this.resetButton = button('reset');
    this.pinButton = button('pin');
    this.logButton = button('log');
    this.copyButton = button('copy');
    this.copyFrameButton = button('copy-frame');
    this.speed = choice('speed');
    this.rate = choice('learning-rate');
    this.flows = choice('flow');
    this.listen();
    requestAnimationFrame((now) => this.tick(now));
  }

  /** Do what the buttons and boxes are there for. */
  listen() {
    const { player, root } = this;
    this.playButton.onclick = () => this.playOrPause();
    this.stepButton.onclick = () => player.step();
    this.batchButton.onclick = () => player.step('batch');
    this.resetButton.onclick = () => player.reset();
    this.pinButton.onclick = () => player.pin(!this.start?.pinned);
    this.copyButton.onclick = () => copy(this.copyButton, location.href);
    this.copyFrameButton.onclick = () => copy(this.copyFrameButton, frameOf(location));
    this.speed.onchange = () => player.setSpeed(Number(this.speed.value));
    this.rate.onchange = () => player.change('learning_rate', Number(this.rate.value));
    this.flows.onchange = () => {
      this.flow = this.flows.selectedIndex;
      this.showFlow();
    };
    this.logButton.onclick = () => {
      const log = this.logButton.getAttribute('aria-pressed') !== 'true';
      this.logButton.setAttribute('aria-pressed', String(log));
      this.loss.setScale(this.lossScale);
    };
    /** @param {KeyboardEvent} event */
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
    window.addEventListener('pagehide', () => this.value.save(performance.now(), true));
    window.addEventListener('popstate', () => this.tell('history', { query: location.search }));
  }

  /**
   * Be answered at an address; a page says it again whenever it was run.
   *
   * @param {object} where
   * @param {string} where.line
   * @param {boolean} [where.follows]
   * @param {boolean} [where.fresh] Whether to forget what there was before.
   */
  async attach({ line, follows = false, fresh = false }) {
    this.follows = follows;
    const isFirst = this.attached === '';
    if (line === this.attached) return;
    this.attached = line;
    if (fresh) this.value.forget();
    const bring = !fresh && (!isFirst || (await this.value.takeUp()));
    if (line === this.attached) this.line.open(line, { bring, hasPage: this.wake !== null });
  }

  /** The value of the run on screen, which a server is about to make again; null if a new one is as good. */
  valueToBring() {
    if (this.value.isNew) return null;
    if (this.player.now.frames) this.value.epoch = this.player.bring();
    return this.value.text();
  }

  /** The server says something in words. @param {Record<string, any>} note */
  note({ told, making, data, refused }) {
    if (data) this.value.take(data);
    if (told) this.wake?.();
    if (making) this.readouts.say(`Making the run again: epoch ${Math.floor(making[0])} of ${Math.floor(making[1])}.`);
    if (refused) this.refused = refused; // it is said with the run that is there instead
  }

  /** Say whether there is a line to the server. @param {import('./line.js').LineState} state */
  showLine(state) {
    this.root.dataset.line = state;
    find(this.root, '.line', HTMLElement).textContent =
      state === 'broken' ? 'The connection to the server is lost. Trying again; what was shown is still here.' : '';
    if (state === 'open') this.tellAll();
  }

  /** The one that is not the case yet. */
  playOrPause() {
    if (this.player.now.state === 'playing') this.player.pause();
    else this.player.play();
  }

  /** @param {Uint8Array<ArrayBuffer>} packed Messages are unpacked one after another, in the order they came. */
  receive(packed) {
    this.inOrder = this.inOrder
      .then(() => unpack(packed))
      .then(({ header, frames }) => {
        if (header.start || header.run === this.player.now.run) this.value.read(header);
        this.player.receive(header, frames);
        if (header.run === this.player.now.run) this.mark(header.changes);
        this.readouts.comparison.textContent = header.comparison;
        this.unsaved = header.unsaved;
      });
  }

  /** Paint anew if the theme is another one. */
  checkTheme() {
    const theme = getComputedStyle(this.root).color;
    if (theme === this.theme) return;
    this.theme = theme;
    this.paint();
  }

  /** Take all colours from the theme. */
  paint() {
    [this.points, this.pinnedPoints, this.loss, this.gradients].forEach((chart) => chart.paint());
    this.region.paint();
    this.pinnedRegion.paint();
    this.network.paint();
    if (this.start) this.paintMarks();
  }

  /** A new run is there. @param {Start} start @param {Header} header */
  begin(start, header) {
    const { run } = header;
    const { figures } = start;
    this.label(start); // before the charts are drawn: it leaves them less room
    this.readouts.begin(start, header.batches);
    this.beginRegion(this.points, this.region, figures.region, start, run);
    if (start.pinned) this.beginRegion(this.pinnedPoints, this.pinnedRegion, structuredClone(figures.region), start, run);
    this.points.plot.on('plotly_click', (/** @type {any} */ click) => this.pickPoint(click));
    this.timeline.begin(start);
    this.card.hide();
    this.toldFrame = null; // the server knows a run's first frame
    this.marks = '[]';
    this.network.begin(start, header.layer_sizes);
    this.loss.begin(figures.loss, run, [], this.lossScale);
    this.start = start;
    this.past = []; // of the frames since the start, for quantities of the layers that are not shown
    this.showFlow(run);
    if (this.refused) this.readouts.say(this.refused);
    this.refused = '';
  }

  /** Write what is said of a run around its charts. @param {Start} start */
  label(start) {
    /** @type {NodeListOf<HTMLElement>} */
    const ofTwo = this.root.querySelectorAll('[data-when=pinned]');
    for (const element of ofTwo) element.hidden = !start.pinned;
    this.root.dataset.pinned = String(start.pinned);
    this.pinButton.textContent = start.pinned ? 'Unpin A' : 'Pin as A';
    this.pinButton.title = start.pinned
      ? 'Go on with this run alone, from its beginning'
      : 'Keep this run beside the next one: both begin again and play in step, on the same data, to be compared';
    const { region, pinned } = this.panels;
    find(region, 'h2', HTMLElement).textContent = start.pinned ? `B: ${start.title.toLowerCase()}` : start.title;
    find(pinned, 'h2', HTMLElement).textContent = `A: ${start.title.toLowerCase()}`;
    find(region, '.legend', HTMLElement).replaceChildren(
      ...start.classes.map(([name, color]) => legendEntry(name, color, '■')),
      ...(start.values ? [colorBar(start.values)] : []),
      ...(start.line ? [legendEntry(start.line, 'inherit', '━')] : []),
      legendEntry('training', 'inherit', '●'),
      legendEntry('test', 'inherit', '◆'),
    );
    this.pen.begin(start);
    if (!this.flows.length) this.flows.append(...start.flows.map(([name, label]) => new Option(label, name)));
    if (!this.speed.length) this.speed.append(...options(start.speeds));
    this.rate.replaceChildren(...options(start.learning_rates));
    this.root.dataset.learningRate = ''; // the first frame says which of them it is
  }

  /**
   * Draw what the network predicts, and the points above it.
   *
   * @param {Chart} points
   * @param {Region} region
   * @param {Figure} figure
   * @param {Start} start
   * @param {string} run
   */
  beginRegion(points, region, figure, start, run) {
    points.begin(figure, run);
    region.begin(points.plot, start);
    points.plot.on('plotly_relayouting', (/** @type {Record<string, number>} */ moving) => region.paint(moving));
    points.plot.on('plotly_afterplot', () => region.paint());
  }

  /** Draw the chosen quantity of the layers, as far as it is known. */
  showFlow(run = this.player.now.run) {
    if (!this.start) return;
    const [name, , help] = this.start.flows[this.flow];
    this.flows.title = help;
    this.gradients.begin(this.start.figures[name], run, this.past);
    this.paintMarks();
  }

  /** As the button says. @returns {import('./charts.js').Scale} */
  get lossScale() {
    return this.logButton.getAttribute('aria-pressed') === 'true' ? 'log' : 'linear';
  }

  /**
   * Show a whole run that was recorded: there is no server to ask for more.
   *
   * @param {Header} header
   * @param {Frame[]} frames
   */
  load(header, frames) {
    this.root.dataset.recorded = 'true';
    this.player.load(header, frames);
    this.mark(header.changes);
    this.readouts.comparison.textContent = header.comparison;
  }

  /** Add a frame to what is known of the run. @param {Frame} frame */
  record(frame) {
    this.drawn += 1;
    this.value.epoch = frame.epoch;
    this.loss.add(frame);
    this.gradients.add(frame);
    if (this.past.at(-1)?.epoch === frame.epoch) this.past.pop(); // it was changed
    if (Number.isInteger(frame.epoch)) this.past.push({ epoch: frame.epoch, flows: frame.flows });
    if (this.past.length > 2 * MOST_PAST) this.past = this.past.filter((_, i) => i % 2);
    this.root.dataset.frames = String(this.drawn);
  }

  /** Forget what is known of the time after an epoch. @param {number} epoch */
  cut(epoch) {
    this.value.epoch = epoch;
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
    if (frame.pinned) this.pinnedRegion.draw(frame.pinned);
    this.readouts.show(frame);
    const { isPast, state } = this.player.now;
    const diagnosis = frame.diagnosis ?? (isPast ? this.player.diagnosis : null);
    if (diagnosis) this.readouts.showDiagnosis(diagnosis);
    this.showMoment();
    const { dataset } = this.root;
    dataset.epoch = String(frame.epoch);
    if (dataset.learningRate !== String(frame.learning_rate)) {
      dataset.learningRate = this.rate.value = String(frame.learning_rate);
    }
    if (!dataset.testid) {
      dataset.testid = 'board'; // not before there is something to see
      dataset.state = state;
    }
    if (state !== 'playing') this.tellWhenStill();
  }

  /** Show where in time the picture is. */
  showMoment() {
    const { isPast, onScreen, state } = this.player.now;
    // while it trains, a few times a second do: see `tick`
    if (isPast || state !== 'playing') this.timeline.update();
    this.root.dataset.past = String(isPast);
    this.batchButton.disabled = isPast;
    [this.loss, this.gradients].forEach((chart) => chart.point(isPast ? onScreen : null));
  }

  /** Mark the live changes in the curves. @param {[number, string][]} changes */
  mark(changes) {
    const marks = JSON.stringify(changes);
    if (marks === this.marks) return;
    this.marks = marks;
    this.paintMarks();
  }

  /** Mark them once more: a chart was drawn anew, or in other colours. */
  paintMarks() {
    /** @type {[number, string][]} */
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
    const { run, onScreen: epoch } = this.player.now;
    this.tell('look', { run, epoch, ...picked });
    followGrowth(document.querySelector('.st-key-inside'));
  }

  /**
   * Tell the page. What is told goes over the line, which loses nothing; then the page is woken.
   *
   * @param {Told} name
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

  /** Tell what stands still on screen, and wake the page if it wants to know. */
  tellWhenStill() {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      const { run, onScreen: epoch, state } = this.player.now;
      if (state === 'playing' || this.frame === this.toldFrame) return;
      this.toldFrame = this.frame;
      if (this.follows) this.tell('look', { run, epoch });
      else this.line.send({ look: { run, epoch } }); // for what is saved, and for the last runs
    }, STILL);
  }

  /** To be called before each repaint of the screen. @param {number} now ms */
  tick(now) {
    requestAnimationFrame((later) => this.tick(later));
    if (!this.root.isConnected) return;
    this.player.tick(now);
    if (now - this.curvesAt > CURVE_INTERVAL) {
      this.curvesAt = now;
      this.turns[0].flush();
      this.checkTheme();
      if (this.player.now.state === 'playing') this.timeline.update();
      this.turns.reverse();
    }
    this.readouts.describe(now, { network: () => this.network.inWords(), flow: this.flow });
    this.value.save(now);
  }

  /** Show whether it plays, or why it can't. @param {import('./player.js').State} state */
  showState(state) {
    this.root.dataset.state = state;
    this.playButton.textContent = state === 'playing' ? 'Pause' : 'Play';
    this.playButton.disabled = state === 'diverged' || state === 'finished';
    if (state !== 'playing') this.tellWhenStill();
    this.timeline.update();
    this.readouts.showState(state);
  }
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

/** Choices of a box. @param {number[]} values */
function options(values) {
  return values.map((value) => new Option(String(value)));
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

/**
 * Copy a text.
 *
 * @param {HTMLButtonElement} button Says for a moment whether it worked.
 * @param {string} text
 */
async function copy(button, text) {
  let copied = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // there is no clipboard API on a plain http address of the local network
    const area = document.body.appendChild(document.createElement('textarea'));
    area.value = text;
    area.select();
    copied = document.execCommand('copy');
    area.remove();
  }
  const name = button.dataset.name ?? button.textContent;
  button.dataset.name = name;
  button.textContent = copied ? 'Copied' : 'Use the address bar';
  setTimeout(() => (button.textContent = name), 1500);
}

/**
 * A line of HTML that shows the board alone, in a page elsewhere.
 *
 * @param {Location} location
 */
function frameOf({ href, search }) {
  const base = href.split(/[?#]/)[0].replace(/\/(embed)?$/, '');
  const address = `${base}/embed${search}`.replaceAll('&', '&amp;').replaceAll('"', '%22');
  return `<iframe src="${address}" width="100%" height="720" style="border: 0" title="MLP Playground"></iframe>`;
}
