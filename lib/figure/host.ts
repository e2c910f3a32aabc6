import type { CancelSignal } from '../math/run';

/** Data by MIME type, as Jupyter displays it. JSON types hold objects, never JSON strings. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** A comm that the kernel opened towards the front-end. */
export interface Comm {
  readonly id: string;
  send(data: Readonly<Record<string, unknown>>): void;
  close(): void;
}

/** What the kernel offers to code that runs in its cells. It stands at `globalThis[KERNEL]` and nowhere else. */
export interface KernelHost {
  /** Shows a bundle under the running cell; with `displayId` it can be replaced later by `update: true`. */
  display(
    data: MimeBundle,
    options?: { readonly metadata?: MimeBundle; readonly displayId?: string; readonly update?: boolean },
  ): void;
  clearOutput(wait?: boolean): void;
  /** Aborted when the running cell is interrupted; a new one for every cell. */
  readonly signal: CancelSignal;
  openComm(
    target: string,
    data: Readonly<Record<string, unknown>>,
    options?: {
      readonly metadata?: MimeBundle;
      /** the widget's current state, asked for when a page reconnects */
      readonly state?: () => Readonly<Record<string, unknown>>;
      /** takes messages one after the other, in turn with cells; the kernel is busy while it runs */
      readonly onMessage?: (data: Readonly<Record<string, unknown>>, comm: Comm) => void | Promise<void>;
      /** told of each message when it comes, even while something runs: enough to abort what the message makes stale */
      readonly onArrival?: (data: Readonly<Record<string, unknown>>) => void;
      /** told when `onMessage` was interrupted; without it the interruption is printed under the cell */
      readonly onInterrupt?: () => void;
      readonly onClose?: () => void;
    },
  ): Comm;
}

/** The key under which the kernel puts its `KernelHost` on the global object. */
export const KERNEL: unique symbol = Symbol.for('lecture-lab.kernel');

/** The kernel that runs this code, if one does. */
export function kernelHost(): KernelHost | undefined {
  return (globalThis as { [KERNEL]?: KernelHost })[KERNEL];
}
