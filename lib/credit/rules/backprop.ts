import type { TensorFlow } from '../../edge/edge';
import { backward, owningNothing, type Rule } from './rule';

/** Backpropagation (Rumelhart, Hinton and Williams 1986): the feedback is the transpose of the weights, A^l = W^(l+1)ᵀ. */
export function backprop(tf: TensorFlow): Rule {
  return {
    ...owningNothing,
    hiddenErrors: (weights, pass, error) =>
      backward(
        tf,
        weights.slice(1).map((w) => tf.transpose(w)),
        pass,
        error,
      ),
  };
}
