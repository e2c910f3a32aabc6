import type { Rng } from '../math/rng';
import { mean, standardError } from '../math/statistics';
import { makeNetwork, present, pspShares, type Settings } from './two-phase';
import { HIGHEST } from './two-phase.layer';

/**
 * Expected mean basal potentials of the first layer over the window of a forward phase, exactly: they are linear in the
 * input spikes, so each pixel gives its weight times its rate times what a spike adds to the window.
 */
export function expectedBasal(
  { layers, settings }: ReturnType<typeof makeNetwork>,
  image: Uint8Array,
  duration: number,
): Float64Array {
  const [layer] = layers;
  const share = pspShares(settings.settle, duration).reduce((sum, x) => sum + x, 0);
  const found = new Float64Array(layer.units);
  for (let i = 0; i < layer.units; i++) {
    let v = layer.bias[i];
    for (let j = 0; j < layer.inputs; j++)
      v += layer.weights[j * layer.stride + i] * ((HIGHEST * image[j]) / 255) * share;
    found[i] = v;
  }
  return found;
}

/** Presentations of one digit, each with fresh spikes. */
const REPEATS = 40;

/**
 * Shows one digit again and again to a network that does not learn.
 * @returns how large its mean basal potentials are along those expected, over what they should be, with standard error
 */
export function basalCheck(settings: Settings, image: Uint8Array, random: Rng): { mean: number; se: number } {
  const network = makeNetwork(settings, image.length, random.stream('network'));
  const expected = expectedBasal(network, image, settings.phase);
  const size = expected.reduce((sum, v) => sum + v * v, 0);
  network.engine.setNoise(random.stream('noise'));
  const ratios = Array.from({ length: REPEATS }, () => {
    present(network, image, 0);
    return network.forward.basal[0].reduce((sum, v, i) => sum + v * expected[i], 0) / size;
  });
  return { mean: mean(ratios), se: standardError(ratios) };
}
