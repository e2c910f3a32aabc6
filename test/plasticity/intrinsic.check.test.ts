import { expect } from 'chai';
import { excite, naiveCell, spikeProbability } from 'lecture-lab/plasticity/coupling';
import { exercise2 } from 'lecture-lab/plasticity/intrinsic.check';

describe('self-checks of the lesson beyond the synapse', () => {
  const { solution, mistakes, otherwise } = exercise2.definition;

  it('know the right answer by another way: the integrated rates', () => {
    expect(solution(spikeProbability(naiveCell, 7), 0.8, 1)).to.be.closeTo(
      spikeProbability(excite(naiveCell, 0.8), 7),
      1e-12,
    );
    expect(solution(0.1, 1.5, 1)).to.be.closeTo(0.376, 5e-4);
  });

  it('tell each mistake from all others', () => {
    for (const { attempt, hint } of mistakes) expect(exercise2(attempt)).to.include({ right: false, message: hint });
    expect(new Set(mistakes.map(({ hint }) => hint)).size).to.equal(mistakes.length);
  });

  it('say where to look when the mistake is another, and that a stub is a stub', () => {
    expect(exercise2(() => 1).message).to.equal(otherwise);
    const stub = () => {
      throw new Error('Exercise 2: not implemented');
    };
    expect(exercise2(stub).message).to.equal('not implemented yet');
  });
});
