/**
 * The calcium-based synapse as its equations stand, in small steps: Euler's method for calcium and, with noise, for ρ
 * (Euler–Maruyama). It is slow and says what `calcium.simulation.ts` must give.
 */
import { ParameterError } from '../math/errors';
import type { Rng } from '../math/rng';
import type { CalciumSynapse } from './calcium';
import type { Influx } from './calcium.trace';

/** What happened, sampled. */
export interface Course {
  /** n times, ms */
  readonly time: Float64Array;
  readonly calcium: Float64Array;
  readonly rho: Float64Array;
}

/**
 * One synapse, step by step.
 * @param influx jumps of calcium; each is made at the step nearest to it
 * @param duration ms
 * @param h step, ms; h < tauCa
 * @param rho start
 * @param random noise; without it there is none
 * @param every record each n-th step
 * @throws {ParameterError} if the step is not positive or not below tauCa
 */
export function follow(
  synapse: CalciumSynapse,
  influx: Influx,
  { duration, h, rho, random, every = 1 }: { duration: number; h: number; rho: number; random?: Rng; every?: number },
): Course {
  const { tauCa, thetaD, thetaP, gammaD, gammaP, sigma, tau } = synapse;
  if (!(h > 0 && h < tauCa)) throw new ParameterError(`follow: h must be between 0 and tauCa = ${tauCa} (got ${h})`);
  const steps = Math.round(duration / h);
  const samples = Math.floor(steps / every) + 1;
  const course = {
    time: new Float64Array(samples),
    calcium: new Float64Array(samples),
    rho: new Float64Array(samples),
  };
  let c = 0;
  for (let k = 0, jump = 0; k <= steps; k++) {
    for (; jump < influx.times.length && Math.round(influx.times[jump] / h) <= k; jump++) c += influx.sizes[jump];
    if (k % every === 0) {
      course.time[k / every] = k * h;
      course.calcium[k / every] = c;
      course.rho[k / every] = rho;
    }
    const [d, p] = [c > thetaD ? 1 : 0, c > thetaP ? 1 : 0];
    const wells = -rho * (1 - rho) * (0.5 - rho);
    const pull = p * gammaP * (1 - rho) - d * gammaD * rho;
    const noise = random && d + p > 0 ? sigma * Math.sqrt((h / tau) * (d + p)) * random.normal() : 0;
    rho += (h / tau) * (wells + pull) + noise;
    c -= (h / tauCa) * c;
  }
  return course;
}
