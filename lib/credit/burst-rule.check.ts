/** Self-checks of the lesson on dendrites. */
import { close, defineExercise, type Exercise } from '../check';

/**
 * Exercise 2: what the burst rule makes of a row of events.
 * @param bursts whether each event of the receiver was a burst
 * @param traces trace of the sender at each event
 * @param average running average of the burst probability, held fixed
 * @returns change of the weight
 */
type Change = (bursts: readonly boolean[], traces: readonly number[], average: number, eta: number) => number;

const cases: readonly (readonly [readonly boolean[], readonly number[], number, number])[] = [
  [[true, false, false], [1, 2, 0.5], 0.3, 0.1],
  [[false, false], [1, 1.5], 0.2, 0.05],
  [[true, true, false, true], [0, 1, 1, 3], 0.75, 0.01],
];

const sum =
  (each: (burst: boolean, trace: number, average: number) => number): Change =>
  (bursts, traces, average, eta) =>
    eta * bursts.reduce((total, burst, k) => total + each(burst, traces[k], average), 0);

export const exercise2: Exercise<Change> = defineExercise<Change>({
  name: 'Exercise 2',
  solution: sum((burst, trace, average) => ((burst ? 1 : 0) - average) * trace),
  agree: (attempt, answer) => cases.every((c) => close(attempt(...c), answer(...c), 1e-9)),
  mistakes: [
    {
      attempt: sum((burst, trace) => (burst ? trace : 0)),
      hint: 'only bursts count here, and all of them strengthen: what does an event without a burst do?',
    },
    {
      attempt: sum((burst, trace, average) => (average - (burst ? 1 : 0)) * trace),
      hint: 'the sign: more bursts than usual should strengthen',
    },
    {
      attempt: sum((burst, trace, average) => (burst ? 1 : -average) * trace),
      hint: 'a burst is an event too: E = 1, so P̄ is subtracted there as well',
    },
    {
      attempt: sum((burst, trace, average) => (burst ? 1 - average : 0) * trace),
      hint: 'E = 1 at every event: an event without a burst weakens by η P̄ Ẽ',
    },
    {
      attempt: sum((burst, _, average) => (burst ? 1 : 0) - average),
      hint: 'the trace of the sender is missing: a silent sender keeps its weight',
    },
    {
      attempt: (bursts, traces, average) => sum((b, t, p) => ((b ? 1 : 0) - p) * t)(bursts, traces, average, 1),
      hint: 'the learning rate is missing',
    },
  ],
  otherwise: 'not yet: for one burst and one single event, traces 1 and 1, P̄ = 0.3 and η = 0.1 it is 0.04',
});
