import { expect } from 'chai';
import { close, defineExercise } from 'lecture-lab/check';

describe('self-checks', () => {
  const square = defineExercise<(x: number) => number>({
    name: 'Exercise 1',
    solution: (x) => x * x,
    agree: (f, g) => [1, 2, 3].every((x) => close(f(x), g(x))),
    mistakes: [{ attempt: (x) => 2 * x, hint: 'that doubles' }],
    otherwise: 'compare with f(3) = 9',
  });

  it('accept the solution', () => {
    expect(square((x) => x ** 2)).to.include({ right: true, message: 'right' });
  });

  it('know an anticipated mistake, and point somewhere for any other', () => {
    expect(square((x) => x + x)).to.include({ right: false, message: 'that doubles' });
    expect(square((x) => x)).to.include({ right: false, message: 'compare with f(3) = 9' });
    expect(square(() => Number.NaN)).to.include({ right: false, message: 'compare with f(3) = 9' });
  });

  it('tell an unfinished stub from code that throws', () => {
    const stub = (): number => {
      throw new Error('Exercise 1: not implemented');
    };
    expect(square(stub).message).to.equal('not implemented yet');
    const broken = (): number => {
      throw new RangeError('no');
    };
    expect(square(broken).message).to.equal('your code threw: no');
  });

  it('display themselves as text', () => {
    const shown = square((x) => x * x) as unknown as Record<symbol, () => unknown>;
    expect(shown[Symbol.for('Jupyter.display')]!()).to.deep.equal({ 'text/plain': 'Exercise 1: right' });
  });

  it('compare numbers relatively above 1 and absolutely below', () => {
    expect(close(1000.0005, 1000)).to.equal(true);
    expect(close(1000.01, 1000)).to.equal(false);
    expect(close(1e-7, 0)).to.equal(true);
    expect(close(Number.NaN, 0)).to.equal(false);
  });
});
