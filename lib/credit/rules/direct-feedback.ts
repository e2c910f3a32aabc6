import { gemm } from '../../math/linear-algebra';
import type { Rule } from './rule';

/**
 * Direct feedback alignment (Nøkland 2016): every hidden layer gets the output error itself, through a fixed random
 * matrix of its own, δ^l = φ′(h^l) ⊙ B^l δ^L.
 * @param feedback B^1 … B^(L−1), [units of layer l, classes]
 */
export function directFeedback(feedback: readonly Float32Array[]): Rule {
  return {
    teachesHidden: true,
    hiddenErrors(_, { sizes, examples, activities, errors, units }) {
      const classes = sizes[sizes.length - 1];
      feedback.forEach((b, l) => {
        gemm(examples, sizes[l + 1], classes, 1, errors[errors.length - 1], false, b, true, 0, errors[l]);
        units.timesSlope(errors[l], activities[l + 1], examples * sizes[l + 1]);
      });
    },
  };
}
