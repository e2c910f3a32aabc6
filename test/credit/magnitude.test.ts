import { expect } from 'chai';
import { type Deep, layerFactors, meanSquares, squaresOf } from 'lecture-lab/credit/magnitude';
import { rng } from 'lecture-lab/math/rng';
import { createRun } from 'lecture-lab/math/run';
import { mean, standardError } from 'lecture-lab/math/statistics';
import { golden } from './backprop.golden';

const net: Deep = { width: 60, depth: 12, gain: 1, linear: false, orthogonal: false };
const draw = (shape: Partial<Deep>, name: string): Promise<Float64Array> =>
  squaresOf({ ...net, ...shape }, rng(6).stream(name), createRun());
async function sample(shape: Partial<Deep>, trials: number): Promise<number[]> {
  const last = [];
  for (let t = 0; t < trials; t++) last.push((await draw(shape, `${t}`)).at(-1)!);
  return last;
}

describe('the size of the error in depth', function () {
  this.timeout(30_000);

  for (const { gain, factors, squares } of golden.meanfield)
    it(`σ_w = ${gain}: factors and sizes by adaptive quadrature in scipy`, () => {
      layerFactors(gain, factors.length).forEach((f, l) => {
        expect(f / factors[l]).to.be.closeTo(1, 1e-9);
      });
      meanSquares(gain, factors.length).forEach((s, l) => {
        expect(s / squares[l]).to.be.closeTo(1, 1e-8);
      });
    });

  for (const { gain, depth, mean: measured, se } of golden.sampled)
    it(`σ_w = ${gain}: theory against networks simulated with numpy`, () => {
      const theory = meanSquares(gain, depth);
      // networks of finite width, 100, miss the limit by the order of depth/width in the last layers: 5 standard errors
      // of 400 networks are more than that
      for (let l = 1; l < depth; l++) expect(Math.abs(measured[l] - theory[l])).to.be.below(5 * se[l]);
    });

  for (const gain of [0.7, 1, 2.5])
    it(`σ_w = ${gain}: theory against our simulation`, async () => {
      const last = await sample({ gain }, 100);
      expect(Math.abs(mean(last) - meanSquares(gain, net.depth).at(-1)!)).to.be.below(5 * standardError(last));
    });

  it('the theory is not met by networks of another gain', async () => {
    const last = await sample({ gain: 1.3 }, 100);
    expect(Math.abs(mean(last) - meanSquares(1, net.depth).at(-1)!)).to.be.above(5 * standardError(last));
  });

  it('is kept exactly by orthogonal sums, and on average by normal ones', async () => {
    const exact = await draw({ linear: true, orthogonal: true }, 'a');
    for (const square of exact) expect(square).to.be.closeTo(1, 12 * 60 * 2 ** -52);
    const last = await sample({ linear: true }, 200);
    expect(Math.abs(mean(last) - 1)).to.be.below(5 * standardError(last));
    // each layer multiplies by a chi-squared number over its mean
    const spread = Math.sqrt((1 + 2 / net.width) ** (net.depth - 1) - 1);
    expect(standardError(last) * Math.sqrt(200)).to.be.within(0.7 * spread, 1.4 * spread);
  });

  it('an orthogonal linear network with σ_w ≠ 1 multiplies by σ_w² a layer', async () => {
    const squares = await draw({ linear: true, orthogonal: true, gain: 2 }, 'b');
    squares.forEach((square, below) => {
      expect(square / 4 ** below).to.be.closeTo(1, 1e-12);
    });
  });

  it('limits: tiny weights multiply by σ_w², and tanh never lets a layer with σ_w ≤ 1 grow', () => {
    expect(layerFactors(1e-4, 5)[4] / 1e-8).to.be.closeTo(1, 1e-7);
    for (const gain of [0.5, 0.9, 1]) for (const f of layerFactors(gain, 40)) expect(f).to.be.below(1);
    // at σ_w = 1 inputs shrink as 1/l, so the factor creeps up to 1
    expect(layerFactors(1, 2000).at(-1)!).to.be.within(0.998, 1);
    expect([...meanSquares(2, 1)]).to.deep.equal([1]);
  });

  it('is the same for the same stream, and stops when told', async () => {
    expect(await draw({}, 'c')).to.deep.equal(await draw({}, 'c'));
    expect(await draw({}, 'c')).to.not.deep.equal(await draw({}, 'd'));
    const control = new AbortController();
    const reason = new Error('interrupted');
    control.abort(reason);
    const failure = await squaresOf(net, rng(1), createRun(control.signal)).catch((e) => e);
    expect(failure).to.equal(reason);
  });
});
