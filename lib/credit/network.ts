import { gemm } from '../math/linear-algebra';
import type { Rng } from '../math/rng';
import { makeUnits, type Units } from './units';

/**
 * A multilayer perceptron for classification, with gradients written out by hand:
 *
 *     h^l = W^l x^l,   x^(l+1) = φ(h^l),   φ = tanh in the hidden layers,   p = softmax(h^L)
 *
 * It has no biases, as in the lecture's equations. All numbers are in single precision, row-major; rows of activities
 * and errors are examples. Layers count from 0 in arrays, so `weights[0]` is W^1 and `activities[0]` is the input x^1.
 */

/** W^1 … W^L; W^l is [units after, units before] (post × pre). Learning changes them in place. */
export type Weights = readonly Float32Array[];

/** What passes through a network while it works on a batch: made once, filled again for every batch. */
export interface Batch {
  /** units of every layer of neurons, input first: of x^1 … x^L and of the output */
  readonly sizes: readonly number[];
  /** how many examples it has room for */
  readonly capacity: number;
  /** how many it holds now; rows beyond are left from earlier batches */
  examples: number;
  /** x^1 … x^L, what enters each layer of weights: [examples, units] each. The caller fills the first. */
  readonly activities: readonly Float32Array[];
  /** h^L, before the softmax: [examples, classes] */
  readonly logits: Float32Array;
  /** class of each example; the caller fills it */
  readonly labels: Uint8Array;
  /** δ^1 … δ^L, [examples, units after] each, not divided by the number of examples */
  readonly errors: readonly Float32Array[];
  readonly units: Pick<Units, 'tanh' | 'timesSlope'>;
}

/** @param capacity the largest number of examples */
export function makeBatch(sizes: readonly number[], capacity: number): Batch {
  const lengths = [...sizes, ...sizes.slice(1)].map((units) => units * capacity);
  const { arrays, ...units } = makeUnits(lengths);
  const layers = sizes.length - 1;
  return {
    sizes,
    capacity,
    examples: 0,
    activities: arrays.slice(0, layers),
    logits: arrays[layers],
    labels: new Uint8Array(capacity),
    errors: arrays.slice(layers + 1),
    units,
  };
}

/**
 * Weights at the start: independent normal numbers whose standard deviation is 1/√(units before), so that a layer keeps
 * the size of the signal that passes through it (LeCun's initialisation).
 * @param sizes units of every layer of neurons, input first
 */
export function initialWeights(sizes: readonly number[], random: Rng): Float32Array[] {
  return sizes.slice(1).map((after, l) => normalMatrix(after, sizes[l], random.stream(`layer ${l + 1}`)));
}

/** [rows, columns] of independent normal numbers with variance 1/columns. */
export function normalMatrix(rows: number, columns: number, random: Rng): Float32Array {
  return random.fillNormal(new Float32Array(rows * columns), 0, 1 / Math.sqrt(columns));
}

/** The forward pass, from the input to the logits. */
export function forward(weights: Weights, batch: Batch): void {
  const { sizes, examples, activities, logits, units } = batch;
  const last = weights.length - 1;
  weights.forEach((w, l) => {
    const after = l === last ? logits : activities[l + 1];
    gemm(examples, sizes[l + 1], sizes[l], 1, activities[l], false, w, true, 0, after);
    if (l < last) units.tanh(after, examples * sizes[l + 1]);
  });
}

/**
 * δ^L = ∂(cross-entropy of one example)/∂h^L = p − y, with y the one-hot class.
 * @returns the cross-entropy summed over the examples, nats
 */
export function outputError({ sizes, examples, logits, labels, errors }: Batch): number {
  const classes = sizes[sizes.length - 1];
  const error = errors[errors.length - 1];
  let loss = 0;
  for (let i = 0; i < examples; i++) {
    const start = i * classes;
    let top = -Infinity;
    for (let j = 0; j < classes; j++) top = Math.max(top, logits[start + j]);
    let sum = 0;
    for (let j = 0; j < classes; j++) sum += Math.exp(logits[start + j] - top);
    loss += top + Math.log(sum) - logits[start + labels[i]];
    for (let j = 0; j < classes; j++)
      error[start + j] = Math.exp(logits[start + j] - top) / sum - (j === labels[i] ? 1 : 0);
  }
  return loss;
}

/** How many examples have their own class as the most probable one; of equally probable ones the first counts. */
export function countRight({ sizes, examples, logits, labels }: Batch): number {
  const classes = sizes[sizes.length - 1];
  let right = 0;
  for (let i = 0; i < examples; i++) {
    let best = 0;
    for (let j = 1; j < classes; j++) if (logits[i * classes + j] > logits[i * classes + best]) best = j;
    if (best === labels[i]) right++;
  }
  return right;
}

/** What changes the weights, in place, once a batch has its errors. @param from the first layer of weights that learns */
export type Change = (weights: Weights, batch: Batch, rate: number, from: number) => void;

/**
 * W^l ← W^l − rate ⟨δ^l x^lᵀ⟩, averaged over the examples of the batch, in place.
 * @param from the first layer of weights that learns
 */
export function learn(
  weights: Weights,
  { sizes, examples, activities, errors }: Batch,
  rate: number,
  from: number,
): void {
  for (let l = from; l < weights.length; l++)
    gemm(sizes[l + 1], sizes[l], examples, -rate / examples, errors[l], true, activities[l], false, 1, weights[l]);
}
