import { gemm } from '../../math/linear-algebra';
import type { Rng } from '../../math/rng';
import type { Weights } from '../network';
import { makeUnits, type Units } from '../units';
import { backward, type Rule } from './rule';

export interface MirrorSettings {
  /** standard deviation s of the noise that a layer is driven with; small, so that tanh acts as a line */
  readonly noise: number;
  /** share ε of the feedback that is forgotten in one mirror step, 0 to 1 */
  readonly decay: number;
  /** noise patterns that one mirror step averages over */
  readonly batch: number;
}

/**
 * The weight mirror (Akrout et al. 2019): between two steps of learning each hidden layer is driven with white noise
 * x^(l+1) of its own, the layer above answers with y = φ(W^(l+1) x^(l+1)), and the feedback learns from both,
 * ΔA^l = η⟨x^(l+1) yᵀ⟩ − ε A^l. With η = ε/s² its fixed point is W^(l+1)ᵀ itself.
 * @param sizes units of every layer of neurons, input first
 * @param feedback A^1 … A^(L−1) at the start, [units of layer l, units of layer l + 1]; it learns in place
 */
export function weightMirror(
  sizes: readonly number[],
  feedback: readonly Float32Array[],
  settings: MirrorSettings,
  random: Rng,
): Rule {
  const { noise, decay, batch } = settings;
  const streams = feedback.map((_, l) => random.stream(`layer ${l + 1}`));
  const drive = makeDrive(sizes, batch);
  return {
    teachesHidden: true,
    hiddenErrors: (_, batch) => backward(feedback, batch),
    adapt(weights) {
      drive.noise.forEach((x, l) => {
        streams[l].fillNormal(x, 0, noise);
      });
      mirrorStep(feedback, weights, drive, decay / noise ** 2, decay);
    },
  };
}

/** The patterns of one mirror step: made once, filled again for every step. */
export interface Drive {
  readonly sizes: readonly number[];
  readonly patterns: number;
  /** x^2 … x^L, [patterns, units] each: fresh for every layer, because noise is no longer white once it has passed
   * through a layer */
  readonly noise: readonly Float32Array[];
  /** y, [patterns, units of the layer above] each */
  readonly answers: readonly Float32Array[];
  readonly units: Pick<Units, 'tanh'>;
}

export function makeDrive(sizes: readonly number[], patterns: number): Drive {
  const { arrays, ...units } = makeUnits([...sizes.slice(1, -1), ...sizes.slice(2)].map((n) => n * patterns));
  const hidden = sizes.length - 2;
  return { sizes, patterns, noise: arrays.slice(0, hidden), answers: arrays.slice(hidden), units };
}

/**
 * One step of the mirror, in place: A^l + η⟨x^(l+1) yᵀ⟩ − ε A^l, with y = tanh(W^(l+1) x^(l+1)), or W^(l+1) x^(l+1) at
 * the output.
 * @param gain η
 * @param decay ε
 */
export function mirrorStep(
  feedback: readonly Float32Array[],
  weights: Weights,
  { sizes, patterns, noise, answers, units }: Drive,
  gain: number,
  decay: number,
): void {
  feedback.forEach((a, l) => {
    const [here, above] = [sizes[l + 1], sizes[l + 2]];
    gemm(patterns, above, here, 1, noise[l], false, weights[l + 1], true, 0, answers[l]);
    if (l + 2 < weights.length) units.tanh(answers[l], patterns * above);
    gemm(here, above, patterns, gain / patterns, noise[l], true, answers[l], false, 1 - decay, a);
  });
}
