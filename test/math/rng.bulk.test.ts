import { expect } from 'chai';
import {
  binomialCounts,
  binomialTable,
  type Counts,
  countTable,
  invert,
  poissonCounts,
  poissonTable,
} from 'lecture-lab/math/count-table';
import { ParameterError } from 'lecture-lab/math/errors';
import { type NumberArray, type Rng, rng } from 'lecture-lab/math/rng';
import { correlation } from 'lecture-lab/math/statistics';
import { withoutWasm } from 'lecture-lab/wasm/instantiate';

/** The kinds of fill, each with the single call whose numbers it must give. */
const kinds: Readonly<
  Record<string, readonly [fill: (r: Rng, out: Float64Array) => unknown, single: (r: Rng) => number]>
> = {
  uniform: [(r, out) => r.fillUniform(out), (r) => r.uniform()],
  'uniform in [-3, 7)': [(r, out) => r.fillUniform(out, -3, 7), (r) => r.uniform(-3, 7)],
  normal: [(r, out) => r.fillNormal(out), (r) => r.normal()],
  'normal, mean 2, sd 3': [(r, out) => r.fillNormal(out, 2, 3), (r) => r.normal(2, 3)],
  exponential: [(r, out) => r.fillExponential(out), (r) => r.exponential()],
  'exponential, mean 3': [(r, out) => r.fillExponential(out, 3), (r) => r.exponential(3)],
  ...Object.fromEntries(
    [0, 1e-9, 0.1, 1, 5, 9.999, 10, 33.3, 1000, 2 ** 30].map((m) => [
      `Poisson ${m}`,
      [(r: Rng, out: Float64Array) => r.fillPoisson(out, m), (r: Rng) => r.poisson(m)],
    ]),
  ),
  ...Object.fromEntries(
    [
      [0, 0.5],
      [10, 0],
      [10, 1],
      [1, 0.3],
      [20, 0.3],
      [20, 0.9],
      [1000, 0.001],
      [100, 0.3],
      [100, 0.7],
      [2 ** 30, 1e-9],
      [2 ** 30, 0.5],
    ].map(([n, p]) => [
      `binomial ${n} ${p}`,
      [(r: Rng, out: Float64Array) => r.fillBinomial(out, n!, p!), (r: Rng) => r.binomial(n!, p!)],
    ]),
  ),
};

describe('rng in bulk', () => {
  for (const [name, [fill, single]] of Object.entries(kinds))
    it(`${name}: the numbers of single calls, bit for bit, and the same state after them`, () => {
      // below and above the chunk of 4096, and lengths that only single calls make
      for (const n of [0, 1, 31, 32, 33, 401, 4096, 4097, 9001]) {
        const one = rng(n);
        const numbers = Array.from({ length: n }, () => single(one));
        for (const how of [(task: () => void) => task(), withoutWasm]) {
          const bulk = rng(n);
          const out = new Float64Array(n);
          how(() => fill(bulk, out));
          expect(Array.from(out)).to.deep.equal(numbers);
          expect(bulk.state()).to.deep.equal(one.state());
        }
      }
    });

  it('one after another of different kinds, cut anywhere', () => {
    const one = rng(3);
    const bulk = rng(3);
    const expected: number[] = [];
    const actual: number[] = [];
    for (const [i, [fill, single]] of Object.values(kinds).entries()) {
      const n = 30 + 17 * i;
      for (let j = 0; j < n; j++) expected.push(single(one));
      const out = new Float64Array(n);
      fill(bulk, out);
      actual.push(...out);
    }
    expect(actual).to.deep.equal(expected);
  });

  it('a million normal numbers, tail and wedges included', () => {
    const one = rng(4);
    const bulk = rng(4).fillNormal(new Float64Array(1_000_000));
    let different = 0;
    for (const x of bulk) if (x !== one.normal()) different++;
    expect(different).to.equal(0);
  });

  it('into arrays of other types, as an assignment would convert them', () => {
    const makes: ((n: number) => NumberArray)[] = [
      (n) => new Float32Array(n),
      (n) => new Int32Array(n),
      (n) => new Uint32Array(n),
      (n) => new Int16Array(n),
      (n) => new Uint16Array(n),
      (n) => new Uint8Array(n),
    ];
    for (const make of makes)
      for (const mean of [5, 300]) {
        const r = rng(5);
        const expected = make(500);
        for (let i = 0; i < 500; i++) expected[i] = r.poisson(mean);
        expect(rng(5).fillPoisson(make(500), mean)).to.deep.equal(expected);
        const b = rng(6);
        for (let i = 0; i < 500; i++) expected[i] = b.binomial(mean, 0.8);
        expect(rng(6).fillBinomial(make(500), mean, 0.8)).to.deep.equal(expected);
      }
    const r = rng(7);
    const single = Array.from({ length: 500 }, () => Math.fround(r.exponential()));
    expect(Array.from(rng(7).fillExponential(new Float32Array(500)))).to.deep.equal(single);
  });

  it('shuffles and permutations: the same with kernels and without', () => {
    for (const n of [0, 1, 2, 31, 32, 33, 4097, 10_000]) {
      const a = rng(8);
      const b = rng(8);
      expect(a.permutation(n)).to.deep.equal(withoutWasm(() => b.permutation(n)));
      expect(a.state()).to.deep.equal(b.state());
      const words = Array.from({ length: n }, (_, i) => `word ${i}`);
      expect(a.shuffle([...words])).to.deep.equal(withoutWasm(() => b.shuffle([...words])));
    }
  });

  it('permutations: every element is as often in every place', () => {
    const n = 40; // enough for the kernel
    const trials = 20_000;
    const r = rng(9);
    const counts = new Float64Array(n * n);
    for (let t = 0; t < trials; t++) {
      const p = r.permutation(n);
      for (let place = 0; place < n; place++) counts[n * place + p[place]]++;
    }
    // rows and columns have fixed sums: (n - 1)^2 degrees of freedom; n / (n - 1) is the variance of a cell against that of a count
    const expected = trials / n;
    const chi = counts.reduce((sum, c) => sum + (c - expected) ** 2 / expected, 0) * ((n - 1) / n);
    const freedom = (n - 1) ** 2;
    expect(Math.abs(chi - freedom)).to.be.below(4.5 * Math.sqrt(2 * freedom));
  });

  it('named streams are independent: as many pairs as chance allows are correlated', () => {
    const n = 10_000;
    const r = rng(10);
    const samples = Array.from({ length: 30 }, (_, i) => r.stream(`trial ${i}`).fillNormal(new Float64Array(n)));
    let sum = 0;
    let most = 0;
    for (let i = 0; i < 30; i++)
      for (let j = 0; j < i; j++) {
        const z = correlation(samples[i]!, samples[j]!) * Math.sqrt(n);
        sum += z * z;
        most = Math.max(most, Math.abs(z));
      }
    // 435 pairs, each z standard normal
    expect(sum).to.be.closeTo(435, 4.5 * Math.sqrt(2 * 435));
    expect(most).to.be.below(5);
  });

  it('refuses what single calls refuse', () => {
    const r = rng(1);
    const out = new Float64Array(100);
    for (const wrong of [
      () => r.fillPoisson(out, -1),
      () => r.fillPoisson(out, Number.NaN),
      () => r.fillBinomial(out, 1.5, 0.5),
      () => r.fillBinomial(out, 10, 1.1),
      () => r.fillBinomial(out, 2 ** 31, 0.5),
      () => r.permutation(-1),
      () => r.resume(new Int32Array(4)),
      () => r.resume(new Int32Array(3).fill(1)),
    ])
      expect(wrong).to.throw(ParameterError);
  });
});

describe('the state of a stream', () => {
  it('goes on elsewhere, and does not change behind the back of who took it', () => {
    const a = rng(1);
    a.bits();
    const state = a.state();
    const b = rng(2);
    b.resume(state);
    expect(b.bits()).to.equal(a.bits());
    expect(state).to.not.deep.equal(a.state());
  });

  it('does not move the streams that come from it', () => {
    const a = rng(1);
    const name = a.stream('x').bits();
    a.resume(Int32Array.of(1, 2, 3, 4));
    expect(a.stream('x').bits()).to.equal(name);
  });
});

describe('tables of counts', () => {
  const tables: [string, Counts][] = [
    ...[0, 1e-300, 1e-9, 0.5, 5, 9.999].map((m): [string, Counts] => [`Poisson ${m}`, poissonCounts(m)]),
    ...(
      [
        [1, 0.3],
        [20, 0.49],
        [1000, 0.0099],
        [2 ** 30, 1e-9],
      ] as const
    ).map(([n, p]): [string, Counts] => [`binomial ${n} ${p}`, binomialCounts(n, p)]),
  ];
  for (const [name, counts] of tables)
    it(`${name}: every threshold is the very number where the count changes`, () => {
      const { thresholds, guide, classes } = countTable(counts);
      expect(classes).to.equal(counts.classes);
      expect(thresholds.length).to.equal(classes + 1);
      const countOf = (w: number): number => invert(w / 2 ** 53, counts);
      const byTable = (w: number): number => {
        let k = guide[Math.floor(w / 2 ** 43)];
        while (thresholds[k] <= w) k++;
        return k;
      };
      const places = [...thresholds].filter(Number.isFinite).flatMap((t) => [t - 2, t - 1, t, t + 1]);
      const cells = Array.from({ length: 1024 }, (_, i) => [i * 2 ** 43, (i + 1) * 2 ** 43 - 1]).flat();
      for (const w of [...places, ...cells]) {
        if (w >= 0 && w < 2 ** 53) expect(byTable(w), `${w}`).to.equal(countOf(w));
      }
      for (let k = 1; k < thresholds.length; k++) expect(thresholds[k]).to.be.at.least(thresholds[k - 1]);
    });

  it('are kept, and are not mixed up', () => {
    expect(poissonTable(3)).to.equal(poissonTable(3));
    expect(binomialTable(10, 0.3)).to.equal(binomialTable(10, 0.3));
    expect(poissonTable(10 * 0.3).thresholds).to.not.deep.equal(binomialTable(10, 0.3).thresholds);
  });
});
