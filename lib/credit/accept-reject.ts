/**
 * Accept or reject: nudge all weights at random, keep the nudge if the error falls. The objective is the risk of a linear
 * network on white inputs, E = ½|w − w*|², where n weights stand at distance 1 from their best values; the nudge is σ ξ,
 * ξ standard normal. This is the (1+1) evolution strategy on the sphere (Beyer 2001, chapter 3).
 */
import { ParameterError } from '../math/errors';
import { gaussLegendre } from '../math/quadrature';
import type { Rng } from '../math/rng';
import { logGamma, normalCdf, normalPdf } from '../math/special';
import { mean, standardError } from '../math/statistics';

/** What a random nudge does. */
export interface Nudge {
  /** probability that the error falls */
  readonly fraction: number;
  /** expected relative fall of the error in a trial, where nudges that do not help are taken back */
  readonly progress: number;
}

/** Standard deviations of |ξ⊥| around its mean that are summed over; what is beyond is below 1e-16. */
const WIDE = 9;

/**
 * Probability and expected fall, exactly. Along the error the nudge is a normal number z, across it the length v of n − 1
 * normal numbers: E falls by the share −2σz − σ²(z² + v²), which is positive between the roots of a parabola in z; the sum
 * over v is a quadrature.
 * @param n number of weights, from 1 on
 * @param sigma size of the nudge of each weight over the distance from the best weights, above 0
 * @throws {ParameterError} outside these ranges
 */
export function nudge(n: number, sigma: number): Nudge {
  check(n, sigma);
  const a = 1 / sigma;
  if (n === 1) return across(a, 0);
  const middle = Math.sqrt(n - 1);
  const [low, high] = [Math.max(0, middle - WIDE), Math.min(a, middle + WIDE)];
  if (low >= high) return { fraction: 0, progress: 0 };
  const { nodes, weights } = gaussLegendre(200, 0, 1);
  const logNorm = ((n - 1) / 2 - 1) * Math.LN2 + logGamma((n - 1) / 2);
  let [fraction, progress] = [0, 0];
  for (const [k, node] of nodes.entries()) {
    // denser towards the upper end, where the interval of z closes like a root
    const v = high - (high - low) * node * node;
    const density = Math.exp((n - 2) * Math.log(v) - (v * v) / 2 - logNorm);
    const share = weights[k] * 2 * node * (high - low) * density;
    const at = across(a, v);
    fraction += share * at.fraction;
    progress += share * at.progress;
  }
  return { fraction, progress };
}

/** Given the length v of the nudge across the error: the part of a normal distribution between two roots, and a moment. */
function across(a: number, v: number): Nudge {
  const root = Math.sqrt((a - v) * (a + v));
  const [from, to] = [-a - root, (-v * v) / (a + root)];
  const fraction = normalCdf(to) - normalCdf(from);
  const first = normalPdf(from) - normalPdf(to);
  const second = fraction + from * normalPdf(from) - to * normalPdf(to);
  return { fraction, progress: (-2 * first) / a - (second + v * v * fraction) / (a * a) };
}

/**
 * The limit of many weights with a nudge that shrinks with their number, σ = c/n: the fraction Φ(−c/2), and n times the
 * progress. The progress is largest, 0.405/n, at c = 1.224, where 27 % of the nudges help.
 */
export function manyWeights(c: number): Nudge {
  const fraction = normalCdf(-c / 2);
  return { fraction, progress: 2 * c * normalPdf(c / 2) - c * c * fraction };
}

/** A fraction and an average fall, and the standard error of the fall. */
export interface SampledNudge extends Nudge {
  readonly progressError: number;
}

/**
 * Tries nudges on n weights, all off by 1/√n.
 * @param count nudges, from 2 on
 * @throws {ParameterError} outside the ranges of `nudge`
 */
export function tryNudges(n: number, sigma: number, count: number, noise: Rng): SampledNudge {
  check(n, sigma);
  const xi = new Float64Array(n);
  const off = 1 / Math.sqrt(n);
  const before = 0.5;
  const falls = new Float64Array(count);
  let helped = 0;
  for (let k = 0; k < count; k++) {
    noise.fillNormal(xi);
    let after = 0;
    for (let i = 0; i < n; i++) after += 0.5 * (off + sigma * xi[i]) ** 2;
    if (!(after < before)) continue;
    helped++;
    falls[k] = (before - after) / before;
  }
  return { fraction: helped / count, progress: mean(falls), progressError: standardError(falls) };
}

function check(n: number, sigma: number): void {
  if (!Number.isInteger(n) || n < 1) throw new ParameterError(`n must be a whole number from 1 on (got ${n})`);
  if (!(sigma > 0 && sigma < Number.POSITIVE_INFINITY))
    throw new ParameterError(`sigma must be above 0 (got ${sigma})`);
}
