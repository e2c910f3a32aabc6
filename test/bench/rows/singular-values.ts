import { multiply, singularValues } from 'lecture-lab/math/linear-algebra';
import { rng } from 'lecture-lab/math/rng';
import { defineRow, prepared } from '../row';

const factors = 20;

export const row = defineRow({
  name: 'singular-values',
  words: `singular values of a product of ${factors} square matrices of independent normal numbers`,
  size: { name: 'rows', value: 1000, growth: [125, 250, 500, 1000] },
  checks: [
    {
      name: 'largest',
      within: { relative: 1e-10 },
      why: '20 products add up rounding of about 1000 × 2⁻⁵³ each',
    },
    {
      name: 'log₁₀ of the middle one',
      within: { absolute: 1e-6 },
      why: 'it is known to the rounding of the largest, some 10⁻¹² of it, and about 10⁻⁵ as large',
    },
  ],
  peers: [{ name: 'numpy', role: 'both', target: 1 }],

  inputs: (size) => ({
    factors: rng(1)
      .stream('factors')
      .fillNormal(new Float64Array(factors * size * size), 0, 1 / Math.sqrt(size)),
  }),

  ours(size, inputs) {
    const all = inputs['factors'] as Float64Array;
    const matrices = Array.from({ length: factors }, (_, i) => ({
      rows: size,
      cols: size,
      data: all.subarray(i * size * size, (i + 1) * size * size),
    }));
    return prepared(
      () => singularValues(matrices.reduce((product, factor) => multiply(factor, product))),
      (values) => [values[0]!, Math.log10(values[Math.floor(size / 2)]!)],
    );
  },
});
