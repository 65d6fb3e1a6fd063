/** Numbers as the board shows them. */

/** Four decimals, or a power of ten where these say too little. @param {number} value */
export function readable(value) {
  const size = Math.abs(value);
  return (size !== 0 && size < 1e-4) || size >= 1e4 ? value.toExponential(2) : value.toFixed(4);
}
