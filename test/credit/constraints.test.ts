import { expect } from 'chai';
import {
  type Constraint,
  constraintDefaults,
  constraints,
  errorsAtStart,
  ruleUnder,
  trainUnder,
} from 'lecture-lab/credit/constraints';
import { constraintReference, referenceRuns } from 'lecture-lab/credit/constraints.reference';
import { delayed, delayLimit } from 'lecture-lab/credit/delay';
import {
  type Batch,
  type Change,
  forward,
  initialWeights,
  learn,
  makeBatch,
  outputError,
} from 'lecture-lab/credit/network';
import { backprop } from 'lecture-lab/credit/rules/backprop';
import { limited, rectified, unsigned, withinWindow } from 'lecture-lab/credit/rules/limited';
import type { Rule } from 'lecture-lab/credit/rules/rule';
import { twoPopulations } from 'lecture-lab/credit/rules/two-populations';
import { step, type Task } from 'lecture-lab/credit/train';
import type { Digits } from 'lecture-lab/data/digits';
import { ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import { createRun } from 'lecture-lab/math/run';
import { accuracies, golden, steps } from './backprop.golden';

/** Everything is computed in single precision. */
const SINGLE = 2e-6;
type Rows = readonly (readonly number[])[];
const flat = (rows: Rows): Float32Array => Float32Array.from(rows.flat());
const near = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number = SINGLE): void => {
  expect(actual.length).to.equal(expected.length);
  for (let i = 0; i < expected.length; i++) expect(actual[i], `number ${i}`).to.be.closeTo(expected[i], tolerance);
};
const fresh = (): Float32Array[] => steps.weights.map(flat);

/** A batch of the fixture, gone forward and with its output error. */
function passed(weights: readonly Float32Array[], n: number): Batch {
  const { x, labels } = steps.batches[n];
  const batch = makeBatch(steps.sizes, 8);
  batch.activities[0].set(flat(x));
  batch.labels.set(labels);
  batch.examples = labels.length;
  forward(weights, batch);
  outputError(batch);
  return batch;
}
function hidden(rule: Rule): Float32Array[] {
  const weights = fresh();
  const batch = passed(weights, 0);
  rule.hiddenErrors(weights, batch);
  return [0, 1].map((l) => batch.errors[l].slice(0, batch.examples * steps.sizes[l + 1]));
}
const nothing = (): void => undefined;

describe('error neurons that cannot say everything', () => {
  const say: Record<keyof typeof steps.signals, Rule> = {
    rectified: limited(rectified),
    size: limited(unsigned),
    'two populations': twoPopulations(),
    silent: limited(withinWindow(steps.tops, steps.decades, 'silent')),
    raised: limited(withinWindow(steps.tops, steps.decades, 'raised')),
  };
  for (const [name, rule] of Object.entries(say))
    it(`${name}: the signals of an independent program`, () => {
      const signals = hidden(rule);
      steps.signals[name as keyof typeof say].forEach((rows, l) => {
        near(signals[l], flat(rows));
      });
    });

  it('who can say everything is backpropagation', () => {
    const exact = hidden(backprop());
    const open = [limited(nothing), limited(withinWindow([1e3, 1e3, 1e3], 30, 'silent')), twoPopulations()];
    for (const rule of open)
      hidden(rule).forEach((signal, l) => {
        near(signal, exact[l], 1e-7);
      });
  });

  it('the output layer keeps its exact error', () => {
    const weights = fresh();
    const batch = passed(weights, 0);
    const exact = batch.errors[2].slice();
    limited(rectified).hiddenErrors(weights, batch);
    expect(batch.errors[2]).to.deep.equal(exact);
  });

  it('a window cuts, silences or raises, and keeps signs and zeros', () => {
    const errors = (): Float32Array => Float32Array.of(-9, -2, -0.25, 0, 0.25, 2, 9);
    const through = (small: 'silent' | 'raised'): number[] => {
      const e = errors();
      withinWindow([4], 1, small)(e, e.length, 0);
      return [...e];
    };
    expect(through('silent').map((v) => v + 0)).to.deep.equal([-4, -2, 0, 0, 0, 2, 4]);
    near(through('raised'), [-4, -2, -0.4, 0, 0.4, 2, 4], 1e-7);
    const some = errors();
    rectified(some, 2, 0);
    expect([...some].slice(0, 3)).to.deep.equal([0, 0, -0.25]);
  });

  it('without signs, inputs that are not negative can only lose first-layer weights', () => {
    const weights = fresh();
    const batch = passed(weights, 0);
    batch.activities[0].forEach((v, i, x) => {
      x[i] = Math.abs(v);
    });
    for (let t = 0; t < 5; t++) {
      const before = weights[0].slice();
      step(limited(rectified), weights, batch, 0.5);
      weights[0].forEach((w, i) => {
        expect(w).to.be.at.most(before[i]);
      });
      expect(weights[0]).to.not.deep.equal(before);
    }
  });

  it('a larger batch after a smaller one is served too', () => {
    const rule = limited(rectified);
    const weights = fresh();
    const small = passed(weights, 3);
    rule.hiddenErrors(weights, small);
    const large = passed(weights, 0);
    rule.hiddenErrors(weights, large);
    near(large.errors[0].subarray(0, 24), flat(steps.signals.rectified[0]));
  });
});

describe('late changes of weights', () => {
  function course(change: Change): Float32Array[] {
    const weights = fresh();
    for (let n = 0; n < steps.batches.length; n++) step(backprop(), weights, passed(weights, n), steps.rate, change);
    return weights;
  }
  const cases: [keyof typeof steps.after, Change][] = [
    ['none', learn],
    ['delayed', delayed(steps.sizes, 8, steps.delay, true)],
    ['delayed, no memory', delayed(steps.sizes, 8, steps.delay, false)],
  ];
  for (const [name, change] of cases)
    it(`${name}: the weights of an independent program after six batches, one of them small`, () => {
      course(change).forEach((w, l) => {
        near(w, flat(steps.after[name][l]));
      });
    });

  it('a delay of no batch is no delay, with memory or without', () => {
    const exact = course(learn);
    for (const remembers of [true, false])
      course(delayed(steps.sizes, 8, 0, remembers)).forEach((w, l) => {
        near(w, exact[l], 1e-6);
      });
  });

  it('as long as nothing is due nothing changes', () => {
    const weights = course(delayed(steps.sizes, 8, steps.batches.length, true));
    expect(weights).to.deep.equal(fresh());
  });

  it('the limit of stability is that of the roots', () => {
    for (const { steps: k, a, largest } of golden.rightmost)
      expect(largest < 1, `k = ${k}, ηλ = ${a}`).to.equal(a < delayLimit(k));
    expect(delayLimit(0)).to.be.closeTo(2, 1e-15);
    expect(delayLimit(1)).to.be.closeTo(1, 1e-15);
    expect(delayLimit(1000) / (Math.PI / 2001)).to.be.closeTo(1, 1e-6);
  });

  it('and that of the descent itself', () => {
    for (const [k, factor, settles] of [
      [3, 0.97, true],
      [3, 1.03, false],
      [12, 0.97, true],
      [12, 1.03, false],
    ] as const) {
      const w = [...new Array<number>(k).fill(1), 1];
      for (let t = 0; t < 20_000; t++) w.push(w[w.length - 1] - factor * delayLimit(k) * w[w.length - 1 - k]);
      expect(Math.abs(w.at(-1)!) < 1, `${k}, ${factor}`).to.equal(settles);
    }
  });

  it('refuses a delay that is no whole number', () => {
    for (const k of [-1, 0.5, NaN])
      expect(() => delayed([2, 2, 2], 4, k, true)).to.throw(ParameterError, 'steps must be a whole number from 0 on');
  });
});

/** Little images of two sorts, upper or lower half lit, with noise. */
function stripes(count: number, name: string): Digits {
  const noise = rng(3).stream(name);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
  const images = Uint8Array.from({ length: 784 * count }, (_, p) => {
    const lit = p % 784 < 392 === (labels[Math.floor(p / 784)] === 0);
    return Math.round((lit ? 60 : 0) + noise.uniform(0, 60));
  });
  return { count, images, labels };
}

describe('training under a constraint', function () {
  this.timeout(30_000);
  const digits = { train: stripes(300, 'train'), test: stripes(200, 'test') };
  const settings = { ...constraintDefaults, hidden: [12, 8] as const, epochs: 2, batch: 16, rate: 0.05, delay: 2 };
  const under = (c: Constraint, over: object = {}) => trainUnder(c, digits, { ...settings, ...over }, createRun());

  it('all start alike, and two populations are backpropagation', async () => {
    const all = await Promise.all(constraints.map((c) => under(c)));
    expect(new Set(all.map((h) => h.loss[0])).size).to.equal(1);
    const [none, , , two] = all;
    expect(all.map((h) => h.rule)).to.deep.equal([...constraints]);
    near(two.loss, none.loss, 1e-5);
    expect(none.accuracy.at(-1)).to.be.above(0.95);
  });

  it('a wide window, no delay: the constraint is none', async () => {
    const none = await under('none');
    near((await under('one decade', { decades: 20, ceiling: 1e6 })).loss, none.loss, 1e-5);
    near((await under('delayed', { delay: 0 })).loss, none.loss, 1e-5);
    near((await under('delayed, no memory', { delay: 0 })).loss, none.loss, 1e-5);
  });

  it('measures the errors before learning at the weights that training starts from', () => {
    const inputs = flat(steps.batches[0].x);
    const examples = { inputs, labels: steps.batches[0].labels };
    const task: Task = { sizes: steps.sizes, train: examples, test: examples };
    const sizes = errorsAtStart(task, 5);
    const weights = initialWeights(steps.sizes, rng(5).stream('weights'));
    const batch = makeBatch(steps.sizes, 6);
    batch.activities[0].set(inputs);
    batch.labels.set(examples.labels);
    batch.examples = 6;
    forward(weights, batch);
    outputError(batch);
    backprop().hiddenErrors(weights, batch);
    sizes.forEach((size, l) => {
      const { errors } = batch;
      expect(size).to.be.closeTo(Math.hypot(...errors[l]) / Math.sqrt(errors[l].length), 1e-6);
    });
  });

  it('refuses a window without a size, and stops when told', async () => {
    const task: Task = {
      sizes: [2, 2, 2, 2],
      train: { inputs: new Float32Array(2), labels: [0] },
      test: { inputs: new Float32Array(2), labels: [0] },
    };
    expect(() => ruleUnder('one decade', task, { ...settings, decades: 0 })).to.throw(
      ParameterError,
      'trainUnder: decades must be above 0 (got 0)',
    );
    expect(() => ruleUnder('one decade', task, { ...settings, ceiling: -1 })).to.throw(ParameterError, 'ceiling');
    const control = new AbortController();
    const reason = new Error('interrupted');
    control.abort(reason);
    const failure = await trainUnder('none', digits, settings, createRun(control.signal)).catch((e) => e);
    expect(failure).to.equal(reason);
  });

  it('the reference holds the numbers of the independent program, for the default settings', () => {
    expect(constraintReference).to.deep.equal(accuracies.accuracy);
    expect(referenceRuns).to.equal(accuracies.seeds);
    const { hidden, epochs, batch, rate, delay, decades, ceiling } = constraintDefaults;
    const { seeds: _, accuracy: __, ...ran } = accuracies;
    expect({ hidden, epochs, batch, rate, delay, decades, ceiling }).to.deep.equal(ran);
  });
});
