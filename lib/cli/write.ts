import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ParameterError } from '../math/errors';

/**
 * Checks that a file can be written, before the work for it begins.
 * @throws {ParameterError} if the folder does not exist or the path is a folder
 */
export function checkTarget(path: string): void {
  const folder = dirname(path);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new ParameterError(`--out ${path}: there is no folder ${folder}`);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new ParameterError(`--out ${path} is a folder`);
}

/** Writes a file whole or not at all: beside its place first, then renamed onto it. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    writeFileSync(beside, content, { flag: 'wx' });
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
