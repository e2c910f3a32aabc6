import { expect } from 'chai';
import { DivergenceError, ParameterError } from 'lecture-lab/math/errors';
import {
  component,
  type Derivative,
  euler,
  eulerMaruyama,
  integrate,
  integrateAdaptive,
  integrateNoisy,
  midpoint,
  rk4,
  workspace,
} from 'lecture-lab/math/ode';
import { type Rng, rng } from 'lecture-lab/math/rng';
import { correlation, linearRegression, mean, standardError, variance } from 'lecture-lab/math/statistics';
import { close, golden } from './golden';

/** y' = y cos t, y(0) = 1: y = exp(sin t). */
const swing: Derivative = (t, y, dydt) => {
  dydt[0] = y[0] * Math.cos(t);
};
const swingAt = (t: number) => Math.exp(Math.sin(t));

/** The harmonic oscillator of angular frequency 1: (cos t, -sin t). */
const oscillator: Derivative = (_, y, dydt) => {
  dydt[0] = y[1];
  dydt[1] = -y[0];
};

const lorenz: Derivative = (_, y, dydt) => {
  dydt[0] = 10 * (y[1] - y[0]);
  dydt[1] = y[0] * (28 - y[2]) - y[1];
  dydt[2] = y[0] * y[1] - (8 / 3) * y[2];
};

const pendulum: Derivative = (_, y, dydt) => {
  dydt[0] = y[1];
  dydt[1] = -Math.sin(y[0]);
};

const expected = golden<Record<'lorenz' | 'pendulum', { y0: number[]; t: number[]; y: number[][] }>>('ode');

describe('fixed steps', () => {
  for (const [name, step, order] of [
    ['Euler', euler, 1],
    ['midpoint', midpoint, 2],
    ['Runge–Kutta', rk4, 4],
  ] as const) {
    it(`${name}: the error falls with the power ${order} of the step`, () => {
      const logs = [100, 200, 400].map((steps) => {
        const { y } = integrate(swing, [1], { to: 2, dt: 2 / steps, step });
        return [Math.log(2 / steps), Math.log(Math.abs(y[steps] - swingAt(2)))];
      });
      const { slope } = linearRegression(
        logs.map(([h]) => h),
        logs.map(([, e]) => e),
      );
      expect(slope).to.be.closeTo(order, 0.05); // the next order contributes a few times the step, 0.005 to 0.02
    });

    it(`${name}: exact for right-hand sides in t of degree ${order - 1}`, () => {
      const power: Derivative = (t, _, dydt) => {
        dydt[0] = t ** (order - 1);
      };
      const { y } = integrate(power, [0], { to: 2, dt: 0.5, step });
      expect(y[4]).to.be.closeTo(2 ** order / order, 1e-14);
    });
  }

  it('one step of Euler, midpoint and Runge–Kutta on y′ = λ y is the Taylor polynomial of the exponential', () => {
    const z = -0.3;
    const f: Derivative = (_, y, dydt) => {
      dydt[0] = z * y[0];
    };
    const taylor = (n: number) => Array.from({ length: n + 1 }, (_, k) => z ** k / [1, 1, 2, 6, 24][k]);
    for (const [step, order] of [
      [euler, 1],
      [midpoint, 2],
      [rk4, 4],
    ] as const) {
      const y = Float64Array.of(1);
      step(f, y, 0, 1, workspace(1));
      expect(y[0]).to.be.closeTo(
        taylor(order).reduce((a, b) => a + b),
        1e-15,
      );
    }
  });

  it('one long run equals many short ones', () => {
    const whole = integrate(lorenz, [1, 1, 1], { to: 2, dt: 1 / 128 });
    let state: ArrayLike<number> = [1, 1, 1];
    for (let i = 0; i < 4; i++) {
      state = integrate(lorenz, state, { from: i / 2, to: (i + 1) / 2, dt: 1 / 128 }).y.slice(-3);
    }
    expect(Array.from(state)).to.deep.equal(Array.from(whole.y.slice(-3)));
  });

  it('agrees with scipy on a chaotic system, to the error of the step', () => {
    const { y0, t, y } = expected.lorenz;
    const at = (dt: number) => integrate(lorenz, y0, { to: t[1], dt }).y.slice(-3);
    const coarse = at(1 / 1000);
    const fine = at(1 / 2000);
    const error = Math.max(...fine.map((v, i) => Math.abs(v - coarse[i]))) / 15; // of the fine one, by extrapolation
    fine.forEach((v, i) => {
      expect(v).to.be.closeTo(y[1][i], 2 * error);
    });
    expect(error).to.be.below(1e-7);
  });

  it('records what was asked for, the start and the end always', () => {
    const run = (every: number) => integrate(oscillator, [1, 0], { from: 1, to: 2, dt: 0.1, every });
    expect(run(1).t.length).to.equal(11);
    const some = run(4);
    close(some.t, [1, 1.4, 1.8, 2], 1e-15);
    expect(some.dimension).to.equal(2);
    const all = run(1);
    [0, 4, 8, 10].forEach((step, i) => {
      expect([...some.y.slice(2 * i, 2 * i + 2)]).to.deep.equal([...all.y.slice(2 * step, 2 * step + 2)]);
    });
    expect([...run(100).t]).to.deep.equal([1, 2]);
    expect(run(3).t.at(-1)).to.equal(2);
    expect([...component(some, 1)]).to.deep.equal([1, 3, 5, 7].map((i) => some.y[i]));
  });

  it('shortens or lengthens the step so that the end is met', () => {
    const { t } = integrate(oscillator, [1, 0], { to: 1, dt: 0.3 });
    close(t, [0, 1 / 3, 2 / 3, 1], 1e-15);
    expect([...integrate(oscillator, [1, 0], { to: 1, dt: 5 }).t]).to.deep.equal([0, 1]);
  });

  it('allocates nothing per step: the right-hand side sees the same few arrays', () => {
    const seen = new Set<Float64Array>();
    const f: Derivative = (_, y, dydt) => {
      seen.add(y).add(dydt);
      dydt[0] = -y[0];
    };
    integrate(f, [1], { to: 1, dt: 0.001 });
    expect(seen.size).to.equal(3);
  });

  it('leaves the initial state alone', () => {
    const y0 = Float64Array.of(1, 0);
    integrate(oscillator, y0, { to: 1, dt: 0.1 });
    integrateAdaptive(oscillator, y0, { to: 1 });
    expect([...y0]).to.deep.equal([1, 0]);
  });

  it('stops where the solution leaves the finite numbers and says what, when and why', () => {
    const explode: Derivative = (_, y, dydt) => {
      dydt[0] = 0;
      dydt[1] = y[1] ** 3;
    };
    expect(() => integrate(explode, [0, 2], { to: 10, dt: 0.5, names: ['u', 'V'], unit: 'ms' }))
      .to.throw(
        DivergenceError,
        /^V is no longer finite at t = [\d.]+ ms: the equations are unstable, or the time step is too long$/,
      )
      .with.property('variable', 'V');
    expect(() => integrate(explode, [0, NaN], { to: 10, dt: 0.5 })).to.throw(
      DivergenceError,
      'variable 1 is no longer finite at t = 0',
    );
  });

  for (const [options, message] of [
    [{ to: 1, dt: 0 }, 'dt must be positive and finite (got 0)'],
    [{ to: 1, dt: NaN }, 'dt must be positive and finite (got NaN)'],
    [{ to: 0, dt: 0.1 }, 'to must be finite and later than from (got from 0 to 0)'],
    [{ from: 2, to: 1, dt: 0.1 }, 'got from 2 to 1'],
    [{ to: Infinity, dt: 0.1 }, 'to must be finite'],
    [{ to: 1, dt: 0.1, every: 0 }, 'every must be a whole number, at least 1 (got 0)'],
  ] as const) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      expect(() => integrate(oscillator, [1, 0], options)).to.throw(ParameterError, message);
    });
  }
});

describe('adaptive steps', () => {
  it('keep the error near the tolerance, over seven decades', () => {
    const errors = [1e-4, 1e-6, 1e-8, 1e-11].map((relative) => {
      const { y } = integrateAdaptive(oscillator, [1, 0], { to: 10, relative, absolute: relative });
      const error = Math.hypot(y.at(-2)! - Math.cos(10), y.at(-1)! + Math.sin(10));
      expect(error).to.be.below(100 * relative); // the errors of about 20 to 600 steps add up
      return error;
    });
    expect(errors[3]).to.be.below(1e-4 * errors[0]);
  });

  it('agree with scipy at the recorded times', () => {
    for (const [f, { y0, t, y }] of [
      [lorenz, expected.lorenz],
      [pendulum, expected.pendulum],
    ] as const) {
      const run = integrateAdaptive(f, y0, { to: t.at(-1)!, at: t, relative: 1e-12, absolute: 1e-13 });
      expect([...run.t]).to.deep.equal(t);
      // the Lorenz system multiplies errors by about exp(0.9 t), after a first swing by up to 100
      close(run.y, y.flat(), 1e-8);
    }
  });

  it('between steps: the continuous extension is as good as the steps, at both ends and smooth inside', () => {
    const at = Float64Array.from({ length: 1001 }, (_, i) => i / 100);
    const run = integrateAdaptive(swing, [1], { to: 10, at, relative: 1e-8, absolute: 1e-8 });
    expect([...run.t]).to.deep.equal([...at]);
    run.y.forEach((v, i) => {
      expect(v).to.be.closeTo(swingAt(at[i]), 1e-6);
    });
    expect(run.y[0]).to.equal(1);
    const steps = integrateAdaptive(swing, [1], { to: 10, relative: 1e-8, absolute: 1e-8 });
    expect(run.y.at(-1)).to.equal(steps.y.at(-1));
    expect(steps.t.length).to.be.below(200); // far fewer steps than recorded times
  });

  it('between steps: the error falls with the power 5 of the step', () => {
    const logs = [0.4, 0.2, 0.1].map((h) => {
      const at = [0.37 * h]; // inside the first step, which is as long as maxStep
      const { y } = integrateAdaptive(swing, [1], { to: h, at, relative: 0.9, absolute: 1e3 });
      return [Math.log(h), Math.log(Math.abs(y[0] - swingAt(at[0])))];
    });
    const { slope } = linearRegression(
      logs.map(([h]) => h),
      logs.map(([, e]) => e),
    );
    expect(slope).to.be.closeTo(5, 0.3);
  });

  it('record every step by default, ascending from start to end', () => {
    const { t, y, dimension } = integrateAdaptive(oscillator, [1, 0], { from: 2, to: 5 });
    expect([t[0], t.at(-1), dimension, y.length]).to.deep.equal([2, 5, 2, 2 * t.length]);
    for (let i = 1; i < t.length; i++) expect(t[i]).to.be.above(t[i - 1]);
  });

  it('take a constant solution in a few steps, also from zero', () => {
    const rest: Derivative = (_, __, dydt) => dydt.fill(0);
    for (const y0 of [0, 3]) {
      const { t, y } = integrateAdaptive(rest, [y0], { to: 1000 });
      expect(t.length).to.be.below(30);
      expect(y.every((v) => v === y0)).to.equal(true);
    }
  });

  it('see a short pulse when maxStep says how short', () => {
    const pulse: Derivative = (t, _, dydt) => {
      dydt[0] = t > 50 && t < 50.1 ? 10 : 0;
    };
    expect(integrateAdaptive(pulse, [0], { to: 100 }).y.at(-1)).to.equal(0);
    const { y } = integrateAdaptive(pulse, [0], { to: 100, maxStep: 0.05, relative: 1e-6 });
    // a jump between the nodes 0.3 and 0.8 of a step is underestimated up to 85 times (weights 0.26 against 0.003), and there are two
    expect(y.at(-1)).to.be.closeTo(1, 2 * 85 * 1e-6);
  });

  it('stop at a singularity and name the time', () => {
    const blow: Derivative = (_, y, dydt) => {
      dydt[0] = y[0] * y[0]; // y = 1 / (1 - t)
    };
    let caught: unknown;
    try {
      integrateAdaptive(blow, [1], { to: 2, names: ['w'], unit: 's' });
    } catch (error) {
      caught = error;
    }
    expect(caught).to.be.instanceOf(DivergenceError);
    const { variable, time } = caught as DivergenceError;
    expect(variable).to.equal('w');
    expect(Number.parseFloat(time.slice(4))).to.be.closeTo(1, 1e-4);
  });

  it('stop where the right-hand side is not a number', () => {
    const broken: Derivative = (t, _, dydt) => {
      dydt[0] = t > 0.5 ? NaN : 1;
    };
    expect(() => integrateAdaptive(broken, [0], { to: 1 })).to.throw(DivergenceError, /at t = 0\.(5|49999)/);
    expect(() => integrateAdaptive(broken, [0], { from: 0.6, to: 1 })).to.throw(
      DivergenceError,
      'the slope of variable 0 is no longer finite at t = 0.6',
    );
  });

  for (const [options, message] of [
    [{ to: 1, relative: 0 }, 'relative must be between 1e-13 and 1 (got 0)'],
    [{ to: 1, absolute: -1 }, 'absolute must be at least 0 and finite (got -1)'],
    [{ to: 1, maxStep: 0 }, 'maxStep must be positive (got 0)'],
    [{ to: -1 }, 'to must be finite and later than from'],
    [{ to: 1, at: [0, 2] }, 'at must increase within 0 to 1 (got 2 at position 1)'],
    [{ to: 1, at: [0.5, 0.5] }, 'at must increase within 0 to 1 (got 0.5 at position 1)'],
    [{ to: 1, at: [NaN] }, 'got NaN at position 0'],
  ] as const) {
    it(`refuse ${JSON.stringify(options)}`, () => {
      expect(() => integrateAdaptive(oscillator, [1, 0], options)).to.throw(ParameterError, message);
    });
  }
});

describe('Euler–Maruyama', () => {
  /** Many independent Ornstein–Uhlenbeck processes dx = -x / tau dt + sigma dW as one system. */
  const tau = 0.5;
  const sigma = 0.8;
  const leak: Derivative = (_, y, dydt) => {
    for (let i = 0; i < y.length; i++) dydt[i] = -y[i] / tau;
  };
  const constant: Derivative = (_, __, amplitude) => amplitude.fill(sigma);

  it('Ornstein–Uhlenbeck: mean, variance and correlation of theory for the step, within their standard errors', () => {
    const n = 20_000;
    const dt = 0.01;
    const run = integrateNoisy(leak, constant, new Float64Array(n).fill(2), rng(1).stream('noise'), {
      to: 1,
      dt,
      every: 50,
    });
    const [, half, end] = [0, 1, 2].map((i) => run.y.subarray(i * n, (i + 1) * n));
    // the discrete process is x <- a x + sigma sqrt(dt) xi with a = 1 - dt / tau: its moments are exact sums
    const a = 1 - dt / tau;
    const v = (steps: number) => (sigma * sigma * dt * (1 - a ** (2 * steps))) / (1 - a * a);
    expect(mean(end)).to.be.closeTo(2 * a ** 100, 4 * standardError(end));
    expect(variance(end)).to.be.closeTo(v(100), 4 * v(100) * Math.sqrt(2 / n));
    const r = a ** 50 * Math.sqrt(v(50) / v(100));
    expect(correlation(half, end)).to.be.closeTo(r, (4 * (1 - r * r)) / Math.sqrt(n));
    // and they lie within O(dt) of the continuous process: 1 / tau dt is the relative distance of the variances
    const continuous = ((sigma * sigma * tau) / 2) * (1 - Math.exp(-2 / tau));
    expect(v(100)).to.be.closeTo(continuous, (continuous * dt) / tau);
  });

  it('no noise: it is Euler’s method', () => {
    const none: Derivative = (_, __, amplitude) => amplitude.fill(0);
    const noisy = integrateNoisy(oscillator, none, [1, 0], rng(1), { to: 1, dt: 0.1 });
    expect(noisy).to.deep.equal(integrate(oscillator, [1, 0], { to: 1, dt: 0.1, step: euler }));
  });

  it('the same stream gives the same path, another one another', () => {
    const run = (name: string) => integrateNoisy(leak, constant, [1], rng(1).stream(name), { to: 1, dt: 0.1 });
    expect(run('a')).to.deep.equal(run('a'));
    expect(run('a').y.at(-1)).to.not.equal(run('b').y.at(-1));
  });

  /** Mean distance at time 1 from the solution on the same Brownian path, for one step size. */
  function pathError(f: Derivative, g: Derivative, exact: (path: Float64Array) => number, steps: number): number {
    const finest = 1024;
    const errors = new Float64Array(2000);
    const r = rng(1).stream('paths');
    const work = workspace(1);
    for (let path = 0; path < errors.length; path++) {
      const increments = r.fillNormal(new Float64Array(finest), 0, Math.sqrt(1 / finest));
      let used = 0;
      const bundle = finest / steps;
      // a noise whose numbers are the increments of this path, in bundles
      const noise = {
        normal: () => {
          let sum = 0;
          for (let i = 0; i < bundle; i++) sum += increments[used++];
          return sum * Math.sqrt(steps);
        },
      } as unknown as Rng;
      const y = Float64Array.of(1);
      for (let i = 0; i < steps; i++) eulerMaruyama(f, g, y, i / steps, 1 / steps, noise, work);
      errors[path] = Math.abs(y[0] - exact(increments));
    }
    return mean(errors);
  }

  function strongOrder(f: Derivative, g: Derivative, exact: (path: Float64Array) => number): number {
    const steps = [16, 32, 64, 128];
    return -linearRegression(
      steps.map(Math.log),
      steps.map((n) => Math.log(pathError(f, g, exact, n))),
    ).slope;
  }

  it('geometric Brownian motion: strong order 1/2 towards the Itô solution', () => {
    const [mu, s] = [0.5, 0.6];
    const order = strongOrder(
      (_, y, dydt) => {
        dydt[0] = mu * y[0];
      },
      (_, y, amplitude) => {
        amplitude[0] = s * y[0];
      },
      (path) => Math.exp(mu - (s * s) / 2 + s * path.reduce((a, b) => a + b)),
    );
    expect(order).to.be.closeTo(0.5, 0.08);
  });

  it('constant noise: strong order 1', () => {
    const order = strongOrder(
      leak,
      constant,
      // the Ornstein–Uhlenbeck integral on the same path, by the midpoint of each of its 1,024 increments
      (path) =>
        Math.exp(-1 / tau) +
        sigma * path.reduce((sum, dw, i) => sum + Math.exp(-(1 - (i + 0.5) / path.length) / tau) * dw, 0),
    );
    expect(order).to.be.closeTo(1, 0.08);
  });

  it('stops where the path leaves the finite numbers', () => {
    const cube: Derivative = (_, y, dydt) => {
      dydt[0] = y[0] ** 3;
    };
    expect(() => integrateNoisy(cube, constant, [3], rng(1), { to: 10, dt: 0.5, names: ['x'] })).to.throw(
      DivergenceError,
      'x is no longer finite',
    );
  });
});
