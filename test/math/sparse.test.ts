import { expect } from 'chai';
import { ParameterError } from 'lecture-lab/math/errors';
import { fromRows, type Matrix, matrix, matvec, toRows, transpose } from 'lecture-lab/math/linear-algebra';
import { rng } from 'lecture-lab/math/rng';
import {
  addRows,
  entries,
  fixedInDegree,
  fromDense,
  fromTriplets,
  type Pattern,
  randomPattern,
  sparseMatvec,
  sparseMatvecTransposed,
  toDense,
  transposed,
  weighted,
} from 'lecture-lab/math/sparse';

/** A dense matrix of which about a third is not 0. */
function random(rows: number, cols: number, seed: number): Matrix {
  const r = rng(seed);
  const data = new Float64Array(rows * cols);
  for (let i = 0; i < data.length; i++) if (r.bernoulli(0.3)) data[i] = r.normal();
  return matrix(rows, cols, data);
}

/** Row after row, the columns that have an entry. */
const columns = (a: Pattern): number[][] =>
  Array.from({ length: a.rows }, (_, i) => [...a.index.subarray(a.start[i], a.start[i + 1])]);

const shapes = [
  [7, 5],
  [1, 9],
  [9, 1],
  [0, 4],
  [4, 0],
  [0, 0],
  [3, 70_000],
] as const;

describe('sparse matrices: the same as dense ones', () => {
  for (const [rows, cols] of shapes)
    it(`${rows} x ${cols}: there and back, transposed, products both ways`, () => {
      const dense = cols < 1000 ? random(rows, cols, rows + 10 * cols) : matrix(rows, cols);
      if (cols >= 1000) for (let i = 0; i < rows; i++) dense.data[i * cols + ((i * 12_345) % cols)] = i - 3.5;
      const a = fromDense(dense);
      expect(toDense(a).data).to.deep.equal(dense.data);
      expect(toDense(transposed(a)).data).to.deep.equal(transpose(dense).data);
      expect(a.index).to.be.instanceOf(cols > 65_536 ? Uint32Array : Uint16Array);

      const r = rng(3);
      const x = r.fillNormal(new Float64Array(cols));
      const y = r.fillNormal(new Float64Array(rows));
      const out = new Float64Array(rows).fill(7);
      sparseMatvec(a, x, out);
      const back = new Float64Array(cols).fill(7);
      sparseMatvecTransposed(a, y, back);
      const expected = matvec(dense, x);
      // sums of the same products in another order
      for (let i = 0; i < rows; i++) expect(out[i]).to.be.closeTo(expected[i], 1e-13 * cols);
      const expectedBack = matvec(dense, y, { transposeA: true });
      for (let j = 0; j < cols; j++) expect(back[j]).to.be.closeTo(expectedBack[j], 1e-13 * (rows + 1));
      // <y, A x> = <A'y, x>
      let left = 0;
      let right = 0;
      for (let i = 0; i < rows; i++) left += y[i] * out[i];
      for (let j = 0; j < cols; j++) right += back[j] * x[j];
      expect(left).to.be.closeTo(right, 1e-12 * (1 + rows * Math.min(cols, 100)));
    });

  it('single-precision vectors are taken too', () => {
    const a = fromDense(random(6, 8, 4));
    const x = Float32Array.from({ length: 8 }, (_, j) => j - 3);
    const out = new Float32Array(6);
    sparseMatvec(a, x, out);
    const expected = new Float64Array(6);
    sparseMatvec(a, Float64Array.from(x), expected);
    expect([...out]).to.deep.equal([...expected].map(Math.fround));
  });
});

describe('sparse matrices: from triplets', () => {
  it('in any order, with empty rows and columns; values at one place add up', () => {
    const a = fromTriplets(4, 3, [3, 0, 3, 0, 3], [2, 1, 0, 1, 2], [1, 2, 3, 4, -0.5]);
    expect(toRows(toDense(a))).to.deep.equal([
      [0, 6, 0],
      [0, 0, 0],
      [0, 0, 0],
      [3, 0, 0.5],
    ]);
    expect(columns(a)).to.deep.equal([[1], [], [], [0, 2]]);
    expect(entries(a)).to.equal(3);
    expect(a.data).to.have.length(3);
  });

  it('none at all', () => {
    const a = fromTriplets(2, 2, [], [], []);
    expect(entries(a)).to.equal(0);
    const out = new Float64Array(2).fill(1);
    sparseMatvec(a, new Float64Array(2).fill(5), out);
    expect([...out]).to.deep.equal([0, 0]);
  });

  it('refuses places outside and lists that differ', () => {
    const bad = (make: () => unknown, message: RegExp): void => {
      expect(make).to.throw(ParameterError, message);
    };
    bad(() => fromTriplets(2, 3, [2], [0], [1]), /row must be a whole number between 0 and 1 \(got 2\)/);
    bad(() => fromTriplets(2, 3, [0], [-1], [1]), /column must be a whole number between 0 and 2 \(got -1\)/);
    bad(() => fromTriplets(2, 3, [0.5], [0], [1]), /row must be a whole number/);
    bad(() => fromTriplets(2, 3, [Number.NaN], [0], [1]), /row must be a whole number/);
    bad(() => fromTriplets(0, 3, [0], [0], [1]), /there is no row 0: the matrix has none/);
    bad(() => fromTriplets(2, 3, [0, 1], [0], [1, 2]), /2 rows, 1 columns and 2 values differ/);
    bad(() => fromTriplets(-1, 3, [], [], []), /rows must be a whole number between 0 and/);
  });
});

describe('sparse matrices: random networks', () => {
  it('with a fixed in-degree: that many different inputs each, in order', () => {
    for (const [rows, cols, degree] of [
      [50, 80, 12],
      [20, 20, 20],
      [20, 20, 0],
      [3, 70_000, 5],
    ])
      for (const row of columns(fixedInDegree(rows, cols, degree, rng(1)))) {
        expect(new Set(row).size).to.equal(degree);
        expect(row).to.deep.equal([...row].sort((a, b) => a - b));
        expect(row.every((j) => j < cols)).to.equal(true);
      }
  });

  it('without loops: never the neuron itself, all the others when the degree is n − 1', () => {
    const all = fixedInDegree(15, 15, 14, rng(2), { loops: false });
    columns(all).forEach((row, i) => {
      expect(row).to.deep.equal(Array.from({ length: 15 }, (_, j) => j).filter((j) => j !== i));
    });
    columns(randomPattern(40, 40, 0.5, rng(2), { loops: false })).forEach((row, i) => {
      expect(row).to.not.include(i);
    });
  });

  it('draw every input equally often', () => {
    // out-degrees of a fixed in-degree are binomial: chi squared over the columns, 3 standard errors
    const [rows, cols, degree] = [2000, 40, 10];
    const counts = new Float64Array(cols);
    for (const repeats of [false, true]) {
      counts.fill(0);
      for (const j of fixedInDegree(rows, cols, degree, rng(5), { repeats }).index) counts[j]++;
      const mean = (rows * degree) / cols;
      const variance = mean * (1 - (repeats ? 1 : degree) / cols);
      const chi2 = counts.reduce((sum, n) => sum + (n - mean) ** 2 / variance, 0);
      expect(chi2).to.be.within(cols - 1 - 3 * Math.sqrt(2 * cols), cols - 1 + 3 * Math.sqrt(2 * cols));
    }
  });

  it('with repeats: the same input may come twice', () => {
    const rows = columns(fixedInDegree(100, 10, 10, rng(6), { repeats: true }));
    expect(rows.some((row) => new Set(row).size < 10)).to.equal(true);
    expect(rows.every((row) => row.length === 10)).to.equal(true);
  });

  it('with a probability: as many entries as expected, everywhere alike', () => {
    const [rows, cols, p] = [300, 200, 0.07];
    const a = randomPattern(rows, cols, p, rng(7));
    const sd = Math.sqrt(rows * cols * p * (1 - p));
    expect(entries(a)).to.be.within(rows * cols * p - 3 * sd, rows * cols * p + 3 * sd);
    const counts = new Float64Array(cols);
    for (const j of a.index) counts[j]++;
    const chi2 = counts.reduce((sum, n) => sum + (n - rows * p) ** 2 / (rows * p * (1 - p)), 0);
    expect(chi2).to.be.within(cols - 3 * Math.sqrt(2 * cols), cols + 3 * Math.sqrt(2 * cols));
    for (const row of columns(a)) for (let k = 1; k < row.length; k++) expect(row[k]).to.be.above(row[k - 1]);
  });

  it('of probability 0 and 1 are empty and full', () => {
    expect(entries(randomPattern(8, 6, 0, rng(1)))).to.equal(0);
    expect(entries(randomPattern(8, 6, 1, rng(1)))).to.equal(48);
    expect(entries(randomPattern(8, 8, 1, rng(1), { loops: false }))).to.equal(56);
  });

  it('are the same for the same seed, and differ for another', () => {
    const draw = (seed: number): number[] => [...fixedInDegree(30, 30, 5, rng(seed)).index];
    expect(draw(1)).to.deep.equal(draw(1));
    expect(draw(1)).to.not.deep.equal(draw(2));
  });

  it('refuse what cannot be', () => {
    expect(() => fixedInDegree(5, 5, 6, rng(1))).to.throw(ParameterError, /between 0 and 5 \(got 6\)/);
    expect(() => fixedInDegree(5, 5, 5, rng(1), { loops: false })).to.throw(ParameterError, /between 0 and 4/);
    expect(() => fixedInDegree(5, 0, 1, rng(1), { repeats: true })).to.throw(ParameterError, /between 0 and 0/);
    expect(() => fixedInDegree(5, 6, 2, rng(1), { loops: false })).to.throw(ParameterError, /square/);
    expect(() => fixedInDegree(5, 6, 2.5, rng(1))).to.throw(ParameterError, /degree/);
    expect(() => fixedInDegree(2 ** 30, 2 ** 10, 4, rng(1))).to.throw(ParameterError, /at most 2147483647 entries/);
    expect(() => randomPattern(5, 6, 1.2, rng(1))).to.throw(ParameterError, /p must be between 0 and 1 \(got 1.2\)/);
  });
});

describe('sparse matrices: spikes', () => {
  it('bring the columns of W, the rows of its transpose', () => {
    const dense = random(6, 9, 8);
    const outgoing = transposed(fromDense(dense));
    const out = new Float64Array(6).fill(10);
    addRows(outgoing, Int32Array.of(2, 5, 2, 99), 3, 2, out);
    const spikes = new Float64Array(9);
    spikes[2] = 2;
    spikes[5] = 1;
    const expected = matvec(dense, spikes);
    for (let i = 0; i < 6; i++) expect(out[i]).to.be.closeTo(10 + 2 * expected[i], 1e-13);
  });

  it('of a pattern without values count one for each synapse', () => {
    const pattern = fixedInDegree(12, 7, 4, rng(9), { repeats: true });
    const out = new Float64Array(12);
    const everyone = Int32Array.from({ length: 7 }, (_, i) => i);
    addRows(transposed(pattern), everyone, 7, 0.5, out);
    expect([...out]).to.deep.equal(new Array(12).fill(2));
  });

  it('of no neuron change nothing; of a neuron that does not exist are refused', () => {
    const a = weighted(fixedInDegree(3, 3, 2, rng(1)), 1);
    const out = new Float64Array(3);
    addRows(a, Int32Array.of(1), 0, 1, out);
    expect([...out]).to.deep.equal([0, 0, 0]);
    for (const i of [3, -1]) expect(() => addRows(a, Int32Array.of(i), 1, 1, out)).to.throw(ParameterError, /row/);
  });

  it('and vectors of the wrong length are refused', () => {
    const a = fromDense(fromRows([[1, 2, 3]]));
    const v = (n: number): Float64Array => new Float64Array(n);
    expect(() => sparseMatvec(a, v(2), v(1))).to.throw(ParameterError, /1 x 3 does not fit 2 numbers in and 1 out/);
    expect(() => sparseMatvec(a, v(3), v(2))).to.throw(ParameterError, /sparseMatvec/);
    expect(() => sparseMatvecTransposed(a, v(3), v(1))).to.throw(ParameterError, /sparseMatvecTransposed/);
    expect(() => addRows(a, Int32Array.of(0), 1, 1, v(1))).to.throw(ParameterError, /addRows/);
  });
});

describe('sparse matrices: weights', () => {
  it('are one number or depend on both ends', () => {
    const pattern = randomPattern(5, 6, 0.5, rng(4));
    expect([...weighted(pattern, 3).data]).to.deep.equal(new Array(entries(pattern)).fill(3));
    const dense = toDense(weighted(pattern, (i, j) => 10 * i + j + 1));
    const ones = toDense(weighted(pattern, 1));
    for (let at = 0; at < 30; at++) {
      const i = Math.floor(at / 6);
      expect(dense.data[at]).to.equal(ones.data[at] * (10 * i + (at % 6) + 1));
    }
  });
});
