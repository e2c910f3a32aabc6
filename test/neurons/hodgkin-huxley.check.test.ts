import { expect } from 'chai';
import { exercise2 } from 'lecture-lab/neurons/hodgkin-huxley.check';
import { steadyCurrent } from 'lecture-lab/neurons/hodgkin-huxley.stability';

describe('Hodgkin–Huxley: the self-check', () => {
  const { solution, mistakes, otherwise } = exercise2.definition;

  it('takes the solution, also rounded, and nothing else', () => {
    expect(exercise2(solution)).to.include({ right: true, message: 'right' });
    expect(exercise2((V) => solution(V) * (1 + 1e-6)).right).to.equal(true);
    expect(exercise2((V) => solution(V) + 0.1)).to.include({ right: false, message: otherwise });
  });

  it('gives every anticipated mistake its own hint', () => {
    for (const { attempt, hint } of mistakes) expect(exercise2(attempt)).to.include({ right: false, message: hint });
    expect(new Set(mistakes.map((m) => m.hint)).size).to.equal(mistakes.length);
  });

  it('knows a stub', () => {
    const stub = (): number => {
      throw new Error('Exercise 2: not implemented');
    };
    expect(exercise2(stub)).to.include({ right: false, message: 'not implemented yet' });
  });

  it('quotes a true number', () => {
    const [, quoted] = /at −40 mV it takes ([\d.]+)/.exec(otherwise) ?? [];
    expect(Number(quoted)).to.be.closeTo(steadyCurrent(-40), 0.05);
  });
});
