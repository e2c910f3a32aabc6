import { expect } from 'chai';
import { type Change, studentLosses } from 'lecture-lab/credit/student';
import { outer, scale } from 'lecture-lab/math/linear-algebra';

/** What the lesson says about the rule as printed, with the standard errors of ten seeds. */
describe('direct feedback with parts left out', () => {
  const losses = (change: Change) => studentLosses(change, 10);
  const frozen = losses((Be, _slope, x) => scale(outer(Be, x), 0));
  const complete = losses((Be, slope, x) =>
    outer(
      Be.map((b, i) => -b * slope[i]),
      x,
    ),
  );
  const apart = (a: typeof frozen, b: typeof frozen): number => (a.mean - b.mean) / Math.hypot(a.se, b.se);

  it('the complete rule is far better than a frozen hidden layer', () => {
    expect(apart(frozen, complete)).to.be.above(5);
  });

  it('without the input it is no better than frozen', () => {
    const printed = losses((Be, _slope, x) =>
      outer(
        Be,
        x.map(() => 1),
      ),
    );
    const slopeOnly = losses((Be, slope, x) =>
      outer(
        Be.map((b, i) => -b * slope[i]),
        x.map(() => 1),
      ),
    );
    for (const rule of [printed, slopeOnly]) expect(apart(frozen, rule)).to.be.below(2);
  });

  it('without the slope it is no better than frozen', () => {
    expect(
      apart(
        frozen,
        losses((Be, _slope, x) =>
          outer(
            Be.map((b) => -b),
            x,
          ),
        ),
      ),
    ).to.be.below(2);
  });

  it('the sign makes no difference: −B is as random as B', () => {
    const other = losses((Be, slope, x) =>
      outer(
        Be.map((b, i) => b * slope[i]),
        x,
      ),
    );
    expect(Math.abs(apart(other, complete))).to.be.below(3);
  });
});
