import { StringDecoder } from 'node:string_decoder';
import type { ToChannels } from '../channels/messages';
import type { Context } from '../execution/context';

type Post = (message: ToChannels) => void;
type StreamName = 'stdout' | 'stderr';

/** So many writes in so many ms go out one by one; the rest of that time they are collected. */
const BURST = 100;
const WINDOW = 50;
const LIMIT = 1 << 16;

/** Everything that appears under cells, in order. */
export class Output {
  readonly #post: Post;
  #batch: { name: StreamName; parent: string; texts: string[]; length: number } | undefined;
  #windowStart = 0;
  #writes = 0;

  constructor(post: Post) {
    this.#post = post;
  }

  /** Sends a message after everything that was printed before. */
  post(message: ToChannels): void {
    this.flush();
    this.#post(message);
  }

  /**
   * Publishes under the context's cell. A stopped cell shows nothing more.
   * @throws Error when the content can't be written as JSON
   */
  publish(type: string, content: object, context: Context, metadata?: object): void {
    if (context.state === 'stopped') return;
    this.post({
      kind: 'publish',
      type,
      content: JSON.stringify(content),
      parent: context.outputParent,
      ...(metadata && { metadata: JSON.stringify(metadata) }),
    });
  }

  stream(name: StreamName, text: string, context: Context): void {
    if (context.state === 'stopped' || text === '') return;
    const now = performance.now();
    if (now - this.#windowStart > WINDOW) {
      this.flush();
      this.#windowStart = now;
      this.#writes = 0;
    }
    const parent = context.outputParent;
    if (++this.#writes <= BURST && !this.#batch) {
      this.#post({ kind: 'stream', name, text, parent });
      return;
    }
    const batch = this.#batch;
    if (batch && (batch.name !== name || batch.parent !== parent || batch.length > LIMIT)) this.flush();
    if (!this.#batch) {
      this.#batch = { name, parent, texts: [], length: 0 };
      setImmediate(() => this.flush());
    }
    this.#batch.texts.push(text);
    this.#batch.length += text.length;
  }

  flush(): void {
    const batch = this.#batch;
    this.#batch = undefined;
    if (batch) this.#post({ kind: 'stream', name: batch.name, text: batch.texts.join(''), parent: batch.parent });
  }
}

/** Sends what is written to standard output and error to the cell that writes it. */
export function captureStandardStreams(output: Output, context: () => Context | undefined): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const decoder = new StringDecoder('utf8');
    const original = process[name].write.bind(process[name]);
    const write = (chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
      const to = context();
      if (!to) return original(chunk as string);
      output.stream(name, typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk)), to);
      const done = typeof encoding === 'function' ? encoding : callback;
      if (typeof done === 'function') process.nextTick(done);
      return true;
    };
    process[name].write = write as typeof process.stdout.write;
  }
}
