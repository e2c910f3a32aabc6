/** Self-checks of the lesson on deep linear dynamics. */
import { close, defineExercise, type Exercise } from '../check';
import { learningTime, type Mode, modeStrength, shallowStrength } from './dynamics';

/** Exercise 2: how long a mode takes from a0 to af. */
type Duration = (mode: Mode, af: number) => number;

const journeys: readonly (readonly [Mode, number])[] = [
  [{ s: 3, a0: 0.01, tau: 1 }, 1.5],
  [{ s: 1, a0: 0.2, tau: 2 }, 0.9],
  [{ s: 2, a0: 1e-4, tau: 0.5 }, 0.3],
];

export const exercise2: Exercise<Duration> = defineExercise<Duration>({
  name: 'Exercise 2',
  solution: learningTime,
  agree: (attempt, answer) => journeys.every(([mode, af]) => close(attempt(mode, af), answer(mode, af), 1e-9)),
  mistakes: [
    {
      attempt: (mode, af) => 2 * learningTime(mode, af),
      hint: 'twice too long: both layers learn, so the rate is 2s/τ and not s/τ',
    },
    {
      attempt: ({ s, tau }) => tau / s,
      hint: 'this is the order of magnitude on the slide: it leaves out where the mode starts; integrate da / (a(s − a))',
    },
    {
      attempt: ({ s, a0, tau }, af) => (tau / (2 * s)) * Math.log(af / a0),
      hint: 'this is growth at a constant rate, right as long as a is small: near s the mode slows down, so s − a belongs in the logarithm',
    },
    {
      attempt: (mode, af) => -learningTime(mode, af),
      hint: 'the sign: the logarithm is upside down',
    },
    {
      attempt: (mode, af) => learningTime({ ...mode, tau: 1 }, af),
      hint: 'τ is missing: a slower learning rate takes proportionally longer',
    },
  ],
  otherwise:
    'not yet: with s = 3, a0 = 0.01, τ = 1 the way to af = 1.5 takes 0.9501, the half-time of the first figure',
});

/** Exercise 3: the strength of a mode without a hidden layer. */
type Strength = (mode: Mode, t: number) => number;

const moments: readonly (readonly [Mode, number])[] = [
  [{ s: 3, a0: 0.01, tau: 1 }, 0],
  [{ s: 3, a0: 0.01, tau: 1 }, 0.5],
  [{ s: 0.5, a0: 0.2, tau: 2 }, 1],
  [{ s: 2, a0: 0.5, tau: 0.5 }, 3],
];

export const exercise3: Exercise<Strength> = defineExercise<Strength>({
  name: 'Exercise 3',
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
