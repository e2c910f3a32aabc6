import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import { createRun } from 'lecture-lab/math/run';
import { mean, standardDeviation, standardError } from 'lecture-lab/math/statistics';
import { simulateOne } from 'lecture-lab/plasticity/bcm';
import { type CalciumSynapse, synapses } from 'lecture-lab/plasticity/calcium';
import {
  broken,
  FASTEST,
  type HiddenSynapse,
  hiddenSynapse,
  NOISE,
  type RuleName,
  ruleNames,
} from 'lecture-lab/plasticity/hidden-rule';
import { exercise4, judge } from 'lecture-lab/plasticity/hidden-rule.check';
import { hiddenRule } from 'lecture-lab/plasticity/hidden-rule.figures';
import {
  BUNDLE,
  calciumModel,
  drawConstants,
  model,
  type RateRule,
  ranges,
  rateModel,
  spikeModel,
} from 'lecture-lab/plasticity/hidden-rule.models';
import { averagedRunaway } from 'lecture-lab/plasticity/runaway';
import { biPoo, drift, onePairing } from 'lecture-lab/plasticity/stdp';
import { golden as calciumGolden } from './golden';

type RateName = 'Hebb' | 'Oja' | 'BCM';
const rateNames: readonly RateName[] = ['Hebb', 'Oja', 'BCM'];

const golden: {
  readonly constants: RateRule;
  readonly history: readonly [x: number, y: number, duration: number][];
  readonly rates: Readonly<Record<RateName, readonly number[]>>;
  readonly free: Readonly<Record<RateName, readonly [number, number]>>;
  readonly stdp: readonly [dt: number, pairs: number, frequency: number, strength: number][];
} = JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', 'plasticity', 'hidden-rule.json'), 'utf8'));

/** The rule behind a synapse, found by asking for all of them. */
const truth = (synapse: HiddenSynapse): RuleName =>
  ruleNames.find((name) => broken(name, synapse) === 'nothing breaks')!;
/** The first synapse of each rule. */
const ofRule = Object.fromEntries(
  ruleNames.map((name) => {
    let seed = 0;
    while (truth(hiddenSynapse({ seed })) !== name) seed++;
    return [name, seed];
  }),
) as Record<RuleName, number>;

describe('hidden rule: rules of rates', () => {
  it('follow the equations as scipy integrates them, through a history of held rates', () => {
    for (const name of rateNames) {
      const synapse = rateModel(name, golden.constants);
      for (const [i, [x, y, duration]] of golden.history.entries()) {
        synapse.hold(x, y, duration);
        expect(synapse.strength(), `${name}, part ${i}`).to.be.closeTo(golden.rates[name][i]!, 1e-9);
      }
    }
  });

  it('do the same in one long experiment as in many short ones, at 0 too', () => {
    for (const name of rateNames)
      for (const [x, y] of [
        [50, 5],
        [100, 8], // BCM falls to 0 and then rises, as its threshold comes down
        [30, 40],
        [0, 20],
        [20, 10],
      ]) {
        const [long, short] = [rateModel(name, golden.constants), rateModel(name, golden.constants)];
        long.hold(x!, y!, 200);
        for (let i = 0; i < 400; i++) short.hold(x!, y!, 0.5);
        // a piece in which BCM turns at 0 is cut exactly there in both
        expect(long.strength(), `${name} at ${x} and ${y}`).to.be.closeTo(short.strength(), 1e-9);
      }
  });

  it('in short pieces with y = w x follow the averaged rules of the lesson', () => {
    const { eta, start, tauTheta } = golden.constants;
    const duration = 60;
    const inPieces = (name: RateName, pieces: number): number => {
      const synapse = rateModel(name, golden.constants);
      for (let i = 0; i < pieces; i++) synapse.hold(20, 20 * start * synapse.strength(), duration / pieces);
      return synapse.strength();
    };
    // two patterns (1, 0) and (0, 1) reach a synapse half of the time; x = 2 counts as η x² in time and w x in size
    const averaged = (name: 'plain Hebb' | 'Oja', w: number): number =>
      averagedRunaway(
        name,
        { eta: eta / 50, overlap: 0, tauTheta: 1, thetaD: 1, thetaP: 1 },
        [w, 0],
        2 * 50 * 4 * duration,
        24_000,
      ).at(-1)!;
    const bcm = simulateOne(
      'BCM',
      { eta, tauTheta, x: 2 },
      { response: 2 * start, threshold: 1 },
      duration,
      1,
    ).response.at(-1)!;
    for (const [name, expected] of [
      ['Hebb', averaged('plain Hebb', start) / start],
      // Oja's w rests at 1 for every x, and w x enters squared: Δw = η x² (w − w³)
      ['Oja', averaged('Oja', start) / start],
      ['BCM', bcm / (2 * start)],
    ] as const) {
      const [coarse, fine] = [600, 1200].map((pieces) => inPieces(name, pieces) - expected);
      // first order in the length of a piece: half the length, half the error, so both together have none
      expect(Math.abs(fine!), name).to.be.below(Math.abs(coarse!));
      expect(2 * fine! - coarse!, name).to.be.closeTo(0, 0.05 * Math.abs(coarse!) + 1e-9);
    }
  });

  it('with a free neuron end where scipy ends', () => {
    const { start } = golden.constants;
    for (const name of rateNames)
      for (const [i, x] of [10, 20].entries()) {
        const synapse = rateModel(name, golden.constants);
        for (let second = 0; second < 60; second++) synapse.hold(x, x * start * synapse.strength(), 1);
        expect(synapse.strength(), `${name} at ${x} Hz`).to.be.closeTo(golden.free[name][i]!, 1e-9);
      }
  });

  it('have their limits: Hebb grows for ever, Oja goes to x/y, BCM weakens below its threshold', () => {
    const { eta, start } = golden.constants;
    const [hebb, oja, bcm] = rateNames.map((name) => rateModel(name, golden.constants));
    hebb!.hold(20, 10, 500);
    expect(hebb!.strength()).to.be.closeTo(1 + (eta * 2 * 500) / start, 1e-9);
    oja!.hold(20, 10, 1e5);
    expect(oja!.strength()).to.be.closeTo(2 / start, 1e-9);
    bcm!.hold(20, 9, 1);
    expect(bcm!.strength()).to.be.below(1);
    // the threshold sinks in darkness: now 9 Hz strengthens
    const rested = rateModel('BCM', golden.constants);
    rested.hold(0, 0, 1000);
    expect(rested.strength()).to.equal(1);
    rested.hold(20, 9, 1);
    expect(rested.strength()).to.be.above(1);
    // and rises after a strong drive: now 20 Hz weakens, which strengthened
    const driven = rateModel('BCM', golden.constants);
    driven.hold(0, 60, 300);
    const before = driven.strength();
    driven.hold(20, 20, 5);
    expect(driven.strength()).to.be.below(before);
  });

  it('see pairs as two rates', () => {
    for (const name of rateNames) {
      const [paired, held] = [rateModel(name, golden.constants), rateModel(name, golden.constants)];
      paired.pair({ dt: -10, pairs: 100, frequency: 20 });
      held.hold(20, 20, 5);
      expect(paired.strength()).to.equal(held.strength());
    }
  });
});

describe('hidden rule: rules of spikes', () => {
  const window = { aPlus: 0.7 / 60, tauPlus: 15, aMinus: 0.3 / 60, tauMinus: 30, cutOff: Infinity };

  it('STDP sums the window over all pairs, as numpy does', () => {
    for (const [dt, pairs, frequency, strength] of golden.stdp) {
      const synapse = spikeModel(window, rng(1));
      synapse.pair({ dt, pairs, frequency });
      expect(synapse.strength(), `${dt} ms at ${frequency} Hz`).to.be.closeTo(strength, 1e-9);
    }
  });

  it('STDP drifts under Poisson trains as the areas of its window say', () => {
    const one = onePairing(biPoo);
    const [x, y, duration] = [20, 15, 10];
    const strengths = Array.from({ length: 400 }, (_, i) => {
      const synapse = spikeModel(one, rng(5).stream(`train ${i}`));
      synapse.hold(x, y, duration);
      return synapse.strength();
    });
    // pairs across the ends are lost: at most τ₋ of the duration
    const expected = 1 + duration * drift(one, x, y);
    const lost = Math.abs(expected - 1) * (biPoo.tauMinus / (1000 * duration));
    expect(Math.abs(mean(strengths) - expected)).to.be.below(4 * standardError(strengths) + 3 * lost);
  });

  it('calcium changes as the backward equation of the whole model says', () => {
    const known = calciumGolden.full.filter(([name, , pairs]) => name !== 'hippocampal' && pairs <= 75).slice(0, 12);
    expect(known.length).to.equal(12);
    for (const [name, dt, pairs, frequency, , , change] of known) {
      const strengths = Array.from({ length: 8 }, (_, i) => {
        const synapse = calciumModel(synapses[name], rng(3).stream(`${name} ${dt} ${frequency} ${i}`));
        synapse.pair({ dt, pairs, frequency });
        return synapse.strength();
      });
      // the strength of a bundle is a binomial count, at most √(n)/2 wide
      const { b, beta } = synapses[name] satisfies CalciumSynapse;
      const se = (b - 1) / (beta + (1 - beta) * b) / (2 * Math.sqrt(BUNDLE * strengths.length));
      expect(Math.abs(mean(strengths) - change), `${name} ${dt} ms ${frequency} Hz`).to.be.below(4 * se);
    }
  });

  it('nothing changes in silence, and STDP and calcium tell who fires', () => {
    for (const synapse of [spikeModel(window, rng(1)), calciumModel(synapses.DP, rng(1))]) {
      synapse.hold(0, 0, 500);
      expect(synapse.strength()).to.equal(1);
    }
    const [stdp, calcium] = [spikeModel(window, rng(1)), calciumModel(synapses.DP, rng(1))];
    for (const synapse of [stdp, calcium]) synapse.hold(100, 0, 20);
    expect(stdp.strength()).to.equal(1);
    expect(calcium.strength()).to.be.above(1.1);
    stdp.hold(0, 100, 20);
    expect(stdp.strength()).to.equal(1);
  });

  it('STDP does not fall below 0', () => {
    const synapse = spikeModel(window, rng(1));
    synapse.pair({ dt: -5, pairs: 600, frequency: 1 });
    expect(synapse.strength()).to.equal(0);
  });
});

describe('hidden rule: the procedure', function () {
  this.timeout(60_000);
  /** Error of a difference. */
  const two = NOISE * Math.SQRT2;
  /** The corners of some ranges. */
  const corners = (...names: (keyof typeof ranges)[]): number[][] =>
    names.reduce<number[][]>((all, name) => all.flatMap((one) => ranges[name].map((end) => [...one, end])), [[]]);
  const rateCorners = corners('eta', 'start', 'tauTheta').map(([eta, start, tauTheta]) => ({
    eta: eta!,
    start: start!,
    tauTheta: tauTheta!,
  }));

  it('first step: the input alone moves calcium by five errors beyond the limit, and nothing else', () => {
    expect(0.06 / (NOISE / Math.sqrt(6))).to.be.above(5);
    for (const set of Object.values(synapses) as CalciumSynapse[])
      for (const [c, d, p] of [
        [0.95, 1.05, 0.95],
        [1.05, 0.95, 1.05],
      ]) {
        const synapse = {
          ...set,
          cPre: set.cPre * c!,
          gammaD: set.gammaD * d!,
          gammaP: set.gammaP * p!,
        };
        const beyond = [40, 100].map((x) => {
          const strengths = Array.from({ length: 16 }, (_, i) => {
            const one = calciumModel(synapse, rng(9).stream(`${x} ${i}`));
            one.hold(x, 0, 20);
            return one.strength();
          });
          const error = Math.hypot(standardDeviation(strengths), NOISE) / Math.sqrt(6);
          return (Math.abs(mean(strengths) - 1) - 0.06) / error;
        });
        expect(Math.max(...beyond)).to.be.above(5);
      }
    for (const name of rateNames) {
      const synapse = rateModel(name, golden.constants);
      synapse.hold(100, 0, 20);
      expect(synapse.strength()).to.equal(1);
    }
  });

  it('second step: the neuron alone wears Oja’s synapse down to e⁻² or less', () => {
    for (const constants of rateCorners) {
      const oja = rateModel('Oja', constants);
      oja.hold(0, 50, 20);
      expect(oja.strength()).to.be.closeTo(Math.exp(-constants.eta * 25 * 20), 1e-12);
      expect((0.6 - oja.strength()) / NOISE).to.be.above(5);
      for (const name of ['Hebb', 'BCM'] as const) {
        const other = rateModel(name, constants);
        other.hold(0, 50, 20);
        expect(other.strength()).to.equal(1);
      }
    }
    expect((1 - 0.6) / NOISE).to.be.above(5);
  });

  it('third step: the order of spikes moves STDP by the sum of both halves of its window', () => {
    expect(0.17 / two).to.be.above(5);
    for (const [aPlus, tauPlus, aMinus, tauMinus] of corners('aPlus', 'tauPlus', 'aMinus', 'tauMinus')) {
      const strength = (dt: number): number => {
        const one = spikeModel(
          { aPlus: aPlus! / 60, tauPlus: tauPlus!, aMinus: aMinus! / 60, tauMinus: tauMinus!, cutOff: Infinity },
          rng(1),
        );
        one.pair({ dt, pairs: 60, frequency: 1 });
        return one.strength();
      };
      const difference = strength(10) - strength(-10);
      // pairs a second apart add less than a thousandth
      expect(difference).to.be.closeTo(aPlus! * Math.exp(-10 / tauPlus!) + aMinus! * Math.exp(-10 / tauMinus!), 1e-3);
      expect((difference - 0.17) / two).to.be.above(5);
    }
  });

  it('fourth step: a weak response strengthens by Hebb’s rule and weakens by BCM', () => {
    for (const constants of rateCorners) {
      const [hebb, bcm] = (['Hebb', 'BCM'] as const).map((name) => {
        const synapse = rateModel(name, constants);
        synapse.hold(100, 5, 20);
        return synapse.strength();
      });
      expect((hebb! - 1) / NOISE).to.be.above(5);
      expect((1 - bcm!) / NOISE).to.be.above(5);
    }
  });

  it('names the rule of 300 synapses without an error', () => {
    const wrong: string[] = [];
    for (let seed = 0; seed < 300; seed++) {
      const synapse = hiddenSynapse({ seed });
      const answer = exercise4.definition.solution(synapse);
      if (!judge(answer, synapse).right) wrong.push(`${seed}: ${truth(synapse)} taken for ${answer}`);
    }
    expect(wrong).to.deep.equal([]);
  });

  it('meets every rule and every set of constants', () => {
    const counts = new Map<RuleName, number>();
    for (let seed = 0; seed < 1000; seed++) {
      const rule = truth(hiddenSynapse({ seed }));
      counts.set(rule, (counts.get(rule) ?? 0) + 1);
    }
    // binomial: 200 ± 12.6
    for (const rule of ruleNames) expect(Math.abs(counts.get(rule)! - 200), rule).to.be.below(4 * 12.65);
    for (let seed = 0; seed < 200; seed++) {
      const { rate, window } = drawConstants(rng(seed));
      for (const name of ['eta', 'start', 'tauTheta'] as const)
        expect(rate[name]).to.be.within(ranges[name][0], ranges[name][1]);
      for (const name of ['aPlus', 'aMinus'] as const)
        expect(window[name] * 60).to.be.within(ranges[name][0], ranges[name][1]);
    }
  });
});

describe('hidden rule: what can be seen of it', () => {
  const all = ruleNames.map((name) => hiddenSynapse({ seed: ofRule[name] }));
  const seen = (look: (synapse: HiddenSynapse) => unknown): Set<string> =>
    new Set(all.map((synapse) => String(look(synapse))));

  it('is the same for all rules: printed, listed, as text, as source', () => {
    for (const look of [
      (s: HiddenSynapse) => inspect(s, { depth: 10, showHidden: true, getters: true }),
      (s: HiddenSynapse) => JSON.stringify(s),
      (s: HiddenSynapse) => String(s),
      (s: HiddenSynapse) => Reflect.ownKeys(s).map(String).join(),
      (s: HiddenSynapse) => Object.getPrototypeOf(s) === Object.prototype && Object.isFrozen(s),
      ...(['pair', 'drive', 'rest', 'measure', 'fresh'] as const).map(
        (key) => (s: HiddenSynapse) =>
          `${s[key].name} ${s[key].length} ${Reflect.ownKeys(s[key]).map(String)} ${s[key]}`,
      ),
    ]) {
      const looks = [...seen(look)];
      expect(looks.length).to.equal(1);
      for (const name of ruleNames) expect(looks[0]).to.not.match(new RegExp(name, 'i'));
    }
  });

  it('is the same in what goes wrong, and from within its own parameters', () => {
    const stackOf = (act: () => unknown): string => {
      try {
        act();
      } catch (error) {
        return (error as Error).stack!;
      }
      return 'nothing thrown';
    };
    for (const wrong of [{ dt: 500, pairs: 60, frequency: 1 }, { dt: 1, pairs: 1.5, frequency: 1 }, undefined]) {
      const stacks = [...seen((synapse) => stackOf(() => synapse.pair(wrong as never)))];
      expect(stacks.length).to.equal(1);
      expect(stacks[0]).to.match(/ParameterError/);
    }
    // what a parameter sees when it is read
    const spied = seen((synapse) => {
      const stacks: string[] = [];
      const spy = {
        get x() {
          stacks.push(new Error('x').stack!);
          return 40;
        },
        y: 10,
        get duration() {
          stacks.push(new Error('duration').stack!);
          return 1;
        },
      };
      synapse.fresh().drive(spy);
      return stacks.join();
    });
    expect(spied.size).to.equal(1);
    expect([...spied][0]).to.not.match(/models|stdp|bcm|calcium|runaway/i);
  });

  it('says in a runaway only that it ran away', () => {
    for (const name of ['Hebb', 'STDP'] as const) {
      let seed = -1;
      let said = '';
      while (said === '') {
        const synapse = hiddenSynapse({ seed: ++seed });
        if (truth(synapse) !== name) continue;
        try {
          for (let i = 0; i < 3; i++) synapse.drive({ x: 60, y: 'free', duration: 60 });
        } catch (error) {
          expect((error as Error).name).to.equal('DivergenceError');
          said = (error as Error).message;
          expect((error as Error).stack).to.not.match(/models|stdp|bcm|calcium\b/i);
        }
      }
      expect(said).to.match(new RegExp(`^y is no longer finite at \\d+ s: above ${FASTEST} Hz`));
    }
  });
});

describe('hidden rule: the experiments', () => {
  it('give the same numbers for the same seed, and others for another copy', () => {
    for (const name of ruleNames) {
      const [a, b] = [hiddenSynapse({ seed: ofRule[name] }), hiddenSynapse({ seed: ofRule[name] })];
      const measured = (synapse: HiddenSynapse): number[] => [
        synapse.measure(),
        synapse.drive({ x: 30, y: 20, duration: 5 }),
        synapse.pair({ dt: 10, pairs: 20, frequency: 10 }),
        synapse.rest({ duration: 10 }),
        synapse.drive({ x: 10, y: 'free', duration: 5 }),
      ];
      const first = measured(a);
      expect(measured(b)).to.deep.equal(first);
      const copy = a.fresh();
      expect(truth(copy)).to.equal(name);
      expect(copy.measure())
        .to.be.closeTo(1, 5 * NOISE)
        .and.not.equal(first[0]);
    }
  });

  it('measure with the error that is announced, and measuring changes nothing', () => {
    const synapse = hiddenSynapse({ seed: ofRule.Hebb });
    synapse.drive({ x: 30, y: 20, duration: 20 });
    const readings = Array.from({ length: 2000 }, () => synapse.measure());
    expect(standardDeviation(readings)).to.be.closeTo(NOISE, (4 * NOISE) / Math.sqrt(4000));
    const [early, late] = [mean(readings.slice(0, 1000)), mean(readings.slice(1000))];
    expect(early).to.be.closeTo(late, (4 * NOISE) / Math.sqrt(500));
  });

  it('act on what they are asked of, and not on its copies', () => {
    const synapse = hiddenSynapse({ seed: ofRule.Hebb });
    const copy = synapse.fresh();
    expect(synapse.drive({ x: 50, y: 50, duration: 60 })).to.be.above(2);
    expect(copy.measure()).to.be.closeTo(1, 5 * NOISE);
    expect(synapse.measure()).to.be.above(2);
  });

  it('refuse what is out of range, and leave the synapse as it was', () => {
    const synapse = hiddenSynapse({ seed: ofRule.Hebb });
    const refused: readonly (readonly [() => unknown, RegExp])[] = [
      [() => synapse.pair({ dt: 201, pairs: 60, frequency: 1 }), /pair: dt must be between -200 and 200 \(got 201\)/],
      [() => synapse.pair({ dt: 10, pairs: 0, frequency: 1 }), /pairs must be between 1 and 1000/],
      [() => synapse.pair({ dt: 10, pairs: 2.5, frequency: 1 }), /pairs must be a whole number/],
      [() => synapse.pair({ dt: 10, pairs: 60, frequency: 0 }), /frequency must be between 0.1 and 50/],
      [() => synapse.drive({ x: -1, y: 10, duration: 10 }), /drive: x must be between 0 and 100/],
      [
        () => synapse.drive({ x: 10, y: Number.NaN, duration: 10 }),
        /y must be between 0 and 100, or 'free' \(got NaN\)/,
      ],
      [() => synapse.drive({ x: 10, y: 'loose' as 'free', duration: 10 }), /or 'free' \(got loose\)/],
      [() => synapse.drive({ x: 10, y: 10, duration: 601 }), /duration must be between 1 and 600/],
      [() => synapse.drive({ x: 10, y: 'free', duration: 1.5 }), /duration must be a whole number if y is free/],
      [() => synapse.rest({ duration: 0 }), /rest: duration must be between 1 and 10000/],
      [() => synapse.rest(undefined as never), /rest: takes one object with duration/],
      [() => hiddenSynapse({ seed: -1 }), /seed/],
      [() => judge('Hopfield' as RuleName, synapse), /answer must be one of Hebb, Oja, STDP, BCM, calcium/],
      [() => judge('Hebb', { ...synapse }), /synapse must come from hiddenSynapse/],
    ];
    for (const [act, message] of refused) expect(act).to.throw(ParameterError, message);
    expect(synapse.measure()).to.be.closeTo(1, 5 * NOISE);
  });
});

describe('hidden rule: the judge', () => {
  const message = (answer: RuleName, rule: RuleName): string =>
    judge(answer, hiddenSynapse({ seed: ofRule[rule] })).message;

  it('knows the right answer, of copies too', () => {
    for (const rule of ruleNames) {
      expect(message(rule, rule)).to.equal('right');
      expect(judge(rule, hiddenSynapse({ seed: ofRule[rule] }).fresh()).right).to.equal(true);
      expect(judge(rule, ofRule[rule]).right).to.equal(true);
    }
  });

  it('says the same of a wrong answer for at least two rules, and names none of them', () => {
    for (const answer of ruleNames) {
      const others = ruleNames.filter((rule) => rule !== answer);
      for (const rule of others) {
        const said = message(answer, rule);
        expect(judge(answer, hiddenSynapse({ seed: ofRule[rule] })).right).to.equal(false);
        expect(others.filter((other) => message(answer, other) === said).length, said).to.be.at.least(2);
        for (const other of others) expect(said).to.not.match(new RegExp(other, 'i'));
      }
    }
  });

  it('sends the reader to an experiment that does speak against the answer', () => {
    const moved = (rule: RuleName, x: number, y: number): number => {
      const one = model(rule, drawConstants(rng(4)), rng(5));
      one.hold(x, y, 20);
      return Math.abs(one.strength() - 1);
    };
    for (const answer of ruleNames)
      for (const rule of ruleNames.filter((name) => name !== answer)) {
        const against = broken(answer, hiddenSynapse({ seed: ofRule[rule] }));
        if (against !== 'one side alone') continue;
        // one of the two disagrees on what the input alone or the neuron alone does
        const differs = [
          [40, 0],
          [100, 0],
          [0, 50],
        ].some(([x, y]) => moved(answer, x!, y!) > 0.1 !== moved(rule, x!, y!) > 0.1);
        expect(differs, `${answer} for ${rule}`).to.equal(true);
      }
  });
});

describe('hidden rule: the figure', () => {
  it('stops when asked, and reports', async () => {
    const controller = new AbortController();
    const fractions: number[] = [];
    await hiddenRule.evaluate(
      {},
      createRun(controller.signal, (fraction) => void fractions.push(fraction)),
    );
    expect(fractions.at(-1)).to.equal(1);
    expect([...fractions].sort((a, b) => a - b)).to.deep.equal(fractions);
    const run = createRun(controller.signal, () => controller.abort(new Error('stopped')));
    let stopped = '';
    try {
      await hiddenRule.evaluate({ duration: 60, x: 100, pairs: 300 }, run);
    } catch (error) {
      stopped = (error as Error).message;
    }
    expect(stopped).to.equal('stopped');
  });

  it('shows what the experiments gave, beyond its edges too', async () => {
    const { rows } = await hiddenRule.evaluate({ seed: ofRule.Hebb, freeX: 50 });
    const above = rows.filter(({ place }) => place === 'above');
    expect(above.length).to.be.above(0);
    for (const { strength, shown, experiment } of above) {
      expect(shown).to.equal(experiment === 'pairs' ? 4 : 10);
      expect(strength as number).to.be.above(shown as number);
    }
    const silent = rows.find(({ experiment, setting }) => experiment === 'rates' && setting === 0)!;
    expect(Math.abs((silent['strength'] as number) - 1)).to.be.below((5 * NOISE) / Math.sqrt(5));
  });
});

describe('hidden rule: what the lesson says', () => {
  it('of seed 26: pairs do nothing in either order, and one point of the middle panel excludes four rules', async () => {
    const { rows } = await hiddenRule.evaluate();
    const of = (name: string) => rows.filter(({ experiment }) => experiment === name);
    expect(hiddenRule.values().seed).to.equal(26);
    for (const { strength } of of('pairs')) expect(strength).to.be.closeTo(1, (4.5 * NOISE) / Math.sqrt(5));
    const alone = of('rates').find(({ setting }) => setting === 0)!;
    expect(1 - (alone['strength'] as number)).to.be.above(0.3);
    // the four others keep what the input alone meets
    for (const name of ruleNames.filter((rule) => rule !== 'calcium')) {
      const one = model(name, drawConstants(rng(1)), rng(2));
      one.hold(50, 0, 20);
      expect(one.strength(), name).to.equal(1);
    }
    expect(judge('STDP', hiddenSynapse({ seed: 26 })).message).to.match(/drive one side alone/);
  });
});
