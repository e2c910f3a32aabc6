/** Self-checks of the lesson on the learning rate. */
import { close, defineExercise, type Exercise } from '../check';

/** Exercise 2: the length of the gradient at which learning ends. */
type FinalGradient = (
  plasticity: { readonly gamma1: number; readonly gamma2: number; readonly gamma3: number; readonly interval: number },
  /** ĝᵀ∇²Fĝ, Tr ∇²F and N */
  shape: { readonly along: number; readonly trace: number; readonly synapses: number },
) => number;

/** All three parts; then each noise alone, a long and a short interval. */
const cases: readonly Parameters<FinalGradient>[] = [
  [
    { gamma1: 0.2, gamma2: 0.5, gamma3: 0.1, interval: 2 },
    { along: 900, trace: 50_000, synapses: 50 },
  ],
  [
    { gamma1: 1, gamma2: 0, gamma3: 0.3, interval: 0.5 },
    { along: 20, trace: 300, synapses: 12 },
  ],
  [
    { gamma1: 0.5, gamma2: 2, gamma3: 0, interval: 3 },
    { along: 7, trace: 80, synapses: 20 },
  ],
];

const solution: FinalGradient = ({ gamma1, gamma2, gamma3, interval }, { along, trace, synapses }) =>
  (interval / (2 * gamma1)) *
  (gamma1 * gamma1 * along + trace * ((gamma2 * gamma2) / synapses + (gamma3 * gamma3) / interval));

export const exercise2: Exercise<FinalGradient> = defineExercise<FinalGradient>({
  name: 'Exercise 2',
  solution,
  agree: (attempt, answer) => cases.every(([p, shape]) => close(attempt(p, shape), answer(p, shape), 1e-9)),
  mistakes: [
    {
      attempt: (p, shape) => 2 * solution(p, shape),
      hint: 'factor 2: the second-order term of the expansion has a ½, as the slide forgot at γ1²',
    },
    {
      attempt: ({ gamma1, gamma2, gamma3, interval }, { along, trace, synapses }) =>
        (interval / (2 * gamma1)) *
        (gamma1 * gamma1 * along + (trace * (gamma2 * gamma2 + gamma3 * gamma3)) / synapses),
      hint: 'the noise has length γ3 √(N/T), not γ3: its N cancels that of Tr ∇²F / N, and a 1/T is left',
    },
    {
      attempt: ({ gamma1, gamma2, gamma3, interval }, { along, trace }) =>
        (interval / (2 * gamma1)) *
        (gamma1 * gamma1 * along + trace * (gamma2 * gamma2 + (gamma3 * gamma3) / interval)),
      hint: 'a random unit vector meets the mean eigenvalue, Tr ∇²F / N: at γ2² a division by N is missing',
    },
    {
      attempt: ({ gamma1, gamma2, gamma3, interval }, { trace, synapses }) =>
        (interval / (2 * gamma1)) * trace * ((gamma2 * gamma2) / synapses + (gamma3 * gamma3) / interval),
      hint: 'the step down the gradient meets curvature too: γ1² ĝᵀ∇²Fĝ is missing',
    },
    {
      attempt: (p, shape) => solution(p, shape) / p.interval,
      hint: 'the factor T is missing: the gradient acts in proportion to T, curvature in proportion to T²',
    },
    {
      attempt: (p, shape) => p.gamma1 * solution(p, shape),
      hint: 'divide by γ1: ⟨k⟩ = 0 has γ1 on its other side',
    },
    {
      attempt: (p, shape) => Math.sqrt(solution(p, shape)),
      hint: 'this is the square root: |∇F| stands in the formula once, not squared',
    },
  ],
  otherwise: 'not yet: with γ = (0.2, 0.5, 0.1), T = 2, ĝᵀ∇²Fĝ = 900, Tr ∇²F = 50,000 and N = 50 it is 2680',
});
