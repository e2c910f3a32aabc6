import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';

/** What a side measured in some repetitions. */
export interface Measured {
  /** median of one, by the wall clock */
  readonly seconds: number;
  /** the same in the processor's time, all threads together; null where another program did the work */
  readonly processor: number | null;
  /** to check, of the last */
  readonly numbers: readonly number[];
}

const KEPT_LOG = 4000;
const running = new Set<ChildProcess>();

/** Ends every side at once. */
export function endSides(): void {
  for (const child of running) end(child);
}

function end(child: ChildProcess): void {
  try {
    // the whole group: compilers and compiled programs too
    if (process.platform === 'win32') child.kill();
    else process.kill(-child.pid!, 'SIGKILL');
  } catch {
    // it has ended already
  }
}

/** A process that runs one side and stays: asked by a JSON line, it answers with one. */
export class Side {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;
  #log = '';

  private constructor(
    readonly name: string,
    command: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv,
    cwd: string,
  ) {
    this.#child = spawn(command, args, { cwd, env, stdio: 'pipe', detached: process.platform !== 'win32' });
    running.add(this.#child);
    this.#child.once('close', () => running.delete(this.#child));
    this.#child.once('error', (error) => {
      this.#log += error.message;
    });
    this.#child.stdin!.on('error', () => {});
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#log = (this.#log + text).slice(-KEPT_LOG);
    });
    this.#reader = createInterface(this.#child.stdout!);
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  /** Starts the process and waits until it has loaded what it runs. */
  static async start(
    name: string,
    command: string,
    args: readonly string[],
    { env, cwd }: { readonly env: NodeJS.ProcessEnv; readonly cwd: string },
  ): Promise<Side> {
    const side = new Side(name, command, args, env, cwd);
    try {
      await side.#answer();
    } catch (error) {
      await side.close();
      throw error;
    }
    return side;
  }

  async inputs(size: number, folder: string): Promise<void> {
    await this.#ask('inputs', size, folder);
  }

  async prepare(size: number, folder?: string): Promise<void> {
    await this.#ask('prepare', size, ...(folder === undefined ? [] : [folder]));
  }

  /** Repeats the work for at least so many seconds. */
  async run(atLeast = 0): Promise<Measured> {
    return (await this.#ask('run', atLeast)) as Measured;
  }

  /** Peak memory so far, in bytes. */
  async peak(): Promise<number> {
    return ((await this.#ask('peak')) as { memory: number }).memory;
  }

  async close(): Promise<void> {
    const child = this.#child;
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      const ended = new Promise((done) => child.once('close', done));
      child.stdin!.end();
      const patience = setTimeout(() => end(child), 3000);
      await ended;
      clearTimeout(patience);
    }
    this.#reader.close();
  }

  async #ask(what: string, ...rest: (number | string)[]): Promise<object> {
    this.#child.stdin!.write(`${JSON.stringify({ do: what, with: rest })}\n`);
    return this.#answer();
  }

  async #answer(): Promise<object> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`${this.name} ended before it answered${this.#log ? `:\n${this.#log.trim()}` : ''}`);
    const answer = JSON.parse(value) as { ok?: object; error?: string; trace?: string };
    if (answer.ok === undefined) throw new Error(`${this.name}: ${answer.error}\n${answer.trace ?? ''}`.trimEnd());
    return answer.ok;
  }
}
