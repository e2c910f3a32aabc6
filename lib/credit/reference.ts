import type { RuleName } from './rules';

/** Mean and standard deviation over seeds. */
export interface Spread {
  readonly mean: number;
  readonly sd: number;
}

/**
 * What the independent numpy implementation (test/fixtures/credit/reference.py) gives at the default settings of
 * `learnDigits`, over ten seeds of its own random numbers: accuracy after ten epochs; angle between the rule's error
 * signal and backpropagation's, degrees, for layers 1 and 2, after ten epochs and before learning.
 */
export const reference: Readonly<
  Record<RuleName, { readonly accuracy: Spread; readonly end?: readonly Spread[]; readonly start?: readonly Spread[] }>
> = {
  backprop: {
    accuracy: { mean: 0.91831, sd: 0.00339 },
    start: [
      { mean: 0, sd: 0 },
      { mean: 0, sd: 0 },
    ],
    end: [
      { mean: 0, sd: 0 },
      { mean: 0, sd: 0 },
    ],
  },
  'feedback alignment': {
    accuracy: { mean: 0.91911, sd: 0.00338 },
    start: [
      { mean: 90.06103, sd: 1.86432 },
      { mean: 91.09845, sd: 1.37648 },
    ],
    end: [
      { mean: 47.44199, sd: 0.7442 },
      { mean: 38.61794, sd: 1.77982 },
    ],
  },
  'direct feedback': {
    accuracy: { mean: 0.92171, sd: 0.00282 },
    start: [
      { mean: 90.23216, sd: 1.26303 },
      { mean: 90.20224, sd: 3.29096 },
    ],
    end: [
      { mean: 44.15108, sd: 0.87798 },
      { mean: 39.76214, sd: 1.20144 },
    ],
  },
  sign: {
    accuracy: { mean: 0.92425, sd: 0.00256 },
    start: [
      { mean: 66.16914, sd: 1.48538 },
      { mean: 49.00911, sd: 2.29828 },
    ],
    end: [
      { mean: 32.68257, sd: 0.79587 },
      { mean: 26.93615, sd: 1.58781 },
    ],
  },
  'uniform sign': {
    accuracy: { mean: 0.9248, sd: 0.00202 },
    start: [
      { mean: 50.93264, sd: 1.32687 },
      { mean: 36.50321, sd: 0.8392 },
    ],
    end: [
      { mean: 25.58237, sd: 0.37927 },
      { mean: 20.12656, sd: 0.68545 },
    ],
  },
  'weight mirror': {
    accuracy: { mean: 0.92121, sd: 0.00177 },
    start: [
      { mean: 90.06103, sd: 1.86432 },
      { mean: 91.09845, sd: 1.37648 },
    ],
    end: [
      { mean: 13.56864, sd: 0.21293 },
      { mean: 8.69805, sd: 0.15414 },
    ],
  },
  'frozen hidden': {
    accuracy: { mean: 0.75878, sd: 0.01076 },
  },
};

/** How many seeds the means and standard deviations are over. */
export const referenceSeeds = 10;

/** How far one more run may lie from a mean over the reference's seeds: four standard deviations of the difference. */
export function allowance(spread: Spread): number {
  return 4 * spread.sd * Math.sqrt(1 + 1 / referenceSeeds);
}
