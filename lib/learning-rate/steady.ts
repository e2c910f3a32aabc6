import { ParameterError } from '../math/errors';
import { mean } from '../math/statistics';
import type { Learning } from './learning';
import { type Plasticity, squaredSpeed } from './theory';

/** The local task difficulty when learning has ended, in three means. */
export interface Steady {
  /** mean G */
  readonly plain: number;
  /** mean G, each cycle counting in proportion to |∇F||ẇ|² */
  readonly weighted: number;
  /** mean of n̂2·ĝ, weighted by |∇F|: 0 but for chance where n̂2 is new in every cycle, above 0 where it remembers */
  readonly overlap: number;
  /** standard error of `weighted` where n̂2 is new in every cycle: what the chance overlap of both noises with ĝ does to it */
  readonly se: number;
  /** the part of it that is due to synaptic noise: all that is left where `overlap` is counted */
  readonly noiseSe: number;
}

/**
 * Means over the cycles from `from` on. For a quadratic error ΔF = T |∇F| (ẇ·ĝ + T |ẇ|² G) in every cycle. Summed over
 * cycles it says: where F neither falls nor rises, the mean of T |ẇ|² G that is weighted by |∇F| is γ1, but for the chance
 * overlap of ẇ and ĝ, which is independent of |∇F| and has a mean of 0. The plain mean of G is larger, as 1/|∇F| varies
 * (Jensen's inequality).
 *
 * A drift with memory has brought the weights to where they are: its overlap with ĝ is positive, and γ1 − γ2 overlap takes
 * the place of γ1.
 * @throws {ParameterError} unless `from` leaves at least one cycle
 */
export function steadyState(
  { error, gradientNorm, difficulty, driftAlignment, predicted }: Learning,
  plasticity: Plasticity,
  synapses: number,
  from: number,
): Steady {
  const cycles = gradientNorm.length;
  if (!Number.isInteger(from) || from < 0 || from >= cycles)
    throw new ParameterError(`from must be a whole number between 0 and ${cycles - 1} (got ${from})`);
  const { gamma1, gamma2, gamma3, interval: T } = plasticity;
  let [norms, squares, climbed, overlap] = [0, 0, 0, 0];
  for (let c = from; c < cycles; c++) {
    const size = gradientNorm[c];
    norms += size;
    squares += size * size;
    overlap += size * driftAlignment[c];
    // |∇F| T |ẇ|² G, from the prediction that was made of it
    climbed += gamma1 * size - predicted[c] * error[c];
  }
  const fallen = (error[from] - error[cycles]) / T;
  const unit = norms * T * squaredSpeed(plasticity, synapses);
  const chance = (power: number): number => (Math.sqrt(power) * Math.sqrt(squares)) / unit;
  return {
    plain: mean(difficulty.subarray(from)),
    weighted: (climbed + fallen) / unit,
    overlap: overlap / norms,
    se: chance((gamma2 * gamma2) / synapses + (gamma3 * gamma3) / T),
    noiseSe: chance((gamma3 * gamma3) / T),
  };
}
