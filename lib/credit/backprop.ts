import { ParameterError } from '../math/errors';
import type { Rng } from '../math/rng';
import { logistic } from '../math/special';

/**
 * Backpropagation in the symbols of the lecture, in double precision, for one example:
 *
 *     h_j = σ(μ_j),   μ_j = Σ_i w_ij h_i,   E = ½ Σ_j (h_j − d_j)²
 *     ∂E/∂w_ij = h_i e_j,   e_j = σ′(μ_j) Σ_k e_k w_jk,   at the output e_j = σ′(μ_j) (h_j − d_j)
 *
 * The slide's w_ij leads from i to j, so the arrays here are (pre × post). The networks that learn digits (`network.ts`)
 * keep the transpose, W = (post × pre), as the rest of the library does.
 */

export const activations = ['tanh', 'logistic', 'linear'] as const;
export type Activation = (typeof activations)[number];

export interface Layers {
  /** units of every layer of neurons, inputs first */
  readonly sizes: readonly number[];
  /** σ, the same in all layers, the output included */
  readonly activation: Activation;
  /** one array for each layer of weights, [units before, units after], row-major: w_ij is number i · after + j */
  readonly w: readonly Float64Array[];
}

/** What passes through the network for one example: made once, filled again. */
export interface Pass {
  /** activities of every layer of neurons, inputs first */
  readonly h: readonly Float64Array[];
  /** μ of every layer but the inputs */
  readonly mu: readonly Float64Array[];
  /** e of every layer but the inputs: ∂E/∂μ_j */
  readonly e: readonly Float64Array[];
}

/**
 * Random weights, normal with variance 1/(units before).
 * @throws {ParameterError} without a layer of weights, or for a layer without a whole number of units
 */
export function randomLayers(sizes: readonly number[], activation: Activation, random: Rng): Layers {
  if (sizes.length < 2 || !sizes.every((n) => Number.isInteger(n) && n > 0))
    throw new ParameterError(
      `randomLayers: sizes must be two or more whole numbers from 1 on (got ${sizes.join(', ')})`,
    );
  const w = sizes
    .slice(1)
    .map((after, l) =>
      random.stream(`layer ${l + 1}`).fillNormal(new Float64Array(sizes[l] * after), 0, 1 / Math.sqrt(sizes[l])),
    );
  return { sizes, activation, w };
}

export function makePass({ sizes }: Layers): Pass {
  const room = (units: readonly number[]): Float64Array[] => units.map((n) => new Float64Array(n));
  return { h: room(sizes), mu: room(sizes.slice(1)), e: room(sizes.slice(1)) };
}

/** σ(μ). */
export function activate(activation: Activation, mu: number): number {
  if (activation === 'linear') return mu;
  return activation === 'tanh' ? Math.tanh(mu) : logistic(mu);
}

/** σ′(μ), from h = σ(μ). */
export function slopeAt(activation: Activation, h: number): number {
  if (activation === 'linear') return 1;
  return activation === 'tanh' ? 1 - h * h : h * (1 - h);
}

/**
 * The forward pass: fills h and μ.
 * @returns E
 */
export function passForward(
  { sizes, activation, w }: Layers,
  x: Float64Array,
  d: Float64Array,
  { h, mu }: Pass,
): number {
  h[0].set(x);
  for (let l = 0; l < w.length; l++) {
    const [before, after] = [sizes[l], sizes[l + 1]];
    for (let j = 0; j < after; j++) {
      let sum = 0;
      for (let i = 0; i < before; i++) sum += w[l][i * after + j] * h[l][i];
      mu[l][j] = sum;
      h[l + 1][j] = activate(activation, sum);
    }
  }
  const y = h[w.length];
  let E = 0;
  for (let j = 0; j < d.length; j++) E += 0.5 * (y[j] - d[j]) ** 2;
  return E;
}

/** The backward pass: fills e from what `passForward` left. */
export function passBack({ sizes, activation, w }: Layers, d: Float64Array, { h, e }: Pass): void {
  for (let l = w.length - 1; l >= 0; l--) {
    const above = sizes[l + 2];
    for (let j = 0; j < sizes[l + 1]; j++) {
      let sum = 0;
      if (l === w.length - 1) sum = h[l + 1][j] - d[j];
      else for (let k = 0; k < above; k++) sum += e[l + 1][k] * w[l + 1][j * above + k];
      e[l][j] = slopeAt(activation, h[l + 1][j]) * sum;
    }
  }
}

/**
 * ∂E/∂w_ij = h_i e_j for all weights, in one list: layer after layer, each as its weights are stored.
 * @param x inputs
 * @param d targets of the outputs
 * @throws {ParameterError} if x or d don't fit the network
 */
export function gradient(layers: Layers, x: Float64Array, d: Float64Array): Float64Array {
  needExample(layers, x, d);
  const pass = makePass(layers);
  passForward(layers, x, d, pass);
  passBack(layers, d, pass);
  const out = new Float64Array(countWeights(layers));
  let at = 0;
  layers.w.forEach((_, l) => {
    for (const hi of pass.h[l]) for (const ej of pass.e[l]) out[at++] = hi * ej;
  });
  return out;
}

/**
 * Learns from one example after the other: Δw_ij = −rate · h_i · teach(j), in place. With e_j as what teaches, that is
 * gradient descent.
 * @param teach what neuron j of layer l (from 0, without the inputs) is told once both passes are done
 * @returns E after learning, mean over the examples
 * @throws {ParameterError} if an example doesn't fit the network
 */
export function learnWith(
  layers: Layers,
  examples: readonly { readonly x: Float64Array; readonly d: Float64Array }[],
  course: { readonly rate: number; readonly epochs: number },
  teach: (pass: Pass, l: number, j: number) => number,
): number {
  const { sizes, w } = layers;
  const pass = makePass(layers);
  for (const { x, d } of examples) needExample(layers, x, d);
  for (let epoch = 0; epoch < course.epochs; epoch++)
    for (const { x, d } of examples) {
      passForward(layers, x, d, pass);
      passBack(layers, d, pass);
      for (let l = 0; l < w.length; l++) {
        const after = sizes[l + 1];
        for (let j = 0; j < after; j++) {
          const change = course.rate * teach(pass, l, j);
          for (let i = 0; i < sizes[l]; i++) w[l][i * after + j] -= change * pass.h[l][i];
        }
      }
    }
  return examples.reduce((sum, { x, d }) => sum + passForward(layers, x, d, pass), 0) / examples.length;
}

/** Which difference of two errors stands for the derivative. */
export const schemes = ['central', 'forward'] as const;
export type Scheme = (typeof schemes)[number];

/**
 * What moving one weight after the other by a step tells of the gradient: (E(w + s) − E(w − s))/2s, or, forward,
 * (E(w + s) − E(w))/s. The divisor is the step that was really made, after rounding.
 * @param step s, above 0
 * @returns as `gradient`
 * @throws {ParameterError} for a step that is not above 0; if x or d don't fit the network
 */
export function differences(
  { sizes, activation, w }: Layers,
  x: Float64Array,
  d: Float64Array,
  step: number,
  scheme: Scheme,
): Float64Array {
  if (!(step > 0)) throw new ParameterError(`differences: step must be above 0 (got ${step})`);
  const moved: Layers = { sizes, activation, w: w.map((layer) => layer.slice()) };
  needExample(moved, x, d);
  const pass = makePass(moved);
  const out = new Float64Array(countWeights(moved));
  let at = 0;
  for (const layer of moved.w)
    for (let i = 0; i < layer.length; i++) {
      const here = layer[i];
      const [high, low] = [here + step, scheme === 'central' ? here - step : here];
      layer[i] = high;
      const up = passForward(moved, x, d, pass);
      layer[i] = low;
      const down = passForward(moved, x, d, pass);
      layer[i] = here;
      out[at++] = (up - down) / (high - low);
    }
  return out;
}

export function countWeights({ w }: Layers): number {
  return w.reduce((sum, layer) => sum + layer.length, 0);
}

/** |a − b| / |b|. */
export function relativeError(a: Float64Array, b: Float64Array): number {
  let far = 0;
  let size = 0;
  for (let i = 0; i < a.length; i++) {
    far += (a[i] - b[i]) ** 2;
    size += b[i] ** 2;
  }
  return Math.sqrt(far / size);
}

/** @throws {ParameterError} if inputs or targets don't fit the network */
export function needExample({ sizes }: Layers, x: Float64Array, d: Float64Array): void {
  for (const [name, values, units] of [
    ['x', x, sizes[0]],
    ['d', d, sizes[sizes.length - 1]],
  ] as const)
    if (values.length !== units)
      throw new ParameterError(`gradient: ${name} needs ${units} numbers (got ${values.length})`);
}
