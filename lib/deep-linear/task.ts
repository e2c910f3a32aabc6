import { ParameterError } from '../math/errors';
import { type Matrix, matrix, multiply, qr } from '../math/linear-algebra';
import type { Rng } from '../math/rng';

/** A training set with known structure. Items stand in columns. */
export interface Task {
  /** singular values of Σ31, one a mode */
  readonly singularValues: readonly number[];
  /** output singular vectors in columns, outputs × modes */
  readonly u: Matrix;
  /** input singular vectors in columns, inputs × modes */
  readonly v: Matrix;
  /** Σ11 = E[x xᵀ], inputs × inputs */
  readonly sigma11: Matrix;
  /** Σ31 = E[y xᵀ], outputs × inputs */
  readonly sigma31: Matrix;
  /** inputs × items */
  readonly x: Matrix;
  /** targets, outputs × items */
  readonly y: Matrix;
}

/**
 * Makes a task with given singular values and random singular vectors: as many inputs and items as modes, twice as many
 * outputs. Its targets are a linear function of its inputs, so the least training error is 0.
 * @param singularValues of Σ31, each 0 or more
 * @param correlation of each pair of inputs, which have variance 1: Σ11 = (1 − c) I + c 1 1ᵀ; 0 <= c < 1
 * @throws {ParameterError} outside these ranges
 */
export function createTask(singularValues: readonly number[], correlation: number, rng: Rng): Task {
  const modes = singularValues.length;
  const bad = singularValues.find((s) => !(s >= 0 && s < Infinity));
  if (modes === 0 || bad !== undefined)
    throw new ParameterError(`singularValues must be one or more numbers, each 0 or more (got ${bad ?? 'none'})`);
  if (!(correlation >= 0 && correlation < 1))
    throw new ParameterError(`correlation must be 0 or more and below 1 (got ${correlation})`);
  const v = orthonormalColumns(modes, modes, rng.stream('input vectors'));
  const u = orthonormalColumns(2 * modes, modes, rng.stream('output vectors'));
  const us = matrix(
    u.rows,
    modes,
    u.data.map((entry, i) => entry * singularValues[i % modes]),
  );
  const sigma31 = multiply(us, v, { transposeB: true });
  // x = √items Σ11^½ has E[x xᵀ] = Σ11, and y = Σ31 Σ11⁻¹ x = Σ31 √items Σ11^−½ has E[y xᵀ] = Σ31
  const whiten = equicorrelated(modes, correlation, (eigenvalue) => Math.sqrt(modes / eigenvalue));
  return {
    singularValues,
    u,
    v,
    sigma11: equicorrelated(modes, correlation, (eigenvalue) => eigenvalue),
    sigma31,
    x: equicorrelated(modes, correlation, (eigenvalue) => Math.sqrt(modes * eigenvalue)),
    y: multiply(sigma31, whiten),
  };
}

/** f of the matrix with 1 on its diagonal and c elsewhere: f acts on the two eigenvalues, 1 − c and 1 + (n − 1)c. */
function equicorrelated(n: number, c: number, f: (eigenvalue: number) => number): Matrix {
  const rest = f(1 - c);
  const shared = (f(1 + (n - 1) * c) - rest) / n;
  const entries = Float64Array.from({ length: n * n }, (_, i) => shared + (i % (n + 1) === 0 ? rest : 0));
  return matrix(n, n, entries);
}

/** A random matrix with orthonormal columns, uniformly distributed; rows >= columns. */
export function orthonormalColumns(rows: number, columns: number, rng: Rng): Matrix {
  return qr(matrix(rows, columns, rng.fillNormal(new Float64Array(rows * columns)))).Q;
}
