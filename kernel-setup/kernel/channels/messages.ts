import type { Connection } from '../connection';
import type { Incoming } from './wire';

/**
 * What the threads of the kernel say to each other. All sockets live on the channels' thread, so that Jupyter is
 * answered while a cell computes, and so that stopping a cell by force can't break a socket.
 */

/** A request that the channels' thread hands to the main thread. */
export type Request = Incoming & { readonly channel: 'shell' | 'control' };

/** Why the running code has to stop. */
export type StopReason = 'interrupt' | 'memory';

/** From the channels' thread to the main thread. */
export type ToKernel =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'request'; readonly request: Request }
  /** everything that came before the `sync` was received has been handed over */
  | { readonly kind: 'synced' }
  | { readonly kind: 'stop'; readonly reason: StopReason; readonly turn: number };

/** From the main thread to the channels' thread. `content` and `metadata` are JSON texts, `parent` a header as JSON text. */
export type ToChannels =
  | { readonly kind: 'publish'; type: string; content: string; parent: string; metadata?: string }
  | { readonly kind: 'stream'; name: 'stdout' | 'stderr'; text: string; parent: string }
  | {
      readonly kind: 'reply';
      channel: 'shell' | 'control';
      ids: readonly Uint8Array[];
      type: string;
      content: string;
      parent: string;
    }
  /** asks for `synced` */
  | { readonly kind: 'sync' }
  /** a cell starts or has been answered: what the supervisor must know to report a crash */
  | { readonly kind: 'note'; what: 'started' | 'finished'; id: string; count: number };

export interface ChannelsData {
  readonly connection: Connection;
  /** content of kernel_info_reply, JSON text */
  readonly info: string;
  /** shared flags, see interrupts/flags.ts */
  readonly flags: SharedArrayBuffer;
  /** V8's heap limit, bytes */
  readonly heapLimit: number;
  /** a file descriptor that leads to the supervisor, if there is one */
  readonly supervisor: number | undefined;
}
