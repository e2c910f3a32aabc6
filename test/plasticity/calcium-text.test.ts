import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { averagedChange, drift, synapses, timeAbove, transitions } from 'lecture-lab/plasticity/calcium';
import { golden } from './golden';

const file = join(__dirname, '..', '..', 'notebooks', '1-plasticity-as-optimization', '03-calcium-model.ipynb');
const notebook = JSON.parse(readFileSync(file, 'utf8')) as { cells: { cell_type: string; source: string[] }[] };
const text = notebook.cells
  .filter((cell) => cell.cell_type === 'markdown')
  .map((cell) => cell.source.join(''))
  .join('\n\n');

/** Wants a phrase in the notebook, and the number that stands in it at `#` to be `value`, rounded as it is written. */
function says(phrase: string, value: number): void {
  const pattern = phrase.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace('#', '([0-9]+(?:\\.[0-9]+)?)');
  const number = new RegExp(pattern).exec(text)?.[1];
  if (number === undefined) throw new Error(`the notebook does not say: ${phrase}`);
  expect(value.toFixed(number.split('.')[1]?.length ?? 0), phrase).to.equal(number);
}

const { DP, cortical } = synapses;
const fast = (dt: number, frequency: number): number => averagedChange(cortical, { dt, pairs: 75, frequency });
/** The first number in steps of 0.1 from 1 on at which something holds. */
const first = (holds: (x: number) => boolean): number => {
  for (let tenths = 10; tenths < 1000; tenths++) if (holds(tenths / 10)) return tenths / 10;
  throw new Error('never');
};

describe('03-calcium-model: the numbers in its words', () => {
  const late = timeAbove(DP, { dt: 10, frequency: 1 });
  const early = timeAbove(DP, { dt: -20, frequency: 1 });

  it('about times above the thresholds', () => {
    says('# and 18.0 ms below', 1000 * late.alphaD);
    says('23.3 and # ms below', 1000 * late.alphaP);
    says('# and 9.7 ms above', 1000 * early.alphaD);
    says('20.2 and # ms above', 1000 * early.alphaP);
    says('passes $\\theta_p$ for # ms only', 20 * Math.log((1 + 2 * Math.exp(-33.7 / 20)) / 1.3));
  });

  it('about where ρ goes', () => {
    says('at −20 ms ρ tends to #', drift(DP, early).rhoBar);
    says('At 10 ms it tends to #', drift(DP, late).rhoBar);
    says('to the middle, #', drift(DP, timeAbove({ ...DP, cPre: 0 }, { dt: 0, frequency: 1 })).rhoBar);
  });

  it('about single synapses', () => {
    const theory = transitions(DP, late, 60_000);
    says('it says # and', theory.up);
    says('0.644 and #', theory.down);
    const [up, down] = golden.full.find(([name, dt]) => name === 'DP' && dt === 10)!.slice(4) as number[];
    says('The full model gives # and', up);
    says('gives 0.638 and #', down);
  });

  it('about frequency', () => {
    const dip = first((f) => fast(-10, f + 0.1) > fast(-10, f) && fast(-10, f) < 0.6);
    says('dips at # Hz', dip);
    const rise = first((f) => f > dip && fast(-10, f) > 1);
    says('through 1 just above # Hz', Math.floor(rise));
    const full = (dt: number, frequency: number) => timeAbove(cortical, { dt, frequency }).alphaP === 1;
    says('From # Hz on they are one', Math.ceil(first((f) => full(-10, f) && full(10, f))));
    for (let f = 1; f < 100; f++) expect(fast(10, f), `${f} Hz`).to.be.above(1);
    const lowest = (frequency: number) =>
      Math.min(...Array.from({ length: 100 }, (_, i) => averagedChange(DP, { dt: i / 2 - 50, pairs: 60, frequency })));
    says('lies just above # Hz', Math.floor(first((f) => lowest(f) > 1)));
  });

  it('about what the slides get wrong', () => {
    /** Strength after five minutes of feedback, in steps of h ms. */
    const minutes = (bounded: boolean, start: number, h: number): number => {
      let w = start;
      for (let step = 0; step < 300_000 / h; step++) {
        const above = timeAbove({ ...cortical, cPre: w * cortical.cPre }, { dt: 10, frequency: 10 });
        const [grow, shrink] = bounded ? [1 - w, w] : [1, 1];
        const pull = cortical.gammaP * above.alphaP * grow - cortical.gammaD * above.alphaD * shrink;
        w = Math.max(0, w + (h / cortical.tau) * pull);
      }
      return w;
    };
    expect(minutes(false, 0.8, 100)).to.equal(0);
    says('one at 0.9 reaches # in five', minutes(false, 0.9, 100));
    for (const start of [0.8, 0.9]) says('both end at #', minutes(true, start, 100));
    // the step is short enough: a tenth of it changes little
    expect(minutes(false, 0.9, 10)).to.be.closeTo(minutes(false, 0.9, 100), 1);
    says('DP still gives # at −80 ms', averagedChange(DP, { dt: -80, pairs: 60, frequency: 1 }));
    const alone = { ...cortical, cPost: 0 };
    expect(timeAbove(alone, { dt: 0, frequency: 50 }).alphaD).to.equal(0);
    says('depress to # at 60 Hz', averagedChange(alone, { dt: 0, pairs: 900, frequency: 60 }));
    says('$\\theta_p$ for # % of the time', 100 * timeAbove(alone, { dt: 0, frequency: 100 }).alphaP);
    for (const { cPre, thetaD, thetaP } of Object.values(synapses))
      expect(cPre > thetaD && cPre <= thetaP).to.equal(false);
  });

  it('about the mirrored synapse of exercise 3', () => {
    const mirrored = { ...DP, cPre: 2, cPost: 1, delay: 0 };
    for (const dt of [-40, 0, 5.5, 20])
      expect(averagedChange(mirrored, { dt: 13.7 - dt, pairs: 60, frequency: 1 })).to.be.closeTo(
        averagedChange(DP, { dt, pairs: 60, frequency: 1 }),
        1e-9,
      );
    says('gives # ms for DP', 1000 * timeAbove(DP, { dt: 10, frequency: 1 }).alphaD);
    const zero = first((dt) => averagedChange(mirrored, { dt, pairs: 60, frequency: 1 }) < 1);
    says('with its zero near # ms', zero);
  });
});
