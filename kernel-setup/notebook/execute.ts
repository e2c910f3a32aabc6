import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { environment, venvPython } from '../setup/places';
import { projectRoot } from './find';
import { NotebookError, readNotebook } from './format';

/** A cell that failed, with all that is needed to find it. */
export class CellFailure extends Error {
  override name = 'CellFailure';
  constructor(
    /** the notebook, as messages call it */
    readonly notebook: string,
    /** its number, counted from 1 over all cells; undefined if the kernel did not even start */
    readonly cell: number | undefined,
    readonly cellId: string | undefined,
    readonly errorName: string,
    readonly errorMessage: string,
    readonly trace: readonly string[],
  ) {
    const where = cell === undefined ? 'the kernel did not start' : `cell ${cell} (${cellId}) failed`;
    super(`${notebook}: ${where}: ${errorName}: ${errorMessage.split('\n')[0]}`);
  }
}

export interface Execution {
  /** how messages call the notebook */
  readonly name: string;
  readonly source: string;
  /** where the notebook with its outputs goes; its folder is made, and it is written whole or not at all */
  readonly target: string;
  /** longest that one cell may take, in seconds; 600 unless told otherwise */
  readonly cellTimeout?: number;
  readonly signal?: AbortSignal;
  /** after each code cell: how many of them are done */
  readonly onCell?: (done: number, of: number, seconds: number) => void;
}

type Report =
  | { event: 'ready'; seconds: number }
  | { event: 'start'; cell: number }
  | { event: 'done'; cell: number; seconds: number }
  | { event: 'failed'; cell: number | null; ename: string; evalue: string; trace: string[] };

/**
 * Runs all cells of a notebook, in order, on a fresh kernel.
 * @returns how long the run took, in seconds, the kernel's start included
 * @throws {CellFailure} at the first cell that fails, takes too long or ends its kernel
 * @throws {NotebookError} if the notebook can't be used, and the signal's reason once that is aborted
 */
export async function executeNotebook(execution: Execution): Promise<number> {
  const { name, source, target, cellTimeout = 600, signal, onCell } = execution;
  const root = projectRoot();
  const { cells } = readNotebook(source, name);
  const count = cells.filter((cell) => cell.type === 'code' && cell.source.trim() !== '').length;
  const python = venvPython(root);
  if (!existsSync(python))
    throw new NotebookError('the Python environment is missing: run npm start -- --setup-only first');
  signal?.throwIfAborted();
  mkdirSync(path.dirname(target), { recursive: true });

  const begun = performance.now();
  const started = new Date();
  const script = path.join(root, 'kernel-setup', 'notebook', 'execute.py');
  // In a group of its own, so that a terminal's Ctrl-C comes to us alone: closing its input then ends it in order.
  const child = spawn(python, [script, source, target, String(cellTimeout)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
    // What set-up gives every program; where we were started without it, Jupyter's own files stay in the build folder.
    env: environment({
      root,
      cache: process.env['LECTURE_LAB_CACHE'] ?? path.join(root, 'build', 'cache'),
      env: process.env,
    }),
  });
  let complaints = '';
  child.stderr.on('data', (text) => (complaints = (complaints + text).slice(-4000)));
  child.stdin.on('error', () => undefined);
  const stop = (): void => void child.stdin.end();
  signal?.addEventListener('abort', stop);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });

  let failure: CellFailure | undefined;
  let done = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const report = JSON.parse(line) as Report;
    if (report.event === 'done') onCell?.(++done, count, report.seconds);
    if (report.event === 'failed') {
      const cell = report.cell === null ? undefined : report.cell + 1;
      const id = report.cell === null ? undefined : cells[report.cell]?.id;
      failure = new CellFailure(name, cell, id, report.ename, report.evalue, report.trace);
    }
  });
  const status = await ended;
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  if (failure) throw failure;
  if (status !== 0) throw new Error(`${name}: running it ended with ${status}: ${complaints.trim()}`);
  // dated from its start: whatever was changed while it ran is newer than it
  utimesSync(target, started, started);
  return (performance.now() - begun) / 1000;
}
