import { AsyncLocalStorage } from 'node:async_hooks';
import type { StopReason } from '../channels/messages';

/** The reason with which an interrupted cell is aborted. */
export class Interrupted extends Error {
  override readonly name: string = 'Interrupted';
  constructor(message = 'the cell was interrupted') {
    super(message);
    delete this.stack; // where the kernel made it says nothing
  }
}

export class OutOfMemory extends Interrupted {
  override readonly name = 'OutOfMemory';
  constructor(limit: number) {
    super(
      `the cell needed more memory than the kernel may use (${(limit / 2 ** 30).toFixed(1)} GB) and was stopped; ` +
        'what earlier cells made is still there',
    );
  }
}

/** Something of the reader's that runs: a cell, or the handler of a widget's message. */
export class Context {
  /** header of the request under which output appears, JSON text */
  readonly outputParent: string;
  /** header of the request that is being answered, JSON text */
  readonly parent: string;
  readonly label: string;
  readonly controller = new AbortController();
  state: 'running' | 'finished' | 'stopped' = 'running';
  /** set by the executor */
  result: { readonly value: unknown } | undefined;
  thrown: { readonly value: unknown } | undefined;
  /** what went wrong in promises and callbacks that nobody awaited */
  readonly strays: unknown[] = [];

  constructor(label: string, parent: string, outputParent = parent) {
    this.label = label;
    this.parent = parent;
    this.outputParent = outputParent;
  }
}

/** Follows code across `await` and callbacks, so that output and failures find the cell that made them. */
export const contexts = new AsyncLocalStorage<Context>();

export const stopError = (reason: StopReason, limit: number): Interrupted =>
  reason === 'memory' ? new OutOfMemory(limit) : new Interrupted();
