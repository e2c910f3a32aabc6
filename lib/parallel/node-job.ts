import type { MessagePort } from 'node:worker_threads';
import type { Chunk, Reply } from './crew';

/** What a thread gets. */
export interface Job {
  readonly chunk: Chunk;
  /** shared with the thread: what it is told while it computes, and tells */
  readonly state: Int32Array;
  /** where the answer goes */
  readonly port: MessagePort;
}

/** Where in the shared state stands what: 1 to stop; the trial, -1 before the first; the share of it that is done. */
export const STOP = 0;
export const AT = 1;
export const FRACTION = 2;
export const LENGTH = 3;
/** A whole trial, in units of `FRACTION`. */
export const WHOLE = 2 ** 30;

export interface Answer {
  readonly reply: Reply;
  /** files of ours that the thread has loaded since its last answer, with their stamps */
  readonly loaded: readonly (readonly [file: string, stamp: string])[];
}
