/**
 * The angle between two error signals, in degrees: for every example the angle between its two vectors, averaged over
 * the examples. Examples where either vector is zero have no angle and are left out; NaN if none is left.
 * @param a one row an example, row-major, length rows × columns
 * @param b the same shape
 * @param columns length of one vector
 */
export function meanAngle(a: ArrayLike<number>, b: ArrayLike<number>, columns: number): number {
  let sum = 0;
  let count = 0;
  for (let row = 0; row < a.length; row += columns) {
    const degrees = angle(a, b, row, row + columns);
    if (Number.isNaN(degrees)) continue;
    sum += degrees;
    count++;
  }
  return sum / count;
}

/**
 * The angle between two vectors in degrees, 0 to 180; NaN if either is zero. Written with the difference and the sum
 * of the unit vectors (Kahan), because the arc cosine loses half the digits where the angle is small.
 */
export function angle(a: ArrayLike<number>, b: ArrayLike<number>, from: number = 0, to: number = a.length): number {
  let aa = 0;
  let bb = 0;
  for (let i = from; i < to; i++) {
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  const na = Math.sqrt(aa);
  const nb = Math.sqrt(bb);
  let apart = 0;
  let together = 0;
  for (let i = from; i < to; i++) {
    apart += (a[i] / na - b[i] / nb) ** 2;
    together += (a[i] / na + b[i] / nb) ** 2;
  }
  return (360 / Math.PI) * Math.atan2(Math.sqrt(apart), Math.sqrt(together));
}
