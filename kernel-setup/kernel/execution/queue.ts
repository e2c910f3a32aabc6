import type { Request } from '../channels/messages';
import { joinUpdate } from '../comms';
import type { Output } from '../output/output';
import type { Runner } from './runner';
import { turn } from './strays';

/** What answers a request; the result is the content of its reply, undefined when it has none. */
export type Handler = (request: Request) => Promise<object | undefined>;

export interface Handlers {
  /** answered at once, also while a cell awaits something */
  readonly direct: Readonly<Record<string, Handler>>;
  /** one at a time, in order */
  readonly inTurn: Readonly<Record<string, Handler>>;
}

/** Takes requests in order, one at a time, and tells the front-end when the kernel is busy with each. */
export class Queue {
  readonly #waiting: Request[] = [];
  readonly #handlers: Handlers;
  readonly #output: Output;
  readonly #runner: Runner;
  readonly #arrivals: () => Promise<void>;
  #current: Request | undefined;
  #working = false;

  /** @param arrivals resolves when all requests that have reached this machine's sockets have been pushed */
  constructor(handlers: Handlers, output: Output, runner: Runner, arrivals: () => Promise<void>) {
    this.#arrivals = arrivals;
    this.#handlers = handlers;
    this.#output = output;
    this.#runner = runner;
  }

  /** Whether a request is being answered that others have to wait for. */
  get busy(): boolean {
    return this.#current !== undefined;
  }

  push(request: Request): void {
    const type = request.header.msg_type;
    const direct = this.#handlers.direct[type];
    if (direct) void this.#answer(request, direct);
    else if (joinUpdate(this.#waiting, request)) {
      this.#status('busy', request);
      this.#status('idle', request);
    } else if (this.#handlers.inTurn[type]) {
      this.#waiting.push(request);
      if (!this.#working) void this.#work();
    }
  }

  async #work(): Promise<void> {
    this.#working = true; // from the start: what arrives while the first request waits for its turn must not overtake it
    for (;;) {
      // what else has arrived comes in first: a slider's updates are joined
      if (this.#waiting[0]?.header.msg_type === 'comm_msg') await turn();
      this.#current = this.#waiting.shift();
      if (!this.#current) break;
      const request = this.#current;
      await this.#answer(request, this.#handlers.inTurn[request.header.msg_type]!);
    }
    this.#working = false;
  }

  async #answer(request: Request, handler: Handler): Promise<void> {
    this.#status('busy', request);
    const reply = await handler(request).catch(failureOf);
    const refused = await this.#refusedAfter(request, reply);
    if (reply) this.#reply(request, reply);
    this.#status('idle', request);
    for (const other of refused) {
      this.#status('busy', other);
      this.#reply(other, { status: 'aborted' });
      this.#status('idle', other);
    }
    // front-ends show the last state they hear of, whatever it belongs to
    if (this.#runner.running && this.#current && this.#current !== request) this.#status('busy', this.#current);
  }

  /**
   * The cells that wait behind one that failed are refused: those that are here before the failure is told. Whoever sends
   * a cell after having heard of it wants it to run.
   */
  async #refusedAfter(request: Request, reply: object | undefined): Promise<Request[]> {
    const { header, content } = request;
    if (header.msg_type !== 'execute_request' || (reply as { status?: string }).status !== 'error') return [];
    if (content['stop_on_error'] === false || content['silent'] === true) return [];
    await this.#arrivals();
    const waiting = this.#waiting.splice(0);
    const isCell = (one: Request): boolean => one.header.msg_type === 'execute_request';
    this.#waiting.push(...waiting.filter((one) => !isCell(one)));
    return waiting.filter(isCell);
  }

  #reply(request: Request, content: object): void {
    const { channel, ids, headerText: parent } = request;
    const type = request.header.msg_type.replace(/_request$/, '_reply');
    this.#output.post({ kind: 'reply', channel, ids, type, content: JSON.stringify(content), parent });
    if (type === 'execute_reply')
      this.#output.post({ kind: 'note', what: 'finished', id: request.header.msg_id, count: 0 });
  }

  #status(state: 'busy' | 'idle', request: Request): void {
    const content = JSON.stringify({ execution_state: state });
    this.#output.post({ kind: 'publish', type: 'status', content, parent: request.headerText });
  }
}

const failureOf = (error: Error): object => ({
  status: 'error',
  ename: error.name,
  evalue: error.message,
  traceback: [],
});
