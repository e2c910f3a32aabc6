import { expect } from 'chai';
import { ParameterError } from 'lecture-lab/math/errors';
import { derivatives, type Membrane, rates, type State, speedUp, squid } from 'lecture-lab/neurons/hodgkin-huxley';
import {
  eigenvalues,
  equilibrium,
  gates,
  hopfPoints,
  jacobian,
  steadyCurrent,
  steadyState,
} from 'lecture-lab/neurons/hodgkin-huxley.stability';
import { golden } from './golden';

const asList = ({ V, m, h, n }: State): number[] => [V, m, h, n];

/** The coefficients of λ⁴ + a λ³ + b λ² + c λ + d, from the traces of powers of the matrix (Faddeev–LeVerrier). */
function characteristic(J: Float64Array): number[] {
  const multiply = (A: number[], B: ArrayLike<number>): number[] =>
    A.map((_, at) => [0, 1, 2, 3].reduce((sum, k) => sum + A[(at & 12) + k] * B[4 * k + (at & 3)], 0));
  const out: number[] = [];
  let M: number[] = Array(16).fill(0);
  let last = 1;
  for (let k = 1; k <= 4; k++) {
    M = multiply(M, J).map((x, i) => x + (i % 5 === 0 ? last : 0));
    const JM = multiply(M, J);
    last = -(JM[0] + JM[5] + JM[10] + JM[15]) / k;
    out.push(last);
  }
  return out;
}

describe('Hodgkin–Huxley: steady states', () => {
  it('hold the gates where opening and closing balance', () => {
    for (const V of [-90, -65, -55, -40, 20]) {
      const r = rates(V);
      const { m, h, n, tauM, tauH, tauN } = gates(V);
      expect(r.alphaM * (1 - m)).to.be.closeTo(r.betaM * m, 1e-12);
      expect(r.alphaH * (1 - h)).to.be.closeTo(r.betaH * h, 1e-12);
      expect(r.alphaN * (1 - n)).to.be.closeTo(r.betaN * n, 1e-12);
      for (const [tau, sum] of [
        [tauM, r.alphaM + r.betaM],
        [tauH, r.alphaH + r.betaH],
        [tauN, r.alphaN + r.betaN],
      ])
        expect(tau * sum).to.be.closeTo(1, 1e-12);
    }
  });

  it('m and n open with depolarisation, h closes', () => {
    for (let V = -100; V < 50; V += 5) {
      const [a, b] = [gates(V), gates(V + 5)];
      expect(b.m).to.be.above(a.m);
      expect(b.n).to.be.above(a.n);
      expect(b.h).to.be.below(a.h);
    }
  });

  it('the rest is where scipy finds it', () => {
    for (const [i, x] of asList(equilibrium(0)).entries()) expect(x).to.be.closeTo(golden.rest[i], 1e-9);
    expect(equilibrium(0).V).to.be.closeTo(-64.9964, 1e-4);
  });

  it('so are the equilibria under current', () => {
    for (const [current, expected] of Object.entries(golden.fixedPoints))
      for (const [i, x] of asList(equilibrium(Number(current))).entries()) expect(x).to.be.closeTo(expected[i], 1e-9);
  });

  it('every voltage is the equilibrium of the current that holds it, and there is only one', () => {
    for (let V = -100; V < 0; V += 7) expect(equilibrium(steadyCurrent(V)).V).to.be.closeTo(V, 1e-9);
    for (let V = -150; V < 50; V += 0.5) expect(steadyCurrent(V + 0.5)).to.be.above(steadyCurrent(V));
  });

  it('without voltage-dependent channels the rest is the reversal potential of the leak', () => {
    expect(equilibrium(0, { ...squid, gNa: 0, gK: 0 }).V).to.be.closeTo(squid.EL, 1e-9);
  });

  it('refuses a current that nothing can balance', () => {
    expect(() => equilibrium(Number.NaN)).to.throw(ParameterError, 'current NaN');
    expect(() => equilibrium(5, { ...squid, gNa: 0, gK: 0, gL: 0 })).to.throw(ParameterError, 'has no equilibrium');
  });
});

describe('Hodgkin–Huxley: linear stability', () => {
  it('the Jacobian is the slope of the right-hand side, at the singular voltages too', () => {
    const state = { m: 0.3, h: 0.4, n: 0.5 };
    const membrane: Membrane = { ...squid, C: 1.7, temperature: 12 };
    const f = (y: number[]): Float64Array => {
      const dy = new Float64Array(4);
      derivatives(Float64Array.from(y), 4, membrane, speedUp(12), dy);
      return dy;
    };
    for (const V of [-80, -65, -55, -40, -39.995, 10]) {
      const J = jacobian({ V, ...state }, membrane);
      for (let j = 0; j < 4; j++) {
        const step = j === 0 ? 1e-3 : 1e-5;
        const shifted = (by: number): number[] => asList({ V, ...state }).map((x, i) => (i === j ? x + by : x));
        const [up, down] = [f(shifted(step)), f(shifted(-step))];
        for (let i = 0; i < 4; i++) {
          // central differences: their own error is of the order of step² and of rounding / step
          const slope = (up[i] - down[i]) / (2 * step);
          expect(J[4 * i + j], `${i}${j} at ${V}`).to.be.closeTo(slope, 1e-6 * (1 + Math.abs(slope)));
        }
      }
    }
  });

  it('its eigenvalues are those of numpy', () => {
    for (const [current, expected] of Object.entries(golden.eigenvalues)) {
      const ours = eigenvalues(equilibrium(Number(current)));
      const theirs = [...expected].sort((a, b) => b[0] - a[0] || b[1] - a[1]);
      for (const [i, { re, im }] of ours.entries()) {
        expect(re).to.be.closeTo(theirs[i][0], 1e-8);
        expect(im).to.be.closeTo(theirs[i][1], 1e-8);
      }
    }
  });

  it('finds two Hopf points, where numpy has them', () => {
    const points = hopfPoints();
    expect(points.map((p) => p.becomes)).to.deep.equal(['unstable', 'stable']);
    for (const [i, p] of points.entries()) expect(p.current).to.be.closeTo(golden.hopf[i], 1e-8);
    expect(points[0].current).to.be.closeTo(9.79, 0.005 * 9.79);
  });

  it('they fulfil the condition of Hurwitz, which knows no eigenvalues', () => {
    for (const { V, frequency } of hopfPoints()) {
      const [a, b, c, d] = characteristic(jacobian(steadyState(V)));
      // a pair ±iω solves λ⁴ + aλ³ + bλ² + cλ + d = 0 if ω² = c/a and ω⁴ − bω² + d = 0
      const omega2 = c / a;
      expect(omega2).to.be.above(0);
      expect((omega2 ** 2 - b * omega2 + d) / (b * omega2)).to.be.closeTo(0, 1e-9);
      expect((1000 * Math.sqrt(omega2)) / (2 * Math.PI)).to.be.closeTo(frequency, 1e-6 * frequency);
    }
  });

  it('a membrane without sodium channels has none', () => {
    expect(hopfPoints({ ...squid, gNa: 0 })).to.deep.equal([]);
  });

  it('speeding up rates and charging together scales the eigenvalues and moves no Hopf point', () => {
    const fast: Membrane = { ...squid, C: squid.C / 3, temperature: 16.3 };
    for (const [i, p] of hopfPoints(fast).entries()) {
      expect(p.current).to.be.closeTo(hopfPoints()[i].current, 1e-9);
      expect(p.frequency).to.be.closeTo(3 * hopfPoints()[i].frequency, 1e-6);
    }
  });
});
