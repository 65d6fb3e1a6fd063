/**
 * Reading the server's messages. `pack` in frames.py says how they are made.
 *
 * @typedef {object} Frame One moment of a run.
 * @property {number} epoch Mid-epoch, a fraction: of the epoch that is under way, the share completed.
 * @property {number} learning_rate
 * @property {number[]} losses Training, test, and training with the penalty if there is one.
 * @property {[number, number]} accuracies Training and test; R² for regression.
 * @property {number[][]} flows Of each quantity of `Start.flows` a number a layer.
 * @property {Diagnosis | null} diagnosis Of the layers; null if nobody looked.
 * @property {Uint8Array} region A byte a node, row by row, the lowest row first.
 * @property {Uint8Array} units What each input and hidden unit responds to, one after the other.
 * @property {Float32Array} parameters Of each layer its weights, row by row, then its biases.
 * @property {Uint8Array} misclassified A bit a point, the highest first: training points, then test
 *   points; empty for regression.
 * @property {Uint16Array[]} borders Lines x, y, x, y …; 65535 is the far side of the square.
 * @property {Pinned} [pinned] The same moment of run A, if there is one.
 *
 * @typedef {Pick<Frame, 'epoch' | 'losses' | 'accuracies' | 'region' | 'borders' | 'misclassified'>
 *   & {diverged: boolean}} Pinned `diverged`: whether it got no further.
 *
 * @typedef {object} Diagnosis
 * @property {string} text In words.
 * @property {number[]} flat Of each hidden layer, the share of activations with next to no slope.
 * @property {number[]} updates Of each layer, the size of a step against that of the weights.
 *
 * @typedef {object} Header
 * @property {string} run Which run it is.
 * @property {number} take Which of the board's takes it belongs to.
 * @property {number} answers Number of the request that it answers, 0 if none.
 * @property {number} [after] Epoch after which its frames come.
 * @property {boolean} [redrawn] Whether its first frame is the one on screen, made anew.
 * @property {number} batches Mini-batches that an epoch has.
 * @property {string} stop Why to pause at its last frame, '' if not.
 * @property {string} comparison How run A differs from this one, '' if there is none.
 * @property {boolean} followed Whether a part of the page is shown anew while it plays.
 * @property {boolean} unsaved Whether there is something that would be lost with the page.
 * @property {[number, string][]} changes Since when which live changes are in force.
 * @property {boolean} diverged Whether there is nothing after its frames, for want of numbers.
 * @property {boolean} finished Whether there is nothing after its frames, for there is enough.
 * @property {number} resolution Nodes along a side of the region.
 * @property {number} unit_resolution Nodes along a side of a unit's picture.
 * @property {number[]} layer_sizes From the inputs to the outputs.
 * @property {number} classified Points that are in a class, training and test together; 0 for values.
 * @property {Start} [start]
 * @property {boolean} [go_on] Whether the board may go on with the run that it shows.
 * @property {boolean} brought Whether the run is one that the board brought.
 * @property {{settings: Record<string, any>, pin: object | null, stop_at: number | null}} [value] With a
 *   start: what makes the run again, but for its live changes and where it stands.
 * @property {[number, string, any][]} [made] Live changes of the run: since when, what, its value; if
 *   they are others than before.
 *
 * @property {Watch} [watch] Of a message for those who follow another's board.
 * @property {Record<string, object>} [data] With a start for them: own data by their digest.
 *
 * @typedef {object} Watch What is on the screen of that board, as `Shown` in read.py has it.
 * @property {string} start Number of the start that the message belongs to.
 * @property {import('./player.js').State} state
 * @property {number | null} past Epoch of the present, if the picture is one of the past.
 * @property {Passed[]} [passed] What curves show of the epochs since the picture before.
 * @property {{
 *   unit?: {layer: number, unit: number},
 *   weight?: {layer: number, from: number | null, to: number},
 *   card?: import('./probe.js').Sample,
 *   place?: Omit<import('./probe.js').Answer, 'epoch'>,
 * }} point What is pointed at or picked.
 * @property {{
 *   lesson?: string,
 *   explained: boolean,
 *   view?: string,
 *   weight?: {layer: number, from: number | null, to: number},
 *   sample?: import('./probe.js').Sample,
 * }} beside What is open beside it.
 *
 * @typedef {Pick<Frame, 'epoch' | 'losses' | 'flows'> & {pinned: Pick<Pinned, 'losses' | 'diverged'> | null}} Passed
 *
 * @typedef {object} Start What a run's pictures are made of.
 * @property {Record<string, Figure>} figures Region, loss, and one for each flow.
 * @property {[string, string, string, string][]} flows Name, label, symbol and help of each quantity of
 *   the layers.
 * @property {[string, string]} without_slope What activations are called whose slope is next to 0, and
 *   what that means.
 * @property {number[][]} palette The RGBA colour of each byte of a region.
 * @property {number[][]} unit_palette The RGBA colour of each byte of a unit's picture.
 * @property {string[][]} unit_names Of each layer, inputs and outputs included.
 * @property {string[]} outputs What each output says.
 * @property {[string, string]} axes What lies across and up in the picture.
 * @property {[string, string]} run_colors Of run A and run B.
 * @property {[string, string, string][]} classes Name, colour and mark of each.
 * @property {[number, number, string, string] | null} values For regression: lowest and highest
 *   value that the colours tell apart, and their colours.
 * @property {string | null} line What the line in the picture is called, if it is no border.
 * @property {string} title Of the picture of what the network predicts.
 * @property {string} accuracy What the accuracies are called.
 * @property {number} most_layers Hidden layers that there may be.
 * @property {number} most_units Units that a hidden layer may have.
 * @property {number} first_units Units of a layer that is added to none.
 * @property {boolean} pinned Whether there is a run A.
 * @property {boolean} can_add Whether points can be added to the data.
 * @property {string[]} locked What can't be changed: settings, and `parameters` for weights and biases.
 * @property {boolean} can_undo Whether there is such a point to take back.
 * @property {number[] | null} reshaped Hidden layers that the board asked for last.
 * @property {Record<string, [number, number]>} stop_limits Of the conditions to pause at.
 * @property {string[]} watched Losses that such a condition can be about.
 * @property {[number, number]} parameter_limits Of what a weight or bias may be set to.
 * @property {[[number, number], [number, number]]} plane Ends of the region, across and up, in the
 *   units of the axes.
 * @property {number[]} speeds Epochs per frame to choose from.
 * @property {{flow?: string, speed?: number}} choices What is to be chosen now; what is not there stays.
 * @property {number[]} learning_rates To choose from.
 *
 * @typedef {{data: Trace[], layout: any}} Figure For Plotly; figures.py makes it.
 *
 * @typedef {object} Trace Points or a curve.
 * @property {string} name
 * @property {number[]} x
 * @property {(number | null)[]} y Null is a gap.
 * @property {string} mode
 * @property {{color: string, dash: string, width: number}} line Of a curve.
 * @property {{size: number, color: string[], line?: {color: string}}} [marker] Of points.
 * @property {number[]} [customdata] Of points: the number of the class of each, or its value.
 *
 * @typedef {Pick<Frame, 'epoch' | 'learning_rate' | 'losses' | 'accuracies' | 'flows' | 'diagnosis'>
 *   & {borders: number[], pinned?: Pick<Pinned, 'epoch' | 'losses' | 'accuracies' | 'diverged'>
 *   & {borders: number[]}}} Described A frame without its arrays; of each border how many points it has.
 */

/**
 * @param {Uint8Array<ArrayBuffer>} packed
 * @returns {Promise<{header: Header, frames: Frame[]}>}
 */
export async function unpack(packed) {
  const inflated = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
  const buffer = await new Response(inflated).arrayBuffer();
  const length = new DataView(buffer).getUint32(0, true);
  /** @type {Header & {frames: Described[]}} */
  const { frames: described, ...header } = JSON.parse(
    new TextDecoder().decode(new Uint8Array(buffer, 4, length)),
  );
  const sizes = header.layer_sizes;
  const drawnUnits = sizes.slice(0, -1).reduce((count, size) => count + size, 0);
  const parameterCount = sizes.slice(1).reduce((count, size, i) => count + (sizes[i] + 1) * size, 0);
  let offset = 4 + length;
  /**
   * Bytes sent as changes since `before`; in pictures, minus the changes that are `lags` before each.
   *
   * @param {Uint8Array} before
   * @param {number[]} lags
   */
  const sum = (before, lags) => {
    const changes = new Uint8Array(buffer.slice(offset, offset + before.length));
    offset += before.length;
    for (const lag of lags) {
      for (let i = lag; i < changes.length; i += 1) changes[i] += changes[i - lag];
    }
    return changes.map((change, i) => before[i] + change);
  };
  let region = new Uint8Array(header.resolution ** 2);
  let units = new Uint8Array(drawnUnits * header.unit_resolution ** 2);
  let parameterBytes = new Uint8Array(4 * parameterCount);
  let pinnedRegion = new Uint8Array(header.resolution ** 2);
  let misclassified = new Uint8Array(Math.ceil(header.classified / 8));
  let pinnedMisclassified = misclassified;
  /** Bits sent as those that are others than before. @param {Uint8Array} before */
  const flip = (before) => {
    const changed = new Uint8Array(buffer, offset, before.length);
    offset += before.length;
    return changed.map((bits, i) => before[i] ^ bits);
  };
  /** @param {number[]} counts */
  const lines = (counts) =>
    counts.map((points) => {
      const end = offset + 4 * points;
      const line = new Uint16Array(buffer.slice(offset, end)); // a copy: offsets may be odd
      offset = end;
      return line;
    });
  const frames = described.map(({ pinned: ofA, ...frame }) => {
    region = sum(region, [header.resolution, 1]);
    units = sum(units, [header.unit_resolution, 1]);
    const borders = lines(frame.borders);
    parameterBytes = sum(parameterBytes, []);
    const parameters = toFloats(parameterBytes);
    misclassified = flip(misclassified);
    const arrays = { region, units, borders, parameters, misclassified };
    if (!ofA) return { ...frame, ...arrays };
    pinnedRegion = sum(pinnedRegion, [header.resolution, 1]);
    const bordersOfA = lines(ofA.borders);
    pinnedMisclassified = flip(pinnedMisclassified);
    const pinned = { ...ofA, region: pinnedRegion, borders: bordersOfA, misclassified: pinnedMisclassified };
    return { ...frame, ...arrays, pinned };
  });
  return { header, frames };
}

/**
 * @param {Uint8Array} bytes The lowest byte of each number, then the next one of each, …
 * @returns {Float32Array}
 */
function toFloats(bytes) {
  const count = bytes.length / 4;
  const ordered = new Uint8Array(bytes.length);
  bytes.forEach((byte, i) => {
    ordered[4 * (i % count) + Math.floor(i / count)] = byte;
  });
  return new Float32Array(ordered.buffer);
}
