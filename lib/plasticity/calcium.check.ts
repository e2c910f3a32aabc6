/** Self-checks of the lesson on the calcium model. */
import { close, defineExercise, type Exercise } from '../check';
import { type CalciumSynapse, synapses } from './calcium';

/** Exercise 2: time (ms) that the calcium of a single pair is above a threshold. */
type TimeOfPair = (synapse: CalciumSynapse, dt: number, theta: number) => number;

/** Attempts that differ in single steps. `gap`: from the presynaptic calcium to the postsynaptic one. */
const attempt =
  (steps: {
    readonly gap?: (synapse: CalciumSynapse, dt: number) => number;
    readonly remains?: boolean;
    readonly cut?: boolean;
    readonly floor?: boolean;
    readonly swap?: boolean;
  }): TimeOfPair =>
  (synapse, dt, theta) => {
    const { remains = true, cut = true, floor = true, swap = true } = steps;
    const gap = steps.gap ? steps.gap(synapse, dt) : dt - synapse.delay;
    const { tauCa, cPre, cPost } = synapse;
    const [first, second] = gap >= 0 || !swap ? [cPre, cPost] : [cPost, cPre];
    const above = (c: number): number => Math.max(floor ? 0 : -Infinity, tauCa * Math.log(c / theta));
    const before = cut ? Math.min(Math.abs(gap), above(first)) : above(first);
    return before + above(second + (remains ? first * Math.exp(-Math.abs(gap) / tauCa) : 0));
  };

const cases: readonly (readonly [CalciumSynapse, number, number])[] = [
  [synapses.DP, 10, 1],
  [synapses.DP, -20, 1.3],
  [synapses.DP, 40, 1.3],
  [synapses.P, 3, 1],
  [synapses.D, 2, 1],
  [synapses.D, 30, 1],
  [synapses["DPD'"], 6, 2.5],
  [synapses.cortical, -5, 1],
];

export const exercise2: Exercise<TimeOfPair> = defineExercise<TimeOfPair>({
  name: 'Exercise 2',
  solution: attempt({}),
  agree: (given, answer) => cases.every((of) => close(given(...of), answer(...of), 1e-6)),
  mistakes: [
    {
      attempt: attempt({ gap: (_, dt) => dt }),
      hint: 'the presynaptic spike’s calcium comes only after the delay D: the two jumps are Δt − D apart',
    },
    {
      attempt: attempt({ gap: ({ delay }, dt) => dt + delay }),
      hint: 'the delay has the wrong sign: it moves the presynaptic calcium later, towards the postsynaptic one',
    },
    {
      attempt: attempt({ remains: false }),
      hint: 'the second jump does not start from zero: what is left of the first one is still there',
    },
    {
      attempt: attempt({ cut: false }),
      hint: 'the time after the first jump ends at the second jump: otherwise the overlap counts twice',
    },
    {
      attempt: attempt({ floor: false }),
      hint: 'a logarithm below zero means that the jump never reached the threshold: that counts as 0 ms, not as less',
    },
    {
      attempt: attempt({ swap: false }),
      hint: 'the presynaptic jump is not always the first: look at the sign of Δt − D',
    },
    {
      attempt: (...of) => attempt({})(...of) / 1000,
      hint: 'that is in seconds (or the share of a second): milliseconds are asked for',
    },
  ],
  otherwise: 'not yet: with the set DP, Δt = 10 and θ = 1 it is 23.283 ms',
});
