import { ParameterError } from '../math/errors';
import type { Rng } from '../math/rng';
import { Running } from '../math/statistics';
import type { Student } from './student';

/** Tr ∇²F(w) = Σ eᵢᵀ ∇²F eᵢ over the unit vectors: N products with the Hessian. */
export function exactTrace(student: Student, w: Float64Array): number {
  const { synapses } = student;
  const [unit, product] = [new Float64Array(synapses), new Float64Array(synapses)];
  let sum = 0;
  for (let i = 0; i < synapses; i++) {
    unit[i] = 1;
    student.hessianVector(w, unit, product);
    unit[i] = 0;
    sum += product[i];
  }
  return sum;
}

/**
 * Hutchinson's estimate of Tr ∇²F(w): the mean of zᵀ ∇²F z over random signs z (Hutchinson 1989). Its variance is
 * 2 Σ over i ≠ j of the squared entries of the Hessian, for one probe.
 * @param probes vectors z, 2 or more
 * @returns the estimate with its standard error over the probes
 */
export function estimateTrace(
  student: Student,
  w: Float64Array,
  probes: number,
  random: Rng,
): { readonly trace: number; readonly se: number } {
  if (!Number.isInteger(probes) || probes < 2)
    throw new ParameterError(`probes must be a whole number from 2 on (got ${probes})`);
  const { synapses } = student;
  const [z, product] = [new Float64Array(synapses), new Float64Array(synapses)];
  const over = new Running();
  for (let probe = 0; probe < probes; probe++) {
    for (let i = 0; i < synapses; i++) z[i] = random.bernoulli(0.5) ? 1 : -1;
    student.hessianVector(w, z, product);
    let form = 0;
    for (let i = 0; i < synapses; i++) form += z[i] * product[i];
    over.push(form);
  }
  return { trace: over.mean, se: over.standardError };
}
