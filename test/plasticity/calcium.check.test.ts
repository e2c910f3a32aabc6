import { expect } from 'chai';
import { synapses, timeAbove } from 'lecture-lab/plasticity/calcium';
import { exercise2 } from 'lecture-lab/plasticity/calcium.check';

describe('self-checks of the calcium lesson', () => {
  const { solution, mistakes, otherwise } = exercise2.definition;

  it('know the right answer by another way: the periodic theory with pairs far apart', () => {
    expect(
      exercise2((synapse, dt, theta) => {
        const only = { ...synapse, thetaD: theta, thetaP: theta };
        return 10_000 * timeAbove(only, { dt, frequency: 0.1 }).alphaD;
      }).right,
    ).to.equal(true);
    expect(solution(synapses.DP, 10, 1)).to.be.closeTo(23.283, 5e-4);
  });

  it('tell each mistake from all others', () => {
    for (const { attempt, hint } of mistakes) {
      expect(exercise2(attempt)).to.include({ right: false, message: hint });
      expect(mistakes.filter((other) => other.attempt !== attempt).some((other) => other.hint === hint)).to.equal(
        false,
      );
    }
  });

  it('say where to look when the mistake is another, and that a stub is a stub', () => {
    expect(exercise2(() => 1).message).to.equal(otherwise);
    const stub = () => {
      throw new Error('Exercise 2: not implemented');
    };
    expect(exercise2(stub).message).to.equal('not implemented yet');
  });
});
