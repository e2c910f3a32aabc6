import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from '../places';
import type { Tools } from '../tools';

/** Where the npm package looks for its compiled binding and for the TensorFlow library. */
export interface BindingPlaces {
  readonly package: string;
  /** `deps`: headers and libraries */
  readonly deps: string;
  /** `lib/napi-v8`: the binding */
  readonly lib: string;
  readonly binding: string;
  readonly stamp: string;
}

export function bindingPlaces(root: string): BindingPlaces {
  const folder = join(root, 'node_modules', '@tensorflow', 'tfjs-node');
  const lib = join(folder, 'lib');
  return {
    package: folder,
    deps: join(folder, 'deps'),
    lib,
    binding: join(lib, 'napi-v8', 'tfjs_binding.node'),
    stamp: join(folder, '.lecture-lab.json'),
  };
}

// Multiplies two matrices and takes one gradient of a convolution: the library, the binding and its kernels all have to be right for that.
const PROBE = `
process.env.TF_CPP_MIN_LOG_LEVEL = '3';
const util = require('node:util');
util.isNullOrUndefined = util.isNullOrUndefined || ((x) => x === null || x === undefined);
util.isArray = util.isArray || Array.isArray;
const tf = require('@tensorflow/tfjs-node');
const product = tf.matMul([[1, 2], [3, 4]], [[5, 6], [7, 8]]).dataSync();
if (product.join() !== '19,22,43,50') throw new Error('matMul gave ' + product.join());
const image = tf.ones([1, 3, 3, 1]);
const slope = tf.grad((w) => tf.conv2d(image, w, 1, 'valid').sum())(tf.ones([2, 2, 1, 1])).dataSync();
if (slope.join() !== '4,4,4,4') throw new Error('the gradient of conv2d gave ' + slope.join());
console.log('native ' + tf.getBackend());
`;

/**
 * Uses native TensorFlow once, in a process of its own, because a wrong library can end the process that loads it. Gives undefined if it works,
 * otherwise why not.
 */
export async function nativeProblem(tools: Tools): Promise<string | undefined> {
  if (!existsSync(bindingPlaces(tools.root).binding)) return 'its compiled binding is not there';
  const result = await tools.run(process.execPath, ['-e', PROBE], {
    cwd: tools.root,
    env: environment(tools),
    timeout: 60_000,
  });
  if (result.code === 0 && result.output.includes('native tensorflow')) return undefined;
  if (result.timedOut) return 'it did not answer within a minute';
  if (result.signal) return `it ended the process that loaded it (${result.signal})`;
  const thrown = /^\w*Error: .*$/m.exec(result.output)?.[0] ?? result.output.trim().split('\n').at(-1);
  return thrown || `it ended with exit code ${result.code}`;
}

/** Changes when the binding or its libraries are replaced or lost, or when another Node runs them. */
export function bindingKey(root: string): string {
  const { binding, deps } = bindingPlaces(root);
  const lib = join(deps, 'lib');
  const libraries = existsSync(lib) ? readdirSync(lib).sort() : [];
  // the libraries may be links to the cache folder, which its owner may empty
  const parts = [binding, ...libraries.map((name) => join(lib, name))].map((file) => {
    const state = statSync(file, { throwIfNoEntry: false });
    return state ? `${state.size} ${state.mtimeMs}` : 'absent';
  });
  return [...parts, process.versions.node].join(', ');
}

/** Takes away a binding that does not work, so that the library finds none and uses WebAssembly. */
export function removeBinding(root: string): void {
  const { deps, lib } = bindingPlaces(root);
  rmSync(lib, { recursive: true, force: true });
  rmSync(deps, { recursive: true, force: true });
}
