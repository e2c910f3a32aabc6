/** Self-checks of the lesson on deep linear dynamics. */
import { close, defineExercise, type Exercise } from '../check';
import { type Mode, modeStrength, shallowStrength } from './dynamics';

/** Exercise 2: the strength of a mode without a hidden layer. */
type Strength = (mode: Mode, t: number) => number;

const moments: readonly (readonly [Mode, number])[] = [
  [{ s: 3, a0: 0.01, tau: 1 }, 0],
  [{ s: 3, a0: 0.01, tau: 1 }, 0.5],
  [{ s: 0.5, a0: 0.2, tau: 2 }, 1],
  [{ s: 2, a0: 0.5, tau: 0.5 }, 3],
];

export const exercise2: Exercise<Strength> = defineExercise<Strength>({
  name: 'Exercise 2',
  solution: shallowStrength,
  agree: (attempt, answer) => moments.every(([mode, t]) => close(attempt(mode, t), answer(mode, t), 1e-9)),
  mistakes: [
    {
      attempt: modeStrength,
      hint: 'this is the solution with a hidden layer: without one there is no plateau',
    },
    {
      attempt: ({ s, a0, tau }, t) => s + (a0 - s) * Math.exp((-s * t) / tau),
      hint: 'here strong modes are faster, but without a hidden layer no weight multiplies the error: the rate is 1/τ for every s',
    },
    {
      attempt: ({ s, a0, tau }, t) => s + (a0 - s) * Math.exp((-2 * t) / tau),
      hint: 'a factor 2 too fast: there is one layer to learn, not two; compare the slope at t = 0 with (s − a0)/τ',
    },
    {
      attempt: ({ s, tau }, t) => s - s * Math.exp(-t / tau),
      hint: 'at t = 0 this gives 0: put the start a0 in',
    },
    {
      attempt: ({ s, a0 }, t) => s + (a0 - s) * Math.exp(-t),
      hint: 'τ is missing: it sets the unit of time',
    },
  ],
  otherwise: 'not yet: solve τ da/dt = s − a; with s = 3, a0 = 0.01, τ = 1 it is 1.1865 at t = 0.5',
});
