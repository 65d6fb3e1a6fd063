/**
 * The run to be heard: a voice whose pitch follows the training loss, another one, of another timbre and
 * to the right, for the gradient of the first layer, a soft click for each epoch, and a chord when it
 * diverges. It is silent until somebody wants it, and whenever the run stands still.
 *
 * @typedef {Pick<import('./message.js').Frame, 'epoch' | 'losses' | 'flows'>} Moment
 */

const PITCHES = /** @type {const} */ ([110, 880]); // Hz: three octaves
const VALUES = /** @type {const} */ ([1e-4, 10]); // what they stand for, in a log scale
const LOUDNESS = { loss: 0.12, gradient: 0.05, click: 0.06, chord: 0.1 }; // of 1
const GLIDE = 0.03; // s in which a pitch or a loudness is two thirds of the way: no clicks
const BETWEEN_CLICKS = 1000 / 15; // ms; more of them would be a tone
const CLICK = 0.02; // s
const CHORD = [110, 116.5, 155.6, 164.8]; // Hz: two semitones beside each other, a tritone apart
const CHORD_LENGTH = 1.2; // s

/**
 * The pitch of a value: each factor of ten is as far from the next as any other.
 *
 * @param {number} value
 * @returns {number} Hz, between the lowest and the highest pitch.
 */
export function pitchOf(value) {
  const [low, high] = VALUES.map(Math.log);
  const share = (Math.log(Math.max(value, VALUES[0])) - low) / (high - low);
  return PITCHES[0] * (PITCHES[1] / PITCHES[0]) ** Math.min(share, 1);
}

export class Sound {
  /** @param {HTMLButtonElement} button */
  constructor(button) {
    this.button = button;
    this.isOn = false;
    this.isPlaying = false;
    /** @type {ReturnType<typeof makeVoices> | null} */
    this.voices = null; // a browser makes no sound before somebody has pressed something
    this.epoch = 0; // that was heard last
    this.clickedAt = -Infinity; // ms
    button.onclick = () => this.toggle();
    document.addEventListener('visibilitychange', () => this.setLoudness());
  }

  /** Be heard, or be silent. */
  toggle() {
    this.isOn = !this.isOn;
    this.button.setAttribute('aria-pressed', String(this.isOn));
    if (this.isOn) this.voices ??= makeVoices();
    this.setLoudness();
  }

  /** A frame is on screen. @param {Moment} moment @param {number} now ms */
  show({ epoch, losses, flows }, now) {
    if (!this.voices) return;
    const { context, loss, gradient } = this.voices;
    loss.pitch.setTargetAtTime(pitchOf(losses[0]), context.currentTime, GLIDE);
    gradient.pitch.setTargetAtTime(pitchOf(flows[0][0]), context.currentTime, GLIDE);
    const isNext = Math.floor(epoch) > Math.floor(this.epoch);
    this.epoch = epoch;
    if (!isNext || !this.isOn || document.hidden || now - this.clickedAt < BETWEEN_CLICKS) return;
    this.clickedAt = now;
    ring(this.voices, [1500], 'square', LOUDNESS.click, CLICK);
  }

  /** It plays now, or does no longer. @param {import('./player.js').State} state */
  showState(state) {
    this.isPlaying = state === 'playing';
    this.setLoudness();
    if (state === 'diverged' && this.voices && this.isOn) ring(this.voices, CHORD, 'sawtooth', LOUDNESS.chord, CHORD_LENGTH);
  }

  /** Let the voices be heard while it plays and is seen. */
  setLoudness() {
    if (!this.voices) return;
    const { context, loss, gradient } = this.voices;
    const isHeard = this.isOn && this.isPlaying && !document.hidden;
    loss.loudness.setTargetAtTime(isHeard ? LOUDNESS.loss : 0, context.currentTime, GLIDE);
    gradient.loudness.setTargetAtTime(isHeard ? LOUDNESS.gradient : 0, context.currentTime, GLIDE);
    if (this.isOn && !document.hidden) void context.resume();
    else setTimeout(() => this.rest(), 10_000 * GLIDE); // once it has faded away
  }

  /** Use no sound card while there is nothing to hear. */
  rest() {
    if (!this.isOn || document.hidden) void this.voices?.context.suspend();
  }
}

/** Two voices, silent. */
function makeVoices() {
  const context = new AudioContext();
  /** @param {OscillatorType} type @param {number} side −1 is left, 1 is right. */
  const voice = (type, side) => {
    const oscillator = new OscillatorNode(context, { type, frequency: PITCHES[0] });
    const volume = new GainNode(context, { gain: 0 });
    oscillator.connect(volume).connect(new StereoPannerNode(context, { pan: side })).connect(context.destination);
    oscillator.start();
    return { pitch: oscillator.frequency, loudness: volume.gain };
  };
  return { context, loss: voice('sine', -0.3), gradient: voice('triangle', 0.6) };
}

/**
 * Tones that begin at once and fade away.
 *
 * @param {{context: AudioContext}} voices
 * @param {number[]} pitches Hz
 * @param {OscillatorType} type
 * @param {number} loudness Of all of them together.
 * @param {number} length s
 */
function ring({ context }, pitches, type, loudness, length) {
  const { currentTime: now } = context;
  const volume = new GainNode(context, { gain: loudness / pitches.length });
  volume.gain.setTargetAtTime(0, now + length / 4, length / 6);
  volume.connect(context.destination);
  for (const frequency of pitches) {
    const tone = new OscillatorNode(context, { type, frequency });
    tone.connect(volume);
    tone.start(now);
    tone.stop(now + 1.5 * length);
  }
}
