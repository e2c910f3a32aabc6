import { gemv, matrix, qr } from '../math/linear-algebra';
import { gaussLegendre } from '../math/quadrature';
import type { Rng } from '../math/rng';
import type { Run } from '../math/run';
import { normalPdf } from '../math/special';

/**
 * How large the backpropagated error is in a deep network with random weights, layer by layer, against its size at the
 * top. Layers l = 1 … L have N neurons each, in the slide's symbols
 *
 *     μ_j = Σ_i w_ij h_i,   h_j = σ(μ_j),   e_j = σ′(μ_j) Σ_k w_jk e_k,   w_ij normal with variance σ_w²/N
 *
 * The input has |h⁰|² = N; the error at the top is a random vector. Theory and simulation share no code.
 */

/**
 * Mean of |e|²/|e of the top|² from the top downwards, for tanh neurons and N → ∞ (Schoenholz et al. 2017). The input
 * of a neuron is normal with variance q^l = σ_w² ⟨tanh²(√q^(l−1) z)⟩, and each layer multiplies the mean square by
 * χ^l = σ_w² ⟨σ′(√q^l z)²⟩.
 * @param gain σ_w
 * @param depth L, at least 1
 * @returns L numbers, the first is 1: at the top, one layer below …
 */
export function meanSquares(gain: number, depth: number): Float64Array {
  const factors = layerFactors(gain, depth);
  const out = new Float64Array(depth).fill(1);
  for (let below = 1; below < depth; below++) out[below] = out[below - 1] * factors[depth - 1 - below];
  return out;
}

/** χ^1 … χ^L. The parameters are those of `meanSquares`. */
export function layerFactors(gain: number, depth: number): Float64Array {
  const v = gain * gain;
  let q = v;
  return Float64Array.from({ length: depth }, () => {
    const factor = v * average((u) => (1 - Math.tanh(u) ** 2) ** 2, q);
    q = v * average((u) => Math.tanh(u) ** 2, q);
    return factor;
  });
}

/**
 * ⟨f(√q z)⟩ over a standard normal z, for an even f. By Gauss–Legendre, because the slope of tanh is a narrow peak where q is large, for
 * which Gauss–Hermite's points lie too far apart.
 */
function average(f: (u: number) => number, q: number): number {
  const { nodes, weights } = gaussLegendre(128, 0, 9);
  let sum = 0;
  for (let i = 0; i < nodes.length; i++) sum += weights[i] * normalPdf(nodes[i]) * f(Math.sqrt(q) * nodes[i]);
  return 2 * sum;
}

/** A deep network with random weights. */
export interface Deep {
  /** N, neurons of a layer */
  readonly width: number;
  /** L, layers */
  readonly depth: number;
  /** σ_w */
  readonly gain: number;
  /** tanh, or nothing but sums */
  readonly linear: boolean;
  /** Whether the weights are σ_w times a random orthogonal matrix instead of independent normal numbers. */
  readonly orthogonal: boolean;
}

/**
 * |e|²/|e of the top|² in one network, with weights, input and error at the top drawn at random.
 * @returns L numbers, the first is 1: at the top, one layer below …
 */
export async function squaresOf(net: Deep, random: Rng, run: Run): Promise<Float64Array> {
  const { width: n, depth, linear } = net;
  const h = normalTo(n, random.stream('input'), n);
  const mu: Float64Array[] = [];
  const weights: Float64Array[] = [];
  for (let l = 0; l < depth; l++) {
    await run.progress(l / depth);
    const w = drawWeights(net, random.stream(`layer ${l + 1}`));
    weights.push(w);
    const into = new Float64Array(n);
    // w[i n + j] leads from i to j, so that the sum over i is a product with the transpose
    gemv(n, n, 1, w, true, h, 0, into);
    mu.push(into);
    for (let j = 0; j < n; j++) h[j] = linear ? into[j] : Math.tanh(into[j]);
  }
  let e: Float64Array = normalTo(n, random.stream('error'), 1);
  let under: Float64Array = new Float64Array(n);
  const out = new Float64Array(depth).fill(1);
  for (let below = 1; below < depth; below++) {
    const l = depth - 1 - below;
    gemv(n, n, 1, weights[l + 1], false, e, 0, under);
    let square = 0;
    for (let j = 0; j < n; j++) {
      if (!linear) under[j] *= 1 - Math.tanh(mu[l][j]) ** 2;
      square += under[j] * under[j];
    }
    out[below] = square;
    [e, under] = [under, e];
  }
  return out;
}

/** A vector of random direction whose squared length is given. */
function normalTo(n: number, random: Rng, square: number): Float64Array {
  const x = random.fillNormal(new Float64Array(n));
  const length = Math.hypot(...x);
  return x.map((v) => (v * Math.sqrt(square)) / length);
}

/** [from, to], row-major. */
function drawWeights({ width: n, gain, orthogonal }: Deep, random: Rng): Float64Array {
  if (!orthogonal) return random.fillNormal(new Float64Array(n * n), 0, gain / Math.sqrt(n));
  const { Q, R } = qr(matrix(n, n, random.fillNormal(new Float64Array(n * n))));
  // with the signs of R's diagonal every orthogonal matrix is as likely as any other
  return Q.data.map((q, i) => q * gain * (R.data[(i % n) * (n + 1)] < 0 ? -1 : 1));
}
