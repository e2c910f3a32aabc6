import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../edge/edge';
import type { Rng } from '../math/rng';
import { product } from './product';

/**
 * A multilayer perceptron for classification, with gradients written out by hand:
 *
 *     h^l = W^l x^l,   x^(l+1) = φ(h^l),   φ = tanh in the hidden layers,   p = softmax(h^L)
 *
 * It has no biases, as in the lecture's equations. Rows of a tensor are examples. Layers count from 0 in arrays, so
 * `weights[0]` is W^1 and `activities[0]` is the input x^1.
 */
export interface Pass {
  /** x^1 … x^L, what enters each layer of weights: [examples, units] each */
  readonly activities: readonly Tensor2D[];
  /** h^L, before the softmax: [examples, classes] */
  readonly logits: Tensor2D;
  /** [examples, classes], rows sum to 1 */
  readonly probabilities: Tensor2D;
}

/** W^1 … W^L; W^l is [units after, units before] (post × pre). */
export type Weights = readonly Tensor2D[];

/**
 * Weights at the start: independent normal numbers whose standard deviation is 1/√(units before), so that a layer keeps
 * the size of the signal that passes through it (LeCun's initialisation).
 * @param sizes units of every layer of neurons, input first
 */
export function initialWeights(tf: TensorFlow, sizes: readonly number[], random: Rng): Tensor2D[] {
  return sizes.slice(1).map((after, l) => normalMatrix(tf, after, sizes[l], random.stream(`layer ${l + 1}`)));
}

/** [rows, columns] of independent normal numbers with variance 1/columns, the same bit for bit on every backend. */
export function normalMatrix(tf: TensorFlow, rows: number, columns: number, random: Rng): Tensor2D {
  const values = random.fillNormal(new Float32Array(rows * columns), 0, 1 / Math.sqrt(columns));
  return tf.tensor2d(values, [rows, columns]);
}

/** The forward pass. @param x the input, [examples, units] */
export function forward(tf: TensorFlow, weights: Weights, x: Tensor2D): Pass {
  const activities = [x];
  for (const w of weights.slice(0, -1)) activities.push(tf.tanh(product(tf, activities.at(-1)!, w, false, true)));
  const logits: Tensor2D = product(tf, activities.at(-1)!, weights.at(-1)!, false, true);
  return { activities, logits, probabilities: tf.softmax(logits) };
}

/**
 * δ^L = ∂(cross-entropy of one example)/∂h^L = p − y.
 * @param targets one-hot classes, [examples, classes]
 */
export function outputError(tf: TensorFlow, pass: Pass, targets: Tensor2D): Tensor2D {
  return tf.sub(pass.probabilities, targets);
}

/** φ′(h) of the hidden layer whose activity is x = tanh h: 1 − x². */
export function slope(tf: TensorFlow, activity: Tensor2D): Tensor2D {
  return tf.sub(1, tf.square(activity));
}

/** Cross-entropy averaged over the examples, in nats: a scalar tensor. */
export function crossEntropy(tf: TensorFlow, pass: Pass, targets: Tensor2D): ReturnType<TensorFlow['scalar']> {
  return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(pass.logits), targets), 1)));
}

/**
 * ΔW^l = −rate ⟨δ^l x^lᵀ⟩, averaged over the examples of the batch, added to the weights. A layer without an error
 * signal stays as it is.
 * @param errors δ^1 … δ^L, [examples, units after] each
 */
export function learned(
  tf: TensorFlow,
  weights: Weights,
  pass: Pass,
  errors: readonly (Tensor2D | undefined)[],
  rate: number,
): Tensor2D[] {
  const step = -rate / pass.logits.shape[0];
  return weights.map((w, l) => {
    const error = errors[l];
    // the step multiplies the error and not the larger product
    return error ? tf.add(w, product(tf, tf.mul(step, error), pass.activities[l], true)) : w.clone();
  });
}
