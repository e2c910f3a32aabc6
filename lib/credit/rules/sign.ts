import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../edge/edge';
import { backward, owningNothing, type Rule } from './rule';

/**
 * Sign concordance (Liao, Leibo and Poggio 2016): the feedback has the sign of each weight and a magnitude of its own,
 * A^l = sign(W^(l+1)ᵀ) ⊙ |M^l|, with M^l random and fixed.
 * @param magnitudes M^1 … M^(L−1), [units of layer l, units of layer l + 1]; the rule owns and disposes of them
 */
export function sign(tf: TensorFlow, magnitudes: readonly Tensor2D[]): Rule {
  return {
    hiddenErrors: (weights, pass, error) =>
      backward(
        tf,
        magnitudes.map((m, l) => tf.mul(tf.sign(tf.transpose(weights[l + 1])), tf.abs(m))),
        pass,
        error,
      ),
    dispose: () => tf.dispose([...magnitudes]),
  };
}

/**
 * Uniform sign feedback (Liao, Leibo and Poggio 2016): one magnitude for all, A^l = sign(W^(l+1)ᵀ)/√(units of layer
 * l + 1), which has the same mean square as the random feedback of the other rules.
 */
export function uniformSign(tf: TensorFlow): Rule {
  return {
    ...owningNothing,
    hiddenErrors: (weights, pass, error) =>
      backward(
        tf,
        weights.slice(1).map((w) => tf.div(tf.sign(tf.transpose(w)), Math.sqrt(w.shape[0]))),
        pass,
        error,
      ),
  };
}
