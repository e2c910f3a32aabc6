import { ParameterError } from '../math/errors';
import { gemm, type Matrix, matrix, multiply, qr } from '../math/linear-algebra';
import type { Rng } from '../math/rng';
import type { Student } from './student';

/*
 * A linear task y = W x, W outputs x inputs, given to a larger network (lecture Fundamental bounds, the slides on adding neurons
 * and redundant synapses). Two matrices with orthonormal columns lead there: B, c1·inputs x inputs, spreads the inputs over more
 * neurons, and D, c2·outputs x outputs, the answers.
 */

/**
 * A random matrix with orthonormal columns: the Q of a matrix of normal numbers.
 * @param rows at least `columns`
 * @throws {ParameterError} if there are more columns than rows
 */
export function semiOrthogonal(rows: number, columns: number, random: Rng): Matrix {
  if (!(rows >= columns && columns >= 1))
    throw new ParameterError(`rows must be at least the number of columns, ${columns} (got ${rows})`);
  return qr(matrix(rows, columns, random.fillNormal(new Float64Array(rows * columns)))).Q;
}

/** The two ways into the larger network. */
export interface Expansion {
  /** c1·inputs x inputs, orthonormal columns */
  readonly B: Matrix;
  /** c2·outputs x outputs, orthonormal columns */
  readonly D: Matrix;
}

/**
 * The ways into a network of c1 times the inputs and c2 times the outputs.
 * @param times c1 and c2, whole numbers from 1 on
 */
export function expansion(
  inputs: number,
  outputs: number,
  times: { readonly inputs: number; readonly outputs: number },
  random: Rng,
): Expansion {
  return {
    B: semiOrthogonal(times.inputs * inputs, inputs, random.stream('B')),
    D: semiOrthogonal(times.outputs * outputs, outputs, random.stream('D')),
  };
}

/** W′ = DWBᵀ, c2·outputs x c1·inputs: it answers Dy where W answers y. */
export function enlarge({ B, D }: Expansion, W: Matrix): Matrix {
  return multiply(multiply(D, W), B, { transposeB: true });
}

/** DᵀW′B, outputs x inputs: what the larger network answers, read out through Dᵀ. */
export function shrink({ B, D }: Expansion, larger: Matrix): Matrix {
  return multiply(multiply(D, larger, { transposeA: true }), B);
}

/**
 * Any W′ with DᵀW′B = W: DWBᵀ + Z − DDᵀZBBᵀ, with normal numbers Z.
 * @param sd standard deviation of Z
 */
export function enlargeAtRandom(way: Expansion, W: Matrix, random: Rng, sd: number = 1): Matrix {
  const exact = enlarge(way, W);
  const Z = matrix(exact.rows, exact.cols, random.fillNormal(new Float64Array(exact.data.length), 0, sd));
  const visible = enlarge(way, shrink(way, Z));
  return matrix(
    exact.rows,
    exact.cols,
    exact.data.map((w, i) => w + Z.data[i] - visible.data[i]),
  );
}

/**
 * Construction (a): the larger network read out through Dᵀ, F(W′) = ½ Σ |y* − DᵀW′Bx|². Whatever it answers outside of the
 * range of D costs nothing.
 * @param student the task's own
 */
export function readOut(student: Student, { B, D }: Expansion): Student {
  const [outputs, inputs] = [D.cols, B.cols];
  const synapses = D.rows * B.rows;
  const [w, v, product] = Array.from({ length: 3 }, () => new Float64Array(outputs * inputs));
  const half = new Float64Array(D.rows * inputs);
  const inward = (larger: Float64Array, out: Float64Array): void => {
    gemm(D.rows, inputs, B.rows, 1, larger, false, B.data, false, 0, half);
    gemm(outputs, inputs, D.rows, 1, D.data, true, half, false, 0, out);
  };
  const outward = (small: Float64Array, out: Float64Array): void => {
    gemm(D.rows, inputs, outputs, 1, D.data, false, small, false, 0, half);
    gemm(D.rows, B.rows, inputs, 1, half, false, B.data, true, 0, out);
  };
  return {
    synapses,
    error: (larger) => {
      inward(larger, w);
      return student.error(w);
    },
    gradient: (larger, out) => {
      inward(larger, w);
      const F = student.gradient(w, product);
      outward(product, out);
      return F;
    },
    hessianVector: (larger, direction, out) => {
      inward(larger, w);
      inward(direction, v);
      student.hessianVector(w, v, product);
      outward(product, out);
    },
    // (D ⊗ B) has orthonormal columns
    hessianTrace: (larger) => {
      inward(larger, w);
      return student.hessianTrace(w);
    },
  };
}

/** A linear task by its Gram matrix and its best weights. */
export interface Task {
  /** Σ x xᵀ, inputs x inputs */
  readonly moments: Matrix;
  /** W*, outputs x inputs: no error is left there */
  readonly best: Matrix;
}

/**
 * Construction (b): all outputs of the larger network have to be right, F(W′) = ½ Σ |Dy* − W′Bx|². The same as a linear student of
 * the inputs Bx and the targets Dy*, but a gradient costs Ñ · inputs only, as F depends on W′B alone.
 */
export function enlargedStudent({ moments, best }: Task, { B, D }: Expansion): Student {
  const [rows, inputs, columns] = [D.rows, B.cols, B.rows];
  const synapses = rows * columns;
  const wanted = multiply(D, best).data;
  const [off, slope] = [new Float64Array(rows * inputs), new Float64Array(rows * inputs)];
  const trace = rows * moments.data.reduce((sum, x, i) => sum + (i % (inputs + 1) === 0 ? x : 0), 0);
  /** off = W′B − DW*, slope = off · Σ x xᵀ; returns ½ of their product */
  const look = (w: Float64Array): number => {
    gemm(rows, inputs, columns, 1, w, false, B.data, false, 0, off);
    for (let i = 0; i < off.length; i++) off[i] -= wanted[i];
    gemm(rows, inputs, inputs, 1, off, false, moments.data, false, 0, slope);
    let sum = 0;
    for (let i = 0; i < off.length; i++) sum += off[i] * slope[i];
    return sum / 2;
  };
  return {
    synapses,
    error: look,
    gradient: (w, out) => {
      const F = look(w);
      gemm(rows, columns, inputs, 1, slope, false, B.data, true, 0, out);
      return F;
    },
    hessianVector: (_, v, out) => {
      gemm(rows, inputs, columns, 1, v, false, B.data, false, 0, off);
      gemm(rows, inputs, inputs, 1, off, false, moments.data, false, 0, slope);
      gemm(rows, columns, inputs, 1, slope, false, B.data, true, 0, out);
    },
    hessianTrace: () => trace,
  };
}
