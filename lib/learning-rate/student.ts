import { ParameterError } from '../math/errors';

/**
 * A network that is to answer as a teacher does, seen through its weights alone. Its error is a sum over all P inputs, and
 * not a mean: F(w) = ½ Σ |y*(x) − y(x; w)|² (lecture *Fundamental bounds*, the slides *Linear network* and *Nonlinear
 * network*).
 *
 * A student works in memory of its own, and allocates nothing after it is made.
 */
export interface Student {
  /** N, the number of weights */
  readonly synapses: number;
  /** F(w) ≥ 0. @param w length N */
  error(w: Float64Array): number;
  /** Writes ∇F(w) into `out`, length N. @returns F(w) */
  gradient(w: Float64Array, out: Float64Array): number;
  /** Writes ∇²F(w) v into `out`, without ever making the N x N matrix. All three have length N and share no memory. */
  hessianVector(w: Float64Array, v: Float64Array, out: Float64Array): void;
  /** Tr ∇²F(w), exact or as the student says. */
  hessianTrace(w: Float64Array): number;
}

/** @throws {ParameterError} naming the vector, unless it has one number for each synapse */
export function needLength(name: string, vector: Float64Array, synapses: number): void {
  if (vector.length !== synapses)
    throw new ParameterError(`${name} must hold ${synapses} numbers, one a synapse (got ${vector.length})`);
}

/** What a student learns from. */
export interface Examples {
  /** the inputs, P x inputs, row-major */
  readonly x: Float64Array;
  /** what the teacher answers, P x outputs, row-major */
  readonly target: Float64Array;
}

/**
 * @returns P, the number of inputs
 * @throws {ParameterError} unless both arrays hold the same number of whole rows, at least one, of finite numbers
 */
export function countExamples({ x, target }: Examples, inputs: number, outputs: number): number {
  for (const [name, units] of [
    ['inputs', inputs],
    ['outputs', outputs],
  ] as const)
    if (!Number.isInteger(units) || units < 1)
      throw new ParameterError(`${name} must be a whole number from 1 on (got ${units})`);
  const count = x.length / inputs;
  if (!Number.isInteger(count) || count < 1)
    throw new ParameterError(`x must hold rows of ${inputs} numbers, at least one (got ${x.length} numbers)`);
  if (target.length !== count * outputs)
    throw new ParameterError(`target must hold ${count} x ${outputs} numbers (got ${target.length})`);
  for (const [name, numbers] of [
    ['x', x],
    ['target', target],
  ] as const) {
    const bad = numbers.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw new ParameterError(`${name} must hold finite numbers (number ${bad} is ${numbers[bad]})`);
  }
  return count;
}
