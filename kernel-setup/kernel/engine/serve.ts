import type { Operations } from './protocol';

/** A request to the engine, wherever it runs. */
export interface Call {
  readonly id: number;
  readonly operation: keyof Operations;
  readonly args: readonly unknown[];
}

/** The answer; `ready` comes once, before all answers. */
export type Answer =
  | { readonly ready: true; readonly id?: undefined }
  | { readonly id: number; readonly result?: unknown; readonly failure?: string };

/** Answers one request. */
export function serve(engine: Operations, { id, operation, args }: Call): Answer {
  try {
    return { id, result: (engine[operation] as (...args: readonly unknown[]) => unknown)(...args) };
  } catch (error) {
    return { id, failure: String((error as Error).stack) };
  }
}
