/** Self-checks of the lesson on perturbation. */
import { close, defineExercise, type Exercise } from '../check';
import { rng } from '../math/rng';

/**
 * Node perturbation: the estimate of the gradient from one perturbation, [outputs, inputs] in a row.
 * @param e errors of the outputs, W x − d
 * @param x input
 * @param xi perturbation of the outputs, in units of sigma
 */
type NodeEstimate = (e: Float64Array, x: Float64Array, xi: Float64Array, sigma: number) => Float64Array;

const energy = (e: Float64Array): number => e.reduce((sum, v) => sum + 0.5 * v * v, 0);

/** Solution and mistakes are of this form: a factor, and what each weight is multiplied by. */
const form =
  (
    factor: (before: number, after: number, sigma: number) => number,
    eligible: (xi: number, x: number) => number = (xi, x) => xi * x,
    columns = false,
  ): NodeEstimate =>
  (e, x, xi, sigma) => {
    const scale = factor(energy(e), energy(e.map((v, i) => v + sigma * xi[i])), sigma);
    const [M, N] = [e.length, x.length];
    return Float64Array.from({ length: M * N }, (_, k) => {
      const [i, j] = columns ? [k % M, Math.floor(k / M)] : [Math.floor(k / N), k % N];
      return scale * eligible(xi[i], x[j]);
    });
  };

function examples(): { e: Float64Array; x: Float64Array; xi: Float64Array; sigma: number }[] {
  const r = rng(7);
  const draw = (n: number): Float64Array => r.fillNormal(new Float64Array(n));
  return [0.1, 0.5].map((sigma) => ({ e: draw(2), x: draw(3), xi: draw(2), sigma }));
}

export const exercise2: Exercise<NodeEstimate> = defineExercise<NodeEstimate>({
  name: 'Exercise 2',
  solution: form((before, after, sigma) => (after - before) / sigma),
  agree: (attempt, answer) =>
    examples().every(({ e, x, xi, sigma }) => {
      const [found, right] = [attempt(e, x, xi, sigma), answer(e, x, xi, sigma)];
      return found.length === right.length && right.every((v, k) => close(found[k], v, 1e-9));
    }),
  mistakes: [
    {
      attempt: form((before, after, sigma) => (before - after) / sigma),
      hint: 'the sign: this is the step downhill; the estimate of the gradient points uphill',
    },
    {
      attempt: form((_, after, sigma) => after / sigma),
      hint: 'E′ alone, without E: the mean is right, but the variance grows without bound as σ shrinks',
    },
    {
      attempt: form((before, after) => after - before),
      hint: 'a factor σ too small: E′ − E shrinks with σ, a gradient does not',
    },
    {
      attempt: form((before, after, sigma) => (after - before) / sigma ** 2),
      hint: 'σ twice: the slide divides by σ² because its w̃ − w holds a σ, and ξ does not',
    },
    {
      attempt: form(
        (before, after, sigma) => (after - before) / sigma,
        (xi) => xi,
      ),
      hint: 'the input is missing: a nudge of output i tells about weight ij in proportion to x_j',
    },
    {
      attempt: form((before, after, sigma) => (after - before) / sigma, undefined, true),
      hint: 'the right numbers in the wrong order: weight ij belongs at i N + j',
    },
  ],
  otherwise: 'not yet: for e = [1], x = [2], ξ = [1] and σ = 0.1 it is [2.1], the gradient being [2]',
});
