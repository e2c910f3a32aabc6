import { expect } from 'chai';
import { ParameterError } from 'lecture-lab/math/errors';
import { expectation, expectation2, gaussHermite, gaussLegendre, type Rule } from 'lecture-lab/math/quadrature';
import { golden } from './golden';

type Rules = Record<string, { nodes: number[]; weights: number[] }>;
const expected = golden<{ hermite: Rules; legendre: Rules }>('quadrature');

const integral = ({ nodes, weights }: Rule, f: (x: number) => number) =>
  nodes.reduce((sum, x, i) => sum + weights[i] * f(x), 0);

describe('Gauss rules', () => {
  for (const [name, rules, make] of [
    ['Hermite', expected.hermite, gaussHermite],
    ['Legendre', expected.legendre, (n: number) => gaussLegendre(n)],
  ] as const) {
    for (const [n, golden] of Object.entries(rules)) {
      it(`${name} with ${n} nodes agrees with the exact rule`, () => {
        const { nodes, weights } = make(Number(n));
        expect(nodes.length).to.equal(Number(n));
        golden.nodes.forEach((x, i) => {
          expect(nodes[i]).to.be.closeTo(x, 1e-14 * Math.max(1, Math.abs(x)));
          // the weight changes by a relative |x| dx with the node, and far out it is tiny
          expect(weights[i]).to.be.closeTo(golden.weights[i], 1e-15 + 1e-12 * golden.weights[i]);
        });
      });
    }
  }

  for (const n of [1, 2, 5, 16, 64]) {
    it(`Hermite with ${n} nodes is exact up to degree ${2 * n - 1}: moments (k - 1)!!`, () => {
      const rule = gaussHermite(n);
      let moment = 1;
      for (let k = 0; k <= Math.min(2 * n - 1, 40); k += 2) {
        expect(integral(rule, (x) => x ** k)).to.be.closeTo(moment, 1e-12 * moment);
        expect(integral(rule, (x) => x ** (k + 1))).to.be.closeTo(0, 1e-12 * moment * (k + 1));
        moment *= k + 1;
      }
    });

    it(`Legendre with ${n} nodes is exact up to degree ${2 * n - 1}`, () => {
      const rule = gaussLegendre(n, 0, 2);
      for (let k = 0; k <= Math.min(2 * n - 1, 60); k++) {
        const exact = 2 ** (k + 1) / (k + 1);
        expect(integral(rule, (x) => x ** k)).to.be.closeTo(exact, 1e-13 * exact);
      }
    });
  }

  it('are not exact beyond: the next moment is wrong by what theory says', () => {
    // E z^(2n) - rule = n! for monic Hermite polynomials
    for (const [n, factorial] of [
      [2, 2],
      [3, 6],
      [4, 24],
    ]) {
      const moment = [1, 1, 3, 15, 105][n];
      expect(moment - integral(gaussHermite(n), (x) => x ** (2 * n))).to.be.closeTo(factorial, 1e-11);
    }
  });

  it('are symmetric, ascending, positive; weights sum to the whole', () => {
    for (const n of [1, 2, 7, 100, 255, 256]) {
      for (const [rule, whole] of [
        [gaussHermite(n), 1],
        [gaussLegendre(n), 2],
      ] as const) {
        const { nodes, weights } = rule;
        for (let i = 0; i < n; i++) {
          expect(nodes[i]).to.be.closeTo(-nodes[n - 1 - i], 1e-15);
          expect(weights[i])
            .to.equal(weights[n - 1 - i])
            .and.above(0);
          if (i > 0) expect(nodes[i]).to.be.above(nodes[i - 1]);
        }
        expect(integral(rule, () => 1)).to.be.closeTo(whole, 1e-13);
      }
    }
  });

  for (const n of [0, -1, 1.5, 257, NaN]) {
    it(`refuse ${n} nodes`, () => {
      for (const make of [gaussHermite, gaussLegendre]) {
        expect(() => make(n)).to.throw(ParameterError, `n must be a whole number between 1 and 256 (got ${n})`);
      }
    });
  }
});

describe('expectations over normal variables', () => {
  it('closed forms: exponential, cosine, square, the limit of no variance', () => {
    expect(expectation(Math.exp, 0.3, 0.5)).to.be.closeTo(Math.exp(0.3 + 0.25), 1e-14);
    expect(expectation(Math.cos, 0, 4)).to.be.closeTo(Math.exp(-2), 1e-14);
    expect(expectation((x) => x * x, 2, 3)).to.be.closeTo(7, 1e-13);
    expect(expectation(Math.tanh, 0.7, 0)).to.be.closeTo(Math.tanh(0.7), 1e-15);
  });

  it('of two correlated variables: covariance, product of exponentials, the orthant probability’s smooth cousin', () => {
    expect(expectation2((x, y) => x * y, 2, 3, 1.2)).to.be.closeTo(1.2, 1e-13);
    expect(expectation2((x, y) => x * x * y * y, 2, 3, 1.2)).to.be.closeTo(2 * 3 + 2 * 1.2 ** 2, 1e-12);
    expect(expectation2((x, y) => Math.exp(x + y), 0.2, 0.3, 0.1)).to.be.closeTo(Math.exp(0.25 + 0.1), 1e-13);
    expect(expectation2((x, y) => Math.cos(x - y), 1, 1, 1)).to.be.closeTo(1, 1e-13);
    expect(expectation2((x, y) => x + y * y, 0, 2, 0)).to.be.closeTo(2, 1e-13);
  });

  it('refuse impossible variances', () => {
    expect(() => expectation(Math.exp, 0, -1)).to.throw(ParameterError, 'variance must be at least 0 (got -1)');
    expect(() => expectation2((x) => x, 1, 1, 1.1)).to.throw(ParameterError, 'at most their geometric mean');
    expect(() => expectation2((x) => x, NaN, 1, 0)).to.throw(ParameterError, 'got NaN, 1, 0');
  });
});
