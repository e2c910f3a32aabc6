import type { Edge, TensorFlow } from './edge';

/** Files that the page carries, by name, as base64: the page hands them to the worker, which puts them here. */
type Carried = { lectureLabData?: Readonly<Record<string, string>> };

export const readData: Edge['readData'] = async (file) => {
  const text = (globalThis as Carried).lectureLabData?.[file];
  if (text === undefined) throw new Error(`this page does not carry the data file ${file}: export it again`);
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length); // a plain loop: Uint8Array.from takes 0.3 s for MNIST
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
};

let loaded: Promise<TensorFlow> | undefined;
export const tensorflow: Edge['tensorflow'] = () => (loaded ??= load());

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
  return tf;
}
