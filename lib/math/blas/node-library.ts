import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What set-up writes down about the library that it installed. */
interface LibraryRecord {
  /** relative to the project's folder */
  readonly file: string;
  readonly bytes: number;
  /** when the file was last changed, ms */
  readonly changed: number;
  readonly sha256: string;
  /** e.g. linux x64 */
  readonly platform: string;
}

/** The project's folder, seen from lib/dist/math/blas. */
const root = join(__dirname, '..', '..', '..', '..');

/**
 * The path of the OpenBLAS library that set-up recorded in `.venv/openblas.json`. It must be the file that set-up saw,
 * because loading a damaged library can end the process.
 * @throws Error that says in a few words why there is none
 */
export function findLibrary(): string {
  const record = read(join(root, '.venv', 'openblas.json'));
  const here = `${process.platform} ${process.arch}`;
  if (record.platform !== here) throw new Error(`the installed library is for ${record.platform}, this is ${here}`);
  const path = join(root, record.file);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new Error('the library that set-up installed is gone');
  if (stat.size !== record.bytes) throw new Error('the library has another size than the one that set-up installed');
  // reading all of it takes longer than loading it, so only if it was touched
  if (Math.trunc(stat.mtimeMs) !== record.changed && sha256(path) !== record.sha256)
    throw new Error('the library is not the one that set-up installed');
  return path;
}

function read(file: string): LibraryRecord {
  let text: string;
  let problem = 'what set-up noted about it is damaged';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new Error('it is not installed');
  }
  try {
    const record = JSON.parse(text) as LibraryRecord & { readonly problem?: string };
    if (typeof record.problem === 'string') problem = record.problem;
    const { file: path, bytes, changed, sha256, platform } = record;
    if (
      [path, sha256, platform].every((v) => typeof v === 'string') &&
      [bytes, changed].every((v) => Number.isInteger(v))
    )
      return record;
  } catch {
    // said below
  }
  throw new Error(problem);
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
