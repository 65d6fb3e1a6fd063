/**
 * The live board: wires the line, the player, the pictures and the buttons to each other.
 *
 * @typedef {import('./message.js').Frame} Frame
 * @typedef {import('./message.js').Header} Header
 * @typedef {import('./message.js').Start} Start
 * @typedef {'network' | 'region' | 'pinned' | 'loss' | 'gradients'} View
 */
import { Card } from './card.js';
import { copyOnClick, momentLink } from './clipboard.js';
import { Controls } from './controls.js';
import { Description } from './description.js';
import { find } from './elements.js';
import { FocusKeeper } from './focus.js';
import { Flows } from './flows.js';
import { Help } from './help.js';
import { onSpace } from './keys.js';
import { Line } from './line.js';
import { Losses } from './losses.js';
import { unpack } from './message.js';
import { Network } from './network.js';
import { Pen } from './pen.js';
import { Player } from './player.js';
import { PointKeys } from './point_keys.js';
import { closeWhenLeft } from './popup.js';
import { Prediction } from './prediction.js';
import { Presentation } from './present.js';
import { Probe } from './probe.js';
import { Readouts } from './readouts.js';
import { onShortcuts } from './shortcuts.js';
import { Sound } from './sound.js';
import { Tables, tableOfCurves, tableOfPoints } from './tables.js';
import { Telling } from './telling.js';
import { Timeline } from './timeline.js';
import { Charting } from './stand_in.js';
import { RunValue } from './value.js';
import { Welcome } from './welcome.js';

const CURVE_INTERVAL = 70; // ms from one chart of curves being extended to the other one being so
// Share of the time that may go into that. A redraw costs many times what a frame does, so where the
// screen can't be kept up with, frames come first.
const [CURVE_SHARE, LEAST_CURVE_SHARE] = [0.25, 0.08];
const SLOW = 22; // ms from frame to frame
/** @type {Record<import('./line.js').LineState, string>} What is said of the line to the server. */
const LINE_WORDS = {
  connecting: '',
  open: '',
  broken: 'The connection to the server is lost. Trying again. Everything shown so far is still here.',
  full: 'This playground is full. Trying again until somebody leaves.',
};

/**
 * A board that has no run yet.
 *
 * @param {string} markup What is in board.html.
 * @param {() => Promise<import('./charts.js').Plotly>} load Load Plotly. Its script keeps a processor busy
 *   for longer than all the rest: it is asked for when there is something to see.
 */
export function makeBoard(markup, load) {
  const root = document.createElement('div');
  root.className = 'board';
  root.innerHTML = markup;
  return new Board(root, load);
}

class Board {
  /**
   * @param {HTMLElement} root
   * @param {() => Promise<import('./charts.js').Plotly>} load
   */
  constructor(root, load) {
    this.root = root;
    this.loadPlotly = load;
    const plotly = new Charting();
    this.charting = plotly;
    this.attached = ''; // address of the line, '' before there is one
    this.refused = ''; // why there is another run than the one that was brought
    this.unsaved = false; // whether something would be lost with the page
    /** @type {() => Record<string, string>} what is open besides, as parts of a link */
    this.openBeside = () => ({});
    this.lesson = ''; // which one is open, '' for none
    /** @type {import('./probe.js').Sample | null} the data point that the card is about, or was */
    this.sample = null;
    this.theme = ''; // what tells one theme from another
    this.drawn = 0; // frames, so far
    this.received = 0; // messages of the server, so far
    this.curvesDue = 0; // when a chart of curves is extended next, ms
    this.nowAndThen = 0; // when what need not be in each frame is looked at next, ms
    /** @type {Frame | null} on screen */
    this.frame = null;
    this.inOrder = Promise.resolve(); // when all messages that have come are taken in
    this.value = new RunValue();
    this.player = new Player({
      send: (request) => this.line.send(request),
      begin: (start, header) => this.begin(start, header),
      record: (frame) => this.record(frame),
      show: (frame) => this.show(frame),
      cut: (epoch) => this.cut(epoch),
      stateChanged: (state) => this.showState(state),
      stopped: (reason) => this.readouts.say(reason),
      changed: () => this.telling.tell('changed', {}),
    });
    this.line = new Line({
      receive: (message) => this.receive(message),
      note: (note) => this.note(note),
      stateChanged: (state) => this.showLine(state),
      run: () => this.player.now.run,
      value: () => this.valueToBring(),
    });
    this.stay = find(root, '[data-action="stay"]', HTMLButtonElement);
    this.stay.onclick = () => this.line.interrupt({ stay: true });
    this.telling = new Telling(this.line, this.player);
    this.welcome = new Welcome(root, () => this.telling.tell('lesson', {}));

    /** @param {View} view */
    const panel = (view) => find(root, `[data-view="${view}"]`, HTMLElement);
    this.panels = {
      network: panel('network'),
      region: panel('region'),
      pinned: panel('pinned'),
      loss: panel('loss'),
      gradients: panel('gradients'),
    };
    this.network = new Network(this.panels.network, {
      show: (picture, palette, title) => this.prediction.showOther(picture, palette, title),
      reshape: (hidden) => this.telling.tell('reshape', { hidden }),
      edit: (index, value) => this.player.change('parameter', [index, value]),
      explain: ({ layer, from, to }) => this.telling.explain({ weight: { layer, from, to } }),
    });
    this.prediction = new Prediction(plotly, this.panels.region, (click) => this.pick(click));
    this.pen = new Pen(this.panels.region, this.prediction.points, (edit) => this.telling.tell('edit', edit));
    this.pinned = new Prediction(plotly, this.panels.pinned);
    const ask = (/** @type {object} */ question) => this.line.send(question);
    const isCovered = () => this.card.isOpen;
    this.probes = [
      new Probe(this.prediction, { ask, isCovered, told: (predicted) => this.network.say(predicted) }, false),
      new Probe(this.pinned, { ask, isCovered: () => false, told: () => {} }, true),
    ];
    const place = find(this.panels.region, '.chart', HTMLElement);
    this.points = new PointKeys(place, this.probes[0], (sample, x, y) => this.openPoint(sample, x, y, true));
    this.card = new Card(place, { home: this.points.root });
    this.focus = new FocusKeeper();
    this.help = new Help(this, find(root, '[data-action="shortcuts"]', HTMLButtonElement));
    this.losses = new Losses(plotly, this.panels.loss);
    this.flows = new Flows(plotly, this.panels.gradients);
    this.curves = [this.losses.curves, this.flows.curves]; // the first one is extended next
    this.readouts = new Readouts(root);
    this.description = new Description(root, { player: this.player, ask, numbers: () => this.readouts.inWords() });
    find(root, '[data-action="describe"]', HTMLButtonElement).onclick = () => this.describe();
    this.sound = new Sound(find(root, '[data-action="sound"]', HTMLButtonElement));
    this.offerTables(new Tables(root));
    const copied = () => this.telling.tell('copied', {});
    this.controls = new Controls(find(root, '.bar', HTMLElement), this.player, copied);
    const row = find(root, '.timeline', HTMLElement);
    this.timeline = new Timeline(row, this.player, (epoch) => this.readouts.epochInWords(epoch), this.controls.play);
    const toMoment = () => momentLink(location.href, this.player.now.onScreen, this.openBeside());
    copyOnClick(find(row, '[data-action="copy-moment"]', HTMLButtonElement), toMoment, () => this.sayWhatIsLeftOut());
    closeWhenLeft(find(root, '.menu', HTMLDetailsElement));
    this.present = new Presentation(root, () => this.paint());
    /** @param {number} layer @param {number} unit */
    const whereIs = (layer, unit) => this.network.centres[layer][unit];
    // where on the network view a unit is, in px; for tests and for tools that point at it
    Object.assign(root, { whereIs });
    this.listen();
    requestAnimationFrame((now) => this.tick(now));
  }

  /** Let the board stand still, whatever is pressed. @param {string} words Why. */
  hold(words) {
    this.player.hold();
    this.root.dataset.held = 'true';
    find(this.root, '.held', HTMLElement).textContent = words;
  }

  /** Let it go on, as it was. */
  release() {
    if (!this.player.isHeld) return;
    delete this.root.dataset.held;
    find(this.root, '.held', HTMLElement).textContent = '';
    this.player.release();
  }

  /** Say what is on the board now, in words. */
  describe() {
    this.description.describe();
  }

  /** Have the charts shown as tables, too. @param {Tables} tables */
  offerTables(tables) {
    for (const [panel, curves] of /** @type {const} */ ([
      [this.panels.loss, this.losses.curves], [this.panels.gradients, this.flows.curves],
    ])) {
      tables.offer(panel, () => tableOfCurves(find(panel, 'h2', HTMLElement).textContent, curves.drawn()));
    }
    tables.offer(this.panels.region, () => {
      const { start } = this.readouts;
      if (!start || !this.frame) throw new Error('There is nothing on the board yet');
      const b = this.prediction;
      /** @type {[string, (index: number) => boolean][]} */
      const runs = [[start.pinned ? 'run B' : 'prediction', (index) => b.region.isWrong(index)]];
      if (start.pinned) runs.unshift(['run A', (index) => this.pinned.region.isWrong(index)]);
      return tableOfPoints('Points', start, b.points.plot.data.slice(0, 2), this.frame.epoch, runs);
    });
  }

  /** React to what happens around the board. */
  listen() {
    onSpace(this.root, () => this.player.playOrPause());
    onShortcuts(this);
    // whatever is asked of the page, by a click or a key, is asked of the moment on screen
    for (const type of ['pointerdown', 'keydown']) {
      document.addEventListener(type, (event) => this.tellBefore(event), { capture: true });
    }
    // the browser asks in its own words whether to leave
    window.addEventListener('beforeunload', (event) => {
      if (this.unsaved && this.root.isConnected) event.preventDefault();
    });
    window.addEventListener('pagehide', () => this.value.save(performance.now(), true));
    window.addEventListener('popstate', () => this.telling.tell('history', { query: location.search }));
  }

  /** Something is about to happen; on the page, not on the board. @param {Event} event */
  tellBefore({ target }) {
    const isOnBoard = target instanceof Node && this.root.contains(target);
    if (this.root.isConnected && !isOnBoard) this.telling.tellMoment();
  }

  /**
   * Be answered at an address; a page says it again whenever it was run.
   *
   * @param {object} where
   * @param {string} where.line
   * @param {() => void} [where.wake] Have the page take what it was told; there need be no page.
   * @param {boolean} [where.fresh] Whether to forget what there was before.
   * @param {boolean} [where.welcome] Whether to say what to do first.
   */
  async attach({ line, wake, fresh = false, welcome = false }) {
    this.telling.wake = wake;
    if (welcome) this.welcome.show();
    else this.welcome.hide();
    const isFirst = this.attached === '';
    if (line === this.attached) return;
    this.attached = line;
    if (fresh) this.value.forget();
    const bring = !fresh && (!isFirst || (await this.value.takeUp()));
    if (line === this.attached) this.line.open(line, { bring, hasPage: wake !== undefined });
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

  /** The value of the run on screen, which a server is about to make again; null if a new one is as good. */
  valueToBring() {
    if (this.value.isNew) return null;
    if (this.player.now.frames) this.value.epoch = this.player.bring();
    return this.value.text();
  }

  /** The server says something in words. @param {Record<string, any>} note */
  note({ told, making, data, refused, probed, described }) {
    if (described !== undefined) this.description.take(described);
    if (probed !== undefined) for (const probe of this.probes) probe.take(probed);
    if (data) this.value.take(data);
    if (told) this.telling.wake?.();
    if (making) this.showMaking(`Training up to epoch ${Math.floor(making[1])}: ${Math.floor(making[0])} so far.`);
    if (refused) this.refused = refused; // it is said with the run that is there instead
  }

  /** Say how far the server is with a run that is to stand at a later epoch; '' once it is there. @param {string} words */
  showMaking(words) {
    this.readouts.say(words);
    this.stay.hidden = !words;
  }

  /** Say whether there is a line to the server. @param {import('./line.js').LineState} state */
  showLine(state) {
    this.root.dataset.line = state;
    find(this.root, '.line', HTMLElement).textContent = LINE_WORDS[state];
    if (state !== 'open') return;
    this.telling.tellAll();
    this.telling.callBack();
  }

  /** Take a message in; they are unpacked one after another. @param {Uint8Array<ArrayBuffer>} packed */
  receive(packed) {
    this.inOrder = this.inOrder
      .then(() => unpack(packed))
      .then(({ header, frames }) => {
        if (!this.stay.hidden) this.showMaking(''); // it is made
        if (header.start || header.run === this.player.now.run) this.value.read(header);
        this.player.receive(header, frames);
        this.received += 1;
        if (header.run === this.player.now.run) this.mark(header.changes);
        this.readouts.comparison.textContent = header.comparison;
        this.unsaved = header.unsaved;
        this.telling.isFollowed = header.followed;
      });
  }

  /** Take all colours from the theme, if it is another one. */
  checkTheme() {
    const theme = getComputedStyle(this.root).color;
    if (theme === this.theme) return;
    this.theme = theme;
    this.paint();
  }

  /** Draw everything anew, in the colours and in the size of now. */
  paint() {
    this.network.arrange();
    for (const chart of [this.prediction, this.pinned, ...this.curves]) chart.paint();
  }

  /** A new run is there. @param {Start} start @param {Header} header */
  begin(start, { run, batches, layer_sizes: sizes }) {
    const { region } = start.figures;
    this.label(start); // before the charts are drawn: it leaves them less room
    this.controls.begin(start);
    this.readouts.begin(start, batches);
    this.pen.begin(start);
    this.prediction.begin(region, start, run);
    if (start.pinned) this.pinned.begin(region, start, run);
    this.timeline.begin(start);
    this.card.hide();
    for (const probe of this.probes) probe.begin(start);
    this.telling.begin();
    this.root.dataset.locked = start.locked.join(' ');
    this.network.card.isReadOnly = this.player.isRecorded || this.player.isWatching || start.locked.includes('parameters');
    this.network.begin(start, sizes);
    this.renewCurves(start, run);
    if (this.refused) this.readouts.say(this.refused);
    this.refused = '';
  }

  /** A link to this moment was copied; it can't hold all that was done. */
  sayWhatIsLeftOut() {
    if (new URLSearchParams(location.search).has('own')) this.telling.tell('copied', {});
    if (this.value.made.length) {
      this.readouts.say('The link leaves out what you changed during training. “Save and load” keeps it.');
    }
  }

  /** Do without some parts. @param {string[]} hidden Panels by their names, and `timeline`. */
  leaveOut(hidden) {
    const isHidden = (/** @type {HTMLElement} */ panel) => hidden.includes(String(panel.dataset.view));
    const panels = Object.values(this.panels);
    for (const panel of panels) panel.classList.toggle('left-out', isHidden(panel));
    find(this.root, '.timeline', HTMLElement).classList.toggle('left-out', hidden.includes('timeline'));
    this.root.classList.toggle('chosen', panels.some(isHidden));
  }

  /** Say which pictures there are, and of what. @param {Start} start */
  label(start) {
    const { pinned, title, run_colors: [colorOfA, colorOfB] } = start;
    this.root.dataset.pinned = String(pinned);
    this.root.style.setProperty('--run-a', colorOfA);
    this.root.style.setProperty('--run-b', colorOfB);
    /** @type {NodeListOf<HTMLElement>} */
    const ofTwo = this.root.querySelectorAll('[data-when=pinned]');
    for (const element of ofTwo) element.hidden = !pinned;
    this.prediction.label(pinned ? `B: ${title.toLowerCase()}` : title, start);
    this.pinned.label(`A: ${title.toLowerCase()}`, start);
  }

  /** Add a frame to what is known of the run. @param {Frame} frame */
  record(frame) {
    this.drawn += 1;
    this.root.dataset.frames = String(this.drawn);
    this.value.epoch = frame.epoch;
    this.losses.curves.add(frame);
    this.flows.add(frame);
  }

  /** Add a moment that is not shown to the curves. @param {import('./message.js').Passed} moment */
  recordPassed(moment) {
    this.losses.curves.add(moment);
    this.flows.add(moment);
  }

  /** Forget what is known of the time after an epoch. @param {number} epoch */
  cut(epoch) {
    this.value.epoch = epoch;
    this.losses.curves.cut(epoch);
    this.flows.cut(epoch);
  }

  /** Put a frame on screen, the present one or one of the past. @param {Frame} frame */
  show(frame) {
    const { isPast, onScreen, state } = this.player.now;
    this.frame = frame;
    this.prediction.region.draw(frame);
    this.network.draw(frame);
    if (frame.pinned) this.pinned.region.draw(frame.pinned);
    this.readouts.show(frame);
    this.readouts.renew(state === 'playing' && this.network.isHurried);
    const diagnosis = frame.diagnosis ?? (isPast ? this.player.diagnosis : null);
    if (diagnosis) this.readouts.showDiagnosis(diagnosis);
    this.controls.show(frame, isPast);
    // while it trains, a few times a second do: see `tick`
    if (isPast || state !== 'playing') this.timeline.update();
    for (const curves of this.curves) curves.point(isPast ? onScreen : null);
    const { dataset } = this.root;
    dataset.epoch = String(frame.epoch);
    dataset.past = String(isPast);
    dataset.learningRate = String(frame.learning_rate);
    if (!dataset.testid) {
      dataset.testid = 'board'; // not before there is something to see
      dataset.state = state;
      void this.loadCharts();
    }
    this.telling.show(frame);
    this.description.show(frame);
    this.sound.show(frame, performance.now());
  }

  /** Let Plotly draw the charts, once it has come. */
  async loadCharts() {
    // the first picture is painted before Plotly's script takes the processor for itself
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const plotly = await this.loadPlotly().catch(() => null);
    if (plotly) {
      this.charting.take(plotly);
      this.paint();
    }
    this.root.dataset.charts = plotly ? 'ready' : 'missing';
  }

  /** Draw the curves with another history of the same run. @param {Start} start @param {string} run */
  renewCurves(start, run) {
    this.losses.begin(start, run);
    this.flows.begin(start, run);
  }

  /** Mark the live changes in the curves. @param {[number, string][]} changes */
  mark(changes) {
    for (const curves of this.curves) curves.mark(changes);
  }

  /** A data point was clicked. @param {import('./prediction.js').Click} click */
  pick({ points: [{ curveNumber, pointIndex }], event }) {
    if (this.pen.isDown) return;
    const sample = { part: ['training', 'test'][curveNumber], index: pointIndex };
    const { left, top } = this.card.place.getBoundingClientRect();
    this.openPoint(sample, event.clientX - left, event.clientY - top, false);
  }

  /**
   * Show the card of a data point.
   *
   * @param {import('./probe.js').Sample} sample
   * @param {number} x @param {number} y Beside which place of the picture, px.
   * @param {boolean} takesFocus Whether the focus goes into it.
   */
  openPoint(sample, x, y, takesFocus) {
    // of a recorded run, all that is known of a point is beside the pointer
    if (this.player.isRecorded || this.player.isWatching) return;
    this.sample = sample;
    const title = `${sample.part} point ${sample.index + 1}`;
    const explain = () => this.telling.explain({ sample });
    for (const probe of this.probes) probe.leave(); // the card lies where it was
    this.card.show({ title, explain, takesFocus }, x, y);
  }

  /** To be called before each repaint of the screen. @param {number} now ms */
  tick(now) {
    requestAnimationFrame((later) => this.tick(later));
    if (!this.root.isConnected) return;
    this.player.tick(now);
    for (const picture of [this.prediction.region, this.pinned.region, this.network]) picture.settle(now);
    this.focus.tick(now);
    this.points.tick();
    const isPlaying = this.player.now.state === 'playing';
    this.network.isHurried = isPlaying && this.player.frameTime > SLOW;
    if (now >= this.curvesDue || !isPlaying) this.extendCurves(now);
    if (now >= this.nowAndThen) {
      this.nowAndThen = now + CURVE_INTERVAL;
      this.checkTheme();
      if (isPlaying) this.timeline.update();
    }
    if (this.player.now.state !== 'playing') {
      const [losses, layers] = [this.losses, this.flows].map(({ curves }) => () => curves.drawn());
      this.readouts.describe(now, { network: () => this.network.inWords(), flow: this.flows.chosen, losses, layers });
    }
    for (const probe of this.probes) probe.tick(now, this.frame, this.player.now.run);
    this.value.save(now);
  }

  /** Extend one chart of curves, and say when it is the other one's turn. @param {number} now ms */
  extendCurves(now) {
    const started = performance.now();
    this.curves[0].flush();
    const cost = performance.now() - started;
    const share = this.network.isHurried ? LEAST_CURVE_SHARE : CURVE_SHARE;
    this.curvesDue = now + Math.max(CURVE_INTERVAL, cost / share);
    this.curves.reverse();
  }

  /** Show whether it plays, or why it can't. @param {import('./player.js').State} state */
  showState(state) {
    this.root.dataset.state = state;
    if (state === 'playing') this.welcome.hide();
    this.controls.showState(state);
    this.timeline.update();
    this.readouts.renew(false);
    this.readouts.showState(state);
    this.telling.tellWhenStill();
    this.description.showState(state);
    this.sound.showState(state);
  }
}
