import { expect } from 'chai';
import {
  correlationStep,
  descentLag,
  imbalance,
  itemStep,
  layeredStrength,
  modeStrength,
  type Network,
  predictModes,
  shallowStrength,
  simulateModes,
  simulatePath,
  simulateShallow,
} from 'lecture-lab/deep-linear/dynamics';
import { createTask, orthonormalColumns, type Task } from 'lecture-lab/deep-linear/task';
import { DivergenceError, ParameterError } from 'lecture-lab/math/errors';
import {
  diagonal,
  identity,
  type Matrix,
  matrix,
  multiply,
  norm,
  scale,
  transpose,
} from 'lecture-lab/math/linear-algebra';
import { rng } from 'lecture-lab/math/rng';
import { createRun } from 'lecture-lab/math/run';
import { mean, standardError } from 'lecture-lab/math/statistics';
import { golden } from './golden';

const training = { singularValues: [3, 2, 1], a0: 0.01, tau: 1, rate: 0.002, duration: 6 };

const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number => norm(Float64Array.from(a, (x, i) => x - b[i]));
const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);

/** The task that some items pose. */
function taskOf(x: Matrix, y: Matrix): Task {
  const average = (a: Matrix, b: Matrix): Matrix => scale(multiply(a, b, { transposeB: true }), 1 / x.cols);
  const none = identity(0);
  return { singularValues: [], u: none, v: none, x, y, sigma11: average(x, x), sigma31: average(y, x) };
}

/** The slope of ln(error) against ln(rate) between neighbouring rates that differ by 2. */
const orders = (errors: readonly number[]): number[] => errors.slice(1).map((e, i) => Math.log2(errors[i] / e));

describe('deep linear networks: the task', () => {
  for (const correlation of [0, 0.6])
    it(`has the correlations it promises (inputs correlated by ${correlation})`, () => {
      const task = createTask([3, 2, 0.5], correlation, rng(4));
      const posed = taskOf(task.x, task.y);
      expect(largest(posed.sigma11.data, task.sigma11.data)).to.be.below(1e-14);
      expect(largest(posed.sigma31.data, task.sigma31.data)).to.be.below(1e-14);
      expect(task.sigma11.data[1]).to.be.closeTo(correlation, 1e-15);
      const s = multiply(multiply(task.u, task.sigma31, { transposeA: true }), task.v);
      expect(largest(s.data, diagonal([3, 2, 0.5]).data)).to.be.below(1e-14);
      for (const vectors of [task.u, task.v])
        expect(largest(multiply(vectors, vectors, { transposeA: true }).data, identity(3).data)).to.be.below(1e-14);
    });

  it('refuses what is no task', () => {
    expect(() => createTask([], 0, rng(1))).to.throw(ParameterError, 'singularValues');
    expect(() => createTask([1, -2], 0, rng(1))).to.throw(ParameterError, 'each 0 or more (got -2)');
    expect(() => createTask([1], 1, rng(1))).to.throw(
      ParameterError,
      'correlation must be 0 or more and below 1 (got 1)',
    );
  });
});

describe('deep linear networks: one step', () => {
  for (const c of golden.descent)
    it(`agrees with numpy after ${c.steps} steps, ${c.activation}`, () => {
      const [inputs, hidden, outputs, items] = c.shape;
      const take = (rows: number, cols: number, data: readonly number[]): Matrix =>
        matrix(rows, cols, Float64Array.from(data));
      const task = taskOf(take(inputs, items, c.x), take(outputs, items, c.y));
      const start = (): Network => ({ w21: take(hidden, inputs, c.w21), w32: take(outputs, hidden, c.w32) });
      const rules = [itemStep, ...(c.activation === 'linear' ? [correlationStep] : [])];
      for (const rule of rules) {
        const network = start();
        const step = rule(task, network, c.rate, c.activation);
        for (let i = 0; i < c.steps; i++) step();
        expect(largest(network.w21.data, c.after.w21), rule.name).to.be.below(1e-13);
        expect(largest(network.w32.data, c.after.w32), rule.name).to.be.below(1e-13);
      }
    });

  it('of tanh neurons goes down the error, by finite differences', () => {
    const r = rng(8);
    const random = (rows: number, cols: number): Matrix =>
      matrix(rows, cols, r.fillNormal(new Float64Array(rows * cols)));
    const task = taskOf(random(3, 5), random(2, 5));
    const network = { w21: random(4, 3), w32: random(2, 4) };
    const error = (): number => {
      const h = multiply(network.w21, task.x);
      const answer = multiply(network.w32, matrix(4, 5, h.data.map(Math.tanh)));
      return distance(answer.data, task.y.data) ** 2 / 10;
    };
    const moved = { w21: scale(network.w21, 1), w32: scale(network.w32, 1) };
    itemStep(task, moved, 1, 'tanh')();
    for (const layer of ['w21', 'w32'] as const)
      for (let i = 0; i < network[layer].data.length; i++) {
        const weights = network[layer].data;
        const here = weights[i];
        weights[i] = here + 1e-5;
        const up = error();
        weights[i] = here - 1e-5;
        const down = error();
        weights[i] = here;
        expect(moved[layer].data[i] - here).to.be.closeTo(-(up - down) / 2e-5, 1e-8);
      }
  });
});

describe('deep linear networks against the closed form', () => {
  it('follow it with an error of the order of the step', async () => {
    const errors: number[][] = [];
    for (const rate of [0.004, 0.002, 0.001]) {
      const { time, strengths } = await simulateModes({ ...training, rate });
      errors.push(
        training.singularValues.map((s, i) =>
          largest(
            strengths[i],
            time.map((t) => modeStrength({ s, a0: 0.01, tau: 1 }, t)),
          ),
        ),
      );
    }
    training.singularValues.forEach((s, i) => {
      // the next order is smaller by sλ
      for (const order of orders(errors.map((e) => e[i]))) expect(order).to.be.closeTo(1, s * 0.004);
    });
  });

  it('lag behind it by what one step of Euler’s method gives', async () => {
    const { time, strengths } = await simulateModes({ ...training, tau: 2, duration: 12 });
    training.singularValues.forEach((s, i) => {
      const mode = { s, a0: 0.01, tau: 2 };
      const exact = time.map((t) => modeStrength(mode, t));
      const late = time.map((t) => modeStrength(mode, Math.max(0, t - descentLag(mode, t, 0.004))));
      expect(largest(strengths[i], late)).to.be.below(s * 0.002 * largest(late, exact));
    });
  });

  it('learn each mode as if it were alone: the matrix descends like one number', async () => {
    const { strengths } = await simulateModes({ ...training, samples: 3000 });
    training.singularValues.forEach((s, i) => {
      let weight = Math.sqrt(0.01);
      const alone = Float64Array.from(strengths[i], (_, n) => {
        if (n > 0) weight += 0.002 * weight * (s - weight * weight);
        return weight * weight;
      });
      expect(largest(strengths[i], alone)).to.be.below(1e-12);
    });
  });

  it('agrees with scipy on full matrices', () => {
    const { s, a0, tau, a } = golden.deep;
    const { strengths } = predictModes({ singularValues: s, a0, tau }, 'deep', Float64Array.from(golden.times));
    for (const [i, curve] of a.entries()) expect(largest(strengths[i], curve)).to.be.below(1e-9);
  });

  it('have the training error ½ Σ (s − a)²', async () => {
    for (const start of ['aligned', 'pretrained'] as const) {
      const { strengths, error } = await simulateModes({ ...training, start });
      error.forEach((e, n) => {
        const modes = training.singularValues.reduce((sum, s, i) => sum + (s - strengths[i][n]) ** 2 / 2, 0);
        expect(e).to.be.closeTo(modes, 1e-12);
      });
    }
  });

  it('have it above a constant where the targets are no linear function of the inputs', () => {
    const r = rng(3);
    const items = 12;
    // white inputs: orthonormal rows, times √items
    const x = scale(transpose(orthonormalColumns(items, 3, r.stream('x'))), Math.sqrt(items));
    const y = matrix(4, items, r.stream('y').fillNormal(new Float64Array(4 * items)));
    const { sigma31 } = taskOf(x, y);
    const excess = [1, 2, 3].map((seed) => {
      const w = matrix(4, 3, rng(seed).fillNormal(new Float64Array(12)));
      const error = distance(multiply(w, x).data, y.data) ** 2 / (2 * items);
      return error - distance(w.data, sigma31.data) ** 2 / 2;
    });
    expect(excess[0]).to.be.above(0.1);
    expect(largest(excess, [excess[0], excess[0], excess[0]])).to.be.below(1e-12);
  });

  it('give the same aligned curves whatever the singular vectors, and the same bits for the same seed', async () => {
    const [one, again, other] = await Promise.all([1, 1, 2].map((seed) => simulateModes({ ...training, seed })));
    expect(one.strengths).to.deep.equal(again.strengths);
    expect(one.network.w21.data).to.not.deep.equal(other.network.w21.data);
    one.strengths.forEach((a, i) => {
      expect(largest(a, other.strengths[i])).to.be.below(1e-12);
    });
  });

  it('go on where they stopped: one long run equals two short ones, bit for bit', async () => {
    for (const activation of ['linear', 'tanh'] as const) {
      const whole = await simulateModes({ ...training, activation, start: 'random', duration: 4 });
      const half = await simulateModes({ ...training, activation, start: 'random', duration: 2 });
      const rest = await simulateModes({ ...training, activation, from: half.network, duration: 2 });
      expect(rest.network).to.deep.equal(whole.network);
      expect(half.network).to.not.deep.equal(whole.network);
    }
  });

  it('take no time at all without steps', async () => {
    const { time, strengths } = await simulateModes({ ...training, duration: 0 });
    expect(Array.from(time)).to.deep.equal([0]);
    expect(strengths[2][0]).to.be.closeTo(0.01, 1e-15);
  });
});

describe('deep linear networks: what is conserved', () => {
  it('drifts in proportion to the step, and not at all where both layers start alike', async () => {
    for (const start of ['random', 'pretrained'] as const) {
      const drifts: number[] = [];
      for (const rate of [0.004, 0.002, 0.001]) {
        const { drift, error } = await simulateModes({ ...training, start, rate });
        drifts.push(Math.max(...drift));
        // a step changes it by at most λ²|gradient|², and lowers the error by about λ|gradient|²
        expect(drifts.at(-1)).to.be.below((rate * (error[0] - error[error.length - 1])) / (1 - 6 * rate));
      }
      for (const order of orders(drifts)) expect(order, start).to.be.closeTo(1, 0.05);
    }
    const { drift } = await simulateModes(training);
    expect(Math.max(...drift)).to.be.below(1e-12);
  });

  it('is W21 W21ᵀ − W32ᵀ W32', async () => {
    const { network } = await simulateModes({ ...training, start: 'pretrained', duration: 0 });
    // orthonormal columns and nothing: a projection onto three of six dimensions
    const d = imbalance(network);
    expect(largest(multiply(d, d).data, d.data)).to.be.below(1e-14);
    expect(d.data.reduce((sum, x, i) => sum + (i % (d.cols + 1) === 0 ? x : 0), 0)).to.be.closeTo(3, 1e-14);
  });
});

describe('networks that start elsewhere or have other layers', () => {
  it('without a hidden layer learn all modes at one rate, with an error of the order of the step', async () => {
    const errors: number[] = [];
    for (const rate of [0.004, 0.002, 0.001]) {
      const { time, strengths, error } = await simulateShallow({ ...training, rate, tau: 2 });
      const exact = [3, 2, 1].map((s) => time.map((t) => shallowStrength({ s, a0: 0.01, tau: 2 }, t)));
      errors.push(Math.max(...exact.map((a, i) => largest(a, strengths[i]))));
      expect(largest(error, predictModes({ ...training, tau: 2 }, 'shallow', time).error)).to.be.below(3 * 3 * rate);
      // a rate that grows with s, as with a hidden layer, is far off
      const faster = time.map((t) => shallowStrength({ s: 3, a0: 0.01, tau: 2 / 3 }, t));
      expect(largest(faster, strengths[0])).to.be.above(1);
    }
    for (const order of orders(errors)) expect(order).to.be.closeTo(1, 0.01);
  });

  it('with a pretrained layer follow the closed form for unequal layers, in any task', async () => {
    const errors: number[] = [];
    for (const rate of [0.004, 0.002, 0.001]) {
      const { time, strengths } = await simulateModes({ ...training, rate, start: 'pretrained', seed: 7 });
      errors.push(
        Math.max(
          ...[3, 2, 1].map((s, i) =>
            largest(
              strengths[i],
              time.map((t) => layeredStrength({ s, w21: 1, w32: 0, tau: 1 }, t)),
            ),
          ),
        ),
      );
    }
    for (const order of orders(errors)) expect(order).to.be.closeTo(1, 0.02);
  });

  it('of one neuron a layer follow it too, past the saddle', () => {
    const errors = [0.004, 0.002, 0.001].map((rate) => {
      const { time, w21, w32 } = simulatePath({ s: 2, tau: 0.5, rate, duration: 4 }, [-1.3, 1.32]);
      return largest(
        w21.map((w, i) => w * w32[i]),
        time.map((t) => layeredStrength({ s: 2, tau: 0.5, w21: -1.3, w32: 1.32 }, t)),
      );
    });
    for (const order of orders(errors)) expect(order).to.be.closeTo(1, 0.03);
  });

  it('from random weights learn a weak mode later when a strong one goes first', async () => {
    const halved: { readonly alone: number[]; readonly second: number[] } = { alone: [], second: [] };
    for (let seed = 1; seed <= 20; seed++)
      for (const [s, times] of [
        [0, halved.alone],
        [3, halved.second],
      ] as const) {
        // the same weights at the start, the same singular vectors: only the strength of the other mode differs
        const start = { ...training, a0: 1e-3, rate: 0.004, duration: 20, samples: 1000, hidden: 4, seed };
        const { time, strengths } = await simulateModes({ ...start, singularValues: [s, 1], start: 'random' });
        times.push(time[strengths[1].findIndex((a) => a > 0.5)]);
      }
    const delay = halved.second.map((t, i) => t - halved.alone[i]);
    expect(mean(delay)).to.be.above(3 * standardError(delay));
    // aligned modes do not notice each other
    const [alone, second] = await Promise.all(
      [0, 3].map((s) => simulateModes({ ...training, singularValues: [s, 1], hidden: 4 })),
    );
    expect(largest(alone.strengths[1], second.strengths[1])).to.be.below(1e-12);
  });

  it('with fewer hidden neurons than modes learn the strongest modes only', async () => {
    const { strengths, error } = await simulateModes({
      ...training,
      singularValues: [3, 1, 0.5],
      hidden: 1,
      start: 'random',
      duration: 40,
    });
    const last = strengths.map((a) => a[a.length - 1]);
    expect(largest(last, [3, 0, 0])).to.be.below(1e-6);
    expect(error[error.length - 1]).to.be.closeTo((1 + 0.25) / 2, 1e-6);
  });

  it('with correlated inputs leave the closed form, unless the correlations share the input vectors', async () => {
    const { time, strengths, error } = await simulateModes({ ...training, correlation: 0.6, duration: 20 });
    const exact = time.map((t) => modeStrength({ s: 3, a0: 0.01, tau: 1 }, t));
    expect(largest(strengths[0], exact)).to.be.above(0.3);
    expect(error[error.length - 1]).to.be.below(1e-3);

    // Σ11 = V Λ Vᵀ: each mode still obeys one equation, τ da/dt = 2a(s − Λa)
    const white = createTask([3, 1], 0, rng(5));
    const variance = [2, 0.5];
    const sigma11 = multiply(multiply(white.v, diagonal(variance)), white.v, { transposeB: true });
    const r = orthonormalColumns(5, 2, rng(6));
    const w21 = scale(multiply(r, white.v, { transposeB: true }), 0.1);
    const w32 = scale(multiply(white.u, r, { transposeB: true }), 0.1);
    const rate = 0.001;
    const step = correlationStep({ ...white, sigma11 }, { w21, w32 }, rate);
    for (let n = 0; n < 1000; n++) step();
    const map = multiply(multiply(white.u, multiply(w32, w21), { transposeA: true }), white.v);
    [3, 1].forEach((s, i) => {
      const theory = modeStrength({ s, a0: 0.01 * variance[i], tau: 1 }, 1) / variance[i];
      expect(map.data[3 * i]).to.be.closeTo(theory, 10 * s * rate);
    });
    expect(Math.abs(map.data[1]) + Math.abs(map.data[2])).to.be.below(1e-13);
  });

  it('with tanh neurons start like the linear network and end with the same strengths', async () => {
    const small = { ...training, a0: 1e-6, duration: 0.5 };
    const linear = await simulateModes(small);
    const tanh = await simulateModes({ ...small, activation: 'tanh' });
    // tanh(h) = h − h³/3: the strengths differ by a share of the order of h² ~ a
    linear.strengths.forEach((a, i) => {
      expect(largest(a, tanh.strengths[i])).to.be.within(1e-14, 10 * Math.max(...a) ** 2);
    });
    const settled = await simulateModes({ ...training, activation: 'tanh', duration: 30 });
    expect(
      largest(
        settled.strengths.map((a) => a[a.length - 1]),
        [3, 2, 1],
      ),
    ).to.be.below(1e-3);
    expect(settled.error[settled.error.length - 1]).to.be.below(1e-6);
  });
});

describe('deep linear networks: bad input', () => {
  const refused = async (options: object, error: new (...args: never[]) => Error, message: string): Promise<void> => {
    const outcome = await simulateModes({ ...training, ...options }).then(
      () => 'no error',
      (reason: unknown) => reason,
    );
    expect(outcome).to.be.instanceOf(error);
    expect((outcome as Error).message).to.include(message);
  };

  it('is refused by name', async () => {
    await refused({ a0: 0 }, ParameterError, 'a0 must be positive (got 0)');
    await refused({ tau: -1 }, ParameterError, 'tau must be positive (got -1)');
    await refused({ rate: Number.NaN }, ParameterError, 'rate must be positive (got NaN)');
    await refused({ duration: -1 }, ParameterError, 'duration must be 0 or more (got -1)');
    await refused({ samples: 0 }, ParameterError, 'samples must be a whole number, 1 or more (got 0)');
    await refused({ hidden: 2 }, ParameterError, 'hidden must be at least the number of modes, 3, (got 2)');
    await refused({ hidden: 1.5 }, ParameterError, 'hidden must be a whole number');
    await refused({ seed: -1 }, ParameterError, 'seed');
  });

  it('stops when the numbers grow without bound', async () => {
    await refused({ rate: 10, duration: 500 }, DivergenceError, 'the learning rate 10 is too large');
    expect(() => simulatePath({ s: 3, tau: 1, rate: 2, duration: 100 }, [1, 2])).to.throw(DivergenceError, 'w21');
  });

  it('obeys an abort', async () => {
    const stop = new AbortController();
    const long = simulateModes({ ...training, duration: 1e6 }, createRun(stop.signal));
    setTimeout(() => stop.abort(new Error('enough')), 20);
    const outcome = await long.then(
      () => 'finished',
      (reason: unknown) => (reason as Error).message,
    );
    expect(outcome).to.equal('enough');
  });
});
