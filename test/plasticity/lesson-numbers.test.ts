import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { growthRateTwo, rearedThreshold, selectiveState } from 'lecture-lab/plasticity/bcm';
import { excite, naiveCell, spikeProbability } from 'lecture-lab/plasticity/coupling';
import { expectedResponses, groups, rat } from 'lecture-lab/plasticity/fear';
import { density, moments, restingExcitability } from 'lecture-lab/plasticity/intrinsic';
import { coactivation, peakEpsp, schaffer, strengthAfter, strengthHeld } from 'lecture-lab/plasticity/ltp';
import { type Block, type Cascade, never, phasesAt, strengthOf, typicalCascade } from 'lecture-lab/plasticity/phases';
import { inputEigenvalues } from 'lecture-lab/plasticity/runaway';
import { areas, biPoo, onePairing, type Pairing, protocolChange } from 'lecture-lab/plasticity/stdp';
import { expectedOverlap } from 'lecture-lab/plasticity/turnover';

/** The words of a lesson. */
function words(name: string): string {
  const file = join(__dirname, '..', '..', 'notebooks', '1-plasticity-as-optimization', name);
  const { cells } = JSON.parse(readFileSync(file, 'utf8')) as { cells: { cell_type: string; source: string[] }[] };
  return cells.flatMap((cell) => (cell.cell_type === 'markdown' ? cell.source.join('') : [])).join('\n\n');
}

/** Wants a phrase in the lesson, and the number that stands in it at `#` to be `value`, rounded as it is written. */
const sayer =
  (text: string) =>
  (phrase: string, value: number): void => {
    const pattern = phrase.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace('#', '(−?[0-9]+(?:\\.[0-9]+)?)');
    const number = new RegExp(pattern).exec(text)?.[1];
    if (number === undefined) throw new Error(`the lesson does not say: ${phrase}`);
    expect(value.toFixed(number.split('.')[1]?.length ?? 0), phrase).to.equal(number.replace('−', '-'));
  };

/** The first whole number from 1 on at which something holds. */
function first(holds: (n: number) => boolean): number {
  for (let n = 1; n < 10_000; n++) if (holds(n)) return n;
  throw new Error('never');
}

describe('01-long-term-potentiation: the numbers in its words', () => {
  const says = sayer(words('01-long-term-potentiation.ipynb'));
  const after = strengthAfter(schaffer, { pulses: 100, frequency: 100 });

  it('about responses and trains', () => {
    says('Less: # times', peakEpsp(schaffer, 2) / peakEpsp(schaffer, 1));
    says('and is # times as high', peakEpsp(schaffer, after) / peakEpsp(schaffer, 1));
    says('The strength itself is #;', after);
    says('EPSPs of # mV must pile up', peakEpsp(schaffer, 1));
    const slow = { ...schaffer, tauM: 30 };
    says('50 Hz begins to potentiate (#)', strengthAfter(slow, { pulses: 100, frequency: 50 }));
    says('60 Hz gives #.', strengthAfter(slow, { pulses: 100, frequency: 60 }));
    const slower = { ...schaffer, tauM: 50 };
    const lowest = first((frequency) => strengthAfter(slower, { pulses: 100, frequency }) > 1 + 1e-12);
    says('*A right answer* is # Hz', lowest);
    says('20 pulses at 30 mV give #', strengthHeld(schaffer, 20, 30));
  });

  it('about phases', () => {
    const gain = (cascade: Cascade, block: Block, t: number): number => strengthOf(phasesAt(cascade, block, t)) - 1;
    const kept = (cascade: Cascade, block: Block): number =>
      100 * (gain(cascade, block, 24) / gain(cascade, never, 24));
    says('after a day # % of the gain is left', kept(typicalCascade, { from: 0, to: 6 }));
    says('dotted, # % is left', kept(typicalCascade, { from: 2, to: 8 }));
    const dip = first((tenths) => {
      const now = gain(typicalCascade, never, tenths / 10);
      return gain(typicalCascade, never, (tenths + 1) / 10) > now;
    });
    says('The dip at # h', dip / 10);
    const lasting = { ...typicalCascade, tauE: 3 };
    says('It doubles: # after a day', gain(lasting, never, 24));
    says('after a day instead of #,', gain(typicalCascade, never, 24));
    says('A block after 12 h costs # % of it', 100 - kept(lasting, { from: 12, to: 18 }));
  });

  it('about the memory', () => {
    const course = expectedResponses(rat, groups.paired, 5).map(({ response }) => response);
    says('down and up with the synapses: #,', course[0]!);
    says('with the synapses: 0.03, #,', course[1]!);
    says('with the synapses: 0.03, 0.99, #,', course[2]!);
    says('with the synapses: 0.03, 0.99, 0.03, #.', course[3]!);
    const alone = (reason: 'restored' | 'second site') =>
      expectedResponses({ ...rat, reason }, groups['LTP alone'], 5).at(-1)!;
    says('leaves the response at # or', alone('restored').response);
    says('leaves the response at 0.03 or #.', alone('second site').response);
    says('The synapses differ, # % or', 100 * alone('restored').strong);
    says('The synapses differ, 10 % or # % strong', 100 * alone('second site').strong);
  });

  it('about the product', () => {
    let [low, high] = [1e-6, 1e-3];
    for (let i = 0; i < 60; i++) {
      const middle = Math.sqrt(low * high);
      if (strengthAfter(coactivation(schaffer, middle), { pulses: 100, frequency: 100 }) < after) low = middle;
      else high = middle;
    }
    const product = coactivation(schaffer, low);
    says('The product drifts by # %', 100 * (strengthAfter(product, { pulses: 60, frequency: 0.05 }) - 1));
    says('300 pulses take the product to #,', strengthAfter(product, { pulses: 300, frequency: 100 }));
    says('a stronger synapse: # against', peakEpsp(schaffer, after) / peakEpsp(schaffer, 1));
  });
});

describe('02-spike-timing: the numbers in its words', () => {
  const says = sayer(words('02-spike-timing.ipynb'));
  const all = areas(biPoo);
  const cut = areas({ ...biPoo, cutOff: 50 });

  it('about areas', () => {
    says('*What to see*: # ms against', all.potentiation);
    says('13.05 ms against # ms', all.depression);
    says('than potentiation does: # against', cut.potentiation);
    says('12.39 against # ms', cut.depression);
    says('agree: at # ms', all.potentiation / biPoo.aMinus);
    says('loses # % of the potentiation', 100 * (1 - cut.potentiation / all.potentiation));
    says('and # % of the depression', 100 * (1 - cut.depression / all.depression));
    says('rises from # to', all.potentiation - all.depression);
    says('rises from 3.85 to # ms', cut.potentiation - cut.depression);
  });

  it('about pairs and triplets', () => {
    const single = onePairing(biPoo);
    const change = (o: Partial<Pairing>): number =>
      protocolChange(single, { motif: 'pair', dt: 10, gap: 10, repeats: 60, frequency: 1, ...o });
    says('at the same height, #:', change({ motif: 'pre–post–pre' }));
    says('at the same height, #:', change({ motif: 'post–pre–post' }));
    says('within 0.02 of each other (# and', change({ frequency: 50 }));
    says('of each other (0.175 and #)', change({ frequency: 50, dt: -10 }));
    says(
      '*A right answer* is # ms',
      biPoo.tauPlus * Math.log(biPoo.aPlus / (biPoo.aMinus * Math.exp(-10 / biPoo.tauMinus))),
    );
  });
});

describe('04-sliding-threshold: the numbers in its words', () => {
  const says = sayer(words('04-sliding-threshold.ipynb'));

  it('about growth, limits and crossings', () => {
    says('$\\eta\\lambda_1 = #$', 0.02 * inputEigenvalues(0.2)[0]);
    // whole steps of one presentation, as in the cell
    let [y, theta, low, high] = [1.2, 1, Number.POSITIVE_INFINITY, 0];
    for (let t = 0; t < 20_000; t++) {
      const change = 0.011 * y * (y - theta);
      theta += (y * y - theta) / 100;
      y += change;
      if (t > 15_000) [low, high] = [Math.min(low, y), Math.max(high, y)];
    }
    says('widen it to # and', low);
    says('widen it to 0.39 and #.', high);
    // between a number that is stable and one that is not
    let [stable, unstable] = [1, 1.5];
    for (let i = 0; i < 40; i++) {
      const middle = (stable + unstable) / 2;
      const neuron = { eta: middle / 100, tauTheta: 100, overlap: 0.2, p: 0.5 };
      if (growthRateTwo(neuron, selectiveState(neuron, 1)) < 0) stable = middle;
      else unstable = middle;
    }
    says('$\\eta\\tau_\\theta = #$', stable);
    says('further to the left, at # instead', rearedThreshold({ meanRate: 2, y0: 1 }));
    says('at 8 instead of # Hz', rearedThreshold({ meanRate: 3, y0: 1 }));
    says('\\cdot 100) = #$.', 1 / (1.5 ** 2 * 100));
  });
});

describe('11-beyond-the-synapse: the numbers in its words', () => {
  const says = sayer(words('11-beyond-the-synapse.ipynb'));

  it('about coupling', () => {
    const percent = (p: number): number => 100 * p;
    const changed = excite(naiveCell, 1.5);
    says('makes a spike in # % of the trials', percent(spikeProbability(naiveCell, 8)));
    says('Both now fire in # to', percent(spikeProbability(naiveCell, 1.2 * 8)));
    says('fire in 86 to # %', percent(spikeProbability(changed, 8)));
    says('raises it from # to', percent(spikeProbability(naiveCell, 6)));
    says('raises it from 7 to # %', percent(spikeProbability(changed, 6)));
    says(
      'without any EPSP come # times as often',
      spikeProbability(excite(naiveCell, 3), 0) / spikeProbability(naiveCell, 0),
    );
  });

  it('about excitability', () => {
    const rest = restingExcitability(0.1);
    says('the mean is # and', moments(rest).mean);
    says('and the spread #,', moments(rest).sd);
    says('at 0.8 it is # times as high', density(rest, 0.8) / (Math.exp(-8) / 0.1));
    says('the mean stays behind, at #.', moments(restingExcitability(0.4)).mean);
    expect(density(rest, 0.001) / (Math.exp(-0.01) / 0.1)).to.be.closeTo(0.1, 0.01);
  });

  it('about what survives', () => {
    const model = { turnover: 0.05, fidelity: 0.9, rebuilt: 0.5, event: 60 };
    const left = (copies: number): number => {
      const course = expectedOverlap({ ...model, copies }, 'majority', 150);
      return course.at(-1)!.overlap / course[60]!.overlap;
    };
    // an eighth, almost nothing
    expect(1 - left(11)).to.be.closeTo(1 / 8, 0.01);
    expect(1 - left(25)).to.be.below(0.03);
    says('$1/(k(1-c))$, # days', 1 / (0.05 * 0.1));
  });
});
