import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import { mean } from 'lecture-lab/math/statistics';
import {
  expectedResponses,
  type Group,
  groups,
  type Reason,
  rat,
  reasons,
  simulateAnimal,
} from 'lecture-lab/plasticity/fear';
import { inactivation } from 'lecture-lab/plasticity/fear.figures';
import {
  coactivation,
  epsp,
  peakEpsp,
  schaffer,
  simulateEpsp,
  strengthAfter,
  strengthHeld,
  weakEpsp,
} from 'lecture-lab/plasticity/ltp';
import { exercise2 } from 'lecture-lab/plasticity/ltp.check';
import { associativity, epspFigure, phases } from 'lecture-lab/plasticity/ltp.figures';
import { never, phasesAt, simulatePhases, strengthOf, typicalCascade } from 'lecture-lab/plasticity/phases';

/** What scipy computed from the same equations; ltp.py stands beside it. */
const golden: {
  readonly strength: readonly (readonly [tauM: number, threshold: number, pulses: number, f: number, w: number])[];
  readonly peak: readonly (readonly [tauM: number, w: number, u: number])[];
  readonly phases: readonly (readonly [from: number, to: number, t: number, w: number])[];
  readonly fear: readonly (readonly [Reason, Group, readonly number[]])[];
} = JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', 'plasticity', 'ltp.json'), 'utf8'));

describe('ltp: the response to a pulse', () => {
  it('is what scipy finds, at its peak', () => {
    // scipy's samples lie 1 µs apart
    for (const [tauM, w, u] of golden.peak) expect(peakEpsp({ ...schaffer, tauM }, w)).to.be.closeTo(u, 2e-7);
  });

  it('by quadrature is the one by simulation, for fast and slow membranes', () => {
    for (const tauM of [1, 2, 20, 50])
      for (const w of [0.5, 2]) {
        const synapse = { ...schaffer, tauM };
        const simulated = simulateEpsp(synapse, w, 1.5, 60);
        simulated.forEach((u, i) => {
          expect(u).to.be.closeTo(epsp(synapse, w, 1.5 * i), 1e-5);
        });
      }
  });

  it('has the closed form as its limit for weak synapses, with an error that falls with the strength', () => {
    for (const tauM of [2, 2.0001, 20]) {
      const synapse = { ...schaffer, tauM };
      for (const t of [0.5, 6, 40]) {
        const off = (w: number): number => Math.abs(epsp(synapse, w, t) / weakEpsp(synapse, w, t) - 1);
        // the membrane and the shunt correct it by at most g e τs w, twice
        expect(off(1e-3)).to.be.below(2 * 1e-3 * schaffer.peak * Math.E * schaffer.tauS);
        expect(off(1e-3)).to.be.below(off(1));
      }
    }
  });

  it('in closed form goes smoothly through equal time constants', () => {
    const near = (tauM: number): number => weakEpsp({ ...schaffer, tauM }, 1, 3);
    expect(near(2 + 1e-9)).to.be.closeTo((near(2.01) + near(1.99)) / 2, 1e-4);
    expect(near(2.002)).to.be.closeTo((near(2.003) + near(2.001)) / 2, 1e-6);
  });

  it('grows by less than the strength, because the drive shrinks', () => {
    const ratio = peakEpsp(schaffer, 2) / peakEpsp(schaffer, 1);
    expect(ratio).to.be.within(1.8, 2);
    expect(peakEpsp(schaffer, 1e6)).to.be.below(schaffer.drive);
  });
});

describe('ltp: induction', () => {
  it('by a train gives the strength that scipy finds', () => {
    // growth starts at a kink, where a step h of 0.1 ms errs by its square: (h/τs)² of one pulse's growth, at most
    for (const [tauM, threshold, pulses, frequency, w] of golden.strength)
      expect(strengthAfter({ ...schaffer, tauM, threshold }, { pulses, frequency })).to.be.closeTo(
        w,
        (0.05 ** 2 * (w - 1)) / pulses + 1e-8,
      );
  });

  it('needs a fast train: the same pulses one by one do nothing, at any number', () => {
    expect(strengthAfter(schaffer, { pulses: 100, frequency: 100 })).to.be.above(1.3);
    for (const frequency of [0.1, 1, 20]) expect(strengthAfter(schaffer, { pulses: 100, frequency })).to.equal(1);
  });

  it('never passes the ceiling, and stays there', () => {
    const w = strengthAfter(schaffer, { pulses: 400, frequency: 200 });
    expect(w).to.be.within(1.99, 2);
    expect(strengthAfter(schaffer, { pulses: 100, frequency: 100 }, 2)).to.equal(2);
  });

  it('needs both sides', () => {
    expect(strengthAfter(schaffer, { pulses: 50, frequency: 5, held: 0 })).to.equal(1);
    expect(strengthAfter(schaffer, { pulses: 0, frequency: 5, held: 50 })).to.equal(1);
    expect(strengthAfter(schaffer, { pulses: 50, frequency: 5, held: 50 })).to.be.above(1.9);
  });

  it('under a clamp follows the closed form, however close the pulses', () => {
    for (const frequency of [2, 40, 300])
      for (const u of [5, 12, 45])
        expect(strengthAfter(schaffer, { pulses: 20, frequency, held: u }, 1.2)).to.be.closeTo(
          strengthHeld(schaffer, 20, u, 1.2),
          1e-6,
        );
  });

  it('by two trains under a clamp is that of one train of both', () => {
    const once = strengthHeld(schaffer, 12, 25);
    expect(strengthHeld(schaffer, 8, 25, once)).to.be.closeTo(strengthHeld(schaffer, 20, 25), 1e-14);
  });

  it('by the product of the slide has no threshold: single pulses potentiate, each by its own share', () => {
    const product = coactivation(schaffer, 1e-6);
    const one = strengthAfter(product, { pulses: 1, frequency: 1 }) - 1;
    expect(one).to.be.above(0);
    // weak growth adds up, to first order in the growth
    expect((strengthAfter(product, { pulses: 20, frequency: 1 }) - 1) / (20 * one)).to.be.closeTo(1, 100 * one);
  });

  it('refuses trains that are none', () => {
    expect(() => strengthAfter(schaffer, { pulses: 1.5, frequency: 1 })).to.throw(ParameterError, 'pulses');
    expect(() => strengthAfter(schaffer, { pulses: 1, frequency: 0 })).to.throw(ParameterError, 'frequency');
  });
});

describe('ltp: phases', () => {
  const at = (from: number, to: number, t: number): number => strengthOf(phasesAt(typicalCascade, { from, to }, t));

  it('are what scipy finds, with blocks and without', () => {
    for (const [from, to, t, w] of golden.phases) expect(at(from, to, t)).to.be.closeTo(w, 1e-8);
  });

  it('by simulation are those by matrix exponentials, with blocks between the recorded times', () => {
    const times = [0, 0.3, 1, 2.5, 7, 30];
    for (const block of [never, { from: 0, to: 2 }, { from: 0.7, to: 2.1 }, { from: 5, to: 100 }])
      simulatePhases(typicalCascade, block, times).forEach((phase, i) => {
        const theory = phasesAt(typicalCascade, block, times[i]);
        for (const stage of ['early', 'proteins', 'late'] as const)
          expect(phase[stage]).to.be.closeTo(theory[stage], 1e-8);
      });
  });

  it('without synthesis are one exponential', () => {
    for (const t of [0, 1, 10])
      expect(at(0, 100, t)).to.be.closeTo(1 + 0.6 * Math.exp(-t / typicalCascade.tauE), 1e-12);
  });

  it('move all of it to the late phase that the chain can carry', () => {
    // without decay of the late phase it ends at induced × synthesis τE × delivery τP
    const { induced, synthesis, tauE, delivery, tauP } = typicalCascade;
    const end = strengthOf(phasesAt({ ...typicalCascade, tauL: 1e12 }, never, 1000));
    expect(end).to.be.closeTo(1 + induced * synthesis * tauE * delivery * tauP, 1e-8);
  });

  it('lose less to a block the later it comes, and nothing to one that ends before it starts', () => {
    const kept = [0, 1, 2, 6, 12].map((from) => at(from, from + 6, 24));
    for (let i = 1; i < kept.length; i++) expect(kept[i]).to.be.above(kept[i - 1]);
    expect(at(0, 0, 24)).to.be.closeTo(at(9, 3, 24), 1e-12);
    expect((at(0, 6, 24) - 1) / (at(0, 0, 24) - 1)).to.be.below(0.05);
    expect((at(12, 18, 24) - 1) / (at(0, 0, 24) - 1)).to.be.above(0.99);
  });
});

describe('ltp: fear conditioning', () => {
  it('goes low, high, low, high, and stays low unpaired and with potentiation alone, for either reason', () => {
    for (const reason of reasons) {
      const responses = (group: Group) =>
        expectedResponses({ ...rat, reason }, groups[group], 5).map(({ response }) => response);
      const [naive, conditioned, off, on] = responses('paired');
      for (const low of [naive, off, ...responses('unpaired'), ...responses('LTP alone')]) expect(low).to.be.below(0.1);
      for (const high of [conditioned, on]) expect(high).to.be.above(0.9);
    }
  });

  it('has the expectations that a transition matrix gives', () => {
    for (const [reason, group, responses] of golden.fear)
      expectedResponses({ ...rat, reason }, groups[group], 5).forEach(({ response }, i) => {
        expect(response).to.be.closeTo(responses[i], 1e-8);
      });
  });

  it('by simulation agrees with the expectations, within four standard errors', () => {
    const few = { ...rat, synapses: 12, learning: 0.1, depression: 0.15, potentiation: 0.1 };
    for (const reason of reasons) {
      const animal = { ...few, reason };
      const treatments = ['paired', 'LTD', 'paired', 'LTP', 'unpaired', 'LTD'] as const;
      const noise = rng(5).stream(reason);
      const each = Array.from({ length: 1000 }, (_, i) => simulateAnimal(animal, treatments, 3, noise.stream(`${i}`)));
      expectedResponses(animal, treatments, 3).forEach(({ response, spread }, i) => {
        expect(mean(each.map((of) => of[i])), `${reason}, test ${i}`).to.be.closeTo(
          response,
          (4 * spread) / Math.sqrt(each.length),
        );
      });
    }
  });

  it('tells the two reasons apart in the synapses, not in the behaviour', () => {
    const last = (reason: Reason) => expectedResponses({ ...rat, reason }, groups['LTP alone'], 5)[3];
    expect(last('restored').strong).to.equal(rat.innate);
    expect(last('second site').strong).to.be.above(0.8);
    expect(Math.abs(last('restored').response - last('second site').response)).to.be.below(0.1);
  });

  it('does nothing without bouts, and everything when chances are 1', () => {
    const responses = expectedResponses(rat, groups.paired, 0).map(({ response }) => response);
    for (const response of responses) expect(response).to.be.closeTo(responses[0], 1e-12);
    const sure = { ...rat, learning: 1, depression: 1, potentiation: 1 };
    expect(expectedResponses(sure, groups.paired, 1).map(({ strong }) => strong)).to.deep.equal([0.1, 1, 0, 1]);
    expect(expectedResponses(sure, groups.paired, 1)[1].spread).to.equal(0);
  });
});

describe('ltp figures', () => {
  it('keep their landmarks at defaults and elsewhere', async () => {
    for (const evaluation of [
      await epspFigure.evaluate(),
      await epspFigure.evaluate({ frequency: 20, tauM: 5 }),
      await associativity.evaluate({ depolarisation: 15, threshold: 20 }),
      await phases.evaluate({ blockFrom: 12, tauE: 3 }),
      await inactivation.evaluate({ reason: 'second site', seed: 2 }),
    ])
      expect(evaluation.landmarks.filter((l) => !l.pass)).to.deep.equal([]);
  });
});

describe('self-check of the lesson on long-term potentiation', () => {
  const { mistakes, otherwise } = exercise2.definition;

  it('takes the answer found by simulation of many short pieces, not only its own formula', () => {
    const answer = exercise2(({ tauS, threshold, rate, ceiling }, pulses, u) => {
      let w = 1;
      for (let n = 0; n < pulses; n++)
        w += (ceiling - w) * -Math.expm1(-rate * Math.E * tauS * Math.max(0, u - threshold));
      return w;
    });
    expect(answer.right).to.equal(true);
  });

  it('tells each mistake', () => {
    for (const { attempt, hint } of mistakes) expect(exercise2(attempt)).to.include({ right: false, message: hint });
    expect(exercise2(() => 7).message).to.equal(otherwise);
  });
});
