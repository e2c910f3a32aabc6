// What the rows of functions of whole arrays have in common.
import { rng } from 'lecture-lab/math/rng';
import { mean } from 'lecture-lab/math/statistics';
import { prepared, type Row, twin } from './row';

/** A row of a function that replaces each number of an array. @param name of the function, here and in numpy */
export const elementwise = (name: string, apply: (x: Float64Array) => Float64Array): Row => ({
  name,
  words: `${name} of 10⁵ numbers in double precision, in place`,
  size: { name: 'numbers', value: 100_000, growth: [1_000, 10_000, 100_000, 1_000_000] },
  checks: [
    { name: 'mean', within: { relative: 1e-13 }, why: 'each is right to 1e-15; the sums differ in their order' },
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
        return apply(out);
      },
      (values) => [mean(values.map(Math.abs))],
    );
  },
});
