import type * as tfjs from '@tensorflow/tfjs-core';

/** TensorFlow.js as the library uses it: the core API, with a backend registered. */
export type TensorFlow = typeof tfjs;

/**
 * What differs between Node and a page. Everything else in the library runs in both. Imported as `#edge`, which
 * lib/package.json resolves to `node.ts` or `browser.ts`.
 */
export interface Edge {
  /** The bytes of a file of lib/data, e.g. `mnist-10k.bin.gz`. Rejects with a message that names the missing file and the remedy. */
  readData(file: string): Promise<Uint8Array>;
}

/**
 * TensorFlow.js on the best backend there is: native in the kernel, WASM where native is missing and in pages. Imported as
 * `#tensorflow`, apart from the rest, so that only pages that need TensorFlow carry it.
 */
export type LoadTensorFlow = () => Promise<TensorFlow>;
