import { gemm } from '../../math/linear-algebra';
import type { Rule } from './rule';

/**
 * What the error neurons of a layer can say of their errors, in place.
 * @param errors [examples, units], the first n numbers
 * @param layer layer of weights, from 0, whose δ this is
 */
export type Say = (errors: Float32Array, n: number, layer: number) => void;

/**
 * Backpropagation through error neurons that can't say everything: with s the signal that they send, s = say(δ),
 *
 *     δ^l = say(φ′(h^l) ⊙ W^(l+1)ᵀ s^(l+1)),   s^L = say(δ^L)
 *
 * The hidden layers learn from what is left. The output layer, which sees its target, learns from δ^L itself.
 */
export function limited(say: Say): Rule {
  let sent = new Float32Array(0);
  return {
    teachesHidden: true,
    hiddenErrors(weights, { sizes, examples, activities, errors, units }) {
      const last = weights.length - 1;
      const size = examples * sizes[last + 1];
      if (sent.length < size) sent = new Float32Array(size);
      sent.set(errors[last].subarray(0, size));
      say(sent, size, last);
      for (let l = last - 1; l >= 0; l--) {
        const [here, above] = [sizes[l + 1], sizes[l + 2]];
        const signal = l + 1 === last ? sent : errors[l + 1];
        gemm(examples, here, above, 1, signal, false, weights[l + 1], false, 0, errors[l]);
        units.timesSlope(errors[l], activities[l + 1], examples * here);
        say(errors[l], examples * here, l);
      }
    },
  };
}

/** A rate cannot be negative: errors below 0 are not said. */
export const rectified: Say = (errors, n) => {
  for (let i = 0; i < n; i++) if (errors[i] < 0) errors[i] = 0;
};

/** A rate says how large an error is, not which way. */
export const unsigned: Say = (errors, n) => {
  for (let i = 0; i < n; i++) errors[i] = Math.abs(errors[i]);
};

/** What becomes of an error that is too small for the window. */
export const smallErrors = ['silent', 'raised'] as const;
export type SmallErrors = (typeof smallErrors)[number];

/**
 * Errors have a sign, but their size must fit a window: what is larger is cut, what is smaller is not said, or said as
 * the smallest that can be.
 * @param ceilings largest error of each layer, from 0
 * @param decades the window's smallest error is the largest over 10^decades
 */
export function withinWindow(ceilings: readonly number[], decades: number, small: SmallErrors): Say {
  const share = 10 ** -decades;
  return (errors, n, layer) => {
    const top = ceilings[layer];
    const floor = top * share;
    const least = small === 'raised' ? floor : 0;
    for (let i = 0; i < n; i++) {
      const size = Math.abs(errors[i]);
      if (size > top) errors[i] = Math.sign(errors[i]) * top;
      else if (size < floor) errors[i] = Math.sign(errors[i]) * least;
    }
  };
}
