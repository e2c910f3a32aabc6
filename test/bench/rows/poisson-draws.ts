import { rng } from 'lecture-lab/math/rng';
import { mean, variance } from 'lecture-lab/math/statistics';
import { defineRow, prepared, twin } from '../row';

const draws = 1_000_000;
const lambda = 5;

export const row = defineRow({
  name: 'poisson-draws',
  words: 'independent Poisson counts of mean 5',
  size: { name: 'draws', value: draws, growth: [10_000, 100_000, 1_000_000, 10_000_000] },
  checks: [
    {
      name: 'mean',
      within: { absolute: 5 * Math.sqrt((2 * lambda) / draws) },
      why: '5 standard errors of the difference of two means over 10⁶ counts',
    },
    {
      name: 'variance',
      // of a Poisson variable the fourth central moment is λ + 3λ²
      within: { absolute: 5 * Math.sqrt((2 * (lambda + 2 * lambda ** 2)) / draws) },
      why: '5 standard errors of the difference of two variances over 10⁶ counts',
    },
  ],
  peers: [{ name: 'numpy', role: 'both', target: 6 }, twin],

  ours(size) {
    const counts = new Int32Array(size);
    const spikes = rng(1).stream('spikes');
    return prepared(
      () => spikes.fillPoisson(counts, lambda),
      () => [mean(counts), variance(counts)],
    );
  },
});
