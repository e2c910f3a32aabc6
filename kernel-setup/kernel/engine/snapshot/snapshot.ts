import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import type { EngineData } from '../protocol';

/**
 * V8's settings for the engine. Every cell leaves a type checker's worth of garbage: with room for it, that is collected
 * at once instead of being copied first. A snapshot is good only for the settings with which it was made.
 */
const FLAGS = ['--min-semi-space-size=16', '--max-semi-space-size=32'];

/** The folder with the compiled engine. */
const CODE = join(__dirname, '..');

/** Whether a process was ended from outside; by other signals it ends through its own failure. */
export function wasStopped(signal: NodeJS.Signals | null): boolean {
  return signal !== null && ['SIGTERM', 'SIGKILL', 'SIGINT', 'SIGHUP'].includes(signal);
}

/**
 * The engine's memory in a file, from which a process starts with TypeScript loaded and JavaScript's declarations read:
 * a quarter of the work of doing so anew. It belongs to one Node, one project folder and one state of the engine's files.
 */
export class Snapshot {
  readonly #data: EngineData;
  readonly #file: string;

  constructor(data: EngineData) {
    this.#data = data;
    this.#file = join(data.cache, `${prefix(data)}${keyOf(data)}.blob`);
  }

  get exists(): boolean {
    return existsSync(this.#file);
  }

  /** Starts the engine's process; it sends `ready`, or ends when the snapshot is not good after all. */
  start(): ChildProcess {
    return spawn(process.execPath, [...FLAGS, '--snapshot-blob', this.#file], {
      cwd: this.#data.root,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: plainEnvironment(),
    });
  }

  /** Takes a snapshot that is not good out of the way. */
  discard(): void {
    rmSync(this.#file, { force: true });
    this.#giveUp('the engine did not start from the snapshot');
  }

  /** Has the snapshot made: two seconds of a processor, in a process of low priority that outlives this one. */
  order(): void {
    if (this.exists || existsSync(this.#failure)) return;
    try {
      mkdirSync(this.#data.cache, { recursive: true });
    } catch {
      return; // a folder that cannot be written to costs speed, nothing else
    }
    const maker = spawn(process.execPath, [join(__dirname, 'make.js'), JSON.stringify(this.#data)], {
      stdio: 'ignore',
      detached: true,
      env: plainEnvironment(),
    });
    maker.on('error', () => undefined);
    maker.unref();
  }

  /** Makes the snapshot, unless another process is at it. */
  async make(): Promise<void> {
    try {
      setPriority(constants.priority.PRIORITY_LOW); // the builder inherits it
      this.#removeLeftovers();
      const script = `${this.#file}.partial.js`; // V8's builder runs scripts, not modules: they have no `exports`
      const text = readFileSync(join(__dirname, 'build.js'), 'utf8');
      writeFileSync(script, `(function (exports) {${text}\n})({});`, { flag: 'wx' }); // fails while another is at it
      await this.#build(script);
      rmSync(script, { force: true });
    } catch {
      // the next kernel tries again
    }
  }

  async #build(script: string): Promise<void> {
    const partial = `${this.#file}.partial`;
    const builder = spawn(process.execPath, [...FLAGS, '--snapshot-blob', partial, '--build-snapshot', script], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...plainEnvironment(), LECTURE_LAB_ENGINE: JSON.stringify(this.#data), LECTURE_LAB_ENGINE_CODE: CODE },
    });
    let said = '';
    builder.stderr.on('data', (chunk: Buffer) => (said = (said + String(chunk)).slice(-2000)));
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((done) => {
      builder.on('close', (...how) => done(how));
      builder.on('error', () => done([null, 'SIGTERM']));
    });
    if (code === 0) renameSync(partial, this.#file);
    else if (!wasStopped(signal)) this.#giveUp(said);
  }

  get #failure(): string {
    return `${this.#file}.failed`;
  }

  #giveUp(reason: string): void {
    writeFileSync(this.#failure, reason);
  }

  /** Snapshots of former states of this project with this Node, 30 MB each, and what a builder left that was ended. */
  #removeLeftovers(): void {
    for (const name of readdirSync(this.#data.cache)) {
      const file = join(this.#data.cache, name);
      const { mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: 0 };
      if (name.startsWith(prefix(this.#data)) && (!name.includes('.partial') || Date.now() - mtimeMs > 60_000))
        rmSync(file, { force: true });
    }
  }
}

/** Settings for Node in the environment are meant for the cells; V8 may refuse a snapshot that was made under others. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _forCells, ...rest } = process.env;
  return rest;
}

/** Changes with everything that is in the snapshot. */
function keyOf({ types }: EngineData): string {
  const own = [
    ...readdirSync(CODE, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.js'))
      .map((name) => join(CODE, name)),
    ...readdirSync(types).map((name) => join(types, name, 'index.d.ts')),
  ];
  const packages = ['tslab/dist/converter.js', '@tslab/typescript-for-tslab'].map((name) => {
    const file = require.resolve(name);
    return [file, statSync(file).mtimeMs];
  });
  return hash(JSON.stringify([FLAGS, packages, own.map((file) => readFileSync(file, 'utf8'))]));
}

/** How the names of a project's snapshots begin. */
function prefix({ root }: EngineData): string {
  return `engine-node-${process.version}-${process.arch}-${hash(root)}-`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
