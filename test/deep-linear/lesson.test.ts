import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  halfTime,
  type ModeCurves,
  modeStrength,
  remainingError,
  simulateModes,
  simulatePath,
} from 'lecture-lab/deep-linear/dynamics';
import { modes } from 'lecture-lab/deep-linear/dynamics.figures';

interface Cell {
  readonly id: string;
  readonly source: readonly string[];
}

const file = join(__dirname, '../../notebooks/5-deep-learning-theory/05-deep-linear-dynamics.ipynb');
const cells = (JSON.parse(readFileSync(file, 'utf8')) as { readonly cells: readonly Cell[] }).cells;
const text = (id: string): string => cells.find((cell) => cell.id === id)!.source.join('');

/** The lesson quotes numbers that its cells compute. Here they are computed again, and looked up in its words. */
function quotes(id: string, number: number, digits: number): void {
  expect(text(id), id).to.include(number.toFixed(digits));
}

describe('the lesson on deep linear dynamics quotes right numbers', () => {
  const half = ({ time, strengths }: ModeCurves, mode: number, s: number): number =>
    time[strengths[mode].findIndex((a) => a > s / 2)];
  const common = { singularValues: [3, 2, 1], a0: 0.001, tau: 1, rate: 0.001, duration: 12, samples: 2000 };

  it('where the theory ends', async () => {
    const [aligned, random, correlated] = await Promise.all(
      [{}, { start: 'random' as const }, { correlation: 0.6 }].map((how) => simulateModes({ ...common, ...how })),
    );
    quotes('ends-see', half(aligned, 2, 1), 2);
    quotes('ends-see', half(random, 2, 1), 2);
    quotes('ends-see', half(correlated, 2, 1), 2);
    expect(half(random, 2, 1)).to.be.above(half(aligned, 2, 1));
    expect(half(correlated, 2, 1)).to.be.below(half(aligned, 2, 1));
    for (const [mode, s] of [3, 2].entries()) expect(half(correlated, mode, s)).to.be.above(half(aligned, mode, s));
    const miss = (await modes.evaluate({ a0: 0.001 })).landmarks.find((l) => l.name.startsWith('largest |simulation'))!;
    quotes('ends-see', miss.measured, 4);
    for (const seed of [1, 2, 3]) {
      const run = await simulateModes({ ...common, start: 'random', seed });
      expect(half(run, 0, 3)).to.be.below(half(run, 1, 2));
      expect(half(run, 1, 2)).to.be.below(half(run, 2, 1));
    }
  });

  it('the erratum', () => {
    const printed = (t: number): number => (Math.exp(6 * t) - 1 + 300) / Math.exp(6 * t);
    expect(printed(0)).to.equal(300);
    quotes('erratum-see', printed(0), 0);
    quotes('erratum-see', printed(1), 3);
    quotes('erratum-see', modeStrength({ s: 3, a0: 0.01, tau: 1 }, 1), 3);
    quotes('erratum-see', Math.log(3 / 0.01), 1);
  });

  it('the saddle', () => {
    const { w21, w32 } = simulatePath({ s: 1, tau: 1, rate: 0.001, duration: 15 }, [-0.98, 1], 15000);
    const near = w21.slice(1).filter((w, i) => Math.hypot(w, w32[i + 1]) < 0.5).length * 0.001;
    expect(near).to.be.above(2);
    expect(w21[15000] * w32[15000]).to.be.closeTo(1, 1e-6);
  });

  it('the exercises', async () => {
    expect(halfTime({ s: 1, a0: 4.54e-5, tau: 1 })).to.be.closeTo(5, 1e-4);
    expect(text('exercises')).to.include('4.54\\cdot 10^{-5}');
    // one hidden neuron learns the strongest mode; the others stay
    const { strengths, error } = await simulateModes({ ...common, start: 'random', hidden: 1, duration: 30 });
    expect(strengths[0][2000]).to.be.closeTo(3, 1e-4);
    expect(error[2000]).to.be.closeTo(remainingError([2, 1], [0, 0]), 1e-4);
  });
});
