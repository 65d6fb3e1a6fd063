/** How a curve runs, in words: from where, by way of its lowest point, to where it is now. */

const FLAT = 0.02; // share of a number by which it may move and stay where it is
const JUMPY = 0.3; // share of the steps that go up, from which on a falling curve jumps about
const FEW = 8; // points, of which nobody says that they jump about
const LAST = 0.1; // of a curve: its end, which says whether it still falls

/**
 * @param {(number | null)[]} values Null is a gap.
 * @param {(value: number) => string} format
 */
export function courseOf(values, format) {
  const known = values.filter((value) => value !== null);
  if (!known.length) return 'has no values';
  const [first, last] = [known[0], known[known.length - 1]];
  if (known.length === 1) return `is ${format(last)}`;
  const [low, high] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
  if (high - low <= FLAT * Math.abs(high)) return `is flat at ${format(last)}`;
  const ends = [Math.min(first, last), Math.max(first, last)];
  const extremes = [
    { value: high, is: 'highest', isWorthAWord: high > ends[1] * (1 + FLAT) },
    { value: low, is: 'lowest', isWorthAWord: low < ends[0] * (1 - FLAT) },
  ].filter(({ isWorthAWord }) => isWorthAWord).sort((a, b) => known.indexOf(a.value) - known.indexOf(b.value));
  const way = extremes.map(({ value, is }) => `by way of its ${is}, ${format(value)},`);
  const verb = Math.abs(last - first) <= FLAT * Math.abs(first) ? 'goes' : last < first ? 'falls' : 'rises';
  return [verb, `from ${format(first)}`, ...way, `to ${format(last)}${manner(known)}`].join(' ');
}

/** How it gets there, if that is worth a word. @param {number[]} values */
function manner(values) {
  if (values.length < FEW) return '';
  const steps = values.slice(1).map((value, i) => value - values[i]);
  const ups = steps.filter((step) => step > 0).length;
  const turns = steps.slice(1).filter((step, i) => step * steps[i] < 0).length;
  if (turns > JUMPY * steps.length && ups > JUMPY * steps.length) return ', jumping up and down';
  const before = values[Math.floor((1 - LAST) * (values.length - 1))];
  const last = values[values.length - 1];
  return Math.abs(last - before) <= FLAT * Math.abs(before) ? ', and is flat at the end' : '';
}
