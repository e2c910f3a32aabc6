/** A place in a cell's text, both numbers zero-based. */
export interface Place {
  readonly line: number;
  readonly character: number;
}

/** What TypeScript says about a cell (or, with `file`, about a module that the cell imports). */
export interface Diagnostic {
  readonly code: number;
  readonly message: string;
  readonly start: Place;
  readonly end: Place;
  readonly file?: string | undefined;
}

/** A cell that passed the type check, ready to run. */
export interface Conversion {
  /** identifies the conversion when it is committed */
  readonly id: number;
  readonly output: string;
  readonly hasToplevelAwait: boolean;
  readonly lastExpressionVar: string | undefined;
  readonly sideOutputs: readonly { readonly path: string; readonly data: string }[];
  /** the names that the cell declares */
  readonly declared: readonly string[];
  /** source maps from the cell to the emitted module, and from there to `output`; JSON texts */
  readonly maps: readonly [string, string];
}

export type Checked =
  | { readonly diagnostics: readonly Diagnostic[]; readonly conversion?: undefined }
  | { readonly diagnostics?: undefined; readonly conversion: Conversion };

export interface Completion {
  readonly start: number;
  readonly end: number;
  readonly matches: readonly string[];
}

export type Completeness =
  | { readonly status: 'complete' | 'invalid' }
  | { readonly status: 'incomplete'; readonly indent: string };

/** The operations of the engine's thread. Positions are UTF-16 offsets. */
export interface Operations {
  check(code: string): Checked;
  /** The conversion ran: later cells see its declarations. */
  commit(id: number): void;
  complete(code: string, position: number): Completion;
  inspect(code: string, position: number): string | undefined;
  completeness(code: string): Completeness;
}

export interface EngineData {
  readonly root: string;
  readonly cache: string;
  /** folder with the declarations of what cells see without importing */
  readonly types: string;
  /** the names of Node's own modules */
  readonly builtins: readonly string[];
}
