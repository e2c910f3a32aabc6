/** Self-checks of the lesson on three-factor rules. */
import { close, defineExercise, type Exercise } from '../check';
import { stepNoise } from './three-factor';

/** Exercise 2: E|Δw − EΔw|²/|EΔw|² for outputs that share one third factor and fire with probability p. */
type Noise = (outputs: number, p: number) => number;

/** One output and many; at p = ½ and on both sides of it. */
const cases: readonly (readonly [number, number])[] = [
  [1, 0.5],
  [4, 0.5],
  [1, 0.2],
  [4, 0.2],
  [16, 0.9],
];

export const exercise2: Exercise<Noise> = defineExercise<Noise>({
  name: 'Exercise 2',
  solution: stepNoise,
  agree: (attempt, answer) => cases.every(([m, p]) => close(attempt(m, p), answer(m, p), 1e-9)),
  mistakes: [
    {
      attempt: (m, p) => stepNoise(m, p) + 1,
      hint: 'this is the mean square over the square of the mean: of a variance the square of the mean, 1, is taken off',
    },
    {
      attempt: (m) => m - 1,
      hint: 'right at p = ½, where (y − p)² is ¼ always: elsewhere an output’s own term varies too',
    },
    {
      attempt: (_, p) => stepNoise(1, p),
      hint: 'this is the noise of an output by itself: the other outputs move the shared third factor as well',
    },
    {
      attempt: (m) => m + 1,
      hint: 'this is the result for small Gaussian noise, where (y − p)² varies by itself; here y is 0 or 1',
    },
    {
      attempt: (m, p) => m * stepNoise(1, p) + m - 1,
      hint: 'an output’s own term is counted once for every output: sum over outputs above and below, then divide',
    },
    {
      attempt: (m, p) => stepNoise(m, p) * (p * (1 - p)) ** 2,
      hint: 'this is the variance alone: divide it by the square of the mean, p²(1 − p)² an output',
    },
  ],
  otherwise: 'not yet: for 4 outputs at p = 0.2 it is 3 + 2.25 = 5.25',
});
