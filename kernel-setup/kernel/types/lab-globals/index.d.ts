// What cells may use of JavaScript's surroundings without importing anything: the small part that lessons need.
// The declarations of Node are 1.9 MB and take 400 ms to read; the engine takes them in when a cell mentions Node.

interface Console {
  log(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
  debug(...values: unknown[]): void;
  trace(...values: unknown[]): void;
  dir(value: unknown, options?: object): void;
  table(rows: unknown, columns?: readonly string[]): void;
  group(...values: unknown[]): void;
  groupEnd(): void;
  count(label?: string): void;
  countReset(label?: string): void;
  time(label?: string): void;
  timeLog(label?: string, ...values: unknown[]): void;
  timeEnd(label?: string): void;
  assert(condition: unknown, ...values: unknown[]): void;
}
declare var console: Console;

// biome-ignore lint/suspicious/noExplicitAny: the arguments are the caller's affair, as in Node
type LabCallback = (...args: any[]) => void;
interface LabTimer {
  ref(): this;
  unref(): this;
  hasRef(): boolean;
  [Symbol.toPrimitive](): number;
}
declare function setTimeout(callback: LabCallback, ms?: number, ...args: unknown[]): LabTimer;
declare function clearTimeout(timer: LabTimer | number | undefined): void;
declare function setInterval(callback: LabCallback, ms?: number, ...args: unknown[]): LabTimer;
declare function clearInterval(timer: LabTimer | number | undefined): void;
interface LabImmediate {
  ref(): this;
  unref(): this;
}
declare function setImmediate(callback: LabCallback, ...args: unknown[]): LabImmediate;
declare function clearImmediate(immediate: LabImmediate | undefined): void;
declare function queueMicrotask(callback: () => void): void;
declare function structuredClone<T>(value: T): T;

interface LabPerformance {
  now(): number;
  readonly timeOrigin: number;
}
declare var performance: LabPerformance;

interface LabAbortEvent {
  readonly type: string;
}
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: (event: LabAbortEvent) => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: (event: LabAbortEvent) => void): void;
}
declare var AbortSignal: { abort(reason?: unknown): AbortSignal; timeout(ms: number): AbortSignal };
interface AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare var AbortController: { new (): AbortController };

interface TextEncoder {
  encode(text?: string): Uint8Array;
}
declare var TextEncoder: { new (): TextEncoder };
interface TextDecoder {
  decode(bytes?: Uint8Array): string;
}
declare var TextDecoder: { new (encoding?: string): TextDecoder };
