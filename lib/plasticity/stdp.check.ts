/** Self-checks of the lesson on spike timing. */
import { close, defineExercise, type Exercise } from '../check';
import { areas, biPoo, drift, onePairing, type StdpWindow } from './stdp';

/** Exercise 2: the change of strength a second by independent Poisson spikes at two rates, Hz. */
type Drift = (window: StdpWindow, preRate: number, postRate: number) => number;

const windows: readonly StdpWindow[] = [
  onePairing(biPoo),
  { aPlus: 0.01, tauPlus: 20, aMinus: 0.012, tauMinus: 20, cutOff: Infinity },
];
const rates: readonly (readonly [number, number])[] = [
  [10, 10],
  [5, 20],
  [0, 30],
  [40, 7],
];

export const exercise2: Exercise<Drift> = defineExercise<Drift>({
  name: 'Exercise 2',
  solution: drift,
  agree: (attempt, answer) =>
    windows.every((window) =>
      rates.every(([pre, post]) => {
        const right = answer(window, pre, post);
        return close(attempt(window, pre, post) / 1e-3, right / 1e-3, 1e-9);
      }),
    ),
  mistakes: [
    {
      attempt: (window, pre, post) => 1000 * drift(window, pre, post),
      hint: 'a factor 1000 too large: the rates are a second and the areas in milliseconds',
    },
    {
      attempt: (window, pre, post) => drift(window, pre, post) / 1000,
      hint: 'a factor 1000 too small: only one of the two rates meets a time in milliseconds; the other makes it a second',
    },
    {
      attempt: ({ aPlus, aMinus }, pre, post) => (pre * post * (aPlus - aMinus)) / 1000,
      hint: 'these are the heights of the window: what counts is its area, A τ on each side',
    },
    {
      attempt: (window, pre, post) => {
        const { potentiation, depression } = areas(window);
        return (pre * post * (potentiation + depression)) / 1000;
      },
      hint: 'depression takes away: the difference of the two areas counts',
    },
    {
      attempt: (window, pre, post) => {
        const { potentiation, depression } = areas(window);
        return ((pre + post) * (potentiation - depression)) / 1000;
      },
      hint: 'pairs need two spikes: their number grows with the product of the rates, not with the sum',
    },
  ],
  otherwise: 'not yet: for the window of one pairing and 10 Hz on both sides it is 0.00642 a second',
});
