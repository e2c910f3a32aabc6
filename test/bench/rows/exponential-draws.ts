import { rng } from 'lecture-lab/math/rng';
import { mean, variance } from 'lecture-lab/math/statistics';
import { defineRow, prepared, twin } from '../row';

/** how many of them are checked */
const looked = 1_000_000;

export const row = defineRow({
  name: 'exponential-draws',
  words: 'independent exponential numbers of mean 1 in double precision, into an array that is there',
  size: { name: 'draws', value: 10_000_000, growth: [100_000, 300_000, 1_000_000, 3_000_000, 10_000_000] },
  checks: [
    {
      name: 'mean',
      within: { absolute: 5 * Math.sqrt(2 / looked) },
      why: '5 standard errors of the difference of two means over 10⁶ draws',
    },
    {
      name: 'variance',
      // of an exponential variable of mean 1 the fourth central moment is 9
      within: { absolute: 5 * Math.sqrt((2 * (9 - 1)) / looked) },
      why: '5 standard errors of the difference of two variances over 10⁶ draws',
    },
  ],
  peers: [{ name: 'numpy', role: 'both', target: 1 }, twin],

  ours(size) {
    const numbers = new Float64Array(size);
    const waits = rng(1).stream('waits');
    return prepared(
      () => waits.fillExponential(numbers),
      () => {
        const first = numbers.subarray(0, looked);
        return [mean(first), variance(first)];
      },
    );
  },
});
