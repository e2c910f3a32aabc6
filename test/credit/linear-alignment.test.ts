import { expect } from 'chai';
import { alignLinear, conserved, type LinearNetwork, linearStep } from 'lecture-lab/credit/linear-alignment';
import { matrix, matvec, norm, transpose } from 'lecture-lab/math/linear-algebra';
import { rng } from 'lecture-lab/math/rng';
import { createRun } from 'lecture-lab/math/run';

describe('feedback alignment in a linear network', () => {
  const r = rng(4);
  const draw = (rows: number, cols: number) => matrix(rows, cols, r.fillNormal(new Float64Array(rows * cols)));
  const net: LinearNetwork = { W1: draw(4, 5), W2: draw(3, 4) };
  const A = draw(4, 3);
  const x = [0.5, -1, 2, 0.3, -0.7];
  const target = [1, 0, -2];
  const loss = ({ W1, W2 }: LinearNetwork): number =>
    0.5 * norm(matvec(W2, matvec(W1, x)).map((y, i) => target[i] - y)) ** 2;

  it('with the transposed weights as feedback is gradient descent on ½|e|²', () => {
    const eta = 1e-3;
    const after = linearStep(net, transpose(net.W2), x, target, eta);
    for (const layer of ['W1', 'W2'] as const)
      net[layer].data.forEach((_, i) => {
        const nudged = (by: number): number => {
          const data = net[layer].data.slice();
          data[i] += by;
          return loss({ ...net, [layer]: matrix(net[layer].rows, net[layer].cols, data) });
        };
        const slope = (nudged(1e-5) - nudged(-1e-5)) / 2e-5;
        expect((after[layer].data[i] - net[layer].data[i]) / eta).to.be.closeTo(-slope, 1e-7);
      });
  });

  it('one step lowers tr(A W²) − ½|W¹|² by exactly ½η²|A e|²|x|²', () => {
    for (const eta of [0.001, 0.1]) {
      const e = matvec(net.W2, matvec(net.W1, x)).map((y, i) => target[i] - y);
      const lost = 0.5 * (eta * norm(matvec(A, e)) * norm(x)) ** 2;
      const after = conserved(linearStep(net, A, x, target, eta), A);
      expect(after).to.be.closeTo(conserved(net, A) - lost, 1e-12 * Math.abs(conserved(net, A)));
    }
  });

  const learn = (eta: number, steps: number, seed: number) =>
    alignLinear({ inputs: 30, hidden: 20, outputs: 10, eta, steps, seed }, createRun());

  it('starts at right angles, turns below 45 degrees and learns, for every seed', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const samples = await learn(0.002, 2000, seed);
      const first = samples[0];
      const last = samples.at(-1)!;
      // 200 independent entries: the cosine of two random matrices has the standard deviation 1/√200, 4.05 degrees
      expect(first.degrees).to.be.closeTo(90, 4 * 4.06);
      expect(last.degrees).to.be.below(45);
      expect(last.error).to.be.below(0.01);
      expect(last.step).to.equal(2000);
      expect(last.overlap).to.be.closeTo(last.implied, 1e-10 * last.implied);
    }
  });

  it('the angle that the conserved quantity implies is off in proportion to the step size', async () => {
    const gap = async (eta: number) => {
      const last = (await learn(eta, 4 / eta, 1)).at(-1)!;
      return last.degrees - last.theory;
    };
    const [coarse, fine] = [await gap(0.001), await gap(0.00025)];
    expect(coarse).to.be.above(0);
    // four times smaller steps: a quarter of the gap, but for terms of second order and for other random inputs
    expect(fine / coarse).to.be.closeTo(0.25, 0.08);
  });
});
