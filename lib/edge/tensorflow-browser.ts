import type { TensorInfo } from '@tensorflow/tfjs-core';
import { readData } from './browser';
import type { LoadTensorFlow, TensorFlow } from './edge';

let loaded: Promise<TensorFlow> | undefined;
export const tensorflow: LoadTensorFlow = () => (loaded ??= load());

async function load(): Promise<TensorFlow> {
  const tf = await import('@tensorflow/tfjs-core');
  await import('@tensorflow/tfjs-backend-cpu');
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  const env = tf.env();
  // threads need shared memory, which only pages from servers with special headers get
  env.set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await env.getAsync('WASM_HAS_SIMD_SUPPORT')))
    throw new Error('this browser is too old to train networks: it has no SIMD in WebAssembly');
  // TensorFlow fetches its binary; a page must not fetch anything, and carries it instead
  setWasmPaths('', true);
  env.platform.fetch = async (file) => {
    const bytes = await readData(file);
    const response = { ok: true, arrayBuffer: () => Promise.resolve(bytes.buffer) };
    return response as Awaited<ReturnType<typeof env.platform.fetch>>;
  };
  if (!(await tf.setBackend('wasm'))) throw new Error('WebAssembly could not be started in this page');
  await tf.ready();
  transposeFirst(tf);
  return tf;
}

/**
 * On WebAssembly a product of plain matrices is quick, and one with a transposed factor runs in plain loops, ten times
 * slower: such a factor is transposed first.
 */
function transposeFirst(tf: TensorFlow): void {
  const product = tf.getKernel('BatchMatMul', 'wasm');
  const transpose = tf.getKernel('Transpose', 'wasm');
  tf.unregisterKernel('BatchMatMul', 'wasm');
  tf.registerKernel({
    ...product,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean };
      const made: TensorInfo[] = [];
      const plain = (x: TensorInfo, flip: boolean): TensorInfo => {
        if (!flip) return x;
        const rank = x.shape.length;
        const perm = [...x.shape.keys()].map((i) => (i === rank - 2 ? rank - 1 : i === rank - 1 ? rank - 2 : i));
        const turned = transpose.kernelFunc({ inputs: { x }, backend, attrs: { perm } }) as TensorInfo;
        made.push(turned);
        return turned;
      };
      const factors = { a: plain(inputs['a']!, transposeA), b: plain(inputs['b']!, transposeB) };
      const out = product.kernelFunc({
        inputs: factors,
        backend,
        attrs: { ...attrs, transposeA: false, transposeB: false },
      });
      for (const { dataId } of made) (backend as { disposeData(id: object): boolean }).disposeData(dataId);
      return out;
    },
  });
}
