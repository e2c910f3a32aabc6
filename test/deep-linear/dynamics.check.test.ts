import { expect } from 'chai';
import type { Exercise } from 'lecture-lab/check';
import { exercise2 } from 'lecture-lab/deep-linear/dynamics.check';

/** The self-check knows its solution, the stub, each anticipated mistake, and nothing else. */
function knows<T>(name: string, exercise: Exercise<T>, stub: T, nonsense: T): void {
  it(`${name} knows its solution, the stub and each mistake`, () => {
    const { definition } = exercise;
    expect(definition.name).to.equal(name);
    expect(exercise(definition.solution)).to.include({ right: true, message: 'right' });
    expect(exercise(stub)).to.include({ right: false, message: 'not implemented yet' });
    for (const { attempt, hint } of definition.mistakes)
      expect(exercise(attempt)).to.include({ right: false, message: hint });
    expect(new Set(definition.mistakes.map((m) => m.hint)).size).to.equal(definition.mistakes.length);
    expect(exercise(nonsense)).to.include({ right: false, message: definition.otherwise });
  });
}

describe('deep linear dynamics: self-checks', () => {
  const notYet = (name: string) => (): number => {
    throw new Error(`${name}: not implemented`);
  };
  knows('Exercise 2', exercise2, notYet('Exercise 2'), () => Number.NaN);
});
