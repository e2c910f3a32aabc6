import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { LoadTensorFlow, TensorFlow } from './edge';

let loaded: Promise<TensorFlow> | undefined;
export const tensorflow: LoadTensorFlow = () => (loaded ??= load());

async function load(): Promise<TensorFlow> {
  const requireHere = createRequire(__filename);
  const tf = requireHere('@tensorflow/tfjs-core') as TensorFlow;
  try {
    process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '3';
    // our networks are small: handing an operation to a second thread takes longer than it saves, and with one thread
    // sums don't depend on the number of cores
    process.env['TF_NUM_INTRAOP_THREADS'] ??= '1';
    // TensorFlow's Node binding still calls two functions that Node 23 removed
    const old = requireHere('node:util') as Record<string, unknown>;
    old['isNullOrUndefined'] ??= (x: unknown) => x === null || x === undefined;
    old['isArray'] ??= Array.isArray;
    requireHere('@tensorflow/tfjs-node');
    await tf.setBackend('tensorflow');
  } catch {
    requireHere('@tensorflow/tfjs-backend-cpu');
    const wasm = requireHere('@tensorflow/tfjs-backend-wasm') as { setWasmPaths(folder: string): void };
    wasm.setWasmPaths(`${dirname(requireHere.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm'))}/`);
    console.warn(
      'Native TensorFlow is not installed: this runs on WebAssembly, several times slower. Remedy: npm run doctor',
    );
    await tf.setBackend('wasm');
  }
  await tf.ready();
  return tf;
}
