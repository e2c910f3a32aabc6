// The few globals that Node, workers and pages share. The library is checked with these alone (tsconfig.page.json),
// so a model that reaches for a Node built-in or for the DOM does not compile.
declare function setTimeout(callback: () => void, ms?: number): unknown;
declare const performance: { now(): number };
declare function structuredClone(value: unknown): unknown;
declare function atob(text: string): string;
declare const console: { log(...values: readonly unknown[]): void; warn(...values: readonly unknown[]): void };
interface ByteStream {
  pipeThrough(transform: DecompressionStream): ByteStream;
}
declare class Blob {
  constructor(parts: readonly Uint8Array[]);
  stream(): ByteStream;
}
declare class DecompressionStream {
  constructor(format: 'gzip');
}
declare class Response {
  constructor(body: ByteStream);
  arrayBuffer(): Promise<ArrayBuffer>;
}
declare class AbortController {
  readonly signal: { readonly aborted: boolean; readonly reason: unknown; throwIfAborted(): void };
  abort(reason?: unknown): void;
}
