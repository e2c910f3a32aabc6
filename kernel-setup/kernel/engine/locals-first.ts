import type { Ts, TypeScript } from './typescript';

type Builder = Pick<TypeScript.BuilderProgram, 'getSourceFile'> &
  Partial<Pick<TypeScript.BuilderProgram, 'emit' | 'getProgram'>>;

/** The part of TypeScript's watch host that matters here. */
export interface WatchHost {
  setTimeout(call: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  afterProgramCreate(builder: Builder): void;
}

/**
 * tslab makes two programs for a cell that declares something: one to learn the names, one with the names exported. The
 * names are known after parsing, so the first program is replaced by a parsed file: half of the time of such a cell.
 */
export class LocalsFirst {
  readonly #ts: Ts;
  /** the cell whose names tslab is about to ask for */
  #asked: string | undefined;
  /** a timer that tslab has let run, but TypeScript takes for waiting */
  #spent: unknown;
  #program: Builder | undefined;

  constructor(ts: Ts) {
    this.#ts = ts;
  }

  /** Runs a conversion of `code`. */
  during<T>(code: string, convert: () => T): T {
    this.#asked = code;
    try {
      return convert();
    } finally {
      this.#asked = undefined;
    }
  }

  /** Puts itself between TypeScript and the host that tslab made. */
  adapt(host: WatchHost): void {
    const { setTimeout, clearTimeout, afterProgramCreate } = host;
    host.afterProgramCreate = (builder) => {
      this.#program = builder;
      afterProgramCreate.call(host, builder);
    };
    host.setTimeout = (call, ms) => {
      const timer = setTimeout.call(
        host,
        () => {
          const parsed = this.#parsed();
          if (parsed) {
            this.#spent = timer;
            afterProgramCreate.call(host, { getSourceFile: () => parsed });
            return;
          }
          const before = this.#program;
          call();
          // TypeScript does not mention a program that is still good
          if (before && before === this.#program) afterProgramCreate.call(host, before);
        },
        ms,
      );
      return timer;
    };
    host.clearTimeout = (timer) => {
      if (timer === this.#spent) this.#spent = undefined;
      else clearTimeout.call(host, timer);
    };
  }

  /** The cell with its names, the first time that it is asked for; undefined when it declares nothing. */
  #parsed(): TypeScript.SourceFile | undefined {
    const code = this.#asked;
    this.#asked = undefined;
    if (code === undefined) return undefined;
    const options = { target: this.#ts.ScriptTarget.ES2022 };
    const file = this.#ts.createSourceFile('cell.ts', `export {};\n${code}`, options.target, false);
    const bind = (this.#ts as unknown as { bindSourceFile(file: TypeScript.SourceFile, options: object): void })
      .bindSourceFile;
    bind(file, options);
    const { locals } = file as unknown as { locals?: ReadonlyMap<string, unknown> };
    return locals && locals.size > 0 ? file : undefined;
  }
}
