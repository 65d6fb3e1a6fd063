/** Numbers of the network as they are written on the board. */

/** A weight or a bias, with its sign. @param {number} value */
export function signed(value) {
  const size = Math.abs(value);
  const digits = size === Infinity ? '∞' : size >= 1e4 ? size.toExponential(2) : size.toFixed(3);
  return `${value < 0 ? '−' : '+'}${digits}`;
}
