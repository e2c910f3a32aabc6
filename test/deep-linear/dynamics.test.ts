import { expect } from 'chai';
import {
  descentLag,
  halfTime,
  layeredStrength,
  learningTime,
  type Mode,
  modeStrength,
  predictModes,
  remainingError,
  shallowStrength,
  weightFlow,
} from 'lecture-lab/deep-linear/dynamics';
import { ParameterError } from 'lecture-lab/math/errors';
import { component, integrateAdaptive } from 'lecture-lab/math/ode';
import { golden } from './golden';

const cases: readonly Mode[] = [
  { s: 3, a0: 0.01, tau: 1 },
  { s: 0.4, a0: 1e-6, tau: 2.5 },
  { s: 1.5, a0: 4, tau: 0.7 },
  { s: 0, a0: 0.5, tau: 1 },
];

/** Agreement to a share of the number itself, or of 1 for numbers below 1. */
function near(measured: number, expected: number, tolerance: number, what = ''): void {
  expect(measured, what).to.be.closeTo(expected, tolerance * Math.max(1, Math.abs(expected)));
}

describe('deep linear dynamics: one mode', () => {
  it('starts at a0 and ends at s', () => {
    for (const mode of cases) {
      expect(modeStrength(mode, 0)).to.equal(mode.a0);
      expect(modeStrength(mode, Infinity)).to.equal(mode.s);
      if (mode.s > 0) near(modeStrength(mode, (100 * mode.tau) / mode.s), mode.s, 1e-12);
    }
    expect(modeStrength({ s: 2, a0: 2, tau: 1 }, 0.7)).to.equal(2);
    // without a link to learn, a strength decays like 1/t: τ da/dt = −2a²
    near(modeStrength({ s: 0, a0: 0.5, tau: 1 }, 3), 0.5 / (1 + 2 * 0.5 * 3), 1e-15);
    near(modeStrength({ s: 1e-12, a0: 0.5, tau: 1 }, 3), modeStrength({ s: 0, a0: 0.5, tau: 1 }, 3), 1e-11);
  });

  it('goes on from where it is: one long wait equals many short ones', () => {
    for (const mode of cases) {
      let a = mode.a0;
      for (let i = 0; i < 40; i++) a = modeStrength({ ...mode, a0: a }, 0.1);
      near(a, modeStrength(mode, 4), 1e-13);
    }
  });

  it('solves its equation, by an adaptive stepper', () => {
    for (const { s, a0, tau } of cases) {
      const at = Float64Array.from([0.5, 1, 2, 4]);
      const flow = (_t: number, y: Float64Array, dydt: Float64Array): void => {
        dydt[0] = (2 * y[0] * (s - y[0])) / tau;
      };
      const a = component(integrateAdaptive(flow, [a0], { to: 4, at, relative: 1e-11, absolute: 1e-13 }), 0);
      at.forEach((t, i) => {
        near(modeStrength({ s, a0, tau }, t), a[a.length - at.length + i], 1e-8);
      });
    }
  });

  it('agrees with scipy', () => {
    for (const { a, ...mode } of golden.modes)
      for (const [i, t] of golden.times.entries()) near(modeStrength(mode, t), a[i], 1e-9, JSON.stringify(mode));
  });

  it('is half learned at τ/(2s) ln((s − a0)/a0)', () => {
    for (const mode of cases.slice(0, 2)) {
      near(modeStrength(mode, halfTime(mode)), mode.s / 2, 1e-13);
      near(halfTime(mode), (mode.tau / (2 * mode.s)) * Math.log((mode.s - mode.a0) / mode.a0), 1e-14);
    }
    near(halfTime({ s: 3, a0: 0.01, tau: 1 }), 0.950073928898, 1e-12);
    // the logarithm that the order of magnitude τ/s leaves out: a hundred times smaller start, the same s
    const wait = halfTime({ s: 1, a0: 1e-6, tau: 1 }) - halfTime({ s: 1, a0: 1e-4, tau: 1 });
    near(wait, Math.log(100) / 2, 1e-4);
  });

  it('takes as long from a0 to af as its stages together, and can fall to s from above', () => {
    const mode = { s: 3, a0: 0.01, tau: 2 };
    near(learningTime(mode, 0.5) + learningTime({ ...mode, a0: 0.5 }, 2.9), learningTime(mode, 2.9), 1e-13);
    expect(learningTime(mode, mode.a0)).to.equal(0);
    expect(learningTime(mode, mode.s)).to.equal(Infinity);
    const above = { s: 1.5, a0: 4, tau: 0.7 };
    near(modeStrength(above, learningTime(above, 1.6)), 1.6, 1e-13);
  });

  it('has only one curve: a/s depends on st/τ and a0/s', () => {
    for (const t of [0.1, 0.7, 2])
      near(modeStrength({ s: 6, a0: 0.06, tau: 2 }, t) / 6, modeStrength({ s: 1, a0: 0.01, tau: 1 }, 3 * t), 1e-14);
  });

  it('is the reciprocal of what the slide prints, times s', () => {
    const [s, a0, tau] = [3, 0.01, 1];
    for (const t of [0, 0.5, 1, 2]) {
      const growth = Math.exp((2 * s * t) / tau);
      const printed = (growth - 1 + s / a0) / growth;
      near(printed, s / modeStrength({ s, a0, tau }, t), 1e-12);
    }
  });

  it('refuses what has no meaning, and names it', () => {
    const mode = { s: 1, a0: 0.1, tau: 1 };
    expect(() => modeStrength({ ...mode, a0: 0 }, 1)).to.throw(
      ParameterError,
      'modeStrength: a0 must be positive (got 0)',
    );
    expect(() => modeStrength({ ...mode, s: -1 }, 1)).to.throw(ParameterError, 's must be 0 or more (got -1)');
    expect(() => modeStrength({ ...mode, tau: Number.NaN }, 1)).to.throw(
      ParameterError,
      'tau must be positive (got NaN)',
    );
    expect(() => modeStrength(mode, -1)).to.throw(ParameterError, 't must be 0 or more (got -1)');
    expect(() => learningTime(mode, 1.2)).to.throw(ParameterError, 'af must lie between a0 = 0.1 and s = 1 (got 1.2)');
    expect(() => learningTime(mode, 0.05)).to.throw(ParameterError, '(got 0.05)');
    expect(() => halfTime({ ...mode, a0: 0.6 })).to.throw(ParameterError, '(got 0.5)');
  });
});

describe('deep linear dynamics: layers that start differently', () => {
  it('agrees with scipy', () => {
    for (const { a, ...mode } of golden.layers)
      for (const [i, t] of golden.times.entries()) near(layeredStrength(mode, t), a[i], 1e-9, JSON.stringify(mode));
  });

  it('is the balanced solution where the layers start alike, and nearly so where nearly', () => {
    for (const t of [0, 0.3, 1, 4, Infinity]) {
      near(
        layeredStrength({ s: 3, w21: 0.1, w32: 0.1, tau: 2 }, t),
        modeStrength({ s: 3, a0: 0.1 * 0.1, tau: 2 }, t),
        1e-14,
      );
      near(
        layeredStrength({ s: 3, w21: 0.1, w32: 0.1 + 1e-9, tau: 2 }, t),
        modeStrength({ s: 3, a0: 0.01, tau: 2 }, t),
        1e-7,
      );
    }
  });

  it('does not care which layer is which, nor about the sign of both', () => {
    for (const t of [0, 0.4, 2]) {
      const a = layeredStrength({ s: 2, w21: 1.3, w32: -0.2, tau: 1 }, t);
      near(layeredStrength({ s: 2, w21: -0.2, w32: 1.3, tau: 1 }, t), a, 1e-14);
      near(layeredStrength({ s: 2, w21: -1.3, w32: 0.2, tau: 1 }, t), a, 1e-14);
    }
  });

  it('starts at w21 w32, ends at s, and a pretrained layer starts with slope s/τ', () => {
    for (const [w21, w32] of [
      [1, 0],
      [-1.2, 1.3],
      [0.3, -1.3],
    ] as const) {
      near(layeredStrength({ s: 2, w21, w32, tau: 1 }, 0), w21 * w32, 1e-14);
      near(layeredStrength({ s: 2, w21, w32, tau: 1 }, Infinity), 2, 1e-14);
    }
    const soon = 1e-6;
    near(layeredStrength({ s: 3, w21: 1, w32: 0, tau: 2 }, soon) / soon, 1.5, 1e-5);
  });

  it('refuses to start on the line that leads into the saddle', () => {
    expect(() => layeredStrength({ s: 1, w21: 0.5, w32: -0.5, tau: 1 }, 1)).to.throw(
      ParameterError,
      'never leaves the saddle',
    );
    expect(() => layeredStrength({ s: 1, w21: 0, w32: 0, tau: 1 }, 1)).to.throw(
      ParameterError,
      'never leaves the saddle',
    );
  });
});

describe('deep linear dynamics: no hidden layer', () => {
  it('agrees with scipy on a full matrix: every mode has the time constant τ', () => {
    const { s, a0, tau, a } = golden.shallow;
    for (const [mode, strength] of s.entries())
      for (const [i, t] of golden.times.entries()) near(shallowStrength({ s: strength, a0, tau }, t), a[mode][i], 1e-9);
    // the rate does not depend on s: the share learned at t is the same for a weak and a strong mode
    const share = (s: number): number => shallowStrength({ s, a0: 0, tau: 2 }, 1) / s;
    near(share(0.1), share(10), 1e-14);
  });

  it('is fastest at the start, where the deep network is slowest', () => {
    const mode = { s: 3, a0: 0.01, tau: 1 };
    const slope = (f: typeof modeStrength, t: number): number => (f(mode, t + 1e-4) - f(mode, t)) / 1e-4;
    near(slope(shallowStrength, 0), 3 - 0.01, 1e-3);
    near(slope(modeStrength, 0), 2 * 0.01 * (3 - 0.01), 1e-3);
    for (const t of [0.2, 0.5, 1, 2]) expect(slope(shallowStrength, t)).to.be.below(slope(shallowStrength, 0));
    for (const t of [0, 0.5, 1.5, 2]) expect(slope(modeStrength, t)).to.be.below(slope(modeStrength, halfTime(mode)));
  });
});

describe('deep linear dynamics: the weight plane', () => {
  const p = { s: 2, tau: 0.5 };

  it('flows down the error, and keeps w21² − w32²', () => {
    const error = (a: number, b: number): number => (p.s - a * b) ** 2 / 2;
    const h = 1e-5;
    for (const [a, b] of [
      [0.3, -1],
      [1.5, 0.2],
      [-2, -1],
    ] as const) {
      const { dw21, dw32 } = weightFlow(p, a, b);
      near(dw21 * p.tau, -(error(a + h, b) - error(a - h, b)) / (2 * h), 1e-8);
      near(dw32 * p.tau, -(error(a, b + h) - error(a, b - h)) / (2 * h), 1e-8);
      near(a * dw21 - b * dw32, 0, 1e-15);
    }
  });

  it('rests on the hyperbola and at the saddle, whose eigenvalues are ±s/τ', () => {
    for (const w of [0.5, 2, -3]) {
      near(weightFlow(p, w, p.s / w).dw21, 0, 1e-14);
      near(weightFlow(p, w, p.s / w).dw32, 0, 1e-14);
    }
    const small = 1e-5;
    near(weightFlow(p, small, small).dw21 / small, p.s / p.tau, 1e-9);
    near(weightFlow(p, small, -small).dw21 / small, -p.s / p.tau, 1e-9);
  });
});

describe('deep linear dynamics: all modes', () => {
  it('adds up the errors of the modes', () => {
    expect(remainingError([3, 1], [1, 1])).to.equal(2);
    const task = { singularValues: [3, 2, 1], a0: 0.01, tau: 1 };
    const time = Float64Array.from([0, 1, 50]);
    for (const network of ['deep', 'shallow', 'pretrained'] as const) {
      const { strengths, error } = predictModes(task, network, time);
      expect(strengths.map((a) => a.length)).to.deep.equal([3, 3, 3]);
      near(
        error[1],
        strengths.reduce((sum, a, i) => sum + (task.singularValues[i] - a[1]) ** 2 / 2, 0),
        1e-14,
      );
      near(error[2], 0, 1e-14);
    }
    expect(predictModes(task, 'pretrained', time).strengths[0][0]).to.be.closeTo(0, 1e-15);
  });

  it('lags by nothing at the start, and in proportion to the step', () => {
    const mode = { s: 3, a0: 0.01, tau: 1 };
    expect(descentLag(mode, 0, 0.01)).to.equal(0);
    near(descentLag(mode, 1, 0.02), 2 * descentLag(mode, 1, 0.01), 1e-14);
    expect(descentLag(mode, halfTime(mode), 0.01)).to.be.above(0);
  });
});
