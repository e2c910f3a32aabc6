import { expect } from 'chai';
import { defineFigure, isFigure, number } from 'lecture-lab/figure';
import { DivergenceError, ParameterError } from 'lecture-lab/math/errors';
import { createRun } from 'lecture-lab/math/run';
import { broken, decay, slow } from './example.figures';
import { rejection } from './rejection';

describe('defineFigure', () => {
  it('evaluates to everything that is shown, printed, exported', async () => {
    const { id, title, params, landmarks, rows, spec } = await decay.evaluate({ points: 2 });
    expect({ id, title }).to.deep.equal({ id: 'example/decay', title: 'Charge leaks away exponentially' });
    expect(params).to.include({ tau: 10, points: 2, shape: 'exponential' });
    expect(landmarks.map(({ name, pass }) => [name, pass])).to.deep.equal([['left after one time constant', true]]);
    expect(rows).to.have.length(12);
    expect(spec['data']).to.deep.equal({ name: 'rows', values: rows });
    expect(spec['title']).to.equal(title);
  });

  it('gives only the landmarks that hold at these parameters', async () => {
    expect((await decay.evaluate({ shape: 'linear', tau: 100 })).landmarks).to.deep.equal([]);
  });

  it('gives the same for the same settings', async () => {
    expect(await decay.evaluate({ tau: 5 })).to.deep.equal(await decay.evaluate({ tau: 5 }));
  });

  it('starts from a preset; what is given goes first', () => {
    expect(decay.values({ preset: 'paper' })).to.include({ points: 101, tau: 20 });
    expect(decay.values({ preset: 'paper', tau: 3 })).to.include({ points: 101, tau: 3 });
    for (const preset of ['papers', 'toString', '', 3])
      expect(() => decay.values({ preset }), String(preset)).to.throw(
        ParameterError,
        `example/decay: preset must be one of paper, sparse (got ${JSON.stringify(preset)})`,
      );
    expect(() => slow.values({ preset: 'paper' })).to.throw(ParameterError, '(this figure has none)');
  });

  it('refuses settings before it computes', async () => {
    expect(await rejection(decay.evaluate({ tau: -1 }))).to.be.instanceOf(ParameterError);
    expect(await rejection(decay.evaluate({ tua: 1 } as never)))
      .to.be.instanceOf(ParameterError)
      .with.property(
        'message',
        'example/decay: unknown parameter tua (it has tau, points, starts, shape, noisy, seed)',
      );
  });

  it('hands on what the model throws', async () => {
    expect(await rejection(broken.evaluate({ how: 'diverges' }))).to.be.instanceOf(DivergenceError);
    expect((await rejection(decay.evaluate({ noisy: true, shape: 'linear' }))).message).to.include('noisy needs shape');
  });

  it('lets no number that is not finite, no empty and no endless table through', async () => {
    const message = async (how: 'not a number' | 'empty' | 'too many') =>
      (await rejection(broken.evaluate({ how }))).message;
    expect(await message('not a number')).to.equal('example/broken: y in row 0 is NaN');
    expect(await message('empty')).to.equal('example/broken: the table is empty');
    expect(await message('too many')).to.match(/^example\/broken: 5001 rows, more than 5000/);
  });

  it('stops when it is aborted, with the reason', async () => {
    // left alone the figure takes a minute, more than a test may
    const controller = new AbortController();
    const evaluation = rejection(slow.evaluate({}, createRun(controller.signal)));
    await new Promise((resolve) => setTimeout(resolve, 60));
    controller.abort(new Error('enough'));
    expect((await evaluation).message).to.equal('enough');
  });

  it('does not start when it is aborted already', async () => {
    const reason = new Error('before');
    expect(await rejection(broken.evaluate({}, createRun(AbortSignal.abort(reason))))).to.equal(reason);
  });

  it('refuses a declaration that contradicts itself', () => {
    const declaration = {
      title: '',
      source: { lecture: 'learning-in-real-networks', where: '' },
      params: { eta: number({ default: 1, min: 0, max: 2, doc: '' }) },
      compute: () => 0,
      table: () => [{ x: 1 }],
      draw: () => ({ description: '' }),
      landmarks: () => [],
    } as const;
    for (const id of ['', 'oja', 'oja/', 'Oja/convergence', 'oja/a/b', 'oja/a b', '../oja/x'])
      expect(() => defineFigure({ ...declaration, id }), id).to.throw(ParameterError, 'two lower-case names');
    expect(() => defineFigure({ ...declaration, id: 'a/b', presets: { paper: { eta: 3 } } })).to.throw(
      ParameterError,
      'a/b: preset paper: eta must be between 0 and 2 (got 3)',
    );
    expect(() => defineFigure({ ...declaration, id: 'a/b', quick: { eta: 3 } })).to.throw(ParameterError, 'quick');
    expect(() => defineFigure({ ...declaration, id: 'a/b', params: { preset: declaration.params.eta } })).to.throw(
      ParameterError,
      'preset',
    );
  });

  it('knows a figure from what is none', () => {
    expect(isFigure(decay)).to.equal(true);
    for (const other of [null, undefined, 1, 'x', {}, { id: 'a/b' }, () => 0]) expect(isFigure(other)).to.equal(false);
  });
});
