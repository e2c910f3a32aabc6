import { expect } from 'chai';
import { type RuleName, ruleNames } from 'lecture-lab/credit/rules/index';
import { type Task, type TrainSettings, train } from 'lecture-lab/credit/train';
import { DivergenceError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import { createRun } from 'lecture-lab/math/run';

const sizes = [6, 12, 7, 3];
const settings: TrainSettings = { epochs: 4, batch: 16, rate: 0.3, seed: 5, mirrorNoise: 0.1, mirrorDecay: 0.05 };

/** Three clouds of points: a class each, well apart. The last batch of an epoch is a small one. */
function clouds(): Task {
  const r = rng(9);
  const centres = r.stream('centres').fillNormal(new Float64Array(3 * 6), 0, 2);
  const draw = (count: number, name: string) => {
    const noise = r.stream(name);
    const labels = Uint8Array.from({ length: count }, (_, i) => i % 3);
    const inputs = new Float32Array(count * 6).map((_, k) => centres[labels[Math.floor(k / 6)] * 6 + (k % 6)]);
    return { labels, inputs: inputs.map((v) => v + noise.normal(0, 0.5)) };
  };
  return { sizes, train: draw(150, 'train'), test: draw(300, 'test') };
}

describe('training', () => {
  const task = clouds();

  for (const rule of ruleNames)
    it(`${rule}: learns, with finite numbers, one entry an epoch`, async () => {
      const history = await train(task, rule, settings, createRun());
      expect(history.accuracy).to.have.length(5);
      expect(history.loss).to.have.length(5);
      expect(history.accuracy.at(-1)).to.be.above(0.95);
      expect(history.angles.map((a) => a.length)).to.deep.equal(rule === 'frozen hidden' ? [] : [5, 5]);
      for (const v of [...history.accuracy, ...history.loss, ...history.angles.flat()])
        expect(v).to.satisfy(Number.isFinite);
    });

  it('gives the same history for the same seed, and another for another', async () => {
    const history = await train(task, 'direct feedback', settings, createRun());
    expect(await train(task, 'direct feedback', settings, createRun())).to.deep.equal(history);
    expect(await train(task, 'direct feedback', { ...settings, seed: 6 }, createRun())).to.not.deep.equal(history);
  });

  it('a short run is the beginning of a long one', async () => {
    const long = await train(task, 'weight mirror', settings, createRun());
    const short = await train(task, 'weight mirror', { ...settings, epochs: 2 }, createRun());
    expect(short.loss).to.deep.equal(long.loss.slice(0, 3));
    expect(short.angles).to.deep.equal(long.angles.map((a) => a.slice(0, 3)));
  });

  it('all rules start from the same weights; backprop has no angle to itself', async () => {
    const start = await Promise.all(
      ruleNames.map((rule) => train(task, rule, { ...settings, epochs: 0 }, createRun())),
    );
    expect(new Set(start.map((h) => h.loss[0])).size).to.equal(1);
    expect(start[0].angles).to.deep.equal([[0], [0]]);
  });

  it('cannot be changed afterwards', async () => {
    const history = await train(task, 'sign', { ...settings, epochs: 1 }, createRun());
    for (const part of [history, history.accuracy, history.loss, history.angles, history.angles[0]])
      expect(Object.isFrozen(part)).to.equal(true);
  });

  it('stops with the reason of the abort, at once', async () => {
    const control = new AbortController();
    const reason = new Error('interrupted');
    let calls = 0;
    const run = createRun(control.signal);
    const counted = {
      ...run,
      progress: (fraction: number, note?: string) => {
        if (++calls === 25) control.abort(reason);
        return run.progress(fraction, note);
      },
    };
    const failure = await train(task, 'weight mirror', { ...settings, epochs: 100 }, counted).catch((e) => e);
    expect(failure).to.equal(reason);
    expect(calls).to.equal(25);
  });

  it('says so when the numbers run away', async () => {
    const failure = await train(task, 'backprop', { ...settings, rate: 1e38 }, createRun()).catch((e) => e);
    expect(failure).to.be.instanceOf(DivergenceError);
    expect(failure.message).to.match(/cross-entropy.*epoch 2.*learning rate/);
  });

  it('reports progress from 0 towards 1 with the name of the rule', async () => {
    const seen: [number, string | undefined][] = [];
    const run = {
      ...createRun(),
      progress: async (fraction: number, note?: string) => void seen.push([fraction, note]),
    };
    const rule: RuleName = 'uniform sign';
    await train(task, rule, settings, run);
    const fractions = seen.map(([f]) => f);
    expect(fractions).to.deep.equal([...fractions].sort((a, b) => a - b));
    expect(fractions[0]).to.equal(0);
    expect(Math.max(...fractions)).to.be.at.most(1);
    expect(seen.every(([, note]) => note?.startsWith('uniform sign'))).to.equal(true);
  });

  it('refuses examples that do not fit the network', async () => {
    const refusal = (change: Partial<Task>) =>
      train({ ...task, ...change }, 'backprop', settings, createRun()).then(
        () => 'nothing',
        (error: Error) => `${error.name}: ${error.message}`,
      );
    const { inputs, labels } = task.train;
    expect(await refusal({ train: { inputs: inputs.subarray(1), labels } })).to.equal(
      'ParameterError: train: 150 labels and 6 inputs need 900 numbers (got 899)',
    );
    expect(await refusal({ test: { inputs: new Float32Array(0), labels: [] } })).to.equal(
      'ParameterError: test: needs at least one example',
    );
    for (const wrong of [3, -1, 0.5, NaN])
      expect(await refusal({ test: { inputs: new Float32Array(12), labels: [0, wrong] } })).to.equal(
        `ParameterError: test: label 1 must be a class from 0 to 2 (got ${wrong})`,
      );
  });
});
