import { learnFrom, makeNetwork, present } from 'lecture-lab/credit/two-phase';
import type { Layer } from 'lecture-lab/credit/two-phase.layer';
import { rng } from 'lecture-lab/math/rng';
import { defineRow, prepared, twin } from '../row';

const [PIXELS, HIDDEN, CLASSES] = [784, 100, 10];
const settings = {
  hidden: [HIDDEN],
  phase: 50,
  settle: 30,
  etaHidden: 0.6,
  etaOutput: 0.1,
  apical: 0,
  feedback: 3,
  teacher: 'plateaus',
} as const;

/** Rows of `units` numbers into rows of the layer's stride. */
function fill(into: Float32Array, { units, stride }: Layer, rows: ArrayLike<number>): void {
  for (let j = 0; j < rows.length / units; j++)
    for (let i = 0; i < units; i++) into[j * stride + i] = rows[j * units + i];
}

/** 5 standard errors of the difference of two runs, from the standard deviation over ten seeds of ours. */
const within = (deviation: number) => ({ absolute: 5 * deviation * Math.SQRT2 });
const why = '5 standard errors of the difference of two runs';

export const row = defineRow({
  name: 'two-phase',
  words: 'spiking 784-100-10 network taught by apical plateaus, 100 steps of 1 ms a picture',
  size: { name: 'pictures', value: 2000, growth: [500, 1000, 2000, 4000] },
  checks: [
    { name: 'wrong answers, second half', within: within(0.0168), why },
    { name: 'mean rate of hidden units (spikes/ms)', within: within(8.9e-4), why },
  ],
  peers: [
    { name: 'numpy', role: 'typical', target: 30, cold: true, rounds: 2 },
    { name: 'numba', role: 'best', target: 1.8 },
    twin,
  ],
  inputs(size) {
    const random = rng(1);
    const normal = (name: string, rows: number, columns: number, sd: number): Float32Array =>
      random.stream(name).fillNormal(new Float32Array(rows * columns), 0, sd);
    const kinds = random.stream('kinds');
    const prototypes = Array.from({ length: CLASSES * PIXELS }, () => (kinds.bernoulli(0.15) ? 200 : 0));
    const draw = random.stream('pictures');
    const labels = Uint8Array.from({ length: size }, () => draw.integer(0, CLASSES - 1));
    const images = new Uint8Array(size * PIXELS);
    for (let k = 0; k < size; k++)
      for (let j = 0; j < PIXELS; j++) {
        const ink = prototypes[labels[k] * PIXELS + j];
        images[k * PIXELS + j] = draw.bernoulli(0.75) ? (draw.bernoulli(0.15) ? 200 : 0) : ink;
      }
    return {
      images,
      labels,
      w0: normal('w0', PIXELS, HIDDEN, 0.56),
      w1: normal('w1', HIDDEN, CLASSES, 1),
      feedback: normal('feedback', CLASSES, HIDDEN, 3),
    };
  },

  ours(size, { images, labels, w0, w1, feedback }) {
    return prepared(
      () => {
        const network = makeNetwork(settings, PIXELS, rng(1));
        const [hidden, output] = network.layers;
        fill(hidden!.weights, hidden!, w0!);
        fill(hidden!.feedback, hidden!, feedback!);
        fill(output!.weights, output!, w1!);
        network.engine.setNoise(rng(2));
        const shuffle = rng(3);
        let [wrong, rate] = [0, 0];
        for (let k = 0; k < size; k++) {
          present(network, (images as Uint8Array).subarray(k * PIXELS, (k + 1) * PIXELS), labels![k]!);
          const answers = network.forward.rate[1]!;
          if (k >= size / 2 && answers.indexOf(Math.max(...answers)) !== labels![k]) wrong++;
          for (const r of network.forward.rate[0]!) rate += r;
          learnFrom(network, shuffle);
        }
        return { wrong: wrong / (size / 2), rate: rate / size / HIDDEN };
      },
      ({ wrong, rate }) => [wrong, rate],
    );
  },
});
