/** Self-checks of the lesson on plasticity beyond the synapse. */
import { close, defineExercise, type Exercise } from '../check';
import { probabilityAfterShift } from './coupling';

/** Exercise 2: the spike probability after the threshold fell by a shift, mV, from the one before. */
type AfterShift = (before: number, shift: number, softness: number) => number;

const cases: readonly (readonly [number, number, number])[] = [
  [0.1, 1.5, 1],
  [0.4, 0.5, 2],
  [0.7, 1, 1.5],
  [0, 1, 1],
];

export const exercise2: Exercise<AfterShift> = defineExercise<AfterShift>({
  name: 'Exercise 2',
  solution: probabilityAfterShift,
  agree: (attempt, answer) => cases.every((c) => close(attempt(...c), answer(...c), 1e-9)),
  mistakes: [
    {
      attempt: (before, shift, softness) => before * Math.exp(shift / softness),
      hint: 'this grows beyond 1: it is the rate ρ that is multiplied, not the probability',
    },
    {
      attempt: (before, shift, softness) => Math.min(1, before * Math.exp(shift / softness)),
      hint: 'a probability that is cut off at 1: the rate ρ is multiplied; what does that do to exp(−∫ρ dt)?',
    },
    {
      attempt: (before, shift, softness) => before ** Math.exp(shift / softness),
      hint: 'the power belongs to the probability of silence, 1 − p; this neuron becomes less excitable',
    },
    {
      attempt: (before, shift, softness) => 1 - (1 - before) ** Math.exp(-shift / softness),
      hint: 'the sign: a lower threshold makes the rate higher',
    },
    {
      attempt: (before, shift, softness) => (1 - before) ** Math.exp(shift / softness),
      hint: 'this is the probability of silence after the shift',
    },
  ],
  otherwise: 'not yet: 0.1 becomes 0.376 when the threshold falls by 1.5 mV and Δ is 1 mV',
});
