type Send = (name: string, text: string, parent: string) => void;

/** Longest time that a printed line waits for the next one, ms, and the longest text of one message. */
const WAIT = 20;
const LIMIT = 1 << 18;

/** Joins what is printed in quick succession into few messages, without changing its order. */
export class StreamJoiner {
  readonly #send: Send;
  #pending: { name: string; parent: string; texts: string[]; length: number } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: Send) {
    this.#send = send;
  }

  write(name: string, text: string, parent: string): void {
    const pending = this.#pending;
    if (pending && (pending.name !== name || pending.parent !== parent || pending.length > LIMIT)) this.flush();
    this.#pending ??= { name, parent, texts: [], length: 0 };
    this.#pending.texts.push(text);
    this.#pending.length += text.length;
    this.#timer ??= setTimeout(() => this.flush(), WAIT);
  }

  /** Sends what waits; called before any other message goes out, so that nothing overtakes it. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending) this.#send(pending.name, pending.texts.join(''), pending.parent);
  }
}
