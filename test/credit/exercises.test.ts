import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { exercise2, type TwoWayStep } from 'lecture-lab/credit/credit.check';
import * as linearAlgebra from 'lecture-lab/math/linear-algebra';
import ts from 'typescript-5';

const { add, matrix, norm, transpose } = linearAlgebra;
const lesson = join(__dirname, '../../notebooks/1-plasticity-as-optimization/09-credit-without-symmetry.ipynb');
const cells = (JSON.parse(readFileSync(lesson, 'utf8')) as { cells: { id: string; source: string[] }[] }).cells;
const source = (id: string): string => cells.find((c) => c.id === id)!.source.join('');

/** What a cell's function is, with the names that it takes from lib/math/linear-algebra. */
function compile(code: string): TwoWayStep {
  const js = ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2022 } }).outputText;
  return new Function('lib', `const { add, scale, outer, transpose } = lib; ${js}; return bothLearn;`)(linearAlgebra);
}

describe('exercise 2 of credit without symmetry', () => {
  it('the stub is not implemented', () => {
    expect(exercise2(compile(source('exercise-2')))).to.include({ right: false, message: 'not implemented yet' });
  });

  it('the folded solution is right', () => {
    const [, code] = /```ts\n([\s\S]*?)```/.exec(source('exercise-2-solution'))!;
    expect(exercise2(compile(code))).to.include({ right: true });
  });

  it('every anticipated mistake gets its own hint', () => {
    for (const { attempt, hint } of exercise2.definition.mistakes)
      expect(exercise2(attempt)).to.include({ right: false, message: hint });
  });

  it('a matrix the wrong way round is named', () => {
    const untransposed: TwoWayStep = (W, A, delta, x, eta, lambda) => ({
      W: exercise2.definition.solution(W, A, delta, x, eta, lambda).W,
      A: add(A, linearAlgebra.outer(delta, x), -eta),
    });
    expect(exercise2(untransposed).message).to.match(/^your code threw: add: .*differ/);
  });

  it('its claim holds: W − Aᵀ shrinks by 1 − λ in every step, exactly', () => {
    let W = matrix(2, 3, Float64Array.of(1, -2, 0.5, 3, 0, 1));
    let A = matrix(3, 2, Float64Array.of(0.3, 1, -1, 2, 2, -0.5));
    const apart = () => norm(add(W, transpose(A), -1).data);
    for (const lambda of [0, 0.01, 0.3, 1]) {
      const before = apart();
      const step = exercise2.definition.solution;
      ({ W, A } = step(W, A, Float64Array.of(0.2, -1), Float64Array.of(1, 2, -3), 0.7, lambda));
      expect(apart()).to.be.closeTo((1 - lambda) * before, 1e-14);
    }
  });
});
