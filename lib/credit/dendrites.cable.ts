import { ParameterError } from '../math/errors';

/**
 * How a voltage fades along a passive dendrite: τ ∂V/∂t = λ² ∂²V/∂x² − V, held at the soma, sealed at the tip (Rall).
 * Distances are in length constants λ, so a dendrite is one number long, L. Times are in ms.
 */
export interface Cable {
  /** electrotonic length L, > 0 */
  readonly length: number;
  /** membrane time constant τ, ms, > 0 */
  readonly tau: number;
}

/**
 * The share of the soma's voltage that arrives, in closed form: |cosh(q(L − x)) / cosh(qL)| with q² = 1 + iωτ.
 * For a steady voltage at the tip it is 1/cosh L.
 * @param position distance from the soma, λ, 0 to L
 * @param frequency of a sinusoidal voltage at the soma, Hz; 0 for a steady one
 */
export function cableAttenuation({ length, tau }: Cable, position: number, frequency: number): number {
  const { re, im } = propagation(tau, frequency);
  const size = (x: number): number => Math.hypot(Math.sinh(re * x), Math.cos(im * x)); // |cosh(qx)|
  return size(length - position) / size(length);
}

/** q = √(1 + iωτ): its real part says how fast a voltage fades, 1/λ. */
export function propagation(tau: number, frequency: number): { readonly re: number; readonly im: number } {
  const omega = (2 * Math.PI * frequency * tau) / 1000;
  const size = Math.hypot(1, omega);
  return { re: Math.sqrt((size + 1) / 2), im: Math.sqrt((size - 1) / 2) };
}

/**
 * Distance between the middles of neighbouring compartments, λ. The soma is a point; the last compartment ends at L, half a
 * compartment beyond its middle.
 */
export const spacing = (length: number, compartments: number): number => length / (compartments + 0.5);

/**
 * The same for a chain of compartments and a steady voltage: a ladder of resistors. Its currents balance,
 * V(k+1) − (2 + Δ²) V(k) + V(k−1) = 0, which hyperbolic cosines solve.
 * @param k compartment, 0 (the soma) to `compartments`
 */
export function ladderAttenuation(length: number, compartments: number, k: number): number {
  const mu = 2 * Math.asinh(spacing(length, compartments) / 2);
  return Math.cosh(mu * (compartments + 0.5 - k)) / Math.cosh(mu * (compartments + 0.5));
}

/** Time constants after which a chain has settled: e⁻²⁰ is left of the start. */
const SETTLED = 20;
/** Time steps of a time constant for a steady voltage, of a period for a sinusoidal one. */
const [STEPS, STEPS_A_PERIOD] = [100, 200];

/**
 * Integrates the chain in time from rest (Crank and Nicolson), with the soma's voltage given.
 * @param compartments beyond the soma, ≥ 1
 * @returns for each compartment, the soma first, the voltage in the end over that at the soma; for a sinusoid the amplitude
 * over the last period
 * @throws {ParameterError} for a chain without compartments or a length that is none
 */
export function simulateChain({ length, tau }: Cable, compartments: number, frequency: number): Float64Array {
  if (!(Number.isInteger(compartments) && compartments >= 1))
    throw new ParameterError(`compartments must be a whole number from 1 on (got ${compartments})`);
  if (!(length > 0 && tau > 0)) throw new ParameterError(`length and tau must be above 0 (got ${length} and ${tau})`);
  if (!(frequency >= 0)) throw new ParameterError(`frequency must be 0 or more (got ${frequency})`);
  const n = compartments;
  const period = frequency > 0 ? 1000 / frequency : Infinity;
  const dt = frequency > 0 ? Math.min(period / STEPS_A_PERIOD, tau / 10) : tau / STEPS;
  const inPeriod = frequency > 0 ? Math.round(period / dt) : 0;
  const step = frequency > 0 ? period / inPeriod : dt;
  const settle = Math.ceil((SETTLED * tau) / step);
  const command = (t: number): number => (frequency > 0 ? Math.sin((2 * Math.PI * t) / period) : 1);
  const axial = 1 / spacing(length, n) ** 2;
  const h = step / (2 * tau);
  const [v, rhs, upper] = [new Float64Array(n + 1), new Float64Array(n + 1), new Float64Array(n + 1)];
  const [sine, cosine] = [new Float64Array(n + 1), new Float64Array(n + 1)];
  /** what leaves compartment k for each unit of its own voltage */
  const own = (k: number): number => 1 + (k < n ? 2 : 1) * axial;
  // the elimination's factors are the same at every step
  for (let k = 1; k <= n; k++) upper[k] = (-h * axial) / (1 + h * own(k) + (k > 1 ? h * axial * upper[k - 1] : 0));
  v[0] = command(0);
  for (let i = 0; i < settle + inPeriod; i++) {
    for (let k = 1; k <= n; k++) rhs[k] = v[k] + h * (axial * (v[k - 1] + (k < n ? v[k + 1] : 0)) - own(k) * v[k]);
    v[0] = command((i + 1) * step);
    rhs[1] += h * axial * v[0];
    for (let k = 1; k <= n; k++) {
      const below = k > 1 ? h * axial * rhs[k - 1] : 0;
      rhs[k] = (rhs[k] + below) / (1 + h * own(k) + (k > 1 ? h * axial * upper[k - 1] : 0));
    }
    v[n] = rhs[n];
    for (let k = n - 1; k >= 1; k--) v[k] = rhs[k] - upper[k] * v[k + 1];
    if (i < settle) continue;
    const phase = (2 * Math.PI * (i + 1)) / inPeriod;
    for (let k = 0; k <= n; k++) {
      sine[k] += (v[k] * Math.sin(phase) * 2) / inPeriod;
      cosine[k] += (v[k] * Math.cos(phase) * 2) / inPeriod;
    }
  }
  return frequency > 0 ? sine.map((s, k) => Math.hypot(s, cosine[k])) : v.slice();
}
