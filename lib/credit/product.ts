import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../edge/edge';

/**
 * The matrix product a b, with either factor transposed. The WebAssembly backend is ten times faster if the transpose is
 * an operation of its own; native TensorFlow is faster if it isn't.
 */
export function product(
  tf: TensorFlow,
  a: Tensor2D,
  b: Tensor2D,
  transposeA: boolean = false,
  transposeB: boolean = false,
): Tensor2D {
  if (tf.getBackend() !== 'wasm') return tf.matMul(a, b, transposeA, transposeB);
  return tf.matMul(transposeA ? tf.transpose(a) : a, transposeB ? tf.transpose(b) : b);
}
