import { close, defineExercise, type Exercise } from '../check/index';
import { rates, squid } from './hodgkin-huxley';
import { equilibrium, gates, steadyCurrent } from './hodgkin-huxley.stability';

/** V (mV) at which answers are compared; at these the anticipated mistakes differ from the answer and from each other. */
const VOLTAGES = [-90, -70, -59.65, -40, 0];

const rest = equilibrium(0);
const sodium = (V: number, m: number, h: number): number => squid.gNa * m * h * (V - squid.ENa);
const potassium = (V: number, n: number): number => squid.gK * n * (V - squid.EK);
const leak = (V: number): number => squid.gL * (V - squid.EL);

/** The current that holds the membrane at V for ever. */
export const exercise2: Exercise<(V: number) => number> = defineExercise({
  name: 'Exercise 2',
  solution: (V: number): number => steadyCurrent(V),
  agree: (attempt, answer) => VOLTAGES.every((V) => close(attempt(V), answer(V), 1e-4)),
  mistakes: [
    {
      attempt: (V) => -steadyCurrent(V),
      hint: 'the sign: the electrode has to inject what flows out through the channels, so I = + Σ g (V − E)',
    },
    {
      attempt: (V) => sodium(V, rest.m ** 3, rest.h) + potassium(V, rest.n ** 4) + leak(V),
      hint: 'the gates still stand where they were at rest: held at V for ever, they settle at α/(α + β) of that V',
    },
    {
      attempt: (V) => sodium(V, gates(V).m, gates(V).h) + potassium(V, gates(V).n) + leak(V),
      hint: 'the powers are missing: sodium needs m³h, potassium n⁴',
    },
    {
      attempt: (V) => sodium(V, gates(V).m ** 3, 1) + potassium(V, gates(V).n ** 4) + leak(V),
      hint: 'sodium never inactivates in your version: h is missing',
    },
    {
      attempt: (V) => steadyCurrent(V) - leak(V),
      hint: 'the leak is missing',
    },
    {
      attempt: (V) => {
        const r = rates(V);
        return (
          sodium(V, (r.alphaM / r.betaM) ** 3, r.alphaH / r.betaH) + potassium(V, (r.alphaN / r.betaN) ** 4) + leak(V)
        );
      },
      hint: 'α/β is the odds that a gate is open; the fraction is α/(α + β)',
    },
  ],
  otherwise: 'not yet: at −40 mV it takes 218.40 µA/cm², and at the resting potential of −64.9964 mV none',
});
