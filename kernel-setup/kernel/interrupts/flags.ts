/** Shared between the main thread and the channels' thread. */
export const FLAGS = {
  /** 1 while code of a reader may be running on the main thread */
  busy: 0,
  /** number of stops that the channels' thread has asked for */
  asked: 1,
  /** the number of the last stop that the main thread has seen */
  seen: 2,
} as const;

export const createFlags = (): SharedArrayBuffer => new SharedArrayBuffer(4 * Int32Array.BYTES_PER_ELEMENT);
