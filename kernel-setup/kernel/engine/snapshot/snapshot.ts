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

/**
 * The engine's memory in a file, from which a process starts with TypeScript loaded and JavaScript's declarations read:
 * a quarter of the work of doing so anew. It belongs to one Node, one project folder and one state of the engine's files.
 */
export class Snapshot {
  readonly #data: EngineData;
  readonly #file: string;

  constructor(data: EngineData) {
    this.#data = data;
    this.#file = join(data.cache, `engine-${keyOf(data)}.blob`);
  }

  get exists(): boolean {
    return existsSync(this.#file);
  }

  /** Starts the engine's process; it sends `ready`, or ends when the snapshot is not good after all. */
  start(): ChildProcess {
    return spawn(process.execPath, [...FLAGS, '--snapshot-blob', this.#file], {
      cwd: this.#data.root,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
  }

  /** Takes a snapshot that is not good out of the way. */
  discard(): void {
    rmSync(this.#file, { force: true });
    this.#giveUp('the engine did not start from the snapshot');
  }

  /**
   * Makes the snapshot, unless that has failed before; takes two seconds of a processor, in a process of low priority.
   * @returns whether there is one now
   */
  async make(): Promise<boolean> {
    if (this.exists) return true;
    if (existsSync(this.#failure)) return false;
    mkdirSync(this.#data.cache, { recursive: true });
    const partial = `${this.#file}.${process.pid}.partial`;
    const script = `${partial}.js`; // V8's builder runs scripts, not modules: they have no `exports`
    writeFileSync(script, `(function (exports) {${readFileSync(join(__dirname, 'build.js'), 'utf8')}\n})({});`);
    const builder = spawn(process.execPath, [...FLAGS, '--snapshot-blob', partial, '--build-snapshot', script], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, LECTURE_LAB_ENGINE: JSON.stringify(this.#data), LECTURE_LAB_ENGINE_CODE: CODE },
    });
    let said = '';
    builder.stderr.on('data', (text: Buffer) => (said = (said + String(text)).slice(-2000)));
    if (builder.pid !== undefined) setPriority(builder.pid, constants.priority.PRIORITY_LOW);
    const code = await new Promise<number | null>((done) => {
      builder.on('close', done);
      builder.on('error', () => done(null));
    });
    rmSync(script, { force: true });
    if (code === 0 && existsSync(partial)) {
      this.#removeOthers();
      renameSync(partial, this.#file);
      return true;
    }
    rmSync(partial, { force: true });
    if (code !== null) this.#giveUp(said); // stopped from outside, it may be tried again
    return false;
  }

  get #failure(): string {
    return `${this.#file}.failed`;
  }

  #giveUp(reason: string): void {
    writeFileSync(this.#failure, reason);
  }

  /** Those of former states: 30 MB each. */
  #removeOthers(): void {
    for (const name of readdirSync(this.#data.cache))
      if (/^engine-.*\.(blob|failed)$/.test(name)) rmSync(join(this.#data.cache, name), { force: true });
  }
}

/** Changes with everything that is in the snapshot. */
function keyOf({ root, types }: EngineData): string {
  const files = [
    ...readdirSync(CODE).map((name) => join(CODE, name)),
    join(CODE, 'snapshot', 'build.js'),
    ...readdirSync(types).map((name) => join(types, name, 'index.d.ts')),
    require.resolve('tslab/dist/converter.js'),
    require.resolve('@tslab/typescript-for-tslab'),
  ];
  const stamps = files.map((file) => {
    const { size, mtimeMs } = statSync(file);
    return [file, size, mtimeMs];
  });
  const state = JSON.stringify([process.version, process.arch, FLAGS, root, stamps]);
  return `${process.version}-${createHash('sha256').update(state).digest('hex').slice(0, 16)}`;
}
