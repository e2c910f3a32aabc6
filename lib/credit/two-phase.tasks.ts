import { imageSize } from '../data/digits';
import { rng } from '../math/rng';
import { defineTask, type Task } from '../parallel/parallel';
import { meanAngle } from './angle';
import { answer, learnFrom, makeNetwork, type Network, present, rateSignals, type Settings, slope } from './two-phase';
import { conductances } from './two-phase.layer';

/** Labelled pictures, [count, 784], 0 to 255. */
export interface Pictures {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

/** What all networks of a comparison share. */
export interface Comparison {
  readonly networks: readonly Settings[];
  readonly train: Pictures;
  readonly test: Pictures;
  /** passes through the training digits */
  readonly epochs: number;
  /** length of the forward phase of a test, ms */
  readonly testPhase: number;
  readonly seed: number;
}

/** How a network learned; each list has one entry an epoch, the first before learning. */
export interface Progress {
  /** for each test digit, 1 if the answer was wrong: [tests] each */
  readonly wrong: readonly Uint8Array[];
  /** angle between the plateaus’ signal and backpropagation’s, degrees, mean over test digits: for each hidden layer */
  readonly angles: readonly (readonly number[])[];
  /** the same with the signal of a single presentation, noise of all spikes included */
  readonly spikingAngles: readonly (readonly number[])[];
}

/** Test digits whose angle is measured, at most, and training digits between two looks at the run. */
const [MEASURED, AT_ONCE] = [60, 8];

/**
 * Trains network number `trial`. Networks of the same seed see the same digits in the same order.
 */
export const learnDigits: Task<Comparison, Progress> = defineTask(
  'credit/two-phase.tasks',
  'learnDigits',
  async (trial, _, { networks, train, test, epochs, testPhase, seed }, run) => {
    const random = rng(seed);
    const order = random.stream('order');
    const own = random.stream(`network ${trial}`);
    const network = makeNetwork(networks[trial], imageSize, random.stream('weights'));
    const shuffle = own.stream('shuffle');
    const [wrong, angles, spikingAngles]: [Uint8Array[], number[][], number[][]] = [[], [], []];
    const look = async (epoch: number): Promise<void> => {
      network.engine.setNoise(own.stream(`test ${epoch}`));
      const found = new Uint8Array(test.labels.length);
      for (let i = 0; i < found.length; i++) {
        if (i % AT_ONCE === 0) await run.progress(epoch / epochs);
        found[i] = answer(network, picture(test, i), testPhase) === test.labels[i] ? 0 : 1;
      }
      wrong.push(found);
      const measured = await measureAngles(network, test, () => run.progress(epoch / epochs));
      angles.push(measured.steady);
      spikingAngles.push(measured.spiking);
    };
    await look(0);
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const shuffled = order.permutation(train.labels.length);
      network.engine.setNoise(own.stream(`epoch ${epoch}`));
      for (let i = 0; i < shuffled.length; i++) {
        if (i % AT_ONCE === 0) await run.progress((epoch - 1 + i / shuffled.length) / epochs);
        present(network, picture(train, shuffled[i]), train.labels[shuffled[i]]);
        learnFrom(network, shuffle);
      }
      await look(epoch);
    }
    return { wrong, angles, spikingAngles };
  },
);

const picture = ({ images }: Pictures, i: number): Uint8Array => images.subarray(i * imageSize, (i + 1) * imageSize);

async function measureAngles(
  network: Network,
  test: Pictures,
  breathe: () => Promise<void>,
): Promise<{ steady: number[]; spiking: number[] }> {
  const { settings, layers, forward, target } = network;
  const kB = conductances(settings.apical, 0).basal;
  const count = Math.min(MEASURED, test.labels.length);
  const [steady, spiking] = [settings.hidden.map(() => 0), settings.hidden.map(() => 0)];
  if (settings.hidden.length === 0) return { steady, spiking };
  for (let i = 0; i < count; i++) {
    await breathe();
    const { plateaus, backprop } = rateSignals(network, picture(test, i), test.labels[i]);
    present(network, picture(test, i), test.labels[i]);
    for (const [l, exact] of backprop.entries()) {
      const signal = Float64Array.from(
        { length: layers[l].units },
        (_, k) => (target.plateau[l][k] - forward.plateau[l][k]) * slope(kB * forward.basal[l][k]),
      );
      steady[l] += meanAngle(plateaus[l], exact, exact.length) / count;
      spiking[l] += meanAngle(signal, exact, exact.length) / count;
    }
  }
  return { steady, spiking };
}
