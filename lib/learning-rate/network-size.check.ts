/** Self-checks of the lesson on network size. */
import { close, defineExercise, type Exercise } from '../check';
import { nStarGrowing, nStarLinear, nStarUnmixed } from './network-size';

/**
 * Exercise 2: the best size N* of a network with c1 = c2 = c, if ĝᵀHĝ = c^q Tr H / N with q = −1, 0 or 1.
 * T is the time between two looks at the error, N the size of the task.
 */
type BestSize = (q: number, gamma1: number, gamma2: number, gamma3: number, T: number, N: number) => number;

const cases: readonly (readonly [number, number, number, number, number])[] = [
  [0.1, 1, 0.05, 1, 20],
  [0.5, 0.6, 0.05, 2, 20],
  [0.3, 0.2, 0.01, 0.5, 100],
];
const solution: BestSize = (q, gamma1, gamma2, gamma3, interval, size) => {
  const p = { gamma1, gamma2, gamma3, interval };
  return q < 0 ? nStarLinear(p) : q > 0 ? nStarGrowing(p, size) : nStarUnmixed(p);
};

export const exercise2: Exercise<BestSize> = defineExercise<BestSize>({
  name: 'Exercise 2',
  solution,
  agree: (attempt, answer) =>
    cases.every((p) => [-1, 0, 1].every((q) => close(attempt(q, ...p) / answer(q, ...p), 1, 1e-6))),
  mistakes: [
    {
      attempt: (q, g1, g2, g3, T, N) => Math.sqrt(solution(q, g1, g2, g3, T, N) / N),
      hint: 'this is the best c: the network then has N c² synapses',
    },
    {
      attempt: (q, g1, g2, g3, T, N) => Math.sqrt(solution(q, g1, g2, g3, T, N) * N),
      hint: 'this is N c: both sides of the weights grow, and the network has N c² synapses',
    },
    {
      attempt: (q, g1, g2, g3, T, N) => (q < 0 ? (T * (g2 ** 2 - g1 ** 2)) / g3 ** 2 : solution(q, g1, g2, g3, T, N)),
      hint: 'right for q = 0 and 1; at q = −1 both terms that fall with c have the same sign: this is the slide’s minus',
    },
    {
      attempt: (q, g1, g2, g3, T, N) => solution(q, g1, g2, g3, 1 / T, N),
      hint: 'T stands on the wrong side: noise adds γ3²/T to the bracket, a longer T makes less of it',
    },
    {
      attempt: (_, g1, g2, g3, T) => solution(-1, g1, g2, g3, T, 1),
      hint: 'right for q = −1 only: the first term of the bracket is γ1² c^q, what is its derivative for q = 0 and 1?',
    },
  ],
  otherwise: 'not yet: for γ1 = 0.1, γ2 = 1, γ3 = 0.05, T = 1 and N = 20 it is 404, 400 and 333.3 for q = −1, 0 and 1',
});
