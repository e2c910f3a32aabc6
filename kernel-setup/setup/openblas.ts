import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';
import { readJson, sha256OfFile } from './files';
import { environment, venvFolder } from './places';
import type { Say, Summary, Tools } from './tools';

/**
 * What set-up notes about the library, for `lib/math/blas`, which loads only the very file that was tried here. It
 * stands inside the Python environment and goes with it.
 */
export interface LibraryRecord {
  /** relative to the project's folder, with `/` */
  readonly file: string;
  readonly bytes: number;
  /** when the file was last changed, whole ms */
  readonly changed: number;
  readonly sha256: string;
  /** e.g. linux x64 */
  readonly platform: string;
}

/** The record of a library that can't be used. */
interface Refused {
  readonly problem: string;
  /** changes with what decides that */
  readonly key: string;
}

const here = `${process.platform} ${process.arch}`;

export function recordFile(root: string): string {
  return join(venvFolder(root), 'openblas.json');
}

/**
 * Looks for the OpenBLAS library of the Python package scipy-openblas64, tries it in a process of its own, and notes
 * where it is. Without it the library computes in TypeScript, which one notice says.
 */
export async function openblasStep(tools: Tools, say: Say): Promise<Summary> {
  const { root } = tools;
  const known = readJson(recordFile(root)) as Partial<LibraryRecord & Refused> | undefined;
  const file = libraryFile(root);
  const key = file === undefined ? 'absent' : keyOf(file);
  if (known?.problem !== undefined && known.key === key) return { idle: `TypeScript, because ${known.problem}` };
  if (known?.sha256 !== undefined && recordProblem(root) === undefined) return { idle: 'native' };
  say('checking');
  const problem =
    file === undefined
      ? 'the Python package scipy-openblas64 holds no library for this machine'
      : await trial(tools, file);
  if (problem !== undefined) {
    tools.writeWhole(recordFile(root), JSON.stringify({ problem, key } satisfies Refused));
    tools.progress.note(
      `Notice: linear algebra runs in TypeScript here, because ${problem}. The notebooks run all the same; cells with large matrices take many times longer. Remedy: npm run doctor`,
    );
    return 'TypeScript';
  }
  const stat = statSync(file!);
  const record: LibraryRecord = {
    file: relative(root, file!).split(sep).join('/'),
    bytes: stat.size,
    changed: Math.trunc(stat.mtimeMs),
    sha256: await sha256OfFile(file!),
    platform: here,
  };
  tools.writeWhole(recordFile(root), JSON.stringify(record));
  return 'native';
}

/** The shared library in the project's Python environment, whatever the system calls it. */
export function libraryFile(root: string): string | undefined {
  const site = pythonPackages(root);
  const folder = site && join(site, 'scipy_openblas64', 'lib');
  if (!folder || !existsSync(folder)) return undefined;
  const name = readdirSync(folder).find((name) => /^libscipy_openblas64_?.*\.(so|dylib|dll)$/.test(name));
  return name && join(folder, name);
}

function pythonPackages(root: string): string | undefined {
  const venv = venvFolder(root);
  if (process.platform === 'win32') return join(venv, 'Lib', 'site-packages');
  const lib = join(venv, 'lib');
  const version = existsSync(lib) ? readdirSync(lib).find((name) => name.startsWith('python')) : undefined;
  return version && join(lib, version, 'site-packages');
}

function keyOf(file: string): string {
  const { size, mtimeMs } = statSync(file);
  return `${here}, ${process.versions.node}, ${size} ${mtimeMs}`;
}

/** Why the library of the record is not the one that was tried, or undefined. */
export function recordProblem(root: string): string | undefined {
  const record = readJson(recordFile(root)) as Partial<LibraryRecord & Refused> | undefined;
  if (record?.problem !== undefined) return record.problem;
  if (record?.file === undefined) return 'set-up has not tried it yet';
  if (record.platform !== here) return `it was installed for ${record.platform}, this is ${here}`;
  const stat = statSync(join(root, record.file), { throwIfNoEntry: false });
  if (!stat) return 'the library is gone';
  if (stat.size !== record.bytes || Math.trunc(stat.mtimeMs) !== record.changed)
    return 'the library was changed after set-up tried it';
  return undefined;
}

// Multiplies in both precisions and takes singular values: what is called most, from BLAS and from LAPACK.
const PROBE = `
const koffi = require('koffi');
const library = koffi.load(process.argv[1]);
const gemm = (letter, type, Numbers) => {
  const call = library.func('void scipy_cblas_' + letter + 'gemm64_(int, int, int, int64_t, int64_t, int64_t, ' + type + ', const ' + type + ' *, int64_t, const ' + type + ' *, int64_t, ' + type + ', ' + type + ' *, int64_t)');
  const c = new Numbers(4);
  call(101, 111, 111, 2, 2, 2, 1, Numbers.of(1, 2, 3, 4), 2, Numbers.of(5, 6, 7, 8), 2, 0, c, 2);
  if (c.join() !== '19,22,43,50') throw new Error(letter + 'gemm gave ' + c.join());
};
gemm('d', 'double', Float64Array);
gemm('s', 'float', Float32Array);
const svd = library.func('int64_t scipy_LAPACKE_dgesdd64_(int, int8_t, int64_t, int64_t, double *, int64_t, double *, double *, int64_t, double *, int64_t)');
const s = new Float64Array(2);
const info = svd(102, 78, 2, 2, Float64Array.of(0, 3, -2, 0), 2, s, null, 2, null, 2);
if (info !== 0 || Math.abs(s[0] - 3) > 1e-14 || Math.abs(s[1] - 2) > 1e-14) throw new Error('dgesdd gave ' + info + ': ' + s.join());
console.log('openblas works');
`;

/**
 * Uses the library once, in a process of its own, because a damaged one can end the process that loads it. Gives
 * undefined if it works, otherwise why not.
 */
export async function trial(tools: Tools, file: string): Promise<string | undefined> {
  try {
    createRequire(join(tools.root, 'package.json')).resolve('koffi');
  } catch {
    return 'the npm package koffi, which calls the library, is not there';
  }
  const result = await tools.run(process.execPath, ['-e', PROBE, file], {
    cwd: tools.root,
    env: environment(tools),
    timeout: 60_000,
  });
  if (result.code === 0 && result.output.includes('openblas works')) return undefined;
  if (result.timedOut) return 'the library did not answer within a minute';
  if (result.signal) return `the library ended the process that loaded it (${result.signal})`;
  const thrown = /^\w*Error: (.*)$/m.exec(result.output)?.[1] ?? result.output.trim().split('\n').at(-1);
  return thrown || `the library ended with exit code ${result.code}`;
}
