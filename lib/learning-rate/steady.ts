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
  /** standard error of `weighted` where n̂2 is new in every cycle: what the chance overlap of noise and gradient does to it */
  readonly se: number;
}

/**
 * Means over the cycles from `from` on. For a quadratic error ΔF = T |∇F| (ẇ·ĝ + T |ẇ|² G) in every cycle. Summed over
 * cycles it says: where F neither falls nor rises, the mean of T |ẇ|² G that is weighted by |∇F| is γ1, but for the chance
 * overlap of ẇ and ĝ, which is independent of |∇F| and has a mean of 0. The plain mean of G is larger, as 1/|∇F| varies
 * (Jensen's inequality).
 * @throws {ParameterError} unless `from` leaves at least one cycle
 */
export function steadyState(
  { error, gradientNorm, difficulty, predicted }: Learning,
  plasticity: Plasticity,
  synapses: number,
  from: number,
): Steady {
  const cycles = gradientNorm.length;
  if (!Number.isInteger(from) || from < 0 || from >= cycles)
    throw new ParameterError(`from must be a whole number between 0 and ${cycles - 1} (got ${from})`);
  const { gamma1, gamma2, gamma3, interval: T } = plasticity;
  let [norms, squares, climbed] = [0, 0, 0];
  for (let c = from; c < cycles; c++) {
    const size = gradientNorm[c];
    norms += size;
    squares += size * size;
    // |∇F| T |ẇ|² G, from the prediction that was made of it
    climbed += gamma1 * size - predicted[c] * error[c];
  }
  const speed = squaredSpeed(plasticity, synapses);
  const fallen = (error[from] - error[cycles]) / T;
  const chance = Math.sqrt((gamma2 * gamma2) / synapses + (gamma3 * gamma3) / T);
  return {
    plain: mean(difficulty.subarray(from)),
    weighted: (climbed + fallen) / (norms * T * speed),
    se: (chance * Math.sqrt(squares)) / (norms * T * speed),
  };
}
