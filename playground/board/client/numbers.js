/** Numbers as the board writes them. */

/** Four decimals, or a power of ten where these say too little. @param {number} value */
export function readable(value) {
  const size = Math.abs(value);
  return (size !== 0 && size < 1e-4) || size >= 1e4 ? value.toExponential(2) : value.toFixed(4);
}

/** A weight or a bias, with its sign. @param {number} value */
export function signed(value) {
  const size = Math.abs(value);
  const digits = size === Infinity ? '∞' : size >= 1e4 ? size.toExponential(2) : size.toFixed(3);
  return `${value < 0 ? '−' : '+'}${digits}`;
}
