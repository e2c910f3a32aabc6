/** Self-checks of the lesson on the sliding threshold. */
import { close, defineExercise, type Exercise } from '../check';
import { growthRate } from './bcm';

/** Exercise 2: how fast a small deviation from y = θ = 1 grows, a presentation. */
type Growth = (eta: number, x: number, tauTheta: number) => number;

/** Complex eigenvalues on both sides of the limit; then real ones, for a very slow and a very fast neuron. */
const cases: readonly (readonly [number, number, number])[] = [
  [0.005, 1, 100],
  [0.02, 1.5, 40],
  [0.001, 0.5, 50],
  [0.02, 2, 200],
];
const solution: Growth = (eta, x, tauTheta) => growthRate({ eta, x, tauTheta });

export const exercise2: Exercise<Growth> = defineExercise<Growth>({
  name: 'Exercise 2',
  solution,
  agree: (attempt, answer) =>
    cases.every(([eta, x, tauTheta]) =>
      close(attempt(eta, x, tauTheta) * tauTheta, answer(eta, x, tauTheta) * tauTheta, 1e-9),
    ),
  mistakes: [
    {
      attempt: (eta, x, tauTheta) => eta * x * x - 1 / tauTheta,
      hint: 'this is the trace, the sum of both eigenvalues: one of them has half of it',
    },
    {
      attempt: (eta, x, tauTheta) => (eta * x * x - 1 / tauTheta) / 2,
      hint: 'right where the eigenvalues are complex: where the threshold is fast or very slow they are real, and differ',
    },
    {
      attempt: (eta, x, tauTheta) => solution(eta, Math.sqrt(x), tauTheta),
      hint: 'one factor x is missing: the weight changes with x, and the response changes with the weight times x',
    },
    {
      attempt: (eta, x, tauTheta) => tauTheta * solution(eta, x, tauTheta),
      hint: 'this is the growth in one time constant of the threshold: the question is about one presentation',
    },
    {
      attempt: (eta, x, tauTheta) => eta * x * x * tauTheta - 1,
      hint: 'the sign is right, but this is the distance from the limit and not a rate',
    },
  ],
  otherwise: 'not yet: for η = 0.005, x = 1 and τθ = 100 it is −0.0025 a presentation',
});
