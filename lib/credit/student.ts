import { type Matrix, matrix, matvec, norm, outer, scale } from '../math/linear-algebra';
import { type Rng, rng } from '../math/rng';
import { mean, standardError } from '../math/statistics';

/**
 * A rule for one hidden layer: the direction in which W¹ changes, [hidden, inputs].
 * @param Be the output error y − y* through a fixed random matrix, length hidden
 * @param slope φ′(h) of the hidden units
 * @param x the input
 */
export type Change = (Be: Float64Array, slope: Float64Array, x: Float64Array) => Matrix;

const INPUTS = 10;
const HIDDEN = 20;
const OUTPUTS = 2;
const ETA = 0.02;
const STEPS = 3000;
/** examples at the end over which the loss is averaged */
const LAST = 500;

/**
 * The smallest comparison of rules that a nonlinear hidden layer allows: a 10-20-2 network of tanh units with a linear
 * output learns, one example a step, what a random teacher of the same form says. The output layer always follows its
 * gradient; the hidden layer follows `change`. The teacher's hidden weights are twice as large as usual, so that φ′ is
 * not 1 everywhere.
 * @returns ½|y − y*|² averaged over the last 500 of 3,000 examples
 */
export function studentLoss(change: Change, seed: number): number {
  const random = rng(seed);
  const normal = (rows: number, cols: number, name: string): Matrix => normalised(random.stream(name), rows, cols);
  const T1 = scale(normal(HIDDEN, INPUTS, 'teacher 1'), 2);
  const T2 = normal(OUTPUTS, HIDDEN, 'teacher 2');
  const B = normal(HIDDEN, OUTPUTS, 'feedback');
  const inputs = random.stream('inputs');
  const W1 = normal(HIDDEN, INPUTS, 'student 1');
  const W2 = normal(OUTPUTS, HIDDEN, 'student 2');
  let sum = 0;
  for (let step = 0; step < STEPS; step++) {
    const x = inputs.fillNormal(new Float64Array(INPUTS));
    const wanted = matvec(T2, matvec(T1, x).map(Math.tanh));
    const hidden = matvec(W1, x).map(Math.tanh);
    const error = matvec(W2, hidden).map((y, i) => y - wanted[i]);
    if (step >= STEPS - LAST) sum += 0.5 * norm(error) ** 2;
    accumulate(W2, outer(error, hidden), -ETA);
    const slope = hidden.map((v) => 1 - v * v);
    accumulate(W1, change(matvec(B, error), slope, x), ETA);
  }
  return sum / LAST;
}

/** The loss over seeds 0 to count − 1, with its standard error. */
export function studentLosses(change: Change, count: number): { readonly mean: number; readonly se: number } {
  const losses = Array.from({ length: count }, (_, seed) => studentLoss(change, seed));
  return { mean: mean(losses), se: standardError(losses) };
}

/** W + factor change, in place: this loop runs hundreds of thousands of times. */
function accumulate(W: Matrix, change: Matrix, factor: number): void {
  for (let i = 0; i < W.data.length; i++) W.data[i] += factor * change.data[i];
}

/** Independent normal numbers with variance 1/cols. */
function normalised(random: Rng, rows: number, cols: number): Matrix {
  return matrix(rows, cols, random.fillNormal(new Float64Array(rows * cols), 0, 1 / Math.sqrt(cols)));
}
