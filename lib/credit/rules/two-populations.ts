import { gemm } from '../../math/linear-algebra';
import type { Rule } from './rule';

/**
 * Signed errors out of rates that are not: one population of a layer's error neurons says what is above 0, another what
 * is below,
 *
 *     e₊^l = [φ′(h^l) ⊙ W^(l+1)ᵀ (e₊^(l+1) − e₋^(l+1))]₊,   e₋^l the same with the opposite sign
 *
 * and a synapse learns from their difference. It is backpropagation, by other carriers.
 */
export function twoPopulations(): Rule {
  let plus = new Float32Array(0);
  let minus = new Float32Array(0);
  return {
    teachesHidden: true,
    hiddenErrors(weights, { sizes, capacity, examples, activities, errors, units }) {
      const room = capacity * Math.max(...sizes.slice(1));
      if (plus.length < room) [plus, minus] = [new Float32Array(room), new Float32Array(room)];
      for (let l = weights.length - 2; l >= 0; l--) {
        const [here, above] = [sizes[l + 1], sizes[l + 2]];
        const signal = errors[l + 1];
        for (let i = 0; i < examples * above; i++) {
          plus[i] = Math.max(signal[i], 0);
          minus[i] = Math.max(-signal[i], 0);
        }
        gemm(examples, here, above, 1, plus, false, weights[l + 1], false, 0, errors[l]);
        gemm(examples, here, above, -1, minus, false, weights[l + 1], false, 1, errors[l]);
        units.timesSlope(errors[l], activities[l + 1], examples * here);
      }
    },
  };
}
