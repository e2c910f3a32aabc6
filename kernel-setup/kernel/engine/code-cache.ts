import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

/**
 * Loads a large CommonJS file through V8's code cache: TypeScript's 9 MB then take 60 ms instead of 136.
 * @param cache file of the cache, written by `save` once the functions that matter have been compiled
 */
export function loadThroughCache(file: string, cache: string): { exports: unknown; save: () => void } {
  const source = readFileSync(file, 'utf8');
  const cachedData = readIfThere(cache);
  const wrapped = `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
  const script = new Script(wrapped, { filename: file, ...(cachedData && { cachedData }) });
  const loaded = { exports: {} as unknown };
  const run = script.runInThisContext() as (...args: unknown[]) => void;
  run(loaded.exports, createRequire(file), loaded, file, dirname(file));
  const save = (): void => {
    if (cachedData && !script.cachedDataRejected) return;
    try {
      mkdirSync(dirname(cache), { recursive: true });
      const partial = join(dirname(cache), `${process.pid}.partial`);
      writeFileSync(partial, script.createCachedData());
      renameSync(partial, cache);
    } catch {
      // a read-only folder costs speed, nothing else
    }
  };
  return { exports: loaded.exports, save };
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
