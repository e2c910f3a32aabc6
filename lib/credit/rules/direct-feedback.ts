import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../edge/edge';
import { slope } from '../network';
import { product } from '../product';
import type { Rule } from './rule';

/**
 * Direct feedback alignment (Nøkland 2016): every hidden layer gets the output error itself, through a fixed random
 * matrix of its own, δ^l = φ′(h^l) ⊙ B^l δ^L.
 * @param feedback B^1 … B^(L−1), [units of layer l, classes]; the rule owns and disposes of them
 */
export function directFeedback(tf: TensorFlow, feedback: readonly Tensor2D[]): Rule {
  return {
    hiddenErrors: (_, pass, error) =>
      feedback.map((b, l) => tf.mul(slope(tf, pass.activities[l + 1]), product(tf, error, b, false, true))),
    dispose: () => tf.dispose([...feedback]),
  };
}
