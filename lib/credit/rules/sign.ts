import { backward, type Rule } from './rule';

/**
 * Sign concordance (Liao, Leibo and Poggio 2016): the feedback has the sign of each weight and a magnitude of its own,
 * A^l = sign(W^(l+1)ᵀ) ⊙ |M^l|, with M^l random and fixed.
 * @param sizes units of every layer of neurons, input first
 * @param magnitudes M^1 … M^(L−1), [units of layer l, units of layer l + 1]
 */
export function sign(sizes: readonly number[], magnitudes: readonly Float32Array[]): Rule {
  const feedback = magnitudes.map((m) => new Float32Array(m.length));
  return {
    teachesHidden: true,
    hiddenErrors(weights, batch) {
      magnitudes.forEach((m, l) => {
        const [after, above] = [sizes[l + 1], sizes[l + 2]];
        const [w, a] = [weights[l + 1], feedback[l]];
        for (let i = 0; i < after; i++)
          for (let j = 0; j < above; j++) a[i * above + j] = Math.sign(w[j * after + i]) * Math.abs(m[i * above + j]);
      });
      backward(feedback, batch);
    },
  };
}

/**
 * Uniform sign feedback (Liao, Leibo and Poggio 2016): one magnitude for all, A^l = sign(W^(l+1)ᵀ)/√(units of layer
 * l + 1), which has the same mean square as the random feedback of the other rules.
 * @param sizes units of every layer of neurons, input first
 */
export function uniformSign(sizes: readonly number[]): Rule {
  const feedback = sizes.slice(1, -1).map((after, l) => new Float32Array(after * sizes[l + 2]));
  return {
    teachesHidden: true,
    hiddenErrors(weights, batch) {
      feedback.forEach((a, l) => {
        const [w, size] = [weights[l + 1], 1 / Math.sqrt(sizes[l + 2])];
        for (let i = 0; i < a.length; i++) a[i] = Math.sign(w[i]) * size;
      });
      backward(feedback, batch, true);
    },
  };
}
