import { expect } from 'chai';
import { digitDefaults, learnDigits } from 'lecture-lab/credit/digits';
import { allowance, reference, referenceSeeds } from 'lecture-lab/credit/reference';
import type { ruleNames } from 'lecture-lab/credit/rules/index';
import { createRun } from 'lecture-lab/math/run';
import { seeds } from './fixture';

/** Large batches: quick, and enough for what is asked here. */
const quick = { ...digitDefaults, batch: 512, epochs: 1 };

describe('learning digits', function () {
  this.timeout(120_000);

  it('remembers what it trained: the second time nothing is computed', async () => {
    const first = await learnDigits(['backprop', 'sign'], quick, createRun());
    let calls = 0;
    const run = { ...createRun(), progress: async () => void calls++ };
    const second = await learnDigits(['sign', 'backprop'], quick, run);
    expect(calls).to.equal(0);
    expect(second[0]).to.equal(first[1]);
    expect(second[1]).to.equal(first[0]);
  });

  it('gives a shorter run from a longer one', async () => {
    const long = await learnDigits(['backprop'], quick, createRun());
    const [short] = await learnDigits(['backprop'], { ...quick, epochs: 0 }, createRun());
    expect(short.accuracy).to.deep.equal(long[0].accuracy.slice(0, 1));
    expect(short.angles).to.deep.equal([[0], [0]]);
  });

  it('settings of the mirror retrain the mirror alone', async () => {
    await learnDigits(['backprop', 'weight mirror'], quick, createRun());
    const notes = new Set<string | undefined>();
    const run = { ...createRun(), progress: async (_: number, note?: string) => void notes.add(note?.split(',')[0]) };
    await learnDigits(['backprop', 'weight mirror'], { ...quick, mirrorDecay: 0.1 }, run);
    expect([...notes]).to.deep.equal(['weight mirror']);
  });

  it('an abort keeps the rules that were done, and can be followed by a full run', async () => {
    const settings = { ...quick, seed: 3 };
    await learnDigits(['frozen hidden'], settings, createRun());
    const control = new AbortController();
    const run = createRun(control.signal);
    const stopping = {
      ...run,
      progress: (f: number, note?: string) => {
        if (note?.startsWith('sign')) control.abort(new Error('enough'));
        return run.progress(f, note);
      },
    };
    const failure = await learnDigits(['backprop', 'sign'], settings, stopping).catch((e) => e);
    expect(failure).to.have.property('message', 'enough');
    const notes = new Set<string | undefined>();
    const counted = { ...createRun(), progress: async (_: number, n?: string) => void notes.add(n?.split(',')[0]) };
    await learnDigits(['backprop', 'sign'], settings, counted);
    expect([...notes]).to.deep.equal(['sign']);
  });

  it('refuses to start when it is aborted already', async () => {
    const control = new AbortController();
    control.abort(new Error('before'));
    const failure = await learnDigits(['sign'], { ...quick, seed: 4 }, createRun(control.signal)).catch((e) => e);
    expect(failure).to.have.property('message', 'before');
  });
});

describe('the numpy reference', () => {
  it('stands in the library as numpy gave it', () => {
    expect({ ...digitDefaults, ...{ epochs: seeds.epochs, batch: seeds.batch, rate: seeds.rate } }).to.deep.equal(
      digitDefaults,
    );
    expect(referenceSeeds).to.equal(seeds.seeds);
    expect(reference).to.deep.equal(seeds.rules);
  });

  it('has the order of the rules in every layer, by more than its standard errors', () => {
    for (const layer of [0, 1]) {
      const end = (rule: (typeof ruleNames)[number]) => reference[rule].end![layer];
      const order = [end('weight mirror'), end('uniform sign'), end('sign')];
      const random = [end('feedback alignment'), end('direct feedback')];
      order.slice(1).forEach((next, i) => {
        expect(next.mean - order[i].mean).to.be.above((4 * Math.hypot(next.sd, order[i].sd)) / Math.sqrt(seeds.seeds));
      });
      for (const r of random) {
        expect(r.mean).to.be.above(order[2].mean);
        expect(r.mean + 4 * r.sd).to.be.below(90);
      }
    }
  });

  it('starts where theory says: right angles, arccos 2/π, arccos √(2/π), and their powers a layer further down', () => {
    const degrees = (cosine: number) => (Math.acos(cosine) * 180) / Math.PI;
    const theory = { sign: 2 / Math.PI, 'uniform sign': Math.sqrt(2 / Math.PI), 'feedback alignment': 0 } as const;
    for (const [rule, cosine] of Object.entries(theory) as [keyof typeof theory, number][])
      [cosine ** 2, cosine].forEach((c, l) => {
        const { mean, sd } = reference[rule].start![l];
        expect(mean, `${rule}, layer ${l + 1}`).to.be.closeTo(degrees(c), (4 * sd) / Math.sqrt(seeds.seeds));
      });
  });

  it('allows a new run four standard deviations, and something for its own error', () => {
    expect(allowance({ mean: 5, sd: 1 })).to.be.closeTo(4 * Math.sqrt(1.1), 1e-12);
  });
});
