import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../edge/edge';
import type { Rng } from '../../math/rng';
import type { Weights } from '../network';
import { product } from '../product';
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
 * @param feedback A^1 … A^(L−1) at the start, [units of layer l, units of layer l + 1]; the rule owns and disposes of them
 */
export function weightMirror(
  tf: TensorFlow,
  feedback: readonly Tensor2D[],
  settings: MirrorSettings,
  random: Rng,
): Rule {
  let mirror = feedback;
  const streams = feedback.map((_, l) => random.stream(`layer ${l + 1}`));
  return {
    hiddenErrors: (_, pass, error) => backward(tf, mirror, pass, error),
    adapt(weights) {
      const before = mirror;
      mirror = tf.tidy(() => {
        const noise = before.map((a, l) => {
          const values = new Float32Array(settings.batch * a.shape[0]);
          return tf.tensor2d(streams[l].fillNormal(values, 0, settings.noise), [settings.batch, a.shape[0]]);
        });
        return mirrorStep(tf, before, weights, noise, settings.decay / settings.noise ** 2, settings.decay);
      });
      tf.dispose([...before]);
    },
    dispose: () => tf.dispose([...mirror]),
  };
}

/**
 * One step of the mirror: A^l + η⟨x^(l+1) yᵀ⟩ − ε A^l, with y = tanh(W^(l+1) x^(l+1)), or W^(l+1) x^(l+1) at the output.
 * @param noise x^2 … x^L, [patterns, units] each: fresh for every layer, because noise is no longer white once it has
 * passed through a layer
 * @param gain η
 * @param decay ε
 */
export function mirrorStep(
  tf: TensorFlow,
  feedback: readonly Tensor2D[],
  weights: Weights,
  noise: readonly Tensor2D[],
  gain: number,
  decay: number,
): Tensor2D[] {
  return feedback.map((a, l) => {
    const drive: Tensor2D = product(tf, noise[l], weights[l + 1], false, true);
    const answer = l + 2 < weights.length ? tf.tanh(drive) : drive;
    const correlation = tf.div(product(tf, noise[l], answer, true), noise[l].shape[0]);
    return tf.add(tf.mul(1 - decay, a), tf.mul(gain, correlation));
  });
}
