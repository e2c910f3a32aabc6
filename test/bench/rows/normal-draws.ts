import { rng } from 'lecture-lab/math/rng';
import { mean, standardDeviation } from 'lecture-lab/math/statistics';
import { defineRow, prepared, twin } from '../row';

/** how many of them are checked */
const looked = 1_000_000;

export const row = defineRow({
  name: 'normal-draws',
  words: 'independent standard normal numbers in double precision, into an array that is there',
  size: { name: 'draws', value: 10_000_000, growth: [100_000, 300_000, 1_000_000, 3_000_000, 10_000_000] },
  checks: [
    {
      name: 'mean',
      within: { absolute: 5 * Math.sqrt(2 / looked) },
      why: '5 standard errors of the difference of two means over 10⁶ draws',
    },
    {
      name: 'standard deviation',
      within: { absolute: 5 * Math.sqrt(2 / (2 * looked)) },
      why: '5 standard errors of the difference of two standard deviations over 10⁶ draws',
    },
  ],
  peers: [{ name: 'numpy', role: 'typical', target: 3.4 }, { name: 'numpy SFC64', role: 'best', target: 2.9 }, twin],

  ours(size) {
    const numbers = new Float64Array(size);
    const noise = rng(1).stream('noise');
    return prepared(
      () => noise.fillNormal(numbers),
      () => {
        const first = numbers.subarray(0, looked);
        return [mean(first), standardDeviation(first)];
      },
    );
  },
});
