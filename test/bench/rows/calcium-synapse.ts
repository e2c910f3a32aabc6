import { createRun } from 'lecture-lab/math/run';
import { mean } from 'lecture-lab/math/statistics';
import { synapses } from 'lecture-lab/plasticity/calcium';
import { simulatePairings } from 'lecture-lab/plasticity/calcium.curve';
import { defineRow, prepared, twin } from '../row';

const pairings = Array.from({ length: 41 }, (_, i) => ({ dt: -60 + 3 * i, pairs: 60, frequency: 1 }));
const tolerance = 5 * Math.sqrt(2) * (2 / 3) * Math.sqrt(0.5 / 200 / 20);
const why = '5 standard errors of the difference: U and D are fractions of 200 synapses, the mean is over 20 Δt';

export const row = defineRow({
  name: 'calcium-synapse',
  words: 'stochastic calcium synapse, 41 Δt × 400 trials × 60 s',
  size: { name: 'trials', value: 400, growth: [400, 1_000, 4_000, 16_000, 64_000] },
  checks: [
    { name: 'mean change, Δt < 0', within: { absolute: tolerance }, why },
    { name: 'mean change, Δt > 0', within: { absolute: tolerance }, why },
  ],
  peers: [
    { name: 'numpy', role: 'typical', target: 45, cold: true, rounds: 2 },
    { name: 'numba', role: 'best', target: 30, cold: true, rounds: 2 },
    { name: 'numpy exact steps', role: 'best', target: 1 },
    twin,
  ],
  note: 'ours solves the wells and the linear pull exactly, each alone, and draws 60 numbers a synapse instead of some 14,000: a better algorithm, which Python can use too (numpy exact steps)',

  ours(trials) {
    const run = createRun();
    return prepared(
      () => simulatePairings(synapses.DP, pairings, trials, 1, run),
      (outcomes) => {
        const changes = outcomes.map(({ change }) => change);
        return [mean(changes.slice(0, 20)), mean(changes.slice(21))];
      },
    );
  },
});
