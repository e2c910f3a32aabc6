import { portable } from 'lecture-lab/math/blas/portable';
import { rng } from 'lecture-lab/math/rng';
import { mean } from 'lecture-lab/math/statistics';
import { defineRow, prepared, twin } from '../row';

export const row = defineRow({
  name: 'matrix-product',
  words: 'product of two 400 × 400 matrices in double precision as a page computes it, without OpenBLAS',
  size: { name: 'rows', value: 400, growth: [50, 100, 200, 400] },
  checks: [{ name: 'mean size', within: { relative: 1e-12 }, why: 'the sums run in another order' }],
  peers: [twin],

  ours(size) {
    const random = rng(1);
    const [a, b, c] = [1, 2, 3].map((k) => random.stream(`${k}`).fillNormal(new Float64Array(size * size)));
    return prepared(
      () => portable.gemm(size, size, size, 1, a!, false, b!, false, 0, c!, size, size, size),
      () => [mean(c!.map(Math.abs))],
    );
  },
});
