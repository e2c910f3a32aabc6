import { expect } from 'chai';
import { ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import { fromTriplets, randomPattern, type Sparse, sparseMatvec, weighted } from 'lecture-lab/math/sparse';
import { blocked, blockedMatvec } from 'lecture-lab/math/sparse-blocked';

function random(rows: number, cols: number, p: number): Sparse {
  const r = rng(rows + cols);
  return weighted(randomPattern(rows, cols, p, r), () => r.normal());
}

describe('sparse matrices in blocks', () => {
  it('multiply as in double precision, to the rounding of single', () => {
    for (const [rows, cols, p, width] of [
      [30, 50, 0.3, 4],
      [30, 50, 0.3, 16],
      [20, 17, 1, 8],
      [1, 1, 1, 4],
      [40, 9000, 0.05, 4096],
      [10, 20_000, 0.01, 16_384],
      [0, 5, 0.5, 4],
      [5, 0, 0.5, 4],
    ]) {
      const a = random(rows, cols, p);
      const x = rng(1).fillNormal(new Float32Array(cols));
      const y = new Float32Array(rows).fill(9);
      blockedMatvec(blocked(a, width), x, y);
      const expected = new Float64Array(rows);
      sparseMatvec(a, Float64Array.from(x), expected);
      for (let i = 0; i < rows; i++) {
        let size = 0;
        for (let e = a.start[i]; e < a.start[i + 1]; e++) size += Math.abs(a.data[e] * x[a.index[e]]);
        // each term is rounded twice and added in sums of a quarter of the row: 2^-24 a rounding
        const terms = a.start[i + 1] - a.start[i];
        expect(Math.abs(y[i] - expected[i])).to.be.at.most(2 ** -24 * (terms / 4 + 8) * size);
      }
    }
  });

  it('keep every entry once, in its block, and fill rows up to fours with zeros', () => {
    const a = random(25, 40, 0.4);
    const { blocks, width } = blocked(a, 12);
    expect(blocks).to.have.length(4);
    const [rows, cols, values] = [[], [], []] as [number[], number[], number[]];
    for (const [b, { start, offset, weight }] of blocks.entries())
      for (let i = 0; i < 25; i++) {
        expect(start[i] % 4).to.equal(0);
        for (let e = start[i]; e < start[i + 1]; e++) {
          if (weight[e] === 0) continue;
          rows.push(i);
          cols.push(b * width + offset[e] / 4);
          values.push(weight[e]);
        }
      }
    const back = fromTriplets(25, 40, rows, cols, values);
    expect(back.index).to.deep.equal(a.index);
    expect([...back.data]).to.deep.equal([...a.data].map(Math.fround));
  });

  it('refuse widths and vectors that do not fit', () => {
    const a = random(3, 4, 1);
    for (const width of [0, 3, 2.5, 16_385]) expect(() => blocked(a, width)).to.throw(ParameterError, /width/);
    expect(() => blockedMatvec(blocked(a), new Float32Array(3), new Float32Array(3))).to.throw(ParameterError, /3 x 4/);
  });
});
