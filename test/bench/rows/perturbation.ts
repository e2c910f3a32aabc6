import { learnAll, type Rule } from 'lecture-lab/credit/perturbation';
import { rng } from 'lecture-lab/math/rng';
import { mean } from 'lecture-lab/math/statistics';
import { defineRow, prepared, twin } from '../row';

const rules: readonly Rule[] = ['node perturbation', 'weight perturbation'];
const seeds = 20;

/** 5 standard errors of the difference of two means over 20 curves, from the standard deviation over curves (500, 500; 20, 20 of ours). */
const within = (deviation: number) => ({ absolute: 5 * deviation * Math.sqrt(2 / seeds) });
const why = '5 standard errors of the difference of two means over 20 curves';

export const row = defineRow({
  name: 'perturbation',
  words: 'weight and node perturbation of a linear network, 10 inputs and 5 outputs, 20 seeds each',
  size: { name: 'trials', value: 100_000, growth: [12_500, 25_000, 50_000, 100_000] },
  checks: [
    { name: 'error of nodes, trials 100–299', within: within(0.122), why },
    { name: 'error of weights, trials 500–1499', within: within(0.186), why },
    { name: 'error of nodes, second half', within: within(8.5e-6), why },
    { name: 'error of weights, second half', within: within(1.33e-4), why },
  ],
  peers: [
    { name: 'numba np.random', role: 'typical', target: 9 },
    { name: 'numba Generator', role: 'best', target: 1.8 },
    { name: 'numba Generator 1 thread', role: 'other', target: 1.8 },
    twin,
  ],

  ours(size) {
    const settings = { inputs: 10, outputs: 5, sigma: 0.01, trials: size };
    return prepared(
      () => learnAll(rules, settings, { seeds, seedStream: rng(1) }),
      ([nodes, weights]) => {
        const average = (curves: Float64Array[], from: number, to: number): number =>
          mean(curves.map((errors) => mean(errors.subarray(from, to))));
        const half = Math.floor(size / 2);
        return [
          average(nodes!, 100, 300),
          average(weights!, 500, 1500),
          average(nodes!, half, size),
          average(weights!, half, size),
        ];
      },
    );
  },
});
