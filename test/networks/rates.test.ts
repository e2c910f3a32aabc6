import { expect } from 'chai';
import { DivergenceError, ParameterError } from 'lecture-lab/math/errors';
import { expm, fromRows, identity, type Matrix, matrix, matvec, scale, solve } from 'lecture-lab/math/linear-algebra';
import { integrate } from 'lecture-lab/math/ode';
import { rng } from 'lecture-lab/math/rng';
import { createRun } from 'lecture-lab/math/run';
import { fixedInDegree, fromDense, fromTriplets, type Sparse, weighted } from 'lecture-lab/math/sparse';
import { createRates, type RateMethod, rateDerivative } from 'lecture-lab/networks/rates';
import { createSparseRates, type Response, responseOf } from 'lecture-lab/networks/sparse-rates';
import { wasmRuns, withoutWasm } from 'lecture-lab/wasm/instantiate';

const linear = (h: number): number => h;

/** A linear network, its start, and its exact state after t: r(t) = r∞ + e^((W − 1)t/τ) (r0 − r∞), (1 − W) r∞ = input. */
function linearNetwork(n: number, tau: number) {
  const r = rng(n);
  const W = matrix(n, n, r.fillNormal(new Float64Array(n * n), 0, 0.6 / Math.sqrt(n)));
  const start = r.fillNormal(new Float64Array(n));
  const input = r.fillNormal(new Float64Array(n));
  const A = matrix(
    n,
    n,
    W.data.map((w, at) => w - identity(n).data[at]),
  );
  const end = solve(scale(A, -1), input) as Float64Array;
  const exact = (t: number): Float64Array => {
    const away = start.map((x, i) => x - end[i]);
    return matvec(expm(scale(A, t / tau)), away).map((x, i) => x + end[i]);
  };
  return { W, start, input, end, exact };
}

const distance = (a: Float64Array | Float32Array, b: Float64Array | Float32Array): number =>
  Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i])));

describe('rate networks: linear ones', () => {
  const tau = 20;
  const { W, start, input, end, exact } = linearNetwork(12, tau);
  const error = (method: RateMethod, dt: number, weights: Matrix | Sparse = W): number => {
    const net = createRates({ weights, phi: linear, tau, inside: input }, { dt, start, method });
    for (let s = 0; s < Math.round(40 / dt); s++) net.step();
    return distance(net.r, exact(40));
  };

  it('follow the matrix exponential, each method with its order', () => {
    expect(error('euler', 0.5) / error('euler', 0.25)).to.be.closeTo(2, 0.1);
    expect(error('exponential', 0.5) / error('exponential', 0.25)).to.be.closeTo(2, 0.1);
    expect(error('rk4', 4) / error('rk4', 2)).to.be.closeTo(16, 2);
    expect(error('rk4', 0.5)).to.be.below(1e-7);
  });

  it('dense and sparse weights are the same', () => {
    // the same sums in another order
    expect(error('rk4', 2, fromDense(W))).to.be.closeTo(error('rk4', 2), 1e-12);
  });

  it('end where (1 − W) r = input, inside or outside of the response', async () => {
    for (const where of ['inside', 'outside'] as const) {
      const net = createRates({ weights: W, phi: linear, tau, [where]: input }, { dt: 1, start });
      await net.run(3000);
      expect(distance(net.r, end)).to.be.below(1e-9);
    }
  });

  it('one long run is many short ones', async () => {
    const make = () => createRates({ weights: W, phi: Math.tanh, tau, inside: input }, { dt: 0.5, start });
    const [long, short] = [make(), make()];
    await long.run(100);
    for (const steps of [1, 0, 37, 62]) await short.run(steps);
    expect(short.steps).to.equal(100);
    expect(short.r).to.deep.equal(long.r);
  });
});

describe('rate networks: limits', () => {
  it('without weights each unit relaxes exactly, at any step', () => {
    const none = fromTriplets(3, 3, [], [], []);
    const inside = Float64Array.of(-1, 0, 2);
    for (const dt of [0.1, 5, 100]) {
      const net = createRates({ weights: none, phi: Math.tanh, tau: 10, inside }, { dt, start: [1, 1, 1] });
      for (let s = 1; s <= 5; s++) {
        net.step();
        for (let i = 0; i < 3; i++) {
          const end = Math.tanh(inside[i]);
          expect(net.r[i]).to.be.closeTo(end + (1 - end) * Math.exp((-s * dt) / 10), 1e-14);
        }
      }
    }
  });

  it('two units with a turning matrix oscillate at its frequency, ring in or out by its gain', () => {
    // eigenvalues of W − 1: g − 1 ± i ω
    for (const g of [0.8, 1, 1.2]) {
      const omega = 2;
      const W = fromRows([
        [g, -omega],
        [omega, g],
      ]);
      const net = createRates({ weights: W, phi: linear }, { dt: 0.001, start: [1, 0], method: 'rk4' });
      for (let s = 0; s < 3000; s++) net.step();
      const size = Math.exp((g - 1) * 3);
      expect(net.r[0]).to.be.closeTo(size * Math.cos(omega * 3), 1e-10);
      expect(net.r[1]).to.be.closeTo(size * Math.sin(omega * 3), 1e-10);
    }
  });

  it('one saturating unit with itself: silent below gain 1, two states above it', async () => {
    const settle = async (g: number, from: number): Promise<number> => {
      const net = createRates({ weights: fromRows([[g]]), phi: Math.tanh }, { dt: 0.1, start: [from] });
      await net.run(5000);
      return net.r[0];
    };
    expect(await settle(0.9, 1)).to.be.closeTo(0, 1e-9);
    const up = await settle(1.5, 0.01);
    expect(up).to.be.closeTo(Math.tanh(1.5 * up), 1e-12);
    expect(up).to.be.above(0.5);
    expect(await settle(1.5, -0.01)).to.be.closeTo(-up, 1e-12);
  });

  it('a small random network dies out, one of large gain does not settle', async () => {
    const n = 200;
    const swing = async (g: number): Promise<number> => {
      const r = rng(31);
      const W = matrix(n, n, r.fillNormal(new Float64Array(n * n), 0, g / Math.sqrt(n)));
      const net = createRates({ weights: W, phi: Math.tanh }, { dt: 0.1, start: r.fillNormal(new Float64Array(n)) });
      await net.run(1000);
      const before = net.r.slice();
      await net.run(50);
      return distance(net.r, before);
    };
    expect(await swing(0.5)).to.be.below(1e-6);
    expect(await swing(4)).to.be.above(0.1);
  });

  it('the derivative is that of the equation, and serves the general integrators', () => {
    const W = fromRows([
      [0, -2],
      [1, 0.5],
    ]);
    const equation = {
      weights: W,
      phi: Math.tanh,
      tau: 4,
      inside: Float64Array.of(0.3, -0.1),
      outside: Float64Array.of(0, 0.7),
    };
    const slope = new Float64Array(2);
    rateDerivative(equation)(0, Float64Array.of(0.2, 0.6), slope);
    expect(slope[0]).to.be.closeTo((Math.tanh(-1.2 + 0.3) - 0.2) / 4, 1e-15);
    expect(slope[1]).to.be.closeTo((Math.tanh(0.5 - 0.1) + 0.7 - 0.6) / 4, 1e-15);
    const { y } = integrate(rateDerivative(equation), [0.2, 0.6], { to: 10, dt: 0.01 });
    const net = createRates(equation, { dt: 0.01, start: [0.2, 0.6], method: 'rk4' });
    for (let s = 0; s < 1000; s++) net.step();
    expect(net.r[0]).to.be.closeTo(y[y.length - 2], 1e-13);
  });

  it('inputs may change between steps', () => {
    const inside = new Float64Array(1);
    const net = createRates({ weights: fromRows([[0]]), phi: linear, inside }, { dt: 1, start: [0] });
    net.step();
    expect(net.r[0]).to.equal(0);
    inside[0] = 3;
    net.step();
    expect(net.r[0]).to.be.closeTo(3 * (1 - Math.exp(-1)), 1e-15);
  });
});

const responses: readonly Response[] = [
  { kind: 'tanh', gain: 1.3 },
  { kind: 'logistic', most: 2, slope: 1.7, centre: 0.4 },
];

describe('rate networks: large and sparse, in single precision', () => {
  const network = (n: number, degree: number, gain: number) => {
    const r = rng(n);
    const pattern = fixedInDegree(n, n, degree, r.stream('pattern'));
    const weights = weighted(pattern, () => r.normal(0, gain / Math.sqrt(degree)));
    return {
      weights,
      start: r.fillNormal(new Float64Array(n)),
      input: r.fillNormal(new Float64Array(n), 0, 0.3),
    };
  };

  for (const response of responses)
    it(`${response.kind}: the network in double precision`, () => {
      // more units than a block has columns, and no multiple of four
      const { weights, start, input } = network(5003, 20, 0.7);
      for (const method of ['euler', 'exponential'] as const) {
        const fast = createSparseRates({ weights, response, tau: 10, input }, { dt: 0.5, start, method });
        const exact = createRates(
          { weights, phi: responseOf(response), tau: 10, inside: input },
          { dt: 0.5, start, method },
        );
        for (let s = 0; s < 100; s++) {
          fast.step();
          exact.step();
        }
        // the network contracts: rounding of 6e-8 and the response's 3e-7 don't add up over the steps
        expect(distance(exact.r, fast.r), method).to.be.below(5e-6);
      }
    });

  for (const response of responses)
    it(`${response.kind}: compiled and not agree`, () => {
      for (const [n, degree] of [
        [1, 1],
        [7, 3],
        [4096, 5],
        [4099, 50],
      ]) {
        const { weights, start, input } = network(n, degree, 0.7);
        const make = () => createSparseRates({ weights, response, tau: 10, input }, { dt: 0.5, start });
        const [fast, plain] = [make(), withoutWasm(make)];
        for (let s = 0; s < 50; s++) {
          fast.step();
          plain.step();
        }
        expect(distance(plain.r, fast.r), `${n}`).to.be.below(2e-6);
      }
    });

  it('starts and inputs may be set between steps', () => {
    for (const make of [(task: () => void) => task(), withoutWasm]) {
      make(() => {
        const weights = fromTriplets(2, 2, [0], [1], [0.5]);
        const net = createSparseRates({ weights, response: responses[0] }, { dt: 1, start: [0, 0] });
        net.r.set([0, 0.5]);
        net.input.set([0, 1]);
        net.step();
        const share = 1 - Math.exp(-1);
        expect(net.r[0]).to.be.closeTo(share * Math.tanh(1.3 * 0.25), 1e-6);
        expect(net.r[1]).to.be.closeTo(0.5 + share * (Math.tanh(1.3) - 0.5), 1e-6);
      });
    }
  });

  it('one long run is many short ones', async () => {
    const { weights, start, input } = network(300, 30, 1.5);
    const make = () => createSparseRates({ weights, response: responses[1], input }, { dt: 0.1, start });
    const [long, short] = [make(), make()];
    await long.run(60);
    for (const steps of [13, 47]) await short.run(steps);
    expect(short.steps).to.equal(60);
    expect(short.r).to.deep.equal(long.r);
  });
});

describe('rate networks: on several threads', function () {
  this.timeout(20_000);
  before(function () {
    if (!wasmRuns()) this.skip(); // switched off: only the compiled loop is shared among threads
  });
  const [n, degree, steps] = [5003, 200, 400];
  const r = rng(9);
  const weights = weighted(fixedInDegree(n, n, degree, r.stream('pattern')), () => r.normal(0, 0.1));
  const start = r.fillNormal(new Float64Array(n));
  const make = (response: Response) => createSparseRates({ weights, response, tau: 10 }, { dt: 0.5, start });
  /** Runs with a number of threads. */
  const withThreads = async <T>(threads: number, task: () => Promise<T>): Promise<T> => {
    const before = process.env['LECTURE_LAB_WORKERS'];
    process.env['LECTURE_LAB_WORKERS'] = String(threads);
    try {
      return await task();
    } finally {
      if (before === undefined) delete process.env['LECTURE_LAB_WORKERS'];
      else process.env['LECTURE_LAB_WORKERS'] = before;
    }
  };

  for (const response of responses)
    it(`${response.kind}: the same bits as on one, and step by step`, async () => {
      const run = async () => {
        const net = make(response);
        await net.run(steps);
        for (let s = 0; s < 5; s++) net.step();
        await net.run(steps);
        return net.r.slice();
      };
      const one = await withThreads(1, run);
      for (const threads of [2, 3]) expect(await withThreads(threads, run)).to.deep.equal(one);
      expect(Math.max(...one)).to.be.above(0.1);
    });

  it('stop when told to, and go on afterwards', async () =>
    withThreads(2, async () => {
      const [stopped, whole] = [make(responses[0]), make(responses[0])];
      const controller = new AbortController();
      setTimeout(() => controller.abort(new Error('enough')), 50);
      const error = await stopped.run(1e6, createRun(controller.signal)).catch((thrown: Error) => thrown);
      expect((error as Error).message).to.equal('enough');
      const done = stopped.steps;
      await stopped.run(steps);
      await whole.run(done + steps);
      expect(stopped.steps).to.equal(whole.steps);
      expect(stopped.r).to.deep.equal(whole.r);
    }));
});

describe('rate networks: errors', () => {
  const weights = fromRows([
    [0, 1],
    [1, 0],
  ]);
  const options = { dt: 0.1, start: [0, 0] };

  it('name what does not fit', () => {
    const response = responses[0];
    for (const [make, message] of [
      [() => createRates({ weights, phi: linear }, { dt: 0, start: [0, 0] }), /dt must be positive \(got 0\)/],
      [() => createRates({ weights, phi: linear, tau: -1 }, options), /tau must be positive/],
      [
        () => createRates({ weights, phi: linear }, { dt: 1, start: [0] }),
        /start must be one number for each of the 2/,
      ],
      [() => createRates({ weights: matrix(2, 3), phi: linear }, options), /weights must be square \(got 2 x 3\)/],
      [() => createRates({ weights, phi: linear, inside: new Float64Array(3) }, options), /inside must be one number/],
      [() => createSparseRates({ weights: fromDense(matrix(2, 3)), response }, options), /weights must be square/],
      [() => createSparseRates({ weights: fromDense(weights), response, tau: 0 }, options), /tau must be positive/],
      [() => createSparseRates({ weights: fromDense(weights), response, input: [1] }, options), /input must be/],
    ] as const)
      expect(make).to.throw(ParameterError, message);
  });

  it('tell the unit and the step of a divergence, and stop when told to', async () => {
    const caught = async (task: Promise<void>): Promise<Error> => {
      try {
        await task;
      } catch (error) {
        return error as Error;
      }
      throw new Error('nothing was thrown');
    };
    const unstable = createRates({ weights: fromRows([[50]]), phi: (h) => h * h }, { dt: 1, start: [2] });
    const error = await caught(unstable.run(100));
    expect(error).to.be.instanceOf(DivergenceError);
    expect(error.message).to.match(/the rate of unit 0 is no longer finite at step/);
    const sparse = createSparseRates({ weights: fromDense(weights), response: responses[0] }, options);
    sparse.r[1] = Number.NaN;
    expect(await caught(sparse.run(5))).to.be.instanceOf(DivergenceError);
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    const run = createRun(controller.signal);
    expect((await caught(createRates({ weights, phi: linear }, options).run(100, run))).message).to.equal('enough');
    expect(await caught(createRates({ weights, phi: linear }, options).run(1.5))).to.be.instanceOf(ParameterError);
  });
});
