import { type Context, contexts } from '../execution/context';
import type { SourceMaps } from '../output/source-maps';
import type { EngineHost } from './host';
import type { Conversion, Operations } from './protocol';
import { Scope } from './scope';

type Pending = { resolve: (result: never) => void; reject: (error: Error) => void };

/** tslab's executor takes its conversions from here: they were made on the engine's thread. */
interface TslabExecutor {
  execute(code: string): Promise<boolean>;
  readonly locals: Record<string, unknown>;
}

/**
 * What understands and runs cells: check, run, complete, inspect. TypeScript works in a process or on a thread of its own;
 * the code runs on the main thread, in tslab's executor.
 */
export class Engine {
  readonly #root: string;
  readonly #host: EngineHost;
  readonly #maps: SourceMaps;
  readonly #pending = new Map<number, Pending>();
  #executor: TslabExecutor | undefined;
  #scope: Scope | undefined;
  #next: Conversion | undefined;
  #calls = 0;

  constructor(root: string, host: EngineHost, maps: SourceMaps) {
    this.#root = root;
    this.#host = host;
    this.#maps = maps;
  }

  /** Makes ready to check and run cells; calls made before the host is ready wait. */
  start(ready: () => void, failed: (error: Error) => void): void {
    this.#host.listen({ ready, answered: (answer) => this.#answered(answer), failed });
    this.#prepareExecutor();
  }

  check = this.#remote('check');
  commit = this.#remote('commit');
  complete = this.#remote('complete');
  inspect = this.#remote('inspect');
  completeness = this.#remote('completeness');

  /**
   * Runs a checked cell in the context in which this is called.
   * @returns the value of its last expression
   * @throws what the cell throws
   */
  async run(code: string, conversion: Conversion, context: Context): Promise<unknown> {
    this.#maps.addCell(context.label, code, conversion);
    const undo = this.#scope!.enter(conversion.declared);
    this.#next = { ...conversion, output: `${conversion.output}\n//# sourceURL=${context.label}` };
    const ok = await this.#executor!.execute('');
    if (context.state === 'stopped') return undefined;
    if (!ok) {
      undo();
      throw context.thrown ? context.thrown.value : new Error('the cell failed');
    }
    return context.result?.value;
  }

  /** Takes back what a stopped cell declared, so that its memory can be freed. */
  forget(conversion: Conversion): void {
    this.#scope?.forget(conversion.declared);
  }

  #remote<K extends keyof Operations>(
    operation: K,
  ): (...args: Parameters<Operations[K]>) => Promise<ReturnType<Operations[K]>> {
    return (...args) =>
      new Promise((resolve, reject) => {
        const id = ++this.#calls;
        this.#pending.set(id, { resolve, reject });
        this.#host.post({ id, operation, args });
      });
  }

  #answered({ id, result, failure }: { id: number; result?: unknown; failure?: string }): void {
    const call = this.#pending.get(id);
    if (!call) return;
    this.#pending.delete(id);
    if (failure === undefined) call.resolve(result as never);
    else call.reject(new Error(`the TypeScript engine failed: ${failure}`));
  }

  #prepareExecutor(): void {
    // the executor looks for tslab's own cell comments with TypeScript, which would be loaded on this thread for that
    const metadata = require.resolve('tslab/dist/metadata.js');
    require.cache[metadata] = {
      id: metadata,
      filename: metadata,
      loaded: true,
      exports: { getCodeMetadata: () => ({}) },
    } as never;
    const { createExecutor } = require('tslab/dist/executor.js') as {
      createExecutor(root: string, converters: object, console: object): TslabExecutor;
    };
    const node = { convert: () => ({ ...this.#next, diagnostics: [], declOutput: '' }), close: () => undefined };
    const console = {
      log: (value: unknown) => {
        const context = contexts.getStore();
        if (context) context.result = { value };
      },
      error: (value: unknown) => {
        const context = contexts.getStore();
        if (context) context.thrown = { value };
      },
    };
    this.#executor = createExecutor(this.#root, { node, browser: node, close: () => undefined }, console);
    this.#scope = new Scope(this.#executor.locals);
  }
}
