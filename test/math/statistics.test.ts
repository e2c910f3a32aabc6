import { expect } from 'chai';
import { ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import {
  bootstrapError,
  correlation,
  covariance,
  extent,
  histogram,
  linearRegression,
  mean,
  median,
  quantile,
  quantiles,
  Running,
  standardDeviation,
  standardError,
  sum,
  variance,
} from 'lecture-lab/math/statistics';
import { close, closeRelative, golden } from './golden';

const expected = golden<{
  x: number[];
  y: number[];
  sum: number;
  mean: number;
  variance: number;
  standardDeviation: number;
  standardError: number;
  covariance: number;
  correlation: number;
  median: number;
  quantiles: [number, number][];
  histogram: { edges: number[]; counts: number[] };
  histogramInRange: { edges: number[]; counts: number[] };
  linearRegression: Record<'slope' | 'intercept' | 'slopeError' | 'interceptError' | 'r2', number>;
}>('statistics');
const { x, y } = expected;

describe('statistics agree with numpy and scipy', () => {
  for (const [name, actual] of [
    ['sum', sum(x)],
    ['mean', mean(x)],
    ['variance', variance(x)],
    ['standardDeviation', standardDeviation(x)],
    ['standardError', standardError(x)],
    ['covariance', covariance(x, y)],
    ['correlation', correlation(x, y)],
    ['median', median(x)],
  ] as const) {
    it(name, () => closeRelative(actual, expected[name], 1e-14));
  }

  it('quantiles', () => {
    for (const [q, value] of expected.quantiles) closeRelative(quantile(x, q), value, 1e-14);
    close(
      quantiles(
        x,
        expected.quantiles.map(([q]) => q),
      ),
      expected.quantiles.map(([, v]) => v),
      1e-14,
    );
  });

  it('histogram', () => {
    const all = histogram(x, 6);
    close(all.edges, expected.histogram.edges, 1e-15);
    expect([...all.counts]).to.deep.equal(expected.histogram.counts);
    const some = histogram(x, 5, [0, 5]);
    close(some.edges, expected.histogramInRange.edges, 1e-15);
    expect([...some.counts]).to.deep.equal(expected.histogramInRange.counts);
    expect(some.outside).to.equal(37 - expected.histogramInRange.counts.reduce((a, b) => a + b));
  });

  it('linear regression with its errors', () => {
    const fit = linearRegression(x, y);
    for (const key of ['slope', 'intercept', 'slopeError', 'interceptError', 'r2'] as const) {
      closeRelative(fit[key], expected.linearRegression[key], 1e-12, key);
    }
  });
});

describe('statistics: what must hold', () => {
  it('typed and ordinary arrays give the same', () => {
    expect(variance(Float64Array.from(x))).to.equal(variance(x));
    expect(median(Float64Array.from(x))).to.equal(median(x));
  });

  it('sums keep what plain addition loses', () => {
    expect(sum([1, 1e100, 1, -1e100])).to.equal(2);
    expect(sum(new Float64Array(1_000_000).fill(0.1))).to.equal(100_000);
    expect(sum([Infinity, 1])).to.equal(Infinity);
    expect(sum([])).to.equal(0);
  });

  it('variance survives a large mean', () => {
    expect(variance(x.map((v) => v + 1e9))).to.be.closeTo(variance(x), 1e-6);
    expect(variance([7, 7, 7])).to.equal(0);
  });

  it('correlation is 1 for a line, -1 for a falling one, unchanged by scale', () => {
    expect(
      correlation(
        x,
        x.map((v) => 3 * v + 1),
      ),
    ).to.be.closeTo(1, 1e-15);
    expect(
      correlation(
        x,
        x.map((v) => -v),
      ),
    ).to.be.closeTo(-1, 1e-15);
    expect(correlation([1, 2], [5, 5])).to.satisfy(Number.isNaN);
  });

  it('quantiles: the ends are the extremes, one number is all its quantiles, the argument stays unsorted', () => {
    expect([quantile(x, 0), quantile(x, 1)]).to.deep.equal(extent(x));
    expect(quantiles([5], [0, 0.3, 1])).to.deep.equal([5, 5, 5]);
    const unsorted = Float64Array.of(3, 1, 2);
    expect(median(unsorted)).to.equal(2);
    expect([...unsorted]).to.deep.equal([3, 1, 2]);
  });

  it('histogram: borders belong to the right, the last to its bin; density integrates to 1; equal numbers get a bin', () => {
    const h = histogram([0, 1, 1, 2, 3], 3, [0, 3]);
    expect([...h.counts]).to.deep.equal([1, 2, 2]);
    expect(h.density.reduce((a, b) => a + b)).to.be.closeTo(1, 1e-15);
    expect([...histogram([4, 4], 2).counts]).to.deep.equal([0, 2]);
  });

  it('histogram: every border and its neighbour just below fall on their sides, where a quotient errs by rounding', () => {
    const bits = new Float64Array(1);
    const whole = new BigInt64Array(bits.buffer);
    for (const [low, high] of [
      [0, 1],
      [0.1, 0.7],
    ]) {
      for (let bins = 2; bins < 60; bins++) {
        const { edges } = histogram([low], bins, [low, high]);
        for (let i = 1; i < bins; i++) {
          bits[0] = edges[i];
          whole[0] -= 1n;
          const { counts } = histogram([bits[0], edges[i]], bins, [low, high]);
          expect([counts[i - 1], counts[i]], `border ${i} of ${bins}`).to.deep.equal([1, 1]);
        }
      }
    }
  });

  it('regression: an exact line has no error, two points no error to know', () => {
    const line = linearRegression([0, 1, 2, 3], [1, 3, 5, 7]);
    expect([line.slope, line.intercept, line.slopeError, line.r2]).to.deep.equal([2, 1, 0, 1]);
    expect(linearRegression([0, 1], [0, 1]).slopeError).to.satisfy(Number.isNaN);
  });

  it('regression: the slope’s standard error is its spread over repetitions', () => {
    const r = rng(1);
    const xs = Float64Array.from({ length: 30 }, (_, i) => i / 30);
    const fits = Array.from({ length: 4000 }, () =>
      linearRegression(
        xs,
        xs.map((v) => 2 * v + r.normal(0, 0.5)),
      ),
    );
    const spread = standardDeviation(fits.map((f) => f.slope));
    const typical = Math.sqrt(mean(fits.map((f) => f.slopeError ** 2)));
    // spread has relative error 1 / sqrt(2 * 4000), typical less
    expect(spread / typical).to.be.closeTo(1, 4 * Math.sqrt(1 / 8000 + 1 / (2 * 28 * 4000)));
    expect(mean(fits.map((f) => f.slope))).to.be.closeTo(2, (4 * spread) / Math.sqrt(4000));
  });

  it('the bootstrap error of the mean is its standard error', () => {
    const resamples = 4000;
    const found = bootstrapError(x, mean, rng(1), resamples);
    const theory = standardError(x) * Math.sqrt((x.length - 1) / x.length); // resampling divides by n, not n - 1
    expect(found / theory).to.be.closeTo(1, 4 / Math.sqrt(2 * resamples));
  });

  it('running statistics are those of the whole', () => {
    const running = new Running();
    expect([running.mean, running.variance]).to.deep.equal([NaN, NaN]);
    for (const v of x) running.push(v);
    expect(running.count).to.equal(x.length);
    closeRelative(running.mean, mean(x), 1e-14);
    closeRelative(running.variance, variance(x), 1e-13);
    closeRelative(running.standardError, standardError(x), 1e-13);
  });
});

describe('statistics: too little, or wrong', () => {
  const refused: [() => unknown, string][] = [
    [() => mean([]), 'mean: needs at least 1 number (got 0)'],
    [() => variance([1]), 'covariance: needs at least 2 numbers (got 1)'],
    [() => covariance([1, 2], [1]), 'covariance: lengths 2 and 1 differ'],
    [() => quantile([], 0.5), 'quantile: needs at least 1 number (got 0)'],
    [() => quantile([1], 1.1), 'quantile: q must be between 0 and 1 (got 1.1)'],
    [() => quantile([1], NaN), 'quantile: q must be between 0 and 1 (got NaN)'],
    [() => histogram([1], 0), 'histogram: bins must be a whole number, at least 1 (got 0)'],
    [() => histogram([1], 2, [1, 1]), 'histogram: the range must be ascending (got 1 to 1)'],
    [() => linearRegression([1, 1], [1, 2]), 'linearRegression: all x are equal'],
  ];
  for (const [call, message] of refused) {
    it(message, () => {
      expect(call).to.throw(ParameterError, message);
    });
  }
});
