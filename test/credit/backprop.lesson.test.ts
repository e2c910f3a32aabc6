import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { learnWith, type Pass, randomLayers, slopeAt } from 'lecture-lab/credit/backprop';
import { exercise2 } from 'lecture-lab/credit/backprop.check';
import { gradientCheck } from 'lecture-lab/credit/backprop.figures';
import { type Constraint, constraintDefaults, trainUnder } from 'lecture-lab/credit/constraints';
import { fourProblems } from 'lecture-lab/credit/constraints.figures';
import { delayLimit } from 'lecture-lab/credit/delay';
import { layerFactors, meanSquares } from 'lecture-lab/credit/magnitude';
import { mnist10k } from 'lecture-lab/data/mnist';
import { rng } from 'lecture-lab/math/rng';
import { createRun } from 'lecture-lab/math/run';

const lesson = join(__dirname, '../../notebooks/1-plasticity-as-optimization/08-backpropagation.ipynb');
const text = readFileSync(lesson, 'utf8');

/* Numbers in the words of the lesson on backpropagation. */
describe('what the lesson on backpropagation says', function () {
  this.timeout(300_000);

  it('of the V', async () => {
    const best = async (scheme: 'central' | 'forward') => {
      const { rows } = await gradientCheck.evaluate({ scheme });
      const found = rows.filter((r) => r['series'] === 'finite differences');
      return found.reduce((a, b) => ((b['error'] as number) < (a['error'] as number) ? b : a));
    };
    const central = await best('central');
    expect(central['step']).to.be.closeTo(1e-5, 1e-10);
    expect(central['error']).to.be.closeTo(5e-11, 0.5e-11);
    const forward = await best('forward');
    expect(forward['step']).to.be.closeTo(4e-8, 1e-8);
    const { landmarks } = await gradientCheck.evaluate();
    expect(landmarks[0].measured).to.be.closeTo(3e-16, 0.5e-16);
  });

  it('of decades and layers', () => {
    const size = (gain: number, below: number): number => Math.sqrt(meanSquares(gain, 30)[below]);
    expect(size(0.8, 10)).to.be.above(0.1);
    expect(size(0.8, 11)).to.be.below(0.1);
    expect(size(2, 14)).to.be.below(10);
    expect(size(2, 16)).to.be.above(10);
    // ever more slowly
    const factors = layerFactors(1, 30);
    for (let l = 1; l < 30; l++) expect(factors[l]).to.be.above(factors[l - 1]);
  });

  it('of the price of each problem', async () => {
    const at = async (settings: object) => {
      const { rows } = await fourProblems.evaluate(settings as never);
      const means = rows.filter((r) => r['kind'] === 'mean');
      return (c: Constraint): number => means.find((r) => r['constraint'] === c)!['accuracy'] as number;
    };
    const [first, slow] = [await at({}), await at({ rate: 0.02 })];
    expect(first('none') - first('two populations')).to.be.closeTo(0, 0.005);
    expect(first('none') - first('one decade')).to.be.closeTo(0, 0.005);
    expect(first('none') - first('no weight transport')).to.be.closeTo(0.01, 0.005);
    expect(first('none') - first('delayed')).to.be.closeTo(0.077, 0.006);
    expect(first('unsigned errors')).to.be.below(first('frozen hidden'));
    expect(first('delayed, no memory')).to.be.below(first('frozen hidden'));
    expect(slow('none')).to.be.below(first('none'));
    expect(slow('none') - slow('delayed')).to.be.closeTo(0.01, 0.006);
    expect(slow('none') - slow('no weight transport')).to.be.closeTo(0.08, 0.01);
  });

  it('of windows in the wrong place', async () => {
    const digits = await mnist10k();
    const under = async (c: Constraint, over: object): Promise<number> =>
      (await trainUnder(c, digits, { ...constraintDefaults, ...over }, createRun())).accuracy.at(-1)!;
    expect(await under('one decade', { small: 'raised' })).to.be.closeTo(0.83, 0.02);
    const frozen = await under('frozen hidden', {});
    for (const ceiling of [0.3, 30]) expect(await under('one decade', { ceiling })).to.be.closeTo(frozen, 0.1);
  });

  it('of delay', () => {
    expect(delayLimit(0) / delayLimit(10)).to.be.closeTo(13, 0.5);
  });

  it('of the third factor: without it the error ends above where it started, with either sign', () => {
    const random = rng(9);
    const draw = (n: number, sd: number) => random.fillNormal(new Float64Array(n), 0, sd);
    const examples = Array.from({ length: 20 }, () => ({ x: draw(4, 1), d: draw(2, 0.3) }));
    const pupil = () => randomLayers([4, 8, 2], 'tanh', rng(9));
    const course = { rate: 0.05, epochs: 300 };
    const start = learnWith(pupil(), examples, { ...course, rate: 0 }, () => 0);
    expect(learnWith(pupil(), examples, course, (p, l, j) => p.e[l][j])).to.be.below(0.1 * start);
    for (const sign of [1, -1])
      expect(
        learnWith(pupil(), examples, course, (p: Pass, l, j) => sign * slopeAt('tanh', p.h[l + 1][j])),
      ).to.be.above(start);
  });

  it('the numbers are those of the text', () => {
    for (const phrase of [
      'near $10^{-5}$, leaves $5\\\\cdot10^{-11}$',
      'near $4\\\\cdot10^{-8}$',
      'to $3\\\\cdot10^{-16}$',
      'after 10 layers, the dotted one crosses a decade upwards after 15',
      'costs about a percent. Ten batches of delay cost nearly eight',
      'costs only about a percent; random feedback now costs about eight',
      'from 0.89 to about 0.83',
      'falls 13 times',
    ])
      expect(text, phrase).to.include(phrase);
  });

  it('exercise 2: the expected number in the hint, and one number a neuron', () => {
    const solution = exercise2.definition.solution;
    const w = [
      [0.5, -0.4, 1.1],
      [0.9, 0.2, -0.7],
      [-0.3, 1.4, 0.6],
    ];
    expect(solution([0.3, -1.2, 0.8], w, [0.7, -0.2, 0.4])[0]).to.be.closeTo(0.796, 5e-4);
    expect(exercise2(() => []).message).to.match(/^your code threw: there are 3 neurons/);
    expect(exercise2(() => [1, 2, 3]).message).to.match(/not yet/);
  });
});
