import type { Constraint } from './constraints';
import type { Spread } from './reference';

/**
 * What the independent numpy implementation (test/fixtures/credit/constraints.py) gives at the default settings of
 * `trainUnder`: accuracy after three epochs, over seeds of its own random numbers.
 */
export const constraintReference: Readonly<Record<Constraint, Spread>> = {
  none: { mean: 0.89661, sd: 0.0027 },
  'no weight transport': { mean: 0.88443, sd: 0.00472 },
  'unsigned errors': { mean: 0.2237, sd: 0.04636 },
  'two populations': { mean: 0.89661, sd: 0.0027 },
  'one decade': { mean: 0.89601, sd: 0.00252 },
  delayed: { mean: 0.80793, sd: 0.03303 },
  'delayed, no memory': { mean: 0.0993, sd: 0.00224 },
  'frozen hidden': { mean: 0.58513, sd: 0.03128 },
};

/** How many seeds the means and standard deviations are over. */
export const referenceRuns = 10;
