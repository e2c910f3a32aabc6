import { expect } from 'chai';
import { angle } from 'lecture-lab/credit/angle';
import {
  answer,
  learnFrom,
  makeNetwork,
  type Network,
  present,
  pspShares,
  rateSignals,
  runPhase,
  SCALE_HIDDEN,
  SCALE_OUTPUT,
  type Settings,
  show,
  slope,
  steadyState,
} from 'lecture-lab/credit/two-phase';
import { basalCheck, expectedBasal } from 'lecture-lab/credit/two-phase.compare';
import { conductances, HIGHEST, KAPPA_SUM, kappa, rest } from 'lecture-lab/credit/two-phase.layer';
import { learnDigits } from 'lecture-lab/credit/two-phase.tasks';
import { ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import { createRun } from 'lecture-lab/math/run';
import { logistic } from 'lecture-lab/math/special';
import { mean, standardError } from 'lecture-lab/math/statistics';
import { parallel } from 'lecture-lab/parallel/parallel';
import { wasmRuns, withoutWasm } from 'lecture-lab/wasm/instantiate';
import { formula, golden } from './dendrites.golden';

const settings: Settings = {
  hidden: [20],
  phase: 50,
  settle: 30,
  etaHidden: 0.5,
  etaOutput: 0.1,
  apical: 0,
  feedback: 3,
  teacher: 'plateaus',
};
const INPUTS = 60;
/** Pictures of two kinds: ink in the first or in the second half. */
function image(kind: number, seed: number): Uint8Array {
  const random = rng(seed).stream('image');
  return Uint8Array.from({ length: INPUTS }, (_, j) =>
    Math.floor((2 * j) / INPUTS) === kind && random.bernoulli(0.7) ? random.integer(100, 255) : 0,
  );
}
function network(changes: Partial<Settings> = {}, seed = 1): Network {
  const made = makeNetwork({ ...settings, ...changes }, INPUTS, rng(seed), 0.2);
  made.engine.setNoise(rng(seed).stream('noise'));
  return made;
}

describe('two phases: potentials', () => {
  it('have a kernel of area 1, up to steps of 1 ms', () => {
    let sum = 0;
    for (let t = 0; t < 400; t++) sum += kappa(t);
    expect(KAPPA_SUM).to.be.closeTo(sum, 1e-12);
    expect(KAPPA_SUM).to.be.closeTo(1, 0.005);
    expect(kappa(0)).to.equal(0);
  });

  it('share a spike’s kernel between the window and what lies beside it', () => {
    const shares = pspShares(30, 50);
    expect(shares[49]).to.equal(0);
    for (const t of [0, 10, 29, 35, 45]) {
      let sum = 0;
      for (let s = 30; s < 50; s++) if (s >= t) sum += kappa(s - t);
      expect(shares[t]).to.be.closeTo(sum / 20, 1e-7);
    }
  });

  it('divide conductances as the paper’s constants', () => {
    expect(conductances(0, 0).basal).to.be.closeTo(0.857, 5e-4);
    expect(conductances(0.05, 0).basal).to.be.closeTo(0.8, 1e-12);
    expect(SCALE_HIDDEN).to.be.closeTo(100, 1e-9);
    expect(SCALE_OUTPUT).to.be.closeTo(500, 1e-9);
  });

  it('are on average what linearity says, unit by unit', () => {
    const net = network();
    const picture = image(0, 3);
    const expected = expectedBasal(net, picture, settings.phase);
    // a steady input’s potential rises with the sum of κ, and the soma relaxes towards its share of that: both linear
    const g = conductances(0, 0);
    let [potential, soma, basalSum, somaSum] = [0, 0, 0, 0];
    for (let t = 0; t < settings.phase; t++) {
      potential += kappa(t);
      soma = g.basal * potential + g.kept * (soma - g.basal * potential);
      if (t < settings.settle) continue;
      basalSum += potential;
      somaSum += soma;
    }
    const runs = Array.from({ length: 400 }, () => {
      for (const layer of net.layers) rest(layer);
      show(net, picture);
      runPhase(net, undefined, settings.phase, net.forward);
      return { basal: net.forward.basal[0].slice(), soma: net.forward.soma[0].slice() };
    });
    for (let i = 0; i < 20; i++) {
      const basal = runs.map((r) => r.basal[i]);
      expect(mean(basal)).to.be.closeTo(expected[i], 4.5 * standardError(basal));
      const somata = runs.map((r) => r.soma[i]);
      expect(mean(somata)).to.be.closeTo((expected[i] * somaSum) / basalSum, 4.5 * standardError(somata));
    }
  });

  it('come near the rate limit with long phases, closer the longer they settle', () => {
    const net = network();
    const picture = image(1, 4);
    const steady = steadyState(net, picture);
    const short = expectedBasal(net, picture, 50);
    const size = Math.hypot(...steady.basal[0]);
    const far = (v: Float64Array): number => Math.hypot(...v.map((x, i) => x - steady.basal[0][i])) / size;
    // what is missing of κ, averaged over the window
    expect(far(short)).to.be.within(0.01, 0.05);
    expect(far(expectedBasal(network({ phase: 400, settle: 300 }), picture, 400))).to.be.below(1e-6);
  });

  it('pass the check of the figure', () => {
    const { mean: ratio, se } = basalCheck(settings, image(0, 9), rng(5));
    expect(ratio).to.be.closeTo(1, 4.5 * se);
    expect(se).to.be.below(0.1);
  });
});

describe('two phases: rate limit', () => {
  it('solves its own equations, with and without apical conductance', () => {
    for (const apical of [0, 0.05]) {
      const net = network({ apical, hidden: [20, 12] });
      for (const label of [undefined, 3]) {
        const s = steadyState(net, image(0, 2), label);
        const g = conductances(apical, 0);
        for (const l of [0, 1])
          for (let i = 0; i < net.layers[l].units; i++) {
            let v = 0;
            for (let c = 0; c < 10; c++)
              v += net.layers[l].feedback[c * net.layers[l].stride + i] * s.rate[2][c] * KAPPA_SUM;
            expect(s.apical[l][i]).to.be.closeTo(v, 1e-9);
            expect(s.soma[l][i]).to.be.closeTo(g.basal * s.basal[l][i] + g.apical * v, 1e-9);
            expect(s.plateau[l][i]).to.be.closeTo(logistic(v), 1e-9);
          }
      }
    }
  });

  it('is that of numpy: rates, plateaus, signals, and the gradient', () => {
    for (const { apical, label, rate, taught, plateau, signal, gradient } of golden.phases) {
      const net = makeNetwork({ ...settings, hidden: [6, 5], apical }, 12, rng(1));
      for (const { weights, feedback, stride, units } of net.layers)
        for (let i = 0; i < units; i++) {
          for (let j = 0; j < weights.length / stride; j++) weights[j * stride + i] = formula(j, i, 3);
          for (let j = 0; j < feedback.length / stride; j++) feedback[j * stride + i] = formula(j, i, 5);
        }
      const picture = Uint8Array.from({ length: 12 }, (_, j) => (j * 37) % 256);
      const agree = (found: ArrayLike<number>, right: readonly number[], tolerance: number): void => {
        expect(found.length).to.equal(right.length);
        for (const [i, value] of right.entries()) expect(found[i]).to.be.closeTo(value, tolerance);
      };
      const forward = steadyState(net, picture);
      for (const l of [0, 1, 2]) agree(forward.rate[l], rate[l], 1e-9);
      agree(steadyState(net, picture, label).rate[2], taught, 1e-9);
      const signals = rateSignals(net, picture, label);
      for (const l of [0, 1]) {
        agree(forward.plateau[l], plateau[l], 1e-9);
        agree(signals.plateaus[l], signal[l], 1e-9);
      }
      // differences of a loss near 0.01 with steps of 1e-4
      for (const [l, right] of gradient.entries()) agree(signals.backprop[l], right, 1e-10);
    }
  });

  it('has a teacher that drives its class up and all others down', () => {
    const s = steadyState(network(), image(0, 2), 3);
    for (const [c, rate] of s.rate[1].entries())
      if (c === 3) expect(rate).to.be.above(0.9 * HIGHEST);
      else expect(rate).to.be.below(0.1 * HIGHEST);
  });

  it('has the gradient of its own loss as backpropagation’s signal', () => {
    const net = network({ hidden: [20, 12] });
    const picture = image(0, 6);
    const target = steadyState(net, picture, 2).rate[2];
    const loss = (): number =>
      0.5 * steadyState(net, picture).rate[2].reduce((sum, r, i) => sum + (target[i] - r) ** 2, 0);
    const { backprop } = rateSignals(net, picture, 2);
    for (const l of [0, 1])
      for (const i of [0, 5, 11]) {
        const { bias } = net.layers[l];
        // biases are single numbers: a step that they hold exactly
        const step = 2 ** -7;
        bias[i] = step;
        const up = loss();
        bias[i] = -step;
        const down = loss();
        bias[i] = 0;
        expect(-(up - down) / (2 * step) / Math.hypot(...backprop[l])).to.be.closeTo(
          backprop[l][i] / Math.hypot(...backprop[l]),
          1e-3,
        );
      }
  });

  it('is where the means of many presentations lie: the plateaus’ signal points the same way', () => {
    const net = network({ phase: 200, settle: 80 });
    const picture = image(1, 8);
    const kB = conductances(0, 0).basal;
    const sum = new Float64Array(20);
    for (let run = 0; run < 300; run++) {
      present(net, picture, 4);
      for (let i = 0; i < 20; i++)
        sum[i] += kB * (net.target.plateau[0][i] - net.forward.plateau[0][i]) * slope(kB * net.forward.basal[0][i]);
    }
    expect(angle(sum, rateSignals(net, picture, 4).plateaus[0])).to.be.below(10);
  });
});

describe('two phases: learning', () => {
  it('changes weights by the rule as written, hidden and output', () => {
    const net = network();
    present(net, image(0, 3), 1);
    const kB = conductances(0, 0).basal;
    const before = net.layers.map(({ weights }) => weights.slice());
    const { forward, target } = net;
    learnFrom(net, rng(1));
    const [hidden, output] = net.layers;
    for (const [j, i] of [
      [2, 0],
      [7, 11],
      [13, 19],
    ]) {
      const signal = kB * (target.plateau[0][i] - forward.plateau[0][i]) * slope(kB * forward.basal[0][i]);
      const change = settings.etaHidden * SCALE_HIDDEN * signal * hidden.psp[j];
      const at = j * hidden.stride + i;
      expect(hidden.weights[at] - before[0][at]).to.be.closeTo(change, 1e-5 * (1 + Math.abs(before[0][at])));
    }
    for (const [j, i] of [
      [3, 1],
      [9, 6],
    ]) {
      const signal = kB * (target.rate[1][i] - forward.rate[1][i]) * slope(kB * forward.basal[1][i]);
      const at = j * output.stride + i;
      expect(output.weights[at] - before[1][at]).to.be.closeTo(
        settings.etaOutput * SCALE_OUTPUT * signal * output.psp[j],
        1e-5 * (1 + Math.abs(before[1][at])),
      );
    }
  });

  it('leaves hidden layers alone without a teacher, and without feedback', () => {
    for (const changes of [{ teacher: 'none' }, { feedback: 0 }] as const) {
      const net = network(changes);
      const before = net.layers[0].weights.slice();
      for (let k = 0; k < 5; k++) {
        present(net, image(k % 2, k), k % 2);
        learnFrom(net, rng(1));
      }
      expect(net.layers[0].weights).to.deep.equal(before);
      expect(net.layers[1].weights.some((w) => w !== 0)).to.equal(true);
    }
  });

  it('of a shuffled teacher hears the same differences in another order, a new one each time', () => {
    const net = network({ teacher: 'shuffled' });
    const k = conductances(0, 0).basal;
    const shuffle = rng(4);
    const orders = [0, 1].map(() => {
      present(net, image(0, 3), 1);
      const { forward, target } = net;
      const differences = Float64Array.from(target.plateau[0], (alpha, i) => alpha - forward.plateau[0][i]);
      const slopes = forward.basal[0].map((v) => settings.etaHidden * SCALE_HIDDEN * k * slope(k * v));
      learnFrom(net, shuffle);
      const heard = Float64Array.from(slopes, (factor, i) => net.layers[0].change[i] / factor);
      const [a, b] = [differences.slice().sort(), heard.slice().sort()];
      for (const [i, value] of a.entries()) expect(b[i]).to.be.closeTo(value, 1e-6);
      return Array.from(heard, (v) => differences.findIndex((d) => Math.abs(d - v) < 1e-6));
    });
    const still = Array.from({ length: 20 }, (_, i) => i);
    expect(orders[0]).to.not.deep.equal(still);
    expect(orders[1]).to.not.deep.equal(orders[0]);
  });

  it('learns two kinds of pictures', () => {
    const net = network();
    const shuffle = rng(7);
    for (let k = 0; k < 300; k++) {
      present(net, image(k % 2, k), k % 2);
      learnFrom(net, shuffle);
    }
    let right = 0;
    for (let k = 0; k < 40; k++) right += answer(net, image(k % 2, 1000 + k), 100) === k % 2 ? 1 : 0;
    expect(right).to.be.at.least(38);
  });

  it('turns the plateaus’ signal towards backpropagation’s', () => {
    // ten kinds of pictures: each has its own six pixels, and noise
    const ten = (kind: number, seed: number): Uint8Array => {
      const random = rng(seed).stream('ten');
      return Uint8Array.from({ length: INPUTS }, (_, j) =>
        random.bernoulli(Math.floor(j / 6) === kind ? 0.8 : 0.1) ? 255 : 0,
      );
    };
    const degrees = (net: Network): number =>
      mean(
        Array.from({ length: 30 }, (_, k) => {
          const { plateaus, backprop } = rateSignals(net, ten(k % 10, 5000 + k), k % 10);
          return angle(plateaus[0], backprop[0]);
        }),
      );
    const net = network({ hidden: [50], etaHidden: 2 }, 3);
    const before = degrees(net);
    for (let k = 0; k < 2000; k++) {
      present(net, ten(k % 10, k), k % 10);
      learnFrom(net, rng(1));
    }
    expect(degrees(net)).to.be.below(before - 15);
    expect(degrees(net)).to.be.below(75);
  });
});

describe('two phases: engines', () => {
  it('give the same spikes and sums, compiled and readable', function () {
    if (!wasmRuns()) this.skip(); // no WebAssembly here: there is only one engine
    for (const hidden of [[], [20], [33, 12]]) {
      const [a, b] = [network({ hidden, apical: 0.05 }), withoutWasm(() => network({ hidden, apical: 0.05 }))];
      expect(a.engine).to.not.equal(b.engine);
      for (let k = 0; k < 8; k++) {
        for (const net of [a, b]) {
          present(net, image(k % 2, k), k % 2);
          learnFrom(net, rng(k));
        }
        for (const [l, layer] of a.layers.entries()) {
          expect([...layer.psp], `PSPs of layer ${l}`).to.deep.equal([...b.layers[l].psp]);
          for (let i = 0; i < layer.units; i++) {
            expect(a.target.basal[l][i]).to.be.closeTo(b.target.basal[l][i], 1e-4);
            expect(a.target.soma[l][i]).to.be.closeTo(b.target.soma[l][i], 1e-4);
            expect(a.forward.rate[l][i]).to.be.closeTo(b.forward.rate[l][i], 1e-5);
          }
          for (const [i, w] of layer.weights.entries()) expect(w).to.be.closeTo(b.layers[l].weights[i], 1e-3);
        }
      }
    }
  });

  it('draw the same numbers for the same seed', () => {
    const run = (seed: number): number[] => {
      const net = network({}, seed);
      present(net, image(0, 1), 0);
      return [...net.target.basal[0]];
    };
    expect(run(1)).to.deep.equal(run(1));
    expect(run(1)).to.not.deep.equal(run(2));
  });

  it('refuse settings that make no sense', () => {
    for (const [changes, name] of [
      [{ hidden: [0] }, 'hidden'],
      [{ phase: 30 }, 'phase'],
      [{ phase: 5000 }, 'phase'],
      [{ etaHidden: -1 }, 'etaHidden'],
      [{ apical: NaN }, 'apical'],
    ] as const)
      expect(() => network(changes as Partial<Settings>)).to.throw(ParameterError, name);
  });
});

describe('two phases: task', () => {
  const pictures = (count: number) => {
    const images = new Uint8Array(count * 784);
    const random = rng(3);
    for (let i = 0; i < images.length; i++) images[i] = random.bernoulli(0.2) ? 200 : 0;
    return { images, labels: Uint8Array.from({ length: count }, (_, i) => i % 10) };
  };
  const args = (images: number) => ({
    networks: [{ ...settings, hidden: [] }, settings],
    train: pictures(images),
    test: pictures(10),
    epochs: 2,
    testPhase: 50,
    seed: 1,
  });

  it('gives an entry an epoch, one the same with and without workers', async () => {
    const [many, alone] = [
      await parallel(2, learnDigits, { args: args(20) }),
      await parallel(2, learnDigits, { args: args(20), workers: 1 }),
    ];
    expect(many).to.deep.equal(alone);
    for (const [i, { wrong, angles }] of many.entries()) {
      expect(wrong.map((w) => w.length)).to.deep.equal([10, 10, 10]);
      expect(angles.map((a) => a.length)).to.deep.equal([i, i, i]);
    }
  });

  it('stops within 100 ms, and tells how far it is', async () => {
    const stop = new AbortController();
    let aborted = 0;
    const seen: number[] = [];
    setTimeout(() => {
      aborted = performance.now();
      stop.abort(new Error('enough'));
    }, 800);
    const run = createRun(stop.signal, (fraction) => void seen.push(fraction));
    let message = '';
    await parallel(2, learnDigits, { args: args(4000), workers: 1, run }).catch(
      (error: Error) => void (message = error.message),
    );
    expect(message).to.include('enough');
    expect(performance.now() - aborted).to.be.below(100);
    expect(seen.length).to.be.above(1);
  });
});
