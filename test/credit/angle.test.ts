import { expect } from 'chai';
import { angle, meanAngle } from 'lecture-lab/credit/angle';

describe('angle', () => {
  it('is 0 for the same direction, 90 for orthogonal vectors, 180 for opposite ones', () => {
    expect(angle([1, 2, 3], [1, 2, 3])).to.equal(0);
    expect(angle([1, 2, 3], [2, 4, 6])).to.be.closeTo(0, 1e-13);
    expect(angle([1, 0, 2], [0, 5, 0])).to.be.closeTo(90, 1e-12);
    expect(angle([1, 2], [-1, -2])).to.equal(180);
    expect(angle([3, 0], [1, 1])).to.be.closeTo(45, 1e-12);
  });

  it('keeps its digits where the arc cosine loses them', () => {
    // the angle of (1, t) to (1, 0) is arctan t; the cosine of 1e-9 rounds to 1
    expect(angle([1, 1e-9], [1, 0])).to.be.closeTo((1e-9 * 180) / Math.PI, 1e-20);
  });

  it('does not change with the lengths of the vectors', () => {
    expect(angle([1e-150, 2e-150], [3e100, -1e100])).to.be.closeTo(angle([1, 2], [3, -1]), 1e-12);
  });

  it('averages over rows and leaves rows without a direction out', () => {
    const a = [1, 0, 1, 1, 0, 0];
    const b = [0, 1, 1, 1, 5, 5];
    expect(meanAngle(a, b, 2)).to.be.closeTo(45, 1e-12);
    expect(meanAngle([0, 0], [1, 1], 2)).to.satisfy(Number.isNaN);
  });
});
