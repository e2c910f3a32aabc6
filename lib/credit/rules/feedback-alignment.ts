import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../edge/edge';
import { backward, type Rule } from './rule';

/**
 * Feedback alignment (Lillicrap et al. 2016): A^l is random and stays as it is.
 * @param feedback A^1 … A^(L−1), [units of layer l, units of layer l + 1]; the rule owns and disposes of them
 */
export function feedbackAlignment(tf: TensorFlow, feedback: readonly Tensor2D[]): Rule {
  return {
    hiddenErrors: (_, pass, error) => backward(tf, feedback, pass, error),
    dispose: () => tf.dispose([...feedback]),
  };
}
