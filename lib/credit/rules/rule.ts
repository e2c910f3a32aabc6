import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../edge/edge';
import { type Pass, slope, type Weights } from '../network';
import { product } from '../product';

/** A way to give the hidden layers an error signal. All rules teach the output layer alike, with δ^L = p − y. */
export interface Rule {
  /**
   * δ^1 … δ^(L−1), one a hidden layer, [examples, units]; empty if the hidden layers get none and don't learn.
   * Called inside `tf.tidy`.
   * @param error δ^L, [examples, classes]
   */
  hiddenErrors(weights: Weights, pass: Pass, error: Tensor2D): Tensor2D[];
  /** What the feedback path does after a step, if it learns too. @param weights after the step */
  adapt?(weights: Weights): void;
  /** Frees the tensors that the rule owns. */
  dispose(): void;
}

/**
 * The recursion that backpropagation and its relatives share,
 *
 *     δ^l = φ′(h^l) ⊙ A^l δ^(l+1)
 *
 * with a matrix A^l in the place of W^(l+1)ᵀ.
 * @param feedback A^1 … A^(L−1); A^l is [units of layer l, units of layer l + 1] (post × pre of the feedback path)
 */
export function backward(tf: TensorFlow, feedback: readonly Tensor2D[], pass: Pass, error: Tensor2D): Tensor2D[] {
  const errors: Tensor2D[] = [];
  let signal = error;
  for (let l = feedback.length - 1; l >= 0; l--) {
    signal = tf.mul(slope(tf, pass.activities[l + 1]), product(tf, signal, feedback[l], false, true));
    errors.unshift(signal);
  }
  return errors;
}

/** A rule that owns nothing and never changes. */
export const owningNothing: Pick<Rule, 'dispose'> = { dispose: () => undefined };
