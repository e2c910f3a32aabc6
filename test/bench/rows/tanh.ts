import { tanhInPlace } from 'lecture-lab/math/activation';
import { rng } from 'lecture-lab/math/rng';
import { mean } from 'lecture-lab/math/statistics';
import { defineRow, prepared, twin } from '../row';

export const row = defineRow({
  name: 'tanh',
  words: 'tanh of 10⁵ numbers in double precision, in place',
  size: { name: 'numbers', value: 100_000, growth: [1_000, 10_000, 100_000, 1_000_000] },
  checks: [
    { name: 'mean', within: { relative: 1e-13 }, why: 'each is right to 1e-15, and so is the order of the sum' },
  ],
  peers: [{ name: 'numpy', role: 'other', target: 1 }, twin],
  note: 'numpy has vectors of eight doubles, WebAssembly of two',

  inputs: (size) => ({ x: rng(1).stream('x').fillNormal(new Float64Array(size), 0, 2) }),

  ours(_size, inputs) {
    const x = inputs['x'] as Float64Array;
    const out = x.slice();
    return prepared(
      () => {
        out.set(x);
        return tanhInPlace(out);
      },
      (values) => [mean(values.map(Math.abs))],
    );
  },
});
