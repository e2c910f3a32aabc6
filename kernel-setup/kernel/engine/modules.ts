import { existsSync, statSync } from 'node:fs';
import Module from 'node:module';
import { dirname, join, sep } from 'node:path';
import * as util from 'node:util';

/** A library is taken as built when its files have not changed for so long, in ms. */
const QUIET = 500;
/** Longest wait for that, in ms. */
const PATIENCE = 5000;

/** Forgets project modules that were compiled anew since they were loaded, so that the next import gets the new ones. */
export class FreshModules {
  readonly #root: string;
  readonly #kernel: string;
  readonly #stamps = new Map<string, string>();
  readonly #forgotten: (file: string) => void;

  constructor(root: string, kernel: string, forgotten: (file: string) => void) {
    this.#root = root + sep;
    this.#kernel = kernel + sep;
    this.#forgotten = forgotten;
  }

  /**
   * Called before each cell is looked at. All of the project's modules go together: they refer to each other. A compiler
   * writes them one after the other, each empty at first: where one has changed, this waits until all of them rest.
   */
  async refresh(): Promise<void> {
    const ours = Object.keys(require.cache).filter((file) => this.#isOurs(file));
    if (!ours.some((file) => this.#changed(file))) return;
    const since = Date.now();
    while (ours.some((file) => isBeingWritten(file)) && Date.now() - since < PATIENCE)
      await new Promise((resolve) => setTimeout(resolve, QUIET / 5));
    for (const file of ours) {
      delete require.cache[file];
      this.#stamps.delete(file);
      this.#forgotten(file);
    }
  }

  /** Called after each cell: remembers the files that it has loaded. */
  note(): void {
    for (const file of Object.keys(require.cache)) {
      if (!this.#stamps.has(file) && this.#isOurs(file)) this.#stamps.set(file, stampOf(file));
    }
  }

  #isOurs(file: string): boolean {
    return file.startsWith(this.#root) && !file.startsWith(this.#kernel) && !file.includes(`${sep}node_modules${sep}`);
  }

  #changed(file: string): boolean {
    const known = this.#stamps.get(file);
    return known !== undefined && known !== stampOf(file);
  }
}

function isBeingWritten(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return !found || found.size === 0 || Math.abs(Date.now() - found.mtimeMs) < QUIET;
}

function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found ? `${found.mtimeMs} ${found.size}` : '';
}

type Resolve = (request: string, ...rest: unknown[]) => string;

/**
 * Lets packages that ask for native TensorFlow (danfojs does) have plain TensorFlow.js where the native library is
 * missing, and repairs what TensorFlow 4.22 expects of Node and no longer finds from 23 on.
 */
export function adaptTensorFlow(): void {
  const loader = Module as unknown as { _resolveFilename: Resolve };
  const original = loader._resolveFilename;
  let prepared = false;
  loader._resolveFilename = function (this: unknown, request, ...rest): string {
    if (request !== '@tensorflow/tfjs-node') return original.call(this, request, ...rest);
    if (!prepared) {
      prepared = true;
      process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '3';
      const old = util as unknown as Record<string, unknown>;
      const target = require('node:util') as Record<string, unknown>;
      if (old['isNullOrUndefined'] === undefined)
        target['isNullOrUndefined'] = (value: unknown) => value === null || value === undefined;
      if (old['isArray'] === undefined) target['isArray'] = Array.isArray;
    }
    const file = original.call(this, request, ...rest);
    return hasNativeLibrary(file) ? file : original.call(this, '@tensorflow/tfjs', ...rest);
  };
}

function hasNativeLibrary(main: string): boolean {
  let folder = dirname(main);
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return existsSync(join(folder, 'lib', 'napi-v8', 'tfjs_binding.node'));
}
