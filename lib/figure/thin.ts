/** What decides how many samples of a curve are drawn. */
export interface Thinning {
  /**
   * How far a curve may pass from the straight lines between the samples that are kept, in shares of its own range; the
   * default is half a pixel of a plot 250 pixels high
   */
  readonly tolerance?: number;
  /** The widest step between samples, in shares of the whole range of `x`: a tooltip should never be far. */
  readonly step?: number;
  /** About the most samples: where they don't suffice, the tolerance is doubled until they do. */
  readonly most?: number;
}

/**
 * Chooses which samples of curves to put into a table: few where the curves are straight, many where they bend, and every
 * one a sample as it was computed, the highest and the lowest of each curve among them. Pictures have a few hundred pixels; ten thousand samples only make them slow. The
 * method is Ramer's, Douglas' and Peucker's, with distances measured upright.
 * @param x the samples' places, each larger than the one before, shape (n)
 * @param curves that share the samples, each of shape (n); a sample is kept where any of them needs it
 * @returns the indices of the samples to keep, rising, the first and the last among them
 */
export function thin(
  x: ArrayLike<number>,
  curves: readonly ArrayLike<number>[],
  { tolerance = 1 / 500, step = 1 / 100, most = 2000 }: Thinning = {},
): number[] {
  const extremes = curves.map(extremesOf);
  const ranges = extremes.map(([least, most], c) => curves[c]![most]! - curves[c]![least]!);
  const anchors = [...new Set([0, ...extremes.flat(), x.length - 1])].sort((a, b) => a - b);
  for (let allowed = tolerance; ; allowed *= 2) {
    const kept = chosen(
      x,
      curves,
      ranges.map((range) => allowed * range),
      step,
      anchors,
    );
    // beyond the whole range of a curve it is the step that asks for samples
    if (kept.length <= most || allowed > 1) return kept;
  }
}

/** Where a curve is lowest and highest. */
function extremesOf(curve: ArrayLike<number>): [least: number, most: number] {
  let [least, most] = [0, 0];
  for (let i = 1; i < curve.length; i++) {
    if (curve[i]! < curve[least]!) least = i;
    if (curve[i]! > curve[most]!) most = i;
  }
  return [least, most];
}

function chosen(
  x: ArrayLike<number>,
  curves: readonly ArrayLike<number>[],
  tolerances: readonly number[],
  step: number,
  anchors: readonly number[],
): number[] {
  const n = x.length;
  const widest = step * (x[n - 1]! - x[0]!);
  const keep = new Uint8Array(n);
  for (const anchor of anchors) keep[anchor] = 1;
  const open = anchors.slice(1).flatMap((to, i) => [anchors[i]!, to]);
  while (open.length > 0) {
    const to = open.pop()!;
    const from = open.pop()!;
    if (to - from < 2) continue;
    let worst = 1;
    let at = x[to]! - x[from]! > widest ? (from + to) >> 1 : -1;
    for (const [c, y] of curves.entries()) {
      const slope = (y[to]! - y[from]!) / (x[to]! - x[from]!);
      for (let i = from + 1; i < to; i++) {
        const off = Math.abs(y[i]! - y[from]! - slope * (x[i]! - x[from]!));
        if (off > worst * tolerances[c]!) {
          worst = off / tolerances[c]!;
          at = i;
        }
      }
    }
    if (at < 0) continue;
    keep[at] = 1;
    open.push(from, at, at, to);
  }
  const out: number[] = [];
  for (let i = 0; i < n; i++) if (keep[i]) out.push(i);
  return out;
}
