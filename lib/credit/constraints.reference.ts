import type { Constraint } from './constraints';
import type { Spread } from './reference';

/**
 * What the independent numpy implementation (test/fixtures/credit/constraints.py) gives at the default settings of
 * `trainUnder`: accuracy after three epochs, over seeds of its own random numbers.
 */
export const constraintReference: Readonly<Record<Constraint, Spread>> = {
  none: { mean: 0.89172, sd: 0.0063 },
  'no weight transport': { mean: 0.87869, sd: 0.00442 },
  'unsigned errors': { mean: 0.25664, sd: 0.04005 },
  'two populations': { mean: 0.89172, sd: 0.0063 },
  'one decade': { mean: 0.89386, sd: 0.00286 },
  delayed: { mean: 0.78453, sd: 0.04298 },
  'delayed, no memory': { mean: 0.10205, sd: 0.00537 },
  'frozen hidden': { mean: 0.5513, sd: 0.02785 },
};

/** How many seeds the means and standard deviations are over. */
export const referenceRuns = 10;
