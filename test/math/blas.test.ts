import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { ParameterError } from 'lecture-lab/math/errors';
import type { Matrix } from 'lecture-lab/math/linear-algebra';
import { rng } from 'lecture-lab/math/rng';
import { algebras, openblas, typescript } from './algebras';
import { close } from './golden';

const { add, identity, matrix, multiply, norm, transpose } = typescript;
const eps = 2 ** -52;
const single = 2 ** -23;

type Numbers = Float64Array | Float32Array;

function normal(length: number, name: string): Float64Array {
  return rng(3).stream(name).fillNormal(new Float64Array(length));
}
function random(rows: number, cols: number, name = 'a'): Matrix {
  return matrix(rows, cols, normal(rows * cols, `${name} ${rows} x ${cols}`));
}
function near(actual: Matrix, wanted: Matrix, tolerance: number, what = ''): void {
  expect([actual.rows, actual.cols], what).to.deep.equal([wanted.rows, wanted.cols]);
  expect(norm(add(actual, wanted, -1).data), what).to.be.at.most(tolerance);
}

for (const [by, algebra] of algebras) {
  const { gemm, gemv, gram, eigen, svd, symmetricEigenvalues, symmetricEigen, singularValues } = algebra;

  describe(`gemm by ${by}`, () => {
    // sizes below, at and above tiles, strips and the size from which on the library is called
    const sizes = [
      [1, 1, 1],
      [2, 3, 4],
      [5, 1, 7],
      [4, 4, 4],
      [17, 9, 33],
      [6, 300, 3],
      [31, 2, 300],
      [40, 40, 600],
      [127, 65, 130],
    ];
    for (const make of [Float64Array, Float32Array] as const) {
      it(`is the sum that defines it, in place, with transposes and steps, in ${make.name}s`, () => {
        for (const [m, n, k] of sizes) {
          for (const ta of [false, true]) {
            for (const tb of [false, true]) {
              // rows of A and C stand further apart than they are long
              const [lda, ldb, ldc] = [(ta ? m : k) + 3, tb ? k : n, n + 2];
              const a = make.from(normal((ta ? k : m) * lda, 'a'));
              const b = make.from(normal((tb ? n : k) * ldb, 'b'));
              const c = make.from(normal(m * ldc + 5, 'c'));
              const wanted = Float64Array.from(c);
              for (let i = 0; i < m; i++) {
                for (let j = 0; j < n; j++) {
                  let sum = 0;
                  for (let p = 0; p < k; p++)
                    sum += a[ta ? p * lda + i : i * lda + p] * b[tb ? j * ldb + p : p * ldb + j];
                  wanted[i * ldc + j] = -0.5 * sum + 2 * c[i * ldc + j];
                }
              }
              gemm(m, n, k, -0.5, a, ta, b, tb, 2, c, lda, ldb, ldc);
              const rounding = make === Float64Array ? eps : single;
              // each of k terms of size 1 rounds once, and so do the two factors
              const tolerance = rounding * (k + 4) * Math.max(1, ...wanted.map(Math.abs));
              let worst = 0;
              wanted.forEach((w, i) => {
                worst = Math.max(worst, Math.abs(c[i] - w));
              });
              expect(worst, `${m} x ${n} x ${k}, ${ta}, ${tb}`).to.be.at.most(tolerance);
            }
          }
        }
      });
    }

    it('does not read C when beta is 0, and adds to it when beta is 1', () => {
      for (const n of [3, 30]) {
        const a = identity(n).data;
        const c = new Float64Array(n * n).fill(NaN);
        gemm(n, n, n, 1, a, false, a, false, 0, c);
        expect(c).to.deep.equal(a);
        gemm(n, n, n, 1, a, false, a, false, 1, c);
        expect(c).to.deep.equal(a.map((x) => 2 * x));
      }
    });

    it('of no terms scales C, and of no rows does nothing', () => {
      const c = Float64Array.of(1, NaN);
      gemm(1, 2, 0, 1, new Float64Array(0), false, new Float64Array(0), false, 0, c);
      expect([...c]).to.deep.equal([0, 0]);
      c.fill(3);
      gemm(1, 2, 0, 1, new Float64Array(0), false, new Float64Array(0), false, 0.5, c);
      expect([...c]).to.deep.equal([1.5, 1.5]);
      gemm(0, 2, 3, 1, new Float64Array(0), false, new Float64Array(6), false, 0, c);
      expect([...c]).to.deep.equal([1.5, 1.5]);
    });

    it('works on views of a WebAssembly memory, of shared memory, and on arrays of another realm', () => {
      const n = 20;
      const memory = new WebAssembly.Memory({ initial: 1 }).buffer;
      const shared = new SharedArrayBuffer(3 * 8 * n * n);
      const foreign = runInNewContext(`new ArrayBuffer(${3 * 8 * n * n})`) as ArrayBuffer;
      const a = random(n, n).data;
      const b = random(n, n, 'b').data;
      const wanted = multiply(matrix(n, n, a), matrix(n, n, b)).data;
      for (const buffer of [memory, shared, foreign]) {
        const part = (i: number) => new Float64Array(buffer, i * 8 * n * n, n * n);
        part(0).set(a);
        part(1).set(b);
        gemm(n, n, n, 1, part(0), false, part(1), false, 0, part(2));
        close(part(2), wanted, 1e-13);
      }
      const cell = runInNewContext(`Float64Array.from({ length: ${n * n} }, () => 1)`) as Float64Array;
      gemm(n, n, n, 1, cell, false, a, false, 0, new Float64Array(n * n));
    });

    it('passes NaN and infinity on', () => {
      for (const n of [2, 20]) {
        const a = identity(n).data.slice();
        a[0] = NaN;
        const c = new Float64Array(n * n);
        gemm(n, n, n, 1, a, false, identity(n).data, false, 0, c);
        expect(c[0]).to.be.NaN;
        expect(c[n * n - 1]).to.equal(1);
      }
    });
  });

  describe(`other products by ${by}`, () => {
    it('gemv is a column of gemm', () => {
      for (const make of [Float64Array, Float32Array] as const) {
        for (const [m, n] of [
          [1, 1],
          [3, 7],
          [40, 50],
        ]) {
          for (const t of [false, true]) {
            const a: Numbers = make.from(normal(m * n, 'a'));
            const x: Numbers = make.from(normal(t ? m : n, 'x'));
            const y: Numbers = make.from(normal(t ? n : m, 'y'));
            const wanted = y.slice();
            gemm(wanted.length, 1, x.length, 3, a, t, x, false, -1, wanted);
            gemv(m, n, 3, a, t, x, -1, y);
            const rounding = (make === Float64Array ? eps : single) * 20 * (m + n);
            y.forEach((v, i) => {
              expect(v).to.be.closeTo(wanted[i], rounding);
            });
          }
        }
      }
    });

    it('gram is A′A and AA′, symmetric bit for bit', () => {
      for (const [m, n] of [
        [1, 1],
        [5, 3],
        [30, 50],
        [70, 20],
      ]) {
        const a = random(m, n);
        const inner = gram(a);
        near(inner, multiply(a, a, { transposeA: true }), 10 * eps * m * norm(a.data) ** 2);
        expect(transpose(inner).data).to.deep.equal(inner.data);
        const out = matrix(m, m, new Float64Array(m * m).fill(NaN));
        expect(gram(a, { transpose: true, out })).to.equal(out);
        near(out, multiply(a, a, { transposeB: true }), 10 * eps * n * norm(a.data) ** 2);
      }
      expect(gram(matrix(0, 2)).data).to.deep.equal(new Float64Array(4));
    });

    it('multiply takes alpha and beta', () => {
      const a = random(30, 30);
      const out = algebra.multiply(a, a);
      const twice = matrix(30, 30, out.data.slice());
      algebra.multiply(a, a, { out: twice, alpha: 2, beta: -1 });
      near(twice, out, 100 * eps * norm(out.data));
    });
  });

  describe(`eigenvectors by ${by}`, () => {
    it('of a general matrix: A v = λ v, length 1, the largest component real and positive', () => {
      for (const n of [1, 2, 7, 30]) {
        const a = random(n, n);
        const { re, im, vectors } = eigen(a);
        const values = algebra.eigenvalues(a);
        close(re, values.re, 1e-11);
        close(im, values.im, 1e-11);
        const ar = multiply(a, vectors.re);
        const ai = multiply(a, vectors.im);
        for (let j = 0; j < n; j++) {
          let square = 0;
          let [size, x, y] = [0, 0, 0];
          for (let i = 0; i < n; i++) {
            const [u, v] = [vectors.re.data[i * n + j], vectors.im.data[i * n + j]];
            expect(ar.data[i * n + j]).to.be.closeTo(re[j] * u - im[j] * v, 1e-12 * n * norm(a.data));
            expect(ai.data[i * n + j]).to.be.closeTo(re[j] * v + im[j] * u, 1e-12 * n * norm(a.data));
            square += u * u + v * v;
            if (Math.hypot(u, v) > size * (1 + 1e-9)) [size, x, y] = [Math.hypot(u, v), u, v];
          }
          expect(square).to.be.closeTo(1, 1e-12);
          expect(x).to.be.above(0);
          expect(y).to.be.closeTo(0, 1e-12);
        }
      }
    });

    it('eigenvalues alone of a symmetric matrix are those with vectors', () => {
      for (const n of [1, 5, 40]) {
        const b = random(n, n);
        const a = add(b, transpose(b));
        close(symmetricEigenvalues(a), symmetricEigen(a).values, 1e-12);
      }
    });
  });

  describe(`very large and very small numbers by ${by}`, () => {
    it('keep their singular values and eigenvalues', () => {
      for (const n of [4, 12]) {
        const b = random(n, n);
        const a = add(b, transpose(b));
        for (const factor of [1e-300, 1e-160, 1e160, 1e300]) {
          const scaled = matrix(
            n,
            n,
            a.data.map((x) => x * factor),
          );
          const back = (x: Float64Array) => x.map((v) => v / factor);
          close(back(singularValues(scaled)), singularValues(a), 1e-13);
          close(back(svd(scaled).s), singularValues(a), 1e-13);
          close(back(symmetricEigen(scaled).values), symmetricEigen(a).values, 1e-13);
          close(back(algebra.eigenvalues(scaled).re), algebra.eigenvalues(a).re, 1e-12);
        }
      }
    });
  });

  describe(`wrong input by ${by}`, () => {
    const n = 24;
    const good = (): Float64Array => new Float64Array(n * n).fill(1);
    const detached = (): Float64Array => {
      const x = good();
      structuredClone(x.buffer, { transfer: [x.buffer as ArrayBuffer] });
      return x;
    };
    class Longer extends Float64Array {
      override get length(): number {
        return n * n;
      }
    }
    const product = (
      change: Partial<Record<'m' | 'n' | 'k' | 'alpha' | 'a' | 'b' | 'beta' | 'c' | 'lda' | 'ldb' | 'ldc', unknown>>,
    ) => {
      const given = { m: n, n, k: n, alpha: 1, a: good(), b: good(), beta: 0, c: good(), ...change };
      const { m, n: cols, k, alpha, a, b, beta, c, lda, ldb, ldc } = given;
      const anything = gemm as (...args: readonly unknown[]) => void;
      return () => anything(m, cols, k, alpha, a, false, b, false, beta, c, lda, ldb, ldc);
    };
    const overlapping = good();
    const cases: [string, () => unknown, string][] = [
      [
        'a factor too short',
        product({ a: new Float64Array(n * n - 1) }),
        'gemm: A needs 576 numbers, the array has 575',
      ],
      ['another too short', product({ b: new Float64Array(0) }), 'gemm: B needs 576 numbers, the array has 0'],
      ['a result too short', product({ c: new Float64Array(10) }), 'gemm: C needs 576 numbers, the array has 10'],
      ['a detached buffer', product({ a: detached() }), 'the array has 0'],
      ['a detached result', product({ c: detached() }), 'the array has 0'],
      ['an array that lies about its length', product({ a: new Longer(3) }), 'A needs 576 numbers, the array has 3'],
      ['a proxy', product({ a: new Proxy(good(), {}) }), 'needs Float64Arrays or Float32Arrays'],
      ['an ordinary array', product({ b: Array.from(good()) }), 'needs Float64Arrays or Float32Arrays'],
      ['whole numbers', product({ c: new Int32Array(n * n) }), 'needs Float64Arrays or Float32Arrays (got Int32Array)'],
      ['a DataView', product({ a: new DataView(new ArrayBuffer(8 * n * n)) }), 'needs Float64Arrays or Float32Arrays'],
      ['nothing', product({ a: undefined }), 'needs Float64Arrays or Float32Arrays'],
      ['two precisions', product({ a: new Float32Array(n * n) }), 'A must have the precision of the result'],
      ['a size of a half', product({ m: 0.5 }), 'sizes must be whole numbers from 0 on (got 0.5, 24, 24)'],
      ['a size below 0', product({ k: -1 }), 'sizes must be whole numbers'],
      ['a size of NaN', product({ n: NaN }), 'sizes must be whole numbers'],
      ['a size beyond all memory', product({ m: 2 ** 52 }), 'needs'],
      ['a size past 2^53', product({ m: 2 ** 60 }), 'sizes must be whole numbers'],
      ['a text as a size', product({ m: '24' }), 'sizes must be whole numbers'],
      ['alpha NaN', product({ alpha: NaN }), 'alpha and beta must be finite numbers (got NaN and 0)'],
      ['beta infinite', product({ beta: Infinity }), 'alpha and beta must be finite'],
      ['rows closer than they are long', product({ lda: n - 1 }), 'rows of A are 23 numbers apart, at least 24'],
      ['rows too far apart', product({ ldc: n + 1 }), 'C needs 599 numbers'],
      ['rows half a number apart', product({ ldb: n + 0.5 }), 'rows of B are 24.5 numbers apart'],
      ['the result as a factor', product({ a: overlapping, c: overlapping }), 'must not share memory'],
      [
        'a result that overlaps a factor',
        () => {
          const buffer = new ArrayBuffer(8 * 3 * n * n);
          const [b, c] = [new Float64Array(buffer, 0, n * n), new Float64Array(buffer, 8 * (n * n - 1), n * n)];
          return product({ b, c })();
        },
        'must not share memory',
      ],
      [
        'gemv: a vector too short',
        () => gemv(n, n, 1, good(), false, new Float64Array(3), 0, new Float64Array(n)),
        'x needs 24',
      ],
      [
        'gemv: a result too short',
        () => gemv(n, n, 1, good(), false, new Float64Array(n), 0, new Float64Array(3)),
        'y needs 24',
      ],
      ['gram into itself', () => gram(matrix(n, n, overlapping), { out: matrix(n, n, overlapping) }), 'must not share'],
      ['gram of a wrong size', () => gram(random(n, 3), { out: matrix(4, 4) }), 'the product is 3 x 3, out is 4 x 4'],
    ];
    const lying: [string, Matrix][] = [
      ['a matrix without its numbers', { rows: n, cols: n, data: new Float64Array(5) }],
      ['a matrix that was detached', { rows: n, cols: n, data: detached() }],
      ['a matrix of single numbers', { rows: n, cols: n, data: new Float32Array(n * n) as unknown as Float64Array }],
      ['a matrix of an ordinary array', { rows: n, cols: n, data: Array.from(good()) as unknown as Float64Array }],
      ['a matrix with sizes below 0', { rows: -n, cols: -n, data: good() }],
      ['a matrix with sizes of a fraction', { rows: 0.5, cols: 0.5, data: new Float64Array(0) }],
    ];
    for (const [what, a] of lying)
      for (const [name, call] of Object.entries({
        svd,
        singularValues,
        symmetricEigen,
        symmetricEigenvalues,
        eigen,
        eigenvalues: algebra.eigenvalues,
        solve: (x: Matrix) => algebra.solve(x, random(n, 1)),
        rightSide: (x: Matrix) => algebra.solve(identity(n), x),
        cholesky: algebra.cholesky,
        qr: algebra.qr,
        leastSquares: (x: Matrix) => algebra.leastSquares(x, random(n, 1)),
        expm: algebra.expm,
        gram,
        multiply: (x: Matrix) => algebra.multiply(x, random(n, n)),
        matvec: (x: Matrix) => algebra.matvec(x, new Float64Array(n)),
      }))
        if (!(what.includes('fraction') && /multiply|matvec/.test(name)))
          cases.push([`${name} of ${what}`, () => call(a), '']);
    for (const bad of [NaN, Infinity, -Infinity]) {
      const a = random(n, n);
      a.data[n + 1] = bad;
      for (const [name, call] of Object.entries({
        svd,
        singularValues,
        symmetricEigen,
        eigen,
        eigenvalues: algebra.eigenvalues,
        solve: (x: Matrix) => algebra.solve(x, random(n, 1)),
        rightSide: (x: Matrix) => algebra.solve(identity(n), x),
        cholesky: algebra.cholesky,
        qr: algebra.qr,
        leastSquares: (x: Matrix) => algebra.leastSquares(x, random(n, 1)),
        expm: algebra.expm,
      }))
        cases.push([`${name} of ${bad}`, () => call(a), `entry (1, 1) is ${bad}`]);
    }
    const rankOne = matrix(n, n, good());
    cases.push(
      ['solve: a singular matrix', () => algebra.solve(rankOne, random(n, 1)), 'the 24 x 24 matrix is singular'],
      ['inverse of zero', () => algebra.inverse(matrix(n, n)), 'is singular'],
      ['cholesky: a negative pivot', () => algebra.cholesky(add(matrix(n, n), identity(n), -1)), '(pivot 0 is -1)'],
      ['not square', () => algebra.eigenvalues(random(n, 3)), 'needs a square matrix (got 24 x 3)'],
      ['not symmetric', () => symmetricEigen(random(n, n)), 'symmetricEigen: the matrix is not symmetric'],
    );
    for (const [name, call, message] of cases)
      it(`is refused: ${name}`, () => {
        expect(call).to.throw(ParameterError, message);
      });

    it('empty matrices give empty results', () => {
      const none = matrix(0, 0);
      expect(svd(matrix(0, 3)).V).to.deep.equal(matrix(3, 0));
      expect(singularValues(none)).to.deep.equal(new Float64Array(0));
      expect(symmetricEigen(none).vectors).to.deep.equal(none);
      expect(eigen(none).vectors.re).to.deep.equal(none);
      expect(algebra.eigenvalues(none).re).to.deep.equal(new Float64Array(0));
      expect(algebra.solve(none, matrix(0, 2))).to.deep.equal(matrix(0, 2));
      expect(algebra.cholesky(none)).to.deep.equal(none);
      expect(algebra.qr(matrix(3, 0)).Q).to.deep.equal(matrix(3, 0));
      expect(algebra.leastSquares(matrix(0, 3), matrix(0, 2))).to.deep.equal(matrix(3, 2));
      expect(algebra.expm(none)).to.deep.equal(none);
      expect(algebra.pseudoInverse(matrix(0, 3))).to.deep.equal(matrix(3, 0));
    });
  });
}

describe('OpenBLAS', () => {
  const library = (): NonNullable<typeof openblas> => openblas!;
  it('is there on a build machine, unless it is switched off', function () {
    // elsewhere the project runs without it
    if (!process.env['CI'] || process.env['LECTURE_LAB_BLAS'] === 'off') this.skip();
    expect(openblas).not.to.equal(undefined);
  });

  beforeEach(function () {
    if (this.currentTest?.title.startsWith('is there')) return;
    if (!openblas) this.skip(); // switched off or not installed: what follows asks the library itself
  });

  it('agrees with TypeScript to rounding', () => {
    for (const [m, n] of [
      [9, 9],
      [17, 30],
      [64, 40],
      [150, 150],
    ]) {
      const a = random(m, n);
      const size = norm(a.data);
      const [x, y] = [library().svd(a), typescript.svd(a)];
      close(x.s, y.s, 1e-13);
      // random singular values are about size/n² apart, and vectors move by rounding over that
      near(x.U, y.U, 1e-12 * n * n);
      near(x.V, y.V, 1e-12 * n * n);
      const square = multiply(a, a, { transposeA: true });
      const [v, w] = [library().symmetricEigen(square), typescript.symmetricEigen(square)];
      close(v.values, w.values, 1e-13 * size);
      const tall = m >= n ? a : transpose(a);
      near(library().qr(tall).R, typescript.qr(tall).R, 1e-13 * size * n);
      const regular = add(square, identity(n));
      near(library().cholesky(regular), typescript.cholesky(regular), 1e-13 * size * n);
      const b = random(m, 3, 'b');
      near(library().leastSquares(a, b), typescript.leastSquares(a, b), 1e-9);
      const right = random(n, 3, 'right');
      near(library().solve(regular, right), typescript.solve(regular, right), 1e-9);
    }
  });

  it('multiplies large matrices the same on one and on several threads', () => {
    // above the work from which on several threads are used
    const n = 400;
    const a = random(n, n);
    const b = random(n, n, 'b');
    const together = library().multiply(a, b);
    const rows = matrix(n, n);
    for (let i = 0; i < n; i += 50)
      library().gemm(50, n, n, 1, a.data.subarray(i * n), false, b.data, false, 0, rows.data.subarray(i * n));
    near(together, rows, 10 * eps * norm(a.data) * norm(b.data));
  });

  it('works in several workers at once, with the results of the main thread', async () => {
    const file = require.resolve('lecture-lab/math/linear-algebra');
    const source = `
      const { parentPort } = require('node:worker_threads');
      const { svd, matrix, nativeAlgebra } = require(${JSON.stringify(file)});
      const a = matrix(60, 50, Float64Array.from({ length: 3000 }, (_, i) => Math.sin(i * i)));
      let s;
      for (let i = 0; i < 20; i++) s = svd(a).s;
      parentPort.postMessage({ native: nativeAlgebra(), s });`;
    const a = matrix(
      60,
      50,
      Float64Array.from({ length: 3000 }, (_, i) => Math.sin(i * i)),
    );
    const results = await Promise.all(
      Array.from(
        { length: 3 },
        () =>
          new Promise<{ native: boolean; s: Float64Array }>((done, fail) =>
            new Worker(source, { eval: true }).once('message', done).once('error', fail),
          ),
      ),
    );
    for (const { native, s } of results) {
      expect(native).to.equal(true);
      expect(s).to.deep.equal(library().svd(a).s);
    }
  });
});

describe('where the native library is not usable', function () {
  this.timeout(20_000);
  const dist = dirname(dirname(require.resolve('lecture-lab/math/linear-algebra')));
  const lib = dirname(dist);
  const real = join(dirname(lib), '.venv');
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'lecture-lab-blas-'));
    for (const room of ['math', 'wasm']) cpSync(join(dist, room), join(root, 'lib', 'dist', room), { recursive: true });
    cpSync(join(lib, 'package.json'), join(root, 'lib', 'package.json'));
    symlinkSync(join(dirname(lib), 'node_modules'), join(root, 'node_modules'));
    mkdirSync(join(root, '.venv'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const record = (text: string | object) =>
    writeFileSync(join(root, '.venv', 'openblas.json'), typeof text === 'string' ? text : JSON.stringify(text));
  /** A record of a file, as set-up would write it. */
  const of = (file: string, change: object = {}) => ({
    file: `.venv/${file}`,
    bytes: statSync(join(root, '.venv', file)).size,
    changed: Math.trunc(statSync(join(root, '.venv', file)).mtimeMs),
    sha256: createHash('sha256')
      .update(readFileSync(join(root, '.venv', file)))
      .digest('hex'),
    platform: `${process.platform} ${process.arch}`,
    ...change,
  });
  /** Computes twice in a process of its own; the library must not end it. */
  const compute = (env: NodeJS.ProcessEnv = {}) => {
    const program = `
      const { matrix, singularValues, nativeAlgebra } = require('./lib/dist/math/linear-algebra.js');
      const a = matrix(30, 30, Float64Array.from({ length: 900 }, (_, i) => (i % 31 === 0 ? 2 : 0)));
      singularValues(a);
      console.log(singularValues(a).join() === new Float64Array(30).fill(2).join(), nativeAlgebra());`;
    const clean = { ...process.env, ...env };
    if (!('LECTURE_LAB_BLAS' in env)) delete clean['LECTURE_LAB_BLAS'];
    const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', program], {
      cwd: root,
      env: clean,
      encoding: 'utf8',
    });
    return { out: stdout.trim(), notices: stderr.trim(), status };
  };
  const falls = (reason: string) => {
    const { out, notices, status } = compute();
    expect(notices).to.match(/^OpenBLAS can't be used \(.*\): .* Remedy: npm run doctor$/);
    expect(notices).to.contain(reason);
    expect([out, status]).to.deep.equal(['true false', 0]);
  };

  it('one notice and TypeScript: not installed', () => falls('it is not installed'));
  it('one notice and TypeScript: the record is no JSON', () => {
    record('{ "file":');
    falls('what set-up noted about it is damaged');
  });
  it('one notice and TypeScript: the record lacks its checksum', () => {
    record({ file: 'x', bytes: 1, changed: 1, platform: 'linux x64' });
    falls('what set-up noted about it is damaged');
  });
  it('one notice and TypeScript: set-up found that it does not work', () => {
    record({ problem: 'the library ended the process that loaded it (SIGILL)', key: '' });
    falls('(SIGILL)');
  });
  it('one notice and TypeScript: deleted', () => {
    writeFileSync(join(root, '.venv', 'a.so'), 'x');
    record(of('a.so', { file: '.venv/b.so' }));
    falls('is gone');
  });
  it('one notice and TypeScript: for another machine', () => {
    writeFileSync(join(root, '.venv', 'a.so'), 'x');
    record(of('a.so', { platform: 'darwin arm64' }));
    falls('the installed library is for darwin arm64, this is');
  });
  it('one notice and TypeScript: changed, at the same length', () => {
    writeFileSync(join(root, '.venv', 'a.so'), 'x');
    record(of('a.so', { changed: 1, sha256: '0'.repeat(64) }));
    falls('not the one that set-up installed');
  });
  it('one notice and TypeScript: a text in its place', () => {
    writeFileSync(join(root, '.venv', 'a.so'), 'this is no library');
    record(of('a.so'));
    falls('Failed to load');
  });
  it('one notice and TypeScript: a cut-off library', function () {
    if (!openblas) this.skip(); // there is no library to cut or touch
    const { file } = JSON.parse(readFileSync(join(real, 'openblas.json'), 'utf8')) as { file: string };
    const whole = readFileSync(join(dirname(real), file));
    writeFileSync(join(root, '.venv', 'a.so'), whole);
    record(of('a.so'));
    expect(compute()).to.deep.equal({ out: 'true true', notices: '', status: 0 });
    writeFileSync(join(root, '.venv', 'a.so'), whole.subarray(0, whole.length / 2));
    falls('another size');
  });
  it('a touched but unchanged library is used', function () {
    if (!openblas) this.skip(); // there is no library to cut or touch
    const { file } = JSON.parse(readFileSync(join(real, 'openblas.json'), 'utf8')) as { file: string };
    cpSync(join(dirname(real), file), join(root, '.venv', 'a.so'));
    record(of('a.so', { changed: 1 }));
    expect(compute()).to.deep.equal({ out: 'true true', notices: '', status: 0 });
  });
  it('no notice when it is switched off', () => {
    expect(compute({ LECTURE_LAB_BLAS: 'off' })).to.deep.equal({ out: 'true false', notices: '', status: 0 });
  });
});
