/** What the plain-JavaScript bootstrap hands to the compiled part of set-up. Tests hand over their own. */
export interface Tools {
  /** the project's folder, absolute */
  readonly root: string;
  /** the one folder outside the project that set-up writes to, absolute */
  readonly cache: string;
  readonly env: NodeJS.ProcessEnv;
  readonly run: Run;
  readonly progress: Progress;
  readonly SetupError: SetupErrorConstructor;
  /** the last lines of a program's output, indented */
  readonly lastLines: (text: string, count: number) => string;
  /** writes a file beside its place and renames it */
  readonly writeWhole: (file: string, text: string) => void;
}

/**
 * Runs a program to its end, whatever its exit code. Rejects when the reader presses Ctrl-C, or when the program can't be started.
 * `timeout` is in ms.
 */
export type Run = (command: string, args: readonly string[], options?: RunOptions) => Promise<RunResult>;

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeout?: number;
  /** the program prints to our terminal instead of into `output` */
  readonly show?: boolean;
  readonly onText?: (text: string) => void;
}

export interface RunResult {
  readonly code: number;
  readonly signal: string | null;
  /** both streams together, the last 200,000 characters */
  readonly output: string;
  readonly timedOut: boolean;
}

/** Says what is going on within a step. */
export type Say = (text: string) => void;
/** A step's summary; `idle` when nothing was to do. */
export type Summary = string | { readonly idle: string };

export interface Progress {
  note(text: string): void;
  step(name: string, work: (say: Say) => Promise<Summary> | Summary): Promise<void>;
}

export type SetupErrorConstructor = new (message: string, fix: string) => Error & { readonly fix: string };
