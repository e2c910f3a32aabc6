import { expect } from 'chai';
import { exp, log } from 'lecture-lab/math/reproducible';
import { golden } from './golden';

const expected = golden<{ log: [number, number][]; exp: [number, number][] }>('reproducible');

/** Distance in units of the last place of the expected number. */
function ulps(actual: number, exact: number): number {
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(exact))) - 52);
  return exact === 0 ? (actual === 0 ? 0 : Infinity) : Math.abs(actual - exact) / unit;
}

describe('reproducible exponential and logarithm', () => {
  it('are within 2 units of the last place of the exact values', () => {
    for (const [x, y] of expected.log) expect(ulps(log(x), y), `log ${x}`).to.be.at.most(2);
    for (const [x, y] of expected.exp) expect(ulps(exp(x), y), `exp ${x}`).to.be.at.most(2);
  });

  it('are exact at 1 and 0', () => {
    expect(log(1)).to.equal(0);
    expect(exp(0)).to.equal(1);
  });
});
