import { expect } from 'chai';
import { ParameterError } from 'lecture-lab/math/errors';
import type { Matrix } from 'lecture-lab/math/linear-algebra';
import { rng } from 'lecture-lab/math/rng';
import { algebras } from './algebras';
import { close, golden } from './golden';

type Rows = number[][];
const expected = golden<{
  svd: { A: Rows; U: Rows; s: number[]; V: Rows }[];
  symmetricEigen: { A: Rows; values: number[]; vectors: Rows };
  eigenvalues: { A: Rows; re: number[]; im: number[] };
  qr: { A: Rows; Q: Rows; R: Rows };
  solve: { A: Rows; B: Rows; X: Rows };
  cholesky: { A: Rows; L: Rows };
  leastSquares: { A: Rows; B: Rows; X: Rows };
  leastSquaresDeficient: { A: Rows; B: Rows; X: Rows };
  expm: { A: Rows; X: Rows }[];
  multiply: { A: Rows; B: Rows; AB: Rows };
}>('linear-algebra');

for (const [by, algebra] of algebras) {
  const {
    add,
    cholesky,
    column,
    diagonal,
    dot,
    eigenvalues,
    expm,
    fromRows,
    identity,
    inverse,
    leastSquares,
    matrix,
    matvec,
    multiply,
    norm,
    outer,
    pseudoInverse,
    qr,
    row,
    scale,
    singularValues,
    solve,
    svd,
    symmetricEigen,
    toRows,
    trace,
    transpose,
  } = algebra;
  const eps = 2 ** -52;

  function random(rows: number, cols: number, seed = 1): Matrix {
    return matrix(
      rows,
      cols,
      rng(seed)
        .stream(`${rows} x ${cols}`)
        .fillNormal(new Float64Array(rows * cols)),
    );
  }

  function near(actual: Matrix, wanted: Matrix | Rows, tolerance: number, what = ''): void {
    const m = Array.isArray(wanted) ? fromRows(wanted) : wanted;
    expect([actual.rows, actual.cols], `${what} shape`).to.deep.equal([m.rows, m.cols]);
    expect(norm(add(actual, m, -1).data), what).to.be.at.most(tolerance);
  }

  /** The columns are orthonormal to rounding. */
  function orthonormal(a: Matrix): void {
    near(multiply(a, a, { transposeA: true }), identity(a.cols), 10 * eps * a.rows * a.cols);
  }

  const shapes = [
    [1, 1],
    [1, 5],
    [5, 1],
    [4, 4],
    [30, 12],
    [12, 30],
    [60, 60],
    [90, 70],
    [70, 90],
  ];

  describe(`linear algebra by ${by}: making and taking apart`, () => {
    it('reads matrices row by row', () => {
      const a = fromRows([
        [1, 2, 3],
        [4, 5, 6],
      ]);
      expect([a.rows, a.cols, ...a.data]).to.deep.equal([2, 3, 1, 2, 3, 4, 5, 6]);
      expect(toRows(a)).to.deep.equal([
        [1, 2, 3],
        [4, 5, 6],
      ]);
      expect([...row(a, 1)]).to.deep.equal([4, 5, 6]);
      expect([...column(a, 1)]).to.deep.equal([2, 5]);
      expect(toRows(transpose(a))).to.deep.equal([
        [1, 4],
        [2, 5],
        [3, 6],
      ]);
      expect(toRows(add(a, a, -0.5))).to.deep.equal(toRows(scale(a, 0.5)));
      expect(toRows(outer([1, 2], [3, 4]))).to.deep.equal([
        [3, 4],
        [6, 8],
      ]);
      expect(toRows(diagonal([2, 3]))).to.deep.equal([
        [2, 0],
        [0, 3],
      ]);
      expect(trace(diagonal([2, 3]))).to.equal(5);
      expect(dot([1, 2], [3, 4])).to.equal(11);
      expect(norm([3, 4])).to.equal(5);
    });

    it('gives rows as views and columns as copies', () => {
      const a = matrix(2, 2);
      row(a, 1)[0] = 7;
      column(a, 1)[0] = 9;
      expect([...a.data]).to.deep.equal([0, 0, 7, 0]);
    });
  });

  describe(`linear algebra by ${by}: products`, () => {
    it('agree with numpy', () => {
      const { A, B, AB } = expected.multiply;
      near(multiply(fromRows(A), fromRows(B)), AB, 1e-14);
    });

    it('with transposes are the products of transposed matrices', () => {
      const a = random(3, 5);
      const b = random(5, 4);
      const wanted = multiply(a, b);
      near(multiply(transpose(a), b, { transposeA: true }), wanted, 1e-14);
      near(multiply(a, transpose(b), { transposeB: true }), wanted, 1e-14);
      near(multiply(transpose(a), transpose(b), { transposeA: true, transposeB: true }), wanted, 1e-14);
    });

    it('write into a given matrix, whatever it held', () => {
      const a = random(3, 5);
      const b = random(5, 4);
      const out = matrix(3, 4, new Float64Array(12).fill(NaN));
      expect(multiply(a, b, { out })).to.equal(out);
      expect(out.data).to.deep.equal(multiply(a, b).data);
      const y = new Float64Array(3).fill(NaN);
      matvec(a, row(b, 0).length === 4 ? column(b, 0) : [], { out: y });
      close(y, column(out, 0), 1e-14);
    });

    it('with a vector are columns of the product of matrices', () => {
      const a = random(3, 5);
      const x = random(5, 1);
      close(matvec(a, x.data), multiply(a, x).data, 1e-14);
      const y = random(3, 1);
      close(matvec(a, y.data, { transposeA: true }), multiply(a, y, { transposeA: true }).data, 1e-14);
    });

    it('of empty matrices are zero', () => {
      expect(multiply(matrix(2, 0), matrix(0, 3)).data).to.deep.equal(new Float64Array(6));
    });
  });

  describe(`linear algebra by ${by}: systems`, () => {
    it('solve agrees with numpy, for matrices and vectors', () => {
      const { A, B, X } = expected.solve;
      near(solve(fromRows(A), fromRows(B)), X, 1e-12);
      close(solve(fromRows(A), column(fromRows(B), 1)), column(fromRows(X), 1), 1e-12);
    });

    it('solve leaves a residual of rounding size', () => {
      for (const n of [1, 2, 10, 60]) {
        const a = random(n, n);
        const b = random(n, 2, 2);
        const x = solve(a, b);
        near(multiply(a, x), b, 10 * eps * n * norm(a.data) * norm(x.data));
      }
    });

    it('inverse undoes the matrix', () => {
      const a = random(20, 20);
      const inv = inverse(a);
      near(multiply(a, inv), identity(20), 10 * eps * 20 * norm(a.data) * norm(inv.data));
    });

    it('cholesky agrees with numpy and gives the matrix back', () => {
      near(cholesky(fromRows(expected.cholesky.A)), expected.cholesky.L, 1e-13);
      const b = random(20, 30);
      const a = multiply(b, b, { transposeB: true });
      const L = cholesky(a);
      near(multiply(L, L, { transposeB: true }), a, 10 * eps * 20 * norm(a.data));
      expect(L.data.every((x, i) => i % 20 <= Math.floor(i / 20) || x === 0)).to.equal(true);
    });

    it('qr agrees with numpy', () => {
      const { Q, R } = qr(fromRows(expected.qr.A));
      near(Q, expected.qr.Q, 1e-13);
      near(R, expected.qr.R, 1e-13);
    });

    it('qr gives the matrix back; Q orthonormal, R triangular with a non-negative diagonal', () => {
      for (const [m, n] of shapes.filter(([rows, cols]) => rows >= cols)) {
        const a = random(m, n);
        const { Q, R } = qr(a);
        near(multiply(Q, R), a, 10 * eps * m * norm(a.data));
        orthonormal(Q);
        for (let i = 0; i < n; i++) {
          expect(R.data[i * n + i]).to.be.at.least(0);
          for (let j = 0; j < i; j++) expect(R.data[i * n + j]).to.equal(0);
        }
      }
    });

    it('qr of dependent and of zero columns still gives the matrix back', () => {
      for (const a of [
        fromRows([
          [1, 2],
          [2, 4],
          [3, 6],
        ]),
        matrix(3, 2),
        fromRows([
          [0, 1],
          [0, 2],
        ]),
      ]) {
        const { Q, R } = qr(a);
        near(multiply(Q, R), a, 1e-14);
        orthonormal(Q);
      }
    });

    it('leastSquares agrees with numpy, also where many solutions fit: the shortest', () => {
      for (const { A, B, X } of [expected.leastSquares, expected.leastSquaresDeficient]) {
        near(leastSquares(fromRows(A), fromRows(B)), X, 1e-12);
        close(leastSquares(fromRows(A), column(fromRows(B), 0)), column(fromRows(X), 0), 1e-12);
      }
    });

    it('leastSquares leaves a residual orthogonal to the columns', () => {
      const a = random(30, 5);
      const b = random(30, 1, 3).data;
      const x = leastSquares(a, b);
      const fitted = matvec(a, x);
      const residual = b.map((v, i) => v - fitted[i]);
      expect(norm(matvec(a, residual, { transposeA: true }))).to.be.below(100 * eps * norm(a.data) * norm(b));
    });

    it('pseudoInverse has the four properties of Penrose', () => {
      for (const a of [random(4, 7), random(7, 4), fromRows(expected.leastSquaresDeficient.A), matrix(2, 3)]) {
        const p = pseudoInverse(a);
        const ap = multiply(a, p);
        const pa = multiply(p, a);
        near(multiply(ap, a), a, 1e-13);
        near(multiply(pa, p), p, 1e-13);
        near(transpose(ap), ap, 1e-13);
        near(transpose(pa), pa, 1e-13);
      }
    });
  });

  describe(`linear algebra by ${by}: singular values`, () => {
    it('agree with numpy, signs and order included', () => {
      for (const { A, U, s, V } of expected.svd) {
        const result = svd(fromRows(A));
        close(result.s, s, 1e-14);
        near(result.U, U, 1e-13);
        near(result.V, V, 1e-13);
        close(singularValues(fromRows(A)), s, 1e-14);
      }
    });

    it('give the matrix back; vectors orthonormal, values descending, signs as documented', () => {
      for (const [m, n] of shapes) {
        const a = random(m, n);
        const { U, s, V } = svd(a);
        const r = Math.min(m, n);
        expect([U.rows, U.cols, s.length, V.rows, V.cols]).to.deep.equal([m, r, r, n, r]);
        near(multiply(multiply(U, diagonal(s)), V, { transposeB: true }), a, 1e-12 * norm(a.data) * Math.max(m, n));
        orthonormal(U);
        orthonormal(V);
        for (let j = 0; j < r; j++) {
          expect(s[j]).to.be.at.least(0);
          if (j > 0) expect(s[j]).to.be.at.most(s[j - 1]);
          const u = column(U, j);
          expect(Math.max(...u)).to.be.at.least(-Math.min(...u) * (1 - 1e-9));
        }
      }
    });

    it('are those of A′A: the square roots of its eigenvalues', () => {
      const a = random(20, 8);
      const { values } = symmetricEigen(multiply(a, a, { transposeA: true }));
      close(singularValues(a), values.map(Math.sqrt), 1e-12);
    });

    it('of a matrix of rank one: one value, its vectors', () => {
      const { U, s, V } = svd(outer([3, -4], [0, 5, 12]));
      close(s, [65, 0], 1e-14);
      close(column(U, 0), [-0.6, 0.8], 1e-14);
      close(column(V, 0), [0, -5 / 13, -12 / 13], 1e-14);
    });

    it('of zero, orthogonal and diagonal matrices', () => {
      expect([...singularValues(matrix(3, 2))]).to.deep.equal([0, 0]);
      const { Q } = qr(random(10, 10));
      close(singularValues(Q), new Float64Array(10).fill(1), 1e-13);
      close(svd(diagonal([1, -3, 2])).s, [3, 2, 1], 1e-15);
    });

    it('keep small values apart from rounding', () => {
      const { Q } = qr(random(6, 3));
      const a = multiply(multiply(Q, diagonal([1, 1e-5, 1e-10])), qr(random(4, 3, 2)).Q, { transposeB: true });
      const s = singularValues(a);
      [1, 1e-5, 1e-10, 0].forEach((v, i) => {
        expect(s[i]).to.be.closeTo(v, 20 * eps);
      });
    });
  });

  describe(`linear algebra by ${by}: eigenvalues`, () => {
    it('of a symmetric matrix agree with numpy, signs and order included', () => {
      const { A, values, vectors } = expected.symmetricEigen;
      const result = symmetricEigen(fromRows(A));
      close(result.values, values, 1e-14);
      near(result.vectors, vectors, 1e-13);
    });

    it('of a symmetric matrix give it back, with orthonormal vectors', () => {
      for (const n of [1, 2, 15, 60]) {
        const b = random(n, n);
        const a = add(b, transpose(b));
        const { values, vectors } = symmetricEigen(a);
        near(multiply(multiply(vectors, diagonal(values)), vectors, { transposeB: true }), a, 1e-13 * norm(a.data) * n);
        orthonormal(vectors);
        expect(trace(a)).to.be.closeTo(
          values.reduce((x, y) => x + y),
          1e-12 * n,
        );
      }
    });

    it('of the second difference matrix are those of theory', () => {
      const n = 20;
      const a = matrix(n, n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) a.data[i * n + j] = i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0;
      }
      const theory = Float64Array.from({ length: n }, (_, k) => 2 + 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)));
      close(symmetricEigen(a).values, theory, 1e-14);
      close(eigenvalues(a).re, theory, 1e-13);
    });

    it('of a general matrix agree with numpy', () => {
      const { A, re, im } = expected.eigenvalues;
      const result = eigenvalues(fromRows(A));
      close(result.re, re, 1e-13);
      close(result.im, im, 1e-13);
    });

    it('of a cyclic shift are the roots of unity', () => {
      const n = 6;
      const a = matrix(n, n);
      for (let i = 0; i < n; i++) a.data[i * n + ((i + 1) % n)] = 1;
      const { re, im } = eigenvalues(a);
      for (let k = 0; k < n; k++) {
        expect(Math.hypot(re[k], im[k])).to.be.closeTo(1, 1e-13);
        const turns = (Math.atan2(im[k], re[k]) / (2 * Math.PI)) * n;
        expect(turns).to.be.closeTo(Math.round(turns), 1e-12);
        if (k > 0) expect(re[k]).to.be.at.most(re[k - 1] + 1e-13);
      }
    });

    it('sum to the trace', () => {
      const a = random(40, 40);
      const { re, im } = eigenvalues(a);
      expect(re.reduce((x, y) => x + y)).to.be.closeTo(trace(a), 1e-11);
      expect(im.reduce((x, y) => x + y)).to.be.closeTo(0, 1e-11);
    });
  });

  describe(`linear algebra by ${by}: matrix exponential`, () => {
    it('agrees with scipy, from small to large norm', () => {
      for (const { A, X } of expected.expm) {
        const wanted = fromRows(X);
        near(expm(fromRows(A)), wanted, 1e-11 * norm(wanted.data));
      }
    });

    it('of 0 is the identity, of a diagonal the exponentials, of a rotation’s generator the rotation', () => {
      near(expm(matrix(3, 3)), identity(3), 0);
      near(expm(diagonal([1, -2, 0.5])), diagonal([Math.E, Math.exp(-2), Math.exp(0.5)]), 1e-14);
      const w = 30;
      near(
        expm(
          fromRows([
            [0, w],
            [-w, 0],
          ]),
        ),
        [
          [Math.cos(w), Math.sin(w)],
          [-Math.sin(w), Math.cos(w)],
        ],
        1e-13,
      );
    });

    it('exp(A) exp(-A) is the identity, det exp(A) is exp(trace A)', () => {
      const a = random(8, 8);
      const [plus, minus] = [expm(a), expm(scale(a, -1))];
      near(multiply(plus, minus), identity(8), 1e-14 * norm(plus.data) * norm(minus.data) * 8);
      // the determinant from R and the sign of Q is |det|; exp is always positive
      const { R } = qr(plus);
      let logDet = 0;
      for (let i = 0; i < 8; i++) logDet += Math.log(R.data[i * 9]);
      expect(logDet).to.be.closeTo(trace(a), 1e-10);
    });
  });

  describe(`linear algebra by ${by}: mistakes`, () => {
    const a23 = matrix(2, 3);
    const bad: [string, () => unknown, string][] = [
      ['a wrong count', () => matrix(2, 3, new Float64Array(5)), 'matrix: 2 x 3 needs 6 numbers (got 5)'],
      ['ragged rows', () => fromRows([[1, 2], [3]]), 'fromRows: row 1 has 1 numbers, row 0 has 2'],
      ['sizes of a product', () => multiply(a23, a23), "multiply: 2 x 3 and 2 x 3 don't fit"],
      [
        'sizes of a transposed product',
        () => multiply(a23, matrix(3, 3), { transposeA: true }),
        "multiply: 2 x 3 transposed and 3 x 3 don't fit",
      ],
      ['a wrong output', () => multiply(a23, matrix(3, 4), { out: a23 }), 'the product is 2 x 4, out is 2 x 3'],
      ['a vector too short', () => matvec(a23, [1, 2]), "matvec: 2 x 3 and a vector of 2 don't fit"],
      ['a wrong vector output', () => matvec(a23, [1, 2, 3], { out: new Float64Array(3) }), 'has length 2, out has 3'],
      ['different lengths', () => dot([1], [1, 2]), 'dot: lengths 1 and 2 differ'],
      ['different shapes', () => add(a23, matrix(3, 2)), 'add: 2 x 3 and 3 x 2 differ'],
      [
        'a singular system',
        () =>
          solve(
            fromRows([
              [1, 2],
              [2, 4],
            ]),
            matrix(2, 1),
          ),
        'solve: the 2 x 2 matrix is singular',
      ],
      ['a system not square', () => solve(a23, matrix(2, 1)), 'solve: needs a square matrix (got 2 x 3)'],
      ['a right-hand side too long', () => solve(identity(2), new Float64Array(3)), 'right-hand sides 3 x 1'],
      ['not positive definite', () => cholesky(diagonal([1, -1])), 'not positive definite (pivot 1 is -1)'],
      ['more columns than rows', () => qr(a23), 'qr: needs at least as many rows as columns (got 2 x 3)'],
      [
        'not symmetric',
        () =>
          symmetricEigen(
            fromRows([
              [1, 2],
              [3, 4],
            ]),
          ),
        'not symmetric: (1, 0) is 3, (0, 1) is 2',
      ],
      ['NaN', () => svd(fromRows([[1, NaN]])), 'svd: entry (0, 1) is NaN'],
      ['infinity', () => eigenvalues(diagonal([1, Infinity])), 'eigenvalues: entry (1, 1) is Infinity'],
    ];
    for (const [name, call, message] of bad) {
      it(`name what is wrong: ${name}`, () => {
        expect(call).to.throw(ParameterError, message);
      });
    }

    it('change no argument', () => {
      const a = random(5, 5);
      const s = add(a, transpose(a));
      const before = [a.data.slice(), s.data.slice()];
      svd(a);
      qr(a);
      solve(a, identity(5));
      expm(a);
      eigenvalues(a);
      symmetricEigen(s);
      cholesky(multiply(a, a, { transposeB: true }));
      leastSquares(a, identity(5));
      expect([a.data, s.data]).to.deep.equal(before);
    });
  });
}
