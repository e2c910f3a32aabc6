import { expect } from 'chai';
import * as special from 'lecture-lab/math/special';
import { closeRelative, golden } from './golden';

const expected = golden<Record<string, [number, number][]>>('special');
const { logChoose, logSumExp, erf, erfc, erfcinv, erfinv, logGamma, digamma, logistic, logit, softplus } = special;
const { normalCdf, normalPdf, normalQuantile } = special;

describe('special functions agree with scipy', () => {
  const oneVariable = special as unknown as Record<string, (x: number) => number>;
  for (const [name, table] of Object.entries(expected)) {
    if (name === 'logChoose' || name === 'logSumExp') continue;
    it(name, () => {
      for (const [x, y] of table) {
        // near a zero the argument's rounding decides
        expect(oneVariable[name](x), `${name}(${x})`).to.be.closeTo(y, 5e-13 * Math.abs(y) + 1e-15);
      }
    });
  }

  it('logChoose', () => {
    for (const [n, k, y] of expected['logChoose'] as unknown as [number, number, number][]) {
      // a difference of numbers as large as ln n!
      expect(logChoose(n, k)).to.be.closeTo(y, 1e-15 * special.logFactorial(n) * 4 + 1e-15);
    }
  });

  it('logSumExp', () => {
    for (const [x, y] of expected['logSumExp'] as unknown as [number[], number][])
      closeRelative(logSumExp(x), y, 1e-15);
  });
});

describe('special functions: identities and limits', () => {
  const points = [-5, -1.3, -0.2, 0, 0.4, 1, 3.7];

  it('erf is odd, erf + erfc is 1, the inverses invert', () => {
    for (const x of points) {
      expect(erf(-x)).to.equal(0 - erf(x));
      expect(erf(x) + erfc(x)).to.be.closeTo(1, 1e-15);
      if (Math.abs(x) < 2) expect(erfinv(erf(x))).to.be.closeTo(x, 1e-13);
      if (x >= 0) expect(erfcinv(erfc(x))).to.be.closeTo(x, 1e-13);
    }
    expect([erf(Infinity), erfc(Infinity), erfinv(1), erfcinv(0)]).to.deep.equal([1, 0, Infinity, Infinity]);
    expect([erfinv(1.1), erfcinv(-1), erf(NaN)].every(Number.isNaN)).to.equal(true);
  });

  it('the normal distribution: symmetric, density is the slope, quantile inverts, scale and shift', () => {
    for (const x of points) {
      expect(normalCdf(-x)).to.be.closeTo(1 - normalCdf(x), 1e-15);
      const h = 1e-5; // a central difference: error h^2 / 6 plus rounding 1e-16 / h
      expect((normalCdf(x + h) - normalCdf(x - h)) / (2 * h)).to.be.closeTo(normalPdf(x), 1e-10);
      if (x < 3) expect(normalQuantile(normalCdf(x))).to.be.closeTo(x, 1e-13 * Math.exp((x * x) / 2) + 1e-13);
      closeRelative(normalCdf(2 + 3 * x, 2, 3), normalCdf(x), 1e-13);
      closeRelative(normalPdf(2 + 3 * x, 2, 3), normalPdf(x) / 3, 1e-13);
    }
    closeRelative(normalQuantile(0.2, 5, 2), 5 + 2 * normalQuantile(0.2), 1e-15);
    expect([normalQuantile(0), normalQuantile(1)]).to.deep.equal([-Infinity, Infinity]);
  });

  it('Gamma: recursion, reflection, its derivative', () => {
    for (const x of [0.3, 1, 2.5, 7, 40]) {
      expect(logGamma(x + 1)).to.be.closeTo(logGamma(x) + Math.log(x), 1e-13 * Math.max(1, Math.abs(logGamma(x))));
      expect(digamma(x + 1)).to.be.closeTo(digamma(x) + 1 / x, 1e-14 * Math.max(1, Math.abs(digamma(x))));
      const h = 1e-4;
      expect((logGamma(x + h) - logGamma(x - h)) / (2 * h)).to.be.closeTo(digamma(x), 1e-6);
    }
    expect(logGamma(0.3) + logGamma(0.7)).to.be.closeTo(Math.log(Math.PI / Math.sin(0.3 * Math.PI)), 1e-14);
    expect(-digamma(1)).to.be.closeTo(0.5772156649015329, 1e-15); // Euler's constant
  });

  it('logistic and logit invert each other; softplus is the logistic’s integral; nothing overflows', () => {
    for (const x of points) {
      expect(logit(logistic(x))).to.be.closeTo(x, 1e-13);
      expect(logistic(x) + logistic(-x)).to.be.closeTo(1, 1e-15);
      expect(softplus(x) - softplus(-x)).to.be.closeTo(x, 1e-15);
      const h = 1e-5;
      expect((softplus(x + h) - softplus(x - h)) / (2 * h)).to.be.closeTo(logistic(x), 1e-10);
    }
    expect([logistic(1e4), logistic(-1e4), softplus(1e4), softplus(-1e4)]).to.deep.equal([1, 0, 1e4, 0]);
    expect([logSumExp([]), logSumExp([-Infinity, 3]), logSumExp([Infinity, 3])]).to.deep.equal([
      -Infinity,
      3,
      Infinity,
    ]);
    expect(logSumExp([NaN, 3])).to.satisfy(Number.isNaN);
  });
});
