import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { compareConstructions } from 'lecture-lab/learning-rate/constructions';
import { embedding } from 'lecture-lab/learning-rate/embedding.figures';
import { enlargeSigmoid, sigmoidLesson } from 'lecture-lab/learning-rate/enlarged-sigmoid';
import { localShape } from 'lecture-lab/learning-rate/lesson';
import {
  nStarGrowing,
  nStarLinear,
  nStarPrinted,
  nStarSigmoid,
  nStarSigmoidCode,
  nStarUnmixed,
  steadyGradient,
  steadyState,
} from 'lecture-lab/learning-rate/network-size';
import { sigmoidStudent, sigmoidSynapses } from 'lecture-lab/learning-rate/sigmoid-student';
import { sigmoid, steadyError } from 'lecture-lab/learning-rate/steady-error.figures';
import { rng } from 'lecture-lab/math/rng';

const file = join(__dirname, '..', '..', 'notebooks', '3-fundamental-bounds', '02-network-size.ipynb');
const lesson: string = JSON.parse(readFileSync(file, 'utf8'))
  .cells.map(({ source }: { readonly source: string[] }) => source.join(''))
  .join('\n');
const of = (gamma1: number, gamma2: number, gamma3: number, interval = 1) => ({ gamma1, gamma2, gamma3, interval });
/** A number as a whole, and that the lesson names it. */
const named = (value: number): number => {
  const whole = Math.round(value);
  expect(lesson).to.match(new RegExp(`\\b${whole}\\b`));
  return whole;
};

/* Numbers in the words of the lesson on network size. */
describe('what the lesson on network size says', function () {
  this.timeout(60_000);

  it('of embeddings: the trace times 3, F doubles, the curvature along the gradient stays', () => {
    const { draws, examples, ...p } = embedding.values();
    const rows = compareConstructions({ ...p, draws, examples });
    const ratio = (construction: string, quantity: string): number => {
      const { original, embedded } = rows.find((r) => r.construction === construction && r.quantity === quantity)!;
      return embedded / original;
    };
    expect(named(ratio('b, W′ = DWBᵀ', 'Tr H'))).to.equal(3);
    expect(ratio('b, random W′', 'F')).to.be.closeTo(2, 0.25);
    expect(ratio('b, W′ = DWBᵀ', 'ĝᵀHĝ')).to.be.closeTo(1, 1e-12);
  });

  it('of three guesses', () => {
    const lecture = of(0.1, 1, 0.05);
    expect([nStarLinear(lecture), nStarUnmixed(lecture), nStarGrowing(lecture, 20)].map(named)).to.deep.equal([
      404, 400, 333,
    ]);
    const equal = of(0.5, 0.5, 0.05);
    expect([nStarLinear(equal), nStarUnmixed(equal), nStarGrowing(equal, 20)].map(named)).to.deep.equal([200, 100, 17]);
    expect(nStarLinear(equal) / nStarGrowing(equal, 20)).to.be.closeTo(12, 1e-9);
    expect(nStarPrinted(equal)).to.equal(0);
    expect(named(nStarLinear(of(0.1, 1, 0.15)))).to.equal(45);
  });

  it('of the error of uncorrelated inputs: |∇F|²/2P times 1 + 1/n', () => {
    const [P, n] = [400, 40];
    const { error, gradient } = steadyState(of(0.01, 1, 0.05), {
      spectrum: new Float64Array(5).fill(P),
      outputs: 4,
      inputsTimes: 2,
      outputsTimes: 2,
    });
    expect(error / ((gradient ** 2 / (2 * P)) * (1 + 1 / n))).to.be.closeTo(1, 1e-4);
  });

  it('of a network without irrelevant plasticity: the error rises from the first synapse on', async () => {
    const { rows } = await steadyError.evaluate({
      gamma1: 0.5,
      gamma2: 0,
      gamma3: [0.05],
      expansions: [1, 2, 3, 4, 5, 6],
    });
    const errors = rows.filter(({ kind }) => kind === 'simulation').map((row) => Number(row['error']));
    for (let i = 1; i < errors.length; i++) expect(errors[i]).to.be.above(errors[i - 1]);
    expect(rows.filter(({ kind }) => kind === 'N*').map(({ size }) => named(Number(size)))).to.deep.equal([100]);
  });

  it('of zero synapses: F stays to the last digit, gradient and trace do not', () => {
    const [sizes, wide] = [
      [10, 5, 5, 6],
      [10, 10, 10, 6],
    ];
    const { x, target, start } = sigmoidLesson(sizes, 100, rng(1));
    const before = localShape(sigmoidStudent({ sizes, x, target }), start);
    const after = localShape(sigmoidStudent({ sizes: wide, x, target }), enlargeSigmoid(start, sizes, wide));
    expect(after.error).to.be.closeTo(before.error, 1e-12 * before.error);
    expect(after.gradientNorm / before.gradientNorm).to.be.above(1.1);
    expect(after.trace / before.trace).to.be.above(1.1);
    expect(named(sigmoidSynapses(sizes))).to.equal(121);
  });

  it('of sigmoid networks: both formulas within a synapse; one curve falls, one rises, one does both', async () => {
    for (const [gamma3, expected] of [
      [0.05, 400],
      [0.15, 45],
    ]) {
      const p = of(0.06, 1, gamma3);
      expect(named(nStarSigmoid(p, 121))).to.equal(expected);
      expect(Math.abs(nStarSigmoid(p, 121) - nStarSigmoidCode(p, 121))).to.be.below(1);
    }
    const { rows } = await sigmoid.evaluate();
    const errors = (gamma3: number): number[] =>
      rows.filter((row) => row['kind'] === 'simulation' && row['gamma3'] === gamma3).map((row) => Number(row['error']));
    const [quiet, middle, loud] = [0, 0.05, 0.15].map(errors);
    for (let i = 1; i < quiet.length; i++) expect(quiet[i]).to.be.below(quiet[i - 1]);
    expect(loud.at(-1)).to.be.above(1.5 * loud[0]);
    expect(Math.min(...middle)).to.equal(middle[1]);
    expect(middle.at(-1)! / middle[1]).to.be.above(1.2);
    const sizes = rows.filter(({ kind }) => kind === 'simulation').map(({ size }) => Number(size));
    expect(named(sizes[1])).to.equal(286);
  });

  it('of the printed sigmoid formula: it would not depend on γ2', () => {
    for (const gamma2 of [0.1, 1]) {
      const [gamma1, gamma3, T, N] = [0.06, 0.05, 1, 121];
      const printed = (gamma1 * Math.sqrt(T * N)) / gamma3;
      const right = ((T * gamma2 ** 2) / gamma3 ** 2) * ((gamma1 ** 2 * N) / (gamma2 ** 2 * printed));
      expect(right).to.be.closeTo(printed, 1e-9);
    }
  });

  it('of predictions and exercises: half of a synapse’s change is its own; twice the interval, twice the size', () => {
    const p = of(0.1, 1, 0.05);
    const change = (p.gamma1 ** 2 + p.gamma2 ** 2) / nStarUnmixed(p) + p.gamma3 ** 2;
    expect(change).to.be.closeTo(p.gamma3 ** 2 * (2 + (p.gamma1 / p.gamma2) ** 2), 1e-12);
    expect(p.gamma3 ** 2 / change).to.be.closeTo(0.5, 0.005);
    const error = (gamma3: number, size: number): number =>
      steadyGradient(of(0.1, 1, gamma3), size, 1600 * Math.sqrt(size / 20), 400 / 5) ** 2;
    const shares = [error(0.05, 100), error(0.05, 400)].map((x) => (x / error(0.1, 100)).toFixed(2));
    expect(shares).to.deep.equal(['0.40', '0.26']);
    for (const share of shares) expect(lesson).to.include(share);
    expect(nStarUnmixed(of(0.1, 1, 0.05, 2))).to.be.closeTo(named(800), 1e-9);
  });
});
