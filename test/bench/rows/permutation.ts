import { rng } from 'lecture-lab/math/rng';
import { mean } from 'lecture-lab/math/statistics';
import { defineRow, prepared, twin } from '../row';

export const row = defineRow({
  name: 'permutation',
  words: 'the numbers 0 to n − 1 in random order',
  size: { name: 'numbers', value: 1_000_000, growth: [1_000, 10_000, 100_000, 1_000_000, 10_000_000] },
  checks: [
    { name: 'mean', within: 'exact', why: 'every number is there once' },
    {
      name: 'mean of the first half',
      // n²/12 of each, drawn without replacement: half of that is left
      within: { absolute: 5 * Math.sqrt((2 * 1e12) / 12 / 5e5 / 2) },
      why: '5 standard errors of the difference of the means of two random halves',
    },
  ],
  peers: [{ name: 'numpy', role: 'both', target: 1 }, twin],

  ours(size) {
    const order = rng(1).stream('order');
    return prepared(
      () => order.permutation(size),
      (numbers) => [mean(numbers), mean(numbers.subarray(0, size / 2))],
    );
  },
});
