import { expect } from 'chai';
import { ParameterError } from 'lecture-lab/math/errors';
import { type Rng, rng } from 'lecture-lab/math/rng';
import { erfc, logChoose, logFactorial, normalCdf } from 'lecture-lab/math/special';
import { correlation, mean, variance } from 'lecture-lab/math/statistics';
import { closeRelative, golden } from './golden';

const draw = (n: number, next: () => number) => Float64Array.from({ length: n }, next);

/** Kolmogorov's distance between a sample and a distribution function, times sqrt(n): above 2.4 in one of 50,000 samples. */
function kolmogorov(sample: Float64Array, cdf: (x: number) => number): number {
  const sorted = sample.slice().sort();
  let most = 0;
  sorted.forEach((x, i) => {
    const p = cdf(x);
    most = Math.max(most, p - i / sorted.length, (i + 1) / sorted.length - p);
  });
  return most * Math.sqrt(sorted.length);
}

/**
 * Pearson's chi-square of counts against expected counts as a number of standard deviations, by the cube-root
 * transformation of Wilson and Hilferty: normal to a good approximation. Classes below 20 expected are pooled.
 */
function chiSquare(counts: ArrayLike<number>, expected: ArrayLike<number>): number {
  let classes = 0;
  let total = 0;
  let c = 0;
  let e = 0;
  for (let i = 0; i < counts.length; i++) {
    c += counts[i];
    e += expected[i];
    if (e < 20) continue;
    total += (c - e) ** 2 / e;
    classes++;
    c = e = 0;
  }
  const k = classes - 1;
  return (Math.cbrt(total / k) - (1 - 2 / (9 * k))) / Math.sqrt(2 / (9 * k));
}

function countsOf(sample: ArrayLike<number>, classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (let i = 0; i < sample.length; i++) counts[Math.min(classes - 1, sample[i])]++;
  return counts;
}

/** Mean and variance within 4.5 standard errors of what they should be. */
function moments(sample: Float64Array, m: number, v: number, fourth: number): void {
  const n = sample.length;
  expect(mean(sample), 'mean').to.be.closeTo(m, 4.5 * Math.sqrt(v / n));
  expect(variance(sample), 'variance').to.be.closeTo(v, 4.5 * Math.sqrt((fourth - v * v) / n));
}

describe('rng: the same numbers everywhere', () => {
  const expected = golden<Record<string, number[]>>('rng');

  it('agrees with an independent implementation, bit for bit', () => {
    const bits = (r: Rng, n: number) => Array.from({ length: n }, () => r.bits());
    expect(bits(rng(1), 8)).to.deep.equal(expected['bits']);
    expect(bits(rng(2 ** 53 - 1), 4)).to.deep.equal(expected['bitsOfLargeSeed']);
    expect(bits(rng(1).stream('noise'), 4)).to.deep.equal(expected['bitsOfStream']);
    expect(bits(rng(1).stream('trial 3').stream('ξ'), 4)).to.deep.equal(expected['bitsOfNestedStream']);
    const r = rng(2);
    expect(expected['uniform'].map(() => r.uniform())).to.deep.equal(expected['uniform']);
    const whole = rng(5);
    expect(expected['integer'].map(() => whole.integer(-3, 6))).to.deep.equal(expected['integer']);
  });

  it('agrees with it on normal and exponential numbers, to the rounding of its table', () => {
    const r = rng(3);
    // the table's edges x come from x = sqrt(-2 ln h), h a sum of up to 255 rounded terms, and x^2 >= 0.07: error 255 * 2^-53 / 0.07
    for (const x of expected['normal']) closeRelative(r.normal(), x, 4e-13);
    const e = rng(4);
    // here x = -ln h with x >= 0.064, and an error of h goes on into the next layer: carried through all of them, 1.42e-12 at most
    for (const x of expected['exponential']) closeRelative(e.exponential(), x, 1.42e-12);
  });

  it('agrees with it on the normal numbers of the tail, 1 in 4,000', () => {
    const tail = (expected as unknown as { tail: [number, number][] }).tail;
    expect(tail.length).to.be.above(50);
    const x = rng(15).fillNormal(new Float64Array(300_000));
    for (const [i, value] of tail) closeRelative(x[i], value, 1e-14);
    expect(x.filter((v) => Math.abs(v) > 3.654152885361009).length).to.equal(tail.length);
  });

  it('agrees with it on the exponential numbers of the tail, 1 in 2,200', () => {
    const tail = (expected as unknown as { wait: [number, number][] }).wait;
    expect(tail.length).to.be.above(25);
    const x = rng(16).fillExponential(new Float64Array(100_000));
    for (const [i, value] of tail) closeRelative(x[i], value, 1e-14);
    expect(x.filter((v) => v > 7.69711747013105).length).to.equal(tail.length);
  });

  it('agrees with it on Poisson and binomial counts by rejection', () => {
    const p = rng(6);
    expect(expected['poisson'].map(() => p.poisson(50))).to.deep.equal(expected['poisson']);
    const b = rng(7);
    expect(expected['binomial'].map(() => b.binomial(100, 0.3))).to.deep.equal(expected['binomial']);
  });

  it('asks the engine for no function whose last bits the language leaves open', () => {
    const everything = (make: (seed: number) => Rng): number[] => {
      const r = make(7);
      const out: number[] = [];
      for (let i = 0; i < 3000; i++) out.push(r.normal(), r.exponential()); // tail and wedges of the ziggurat included
      for (const m of [0.1, 5, 50, 1e4]) for (let i = 0; i < 50; i++) out.push(r.poisson(m), r.binomial(1000, m / 1e5));
      for (let i = 0; i < 100; i++) out.push(r.binomial(100, 0.7));
      for (const m of [5, 50])
        out.push(...r.fillPoisson(new Float64Array(400), m), ...r.fillBinomial(new Float64Array(400), 100, m / 100));
      out.push(...r.fillNormal(new Float64Array(5000)), ...r.fillExponential(new Float64Array(100)));
      return out.concat(Array.from(r.permutation(10)));
    };
    const usual = everything(rng);
    const safe = new Set([
      'abs',
      'floor',
      'sqrt',
      'max',
      'min',
      'imul',
      'clz32',
      'round',
      'trunc',
      'ceil',
      'sign',
      'fround',
    ]);
    const saved = new Map<string, unknown>();
    const math = Math as unknown as Record<string, unknown>;
    for (const name of Object.getOwnPropertyNames(Math)) {
      if (typeof math[name] !== 'function' || safe.has(name)) continue;
      saved.set(name, math[name]);
    }
    const paths = ['rng', 'reproducible', 'count-table', 'draws'].map((name) =>
      require.resolve(`lecture-lab/math/${name}`),
    );
    const modules = paths.map((path) => require.cache[path]);
    try {
      for (const path of paths) delete require.cache[path]; // the table is made again too
      for (const name of saved.keys()) {
        math[name] = () => {
          throw new Error(`Math.${name} was called`);
        };
      }
      const fresh = require('lecture-lab/math/rng') as { rng: typeof rng };
      expect(everything(fresh.rng)).to.deep.equal(usual);
    } finally {
      for (const [name, f] of saved) math[name] = f;
      paths.forEach((path, i) => {
        require.cache[path] = modules[i];
      });
    }
    expect(saved.has('log') && saved.has('exp') && saved.has('pow')).to.equal(true);
  });
});

describe('rng: streams', () => {
  it('depend on seed and name, not on what was drawn before or which streams were made', () => {
    const one = rng(1);
    const first = one.stream('noise').bits();
    const two = rng(1);
    two.bits();
    two.stream('other').bits();
    expect(two.stream('noise').bits()).to.equal(first);
    expect(two.stream('noise').bits()).to.equal(first);
  });

  it('leave their parent alone', () => {
    const one = rng(1);
    const two = rng(1);
    two.stream('noise').fillNormal(new Float64Array(10));
    expect(two.bits()).to.equal(one.bits());
  });

  it('differ for names, paths, seeds and cases that look alike', () => {
    const r = rng(1);
    const all = [
      r,
      rng(2),
      rng(2 ** 32 + 1),
      r.stream(''),
      r.stream('a'),
      r.stream('b'),
      r.stream('A'),
      r.stream('aa'),
      r.stream('ab'),
      r.stream('ba'),
      r.stream('a').stream('b'),
      r.stream('b').stream('a'),
      r.stream('ab').stream(''),
      r.stream('a\0'),
      rng(2).stream('a'),
    ].map((g) => g.bits() * 2 ** 32 + g.bits());
    expect(new Set(all).size).to.equal(all.length);
  });

  it('of neighbouring names and seeds are uncorrelated', () => {
    const n = 20_000;
    const of = (r: Rng) => r.fillNormal(new Float64Array(n));
    const r = rng(1);
    const samples = [of(r), of(rng(2)), of(rng(3)), of(r.stream('trial 0')), of(r.stream('trial 1'))];
    for (let i = 0; i < samples.length; i++) {
      for (let j = 0; j < i; j++) expect(Math.abs(correlation(samples[i], samples[j]))).to.be.below(4 / Math.sqrt(n));
    }
  });

  it('start evenly: the first draws of 65,536 seeds and of as many names are uniform', () => {
    const n = 65_536;
    const r = rng(1);
    expect(
      kolmogorov(
        draw(
          n,
          (
            (seed) => () =>
              rng(seed++).uniform()
          )(0),
        ),
        (x) => x,
      ),
    ).to.be.below(2.4);
    expect(
      kolmogorov(
        draw(
          n,
          (
            (i) => () =>
              r.stream(`trial ${i++}`).uniform()
          )(0),
        ),
        (x) => x,
      ),
    ).to.be.below(2.4);
  });

  it('change in half of their bits when the seed changes in one', () => {
    let changed = 0;
    let compared = 0;
    for (let seed = 0; seed < 200; seed++) {
      for (let bit = 0; bit < 32; bit++) {
        const other = (seed ^ (1 << bit)) >>> 0;
        let difference = rng(seed).bits() ^ rng(other).bits();
        for (; difference !== 0; difference &= difference - 1) changed++;
        compared += 32;
      }
    }
    // each pair of seeds within the range is met twice: count half as many independent bits
    expect(changed / compared).to.be.closeTo(0.5, 4 * Math.sqrt(0.25 / (compared / 2)));
  });
});

describe('rng: filling an array', () => {
  it('gives the numbers that single calls give, however it is cut', () => {
    const whole = rng(1).fillNormal(new Float64Array(1000), 2, 3);
    const r = rng(1);
    const parts = [
      ...r.fillNormal(new Float64Array(1), 2, 3),
      ...r.fillNormal(new Float64Array(998), 2, 3),
      r.normal(2, 3),
    ];
    expect(parts).to.deep.equal(Array.from(whole));
    const u = rng(1);
    expect(Array.from(rng(1).fillUniform(new Float64Array(9), -1, 4))).to.deep.equal(
      Array.from({ length: 9 }, () => u.uniform(-1, 4)),
    );
    for (const m of [3, 40]) {
      const p = rng(1);
      expect(Array.from(rng(1).fillPoisson(new Uint16Array(99), m))).to.deep.equal(
        Array.from({ length: 99 }, () => p.poisson(m)),
      );
    }
  });

  it('rounds to single precision for Float32Array', () => {
    const r = rng(1);
    expect(Array.from(rng(1).fillNormal(new Float32Array(50)))).to.deep.equal(
      Array.from({ length: 50 }, () => Math.fround(r.normal())),
    );
  });

  it('fills nothing into an empty array', () => {
    const r = rng(1);
    r.fillNormal(new Float64Array(0));
    expect(r.bits()).to.equal(rng(1).bits());
  });
});

describe('rng: distributions', () => {
  it('uniform: moments, distribution, range, all 53 bits used', () => {
    const x = rng(11).fillUniform(new Float64Array(200_000));
    moments(x, 1 / 2, 1 / 12, 1 / 80);
    expect(kolmogorov(x, (v) => v)).to.be.below(2.4);
    expect(x.every((v) => v >= 0 && v < 1)).to.equal(true);
    for (let bit = 1; bit <= 53; bit++) {
      const ones = x.reduce((sum, v) => sum + (Math.floor(v * 2 ** bit) % 2), 0);
      expect(ones / x.length, `bit ${bit}`).to.be.closeTo(0.5, 4.5 * Math.sqrt(0.25 / x.length));
    }
    const y = draw(
      1000,
      (
        (r) => () =>
          r.uniform(-3, -2)
      )(rng(12)),
    );
    expect(y.every((v) => v >= -3 && v < -2)).to.equal(true);
  });

  it('uniform: successive numbers are independent', () => {
    const n = 200_000;
    const x = rng(13).fillUniform(new Float64Array(n));
    for (const lag of [1, 2, 3, 4, 16]) {
      expect(Math.abs(correlation(x.subarray(lag), x.subarray(0, n - lag)))).to.be.below(4.5 / Math.sqrt(n));
    }
    const pairs = new Float64Array(1024);
    for (let i = 0; i < n; i += 2) pairs[Math.floor(x[i] * 32) * 32 + Math.floor(x[i + 1] * 32)]++;
    expect(
      Math.abs(
        chiSquare(
          pairs,
          pairs.map(() => n / 2 / 1024),
        ),
      ),
    ).to.be.below(4);
  });

  it('normal: moments up to the sixth, distribution', () => {
    const n = 500_000;
    const x = rng(14).fillNormal(new Float64Array(n));
    moments(x, 0, 1, 3);
    expect(mean(x.map((v) => v ** 3))).to.be.closeTo(0, 4.5 * Math.sqrt(15 / n));
    expect(mean(x.map((v) => v ** 4))).to.be.closeTo(3, 4.5 * Math.sqrt((105 - 9) / n));
    expect(mean(x.map((v) => v ** 6))).to.be.closeTo(15, 4.5 * Math.sqrt((10395 - 225) / n));
    expect(kolmogorov(x, normalCdf)).to.be.below(2.4);
  });

  it('normal: the tail beyond the ziggurat, where a mistake hides', () => {
    const n = 4_000_000;
    const start = 3.654152885361009;
    const r = rng(15);
    const beyond: number[] = [];
    let above = 0;
    for (let i = 0; i < n; i++) {
      const x = r.normal();
      if (Math.abs(x) < start) continue;
      beyond.push(Math.abs(x));
      if (x > 0) above++;
    }
    const p = erfc(start / Math.SQRT2);
    expect(beyond.length).to.be.closeTo(n * p, 4.5 * Math.sqrt(n * p));
    expect(above).to.be.closeTo(beyond.length / 2, 4.5 * Math.sqrt(beyond.length / 4));
    expect(kolmogorov(Float64Array.from(beyond), (x) => 1 - erfc(x / Math.SQRT2) / p)).to.be.below(2.4);
  });

  it('normal: scaled and shifted', () => {
    const a = rng(1);
    const b = rng(1);
    for (let i = 0; i < 5; i++) expect(a.normal(3, 2)).to.equal(3 + 2 * b.normal());
  });

  it('exponential: moments, distribution, positive', () => {
    const r = rng(16);
    const n = 500_000;
    const x = draw(n, () => r.exponential(2));
    moments(x, 2, 4, 9 * 16);
    // n! for the moments of order n: 6 and 720, 24 and 40,320
    expect(mean(x.map((v) => (v / 2) ** 3))).to.be.closeTo(6, 4.5 * Math.sqrt((720 - 36) / n));
    expect(mean(x.map((v) => (v / 2) ** 4))).to.be.closeTo(24, 4.5 * Math.sqrt((40_320 - 576) / n));
    expect(kolmogorov(x, (v) => 1 - Math.exp(-v / 2))).to.be.below(2.4);
    expect(x.every((v) => v >= 0 && Number.isFinite(v))).to.equal(true);
  });

  it('exponential: the tail beyond the ziggurat is exponential again', () => {
    const n = 2_000_000;
    const start = 7.69711747013105;
    const beyond = rng(21)
      .fillExponential(new Float64Array(n))
      .filter((v) => v >= start);
    const p = Math.exp(-start);
    expect(beyond.length).to.be.closeTo(n * p, 4.5 * Math.sqrt(n * p));
    expect(kolmogorov(beyond, (v) => -Math.expm1(start - v))).to.be.below(2.4);
  });

  it('integer: every value equally often, also where the range divides 2^32 badly', () => {
    const n = 120_000;
    for (const [low, high] of [
      [0, 9],
      [-3, 3],
      [0, 0],
      [5, 260],
    ]) {
      const r = rng(17);
      const x = draw(n, () => r.integer(low, high) - low);
      const k = high - low + 1;
      const counts = countsOf(x, k);
      if (k > 1)
        expect(
          Math.abs(
            chiSquare(
              counts,
              counts.map(() => n / k),
            ),
          ),
        ).to.be.below(4);
      else expect(counts[0]).to.equal(n);
    }
    // without redrawing, the lower half of this range would come twice as often
    const wide = rng(18);
    const x = draw(n, () => wide.integer(0, 1.5 * 2 ** 31 - 1));
    expect(x.filter((v) => v < 2 ** 30).length / n).to.be.closeTo(1 / 3, 4.5 * Math.sqrt(2 / 9 / n));
    expect(draw(100, () => wide.integer(0, 2 ** 32 - 1)).some((v) => v > 2 ** 31)).to.equal(true);
  });

  for (const m of [0.05, 1, 9.99, 10, 33.3, 1000]) {
    it(`Poisson of mean ${m}: moments and frequencies`, () => {
      const n = 100_000;
      const r = rng(19);
      const x = draw(n, () => r.poisson(m));
      moments(x, m, m, m + 3 * m * m);
      const top = Math.ceil(m + 6 * Math.sqrt(m) + 6);
      const expected = Float64Array.from(
        { length: top + 1 },
        (_, k) => n * Math.exp(k * Math.log(m) - m - logFactorial(k)),
      );
      expect(Math.abs(chiSquare(countsOf(x, top + 1), expected))).to.be.below(4);
    });
  }

  it('Poisson: mean 0 gives 0, large means the right moments', () => {
    expect(rng(1).poisson(0)).to.equal(0);
    const r = rng(20);
    const m = 2 ** 30;
    moments(
      draw(50_000, () => r.poisson(m)),
      m,
      m,
      m + 3 * m * m,
    );
  });

  for (const [n, p] of [
    [1, 0.3],
    [20, 0.5],
    [1000, 0.001],
    [100, 0.1],
    [100, 0.25],
    [100, 0.97],
    [5000, 0.4],
  ]) {
    it(`binomial of ${n} trials with probability ${p}: moments and frequencies`, () => {
      const size = 100_000;
      const r = rng(21);
      const x = draw(size, () => r.binomial(n, p));
      const v = n * p * (1 - p);
      moments(x, n * p, v, 3 * v * v + v * (1 - 6 * p * (1 - p)));
      const expected = Float64Array.from(
        { length: n + 1 },
        (_, k) => size * Math.exp(logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p)),
      );
      if (n > 1) expect(Math.abs(chiSquare(countsOf(x, n + 1), expected))).to.be.below(4);
      expect(x.every((k) => k >= 0 && k <= n)).to.equal(true);
    });
  }

  it('binomial: the limits, and many trials of small probability', () => {
    const r = rng(22);
    expect([r.binomial(10, 0), r.binomial(10, 1), r.binomial(0, 0.5)]).to.deep.equal([0, 10, 0]);
    const n = 2 ** 30;
    const m = 4;
    moments(
      draw(50_000, () => r.binomial(n, m / n)),
      m,
      m,
      m + 3 * m * m,
    );
  });

  it('bernoulli: as often as it should, never at 0, always at 1', () => {
    const r = rng(23);
    const n = 100_000;
    const often = draw(n, () => Number(r.bernoulli(0.2)));
    expect(mean(often)).to.be.closeTo(0.2, 4.5 * Math.sqrt(0.16 / n));
    expect(draw(1000, () => Number(r.bernoulli(0))).every((x) => x === 0)).to.equal(true);
    expect(draw(1000, () => Number(r.bernoulli(1))).every((x) => x === 1)).to.equal(true);
  });

  it('permutation and shuffle: all orders equally often, nothing lost', () => {
    const r = rng(24);
    const n = 48_000;
    const seen = new Map<string, number>();
    for (let i = 0; i < n; i++) {
      const order = r.permutation(4).join('');
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).to.equal(24);
    const counts = [...seen.values()];
    expect(
      Math.abs(
        chiSquare(
          counts,
          counts.map(() => n / 24),
        ),
      ),
    ).to.be.below(4);
    expect([...r.permutation(1000)].sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 1000 }, (_, i) => i));
    const items = ['a', 'b', 'c'];
    expect(r.shuffle(items)).to.equal(items);
    expect(items.slice().sort()).to.deep.equal(['a', 'b', 'c']);
    expect([...r.permutation(0), ...r.permutation(1)]).to.deep.equal([0]);
  });
});

describe('rng: values out of range', () => {
  for (const seed of [-1, 0.5, NaN, Infinity, 2 ** 53]) {
    it(`refuses the seed ${seed}`, () => {
      expect(() => rng(seed)).to.throw(
        ParameterError,
        `seed must be a whole number between 0 and 2^53 - 1 (got ${seed})`,
      );
    });
  }

  it('refuses parameters that no distribution has, and says what is allowed', () => {
    const r = rng(1);
    const refused: [() => unknown, string][] = [
      [() => r.poisson(-1), 'mean must be between 0 and 2^30 (got -1)'],
      [() => r.poisson(NaN), 'mean must be between 0 and 2^30 (got NaN)'],
      [() => r.fillPoisson(new Float64Array(0), 1e12), 'mean must be between 0 and 2^30 (got 1000000000000)'],
      [() => r.binomial(-1, 0.5), 'n must be a whole number between 0 and 2^30 (got -1)'],
      [() => r.binomial(1.5, 0.5), 'n must be a whole number between 0 and 2^30 (got 1.5)'],
      [() => r.binomial(1, 1.1), 'p must be between 0 and 1 (got 1.1)'],
      [() => r.bernoulli(NaN), 'p must be between 0 and 1 (got NaN)'],
      [() => r.integer(3, 2), 'with low <= high < low + 2^32 (got 3 and 2)'],
      [() => r.integer(0, 2 ** 32), 'with low <= high < low + 2^32 (got 0 and 4294967296)'],
      [() => r.integer(0.5, 2), 'must be whole numbers'],
      [() => r.permutation(-1), 'n must be a whole number between 0 and 2^31 - 1 (got -1)'],
    ];
    for (const [call, message] of refused) expect(call, message).to.throw(ParameterError, message);
  });
});
