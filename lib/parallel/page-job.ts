import type { Chunk, Reply } from './crew';

/** What a worker that works for another is asked. */
export type Order =
  /** the data files that the page carries, before the first work */
  | { readonly kind: 'files'; readonly files: Readonly<Record<string, string>> | undefined }
  | { readonly kind: 'work'; readonly chunk: Chunk }
  /** to end the work at its next report of progress */
  | { readonly kind: 'stop' };

/** What it answers: how far it is, now and then, and in the end the reply. */
export type Answer =
  | { readonly kind: 'at'; readonly position: number }
  | { readonly kind: 'reply'; readonly reply: Reply };

/** The name of a worker that works for another, by which the script knows what it is. */
export const HAND = 'lecture-lab hand';

/** What is used here of a Web Worker's global object. */
export interface World {
  readonly name?: string;
  readonly navigator?: { readonly hardwareConcurrency?: number };
  readonly Worker?: new (
    address: string,
    options: { name: string },
  ) => {
    postMessage(order: Order): void;
    onmessage: ((event: { readonly data: Answer }) => void) | null;
    onerror: ((event: { readonly message?: string; preventDefault(): void }) => void) | null;
    terminate(): void;
  };
  readonly MessageChannel: new () => { readonly port1: Port; readonly port2: Port };
  readonly Blob: new (parts: readonly string[], options: { type: string }) => object;
  readonly URL: { createObjectURL(blob: object): string };
  clearTimeout(timer: unknown): void;
  lectureLabData?: Readonly<Record<string, string>>;
  /** the whole script of a page's worker, as the function that it is wrapped in */
  readonly lectureLabScript?: () => void;
}

interface Port {
  onmessage: (() => void) | null;
  postMessage(message: unknown): void;
}

/** Whether this script runs in a worker that works for another. */
export const isHand = (): boolean => (globalThis as unknown as World).name === HAND;
