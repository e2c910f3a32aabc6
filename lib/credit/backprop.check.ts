/** Self-checks of the lesson on backpropagation. */
import { close, defineExercise, type Exercise } from '../check';

/**
 * Exercise 2: errors of a hidden layer of tanh neurons.
 * @param mu μ_j, summed inputs of the layer
 * @param w w[j][k] leads from neuron j of the layer to neuron k above
 * @param above e_k of the layer above
 */
type HiddenErrors = (mu: number[], w: number[][], above: number[]) => number[];

/** The solution, and the mistakes, are of this form: a factor for neuron j, and how the errors above are summed. */
const errors =
  (
    factor: (mu: number, j: number) => number,
    sum: (w: number[][], above: number[], j: number) => number,
  ): HiddenErrors =>
  (mu, w, above) =>
    mu.map((m, j) => factor(m, j) * sum(w, above, j));

const slope = (mu: number): number => 1 - Math.tanh(mu) ** 2;
const back = (w: number[][], above: number[], j: number): number =>
  above.reduce((total, e, k) => total + e * w[j][k], 0);

/** As many neurons above as in the layer, so that indices that are the wrong way round are noticed by the numbers. */
const mu = [0.3, -1.2, 0.8];
const w = [
  [0.5, -0.4, 1.1],
  [0.9, 0.2, -0.7],
  [-0.3, 1.4, 0.6],
];
const above = [0.7, -0.2, 0.4];

export const exercise2: Exercise<HiddenErrors> = defineExercise<HiddenErrors>({
  name: 'Exercise 2',
  solution: errors(slope, back),
  agree: (attempt, answer) => {
    const [given, right] = [attempt([...mu], w, [...above]), answer(mu, w, above)];
    if (given.length !== mu.length)
      throw new Error(`there are ${mu.length} neurons (you return ${given.length} numbers)`);
    // a layer above of another size
    const wide = w.map((row) => [...row, -0.8]);
    const more = [...above, 0.5];
    const right2 = answer(mu, wide, more);
    return (
      given.every((e, j) => close(e, right[j], 1e-9)) &&
      attempt([...mu], wide, [...more]).every((e, j) => close(e, right2[j], 1e-9))
    );
  },
  mistakes: [
    {
      attempt: errors(() => 1, back),
      hint: 'the slope σ′(μ_j) is missing: this is ∂E/∂h_j, and e_j is ∂E/∂μ_j',
    },
    {
      attempt: errors(Math.tanh, back),
      hint: 'this multiplies by σ(μ_j), the activation; it has to be its slope, 1 − tanh² μ_j',
    },
    {
      attempt: errors(slope, (v, e, j) => e.reduce((total, ek, k) => total + ek * (v[k]?.[j] ?? 0), 0)),
      hint: 'the indices are the wrong way round: w[k][j] leads from k to j. Errors go up the same weights backwards, w[j][k]',
    },
    {
      attempt: errors((m) => slope(Math.tanh(m)), back),
      hint: 'the slope is taken at h_j = tanh μ_j: it belongs at μ_j',
    },
    {
      attempt: errors((m) => -slope(m), back),
      hint: 'the sign: e_j is the derivative itself. The minus stands in the change of the weight, Δw = −η h_i e_j',
    },
    {
      attempt: errors(slope, (v, e, j) => e.reduce((total, ek, k) => total + ek * Math.abs(v[j][k]), 0)),
      hint: 'weights keep their sign on the way back: an inhibited neuron is taught the opposite',
    },
  ],
  otherwise: 'not yet: for μ = (0.3, −1.2, 0.8) and the weights of the check, the first of the three errors is 0.796',
});
