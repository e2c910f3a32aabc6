import { ParameterError } from '../math/errors';

/**
 * The leaky integrate-and-fire neuron, τ dV/dt = rest − V + μ(t): when V reaches the threshold it spikes, is put to the
 * reset and held there for the refractory time. (Lapicque 1907; Tuckwell, Introduction to Theoretical Neurobiology,
 * 1988, chapter 3.) The input μ is a current times the membrane's resistance, in mV.
 */
export interface Leaky {
  /** membrane time constant, ms */
  readonly tau: number;
  /** where V goes without input, mV */
  readonly rest: number;
  /** mV */
  readonly threshold: number;
  /** mV, below the threshold */
  readonly reset: number;
  /** ms, 0 or more */
  readonly refractory: number;
}

/** The neuron of Brunel's networks (J Comput Neurosci 8:183, 2000); V is counted from rest. */
export const brunelNeuron: Leaky = { tau: 20, rest: 0, threshold: 20, reset: 10, refractory: 2 };

/** @throws {ParameterError} for a time constant that is not positive, a reset above the threshold, a negative refractory time */
export function checkLeaky({ tau, rest, threshold, reset, refractory }: Leaky): void {
  checkPositive('tau', tau, 'ms');
  if (!Number.isFinite(rest)) throw new ParameterError(`rest must be a finite number of mV (got ${rest})`);
  if (!Number.isFinite(threshold))
    throw new ParameterError(`threshold must be a finite number of mV (got ${threshold})`);
  if (!(reset < threshold && reset > -Infinity))
    throw new ParameterError(`reset must lie below the threshold of ${threshold} mV (got ${reset})`);
  if (!(refractory >= 0 && refractory < Infinity))
    throw new ParameterError(`refractory must be a number of ms, at least 0 (got ${refractory})`);
}

/** @throws {ParameterError} unless the value is positive and finite */
export function checkPositive(name: string, value: number, unit: string): void {
  if (!(value > 0 && value < Infinity))
    throw new ParameterError(`${name} must be a positive number of ${unit} (got ${value})`);
}

/** V (mV) after t ms of the constant input mu (mV), from V0, without threshold. */
export function relaxation({ tau, rest }: Leaky, V0: number, mu: number, t: number): number {
  return V0 - (rest + mu - V0) * Math.expm1(-t / tau);
}

/** Time (ms) from one spike to the next under the constant input mu (mV); infinite if it does not reach the threshold. */
export function interval({ tau, rest, threshold, reset, refractory }: Leaky, mu: number): number {
  const end = rest + mu;
  return end > threshold ? refractory + tau * Math.log1p((threshold - reset) / (end - threshold)) : Infinity;
}

/** Firing rate (Hz) under the constant input mu (mV). */
export function rate(neuron: Leaky, mu: number): number {
  return 1000 / interval(neuron, mu);
}
