import { ParameterError } from '../math/errors';

/**
 * A landscape of two synapses with chosen gradient and curvature: the smallest place where both compete. At the origin
 * F = 1; a step goes along the first axis, and the gradient leans away from it.
 */
export interface Bowl {
  /** |∇F| at the origin, > 0 */
  readonly gradientNorm: number;
  /** −û·ĝ, how well the direction of the step agrees with steepest descent, −1 to 1 */
  readonly alignment: number;
  /** G along the step: ûᵀ∇²Fû / (2|∇F|) */
  readonly difficulty: number;
  /** third derivative along the step; 0 for a quadratic error */
  readonly skew: number;
}

/** F at w, with F = 1 at the origin: ∇F·w + ½ wᵀHw + skew w₁³/6, and curvature 1 across the step. */
export function bowlError({ gradientNorm, alignment, difficulty, skew }: Bowl, [w1, w2]: readonly number[]): number {
  if (!(Math.abs(alignment) <= 1)) throw new ParameterError(`alignment must be between -1 and 1 (got ${alignment})`);
  const across = Math.sqrt(1 - alignment * alignment);
  const slope = gradientNorm * (-alignment * w1 + across * w2);
  const curvature = 2 * gradientNorm * difficulty * w1 * w1 + w2 * w2;
  return 1 + slope + curvature / 2 + (skew * w1 ** 3) / 6;
}

/**
 * k by its definition, F(w(T)) = (1 − kT) F(w(0)).
 * @param before F(w(0)), not 0
 * @param after F(w(T))
 */
export function learningRate(before: number, after: number, interval: number): number {
  return (before - after) / (interval * before);
}
