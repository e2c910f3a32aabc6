import { expect } from 'chai';
import { estimates } from 'lecture-lab/credit/perturbation';
import { exercise2 } from 'lecture-lab/credit/perturbation.check';
import { rng } from 'lecture-lab/math/rng';

describe('exercise 2 of perturbation', () => {
  it('knows its solution, and gives every anticipated mistake its own hint', () => {
    expect(exercise2(exercise2.definition.solution)).to.include({ right: true });
    for (const { attempt, hint } of exercise2.definition.mistakes)
      expect(exercise2(attempt)).to.include({ right: false, message: hint });
  });

  it('says the number that it gives as an example', () => {
    const [e, x, xi] = [Float64Array.of(1), Float64Array.of(2), Float64Array.of(1)];
    expect([...exercise2.definition.solution(e, x, xi, 0.1)][0]).to.be.closeTo(2.1, 1e-12);
    expect(exercise2.definition.otherwise).to.include('[2.1]');
  });

  it('estimates as the library does, from the same noise', () => {
    const example = { e: Float64Array.of(1, -2), x: Float64Array.of(0.5, 1, 3) };
    const xi = rng(4).fillNormal(new Float64Array(2));
    const library = estimates('node perturbation', example, 0.2, 1, rng(4)).mean;
    for (const [k, each] of exercise2.definition.solution(example.e, example.x, xi, 0.2).entries())
      expect(each).to.be.closeTo(library[k]!, 1e-12);
  });
});
