/** Self-checks of the lesson on long-term potentiation. */
import { close, defineExercise, type Exercise } from '../check';
import { type Synapse, schaffer, strengthHeld } from './ltp';

/** Exercise 2: the strength after pulses while the membrane is held at a depolarisation, from strength 1. */
type Held = (synapse: Synapse, pulses: number, u: number) => number;

const cases: readonly (readonly [Synapse, number, number])[] = [
  [schaffer, 20, 30],
  [schaffer, 20, 5],
  [schaffer, 200, 40],
  [{ ...schaffer, tauS: 5, rate: 1e-4, ceiling: 3, threshold: 15 }, 12, 25],
];

/** The exponent of the closed form, with one part of it changed. */
const grown = ({ ceiling }: Synapse, exponent: number): number => ceiling - (ceiling - 1) * Math.exp(-exponent);

export const exercise2: Exercise<Held> = defineExercise<Held>({
  name: 'Exercise 2',
  solution: strengthHeld,
  agree: (attempt, answer) =>
    cases.every(([synapse, pulses, u]) => close(attempt(synapse, pulses, u), answer(synapse, pulses, u), 1e-9)),
  mistakes: [
    {
      attempt: ({ tauS, threshold, rate, ceiling }, pulses, u) =>
        1 + rate * (ceiling - 1) * pulses * Math.E * tauS * Math.max(0, u - threshold),
      hint: 'growth slows down as the ceiling comes nearer: this is a straight line through the ceiling',
    },
    {
      attempt: (synapse, pulses, u) =>
        grown(synapse, synapse.rate * pulses * synapse.tauS * Math.max(0, u - synapse.threshold)),
      hint: 'the area of an alpha function of height 1 is e τₛ, not τₛ',
    },
    {
      attempt: (synapse, pulses, u) => grown(synapse, synapse.rate * pulses * Math.E * synapse.tauS * u),
      hint: 'the threshold is missing: only what lies beyond it counts',
    },
    {
      attempt: (synapse, pulses, u) =>
        grown(synapse, synapse.rate * pulses * Math.E * synapse.tauS * (u - synapse.threshold)),
      hint: 'below the threshold nothing happens: your strength falls there',
    },
    {
      attempt: (synapse, _, u) => strengthHeld(synapse, 1, u),
      hint: 'each pulse opens the synapse again: this is the strength after one',
    },
  ],
  otherwise: 'not yet: after 20 pulses at 30 mV the strength is 1.581, and after 20 at 5 mV it is 1',
});
