import { randomUUID } from 'node:crypto';
import type { Comm, KernelHost, MimeBundle } from 'lecture-lab/figure/host';
import type { Request } from './channels/messages';
import type { Content } from './channels/wire';
import { Context } from './execution/context';
import type { Runner } from './execution/runner';
import type { Failures } from './output/failures';
import type { Output } from './output/output';

type CommOptions = NonNullable<Parameters<KernelHost['openComm']>[2]>;

interface Open {
  readonly target: string;
  readonly options: CommOptions;
  readonly comm: Comm;
  /** header of the cell that opened it: there its handlers' output appears */
  readonly parent: string;
}

/** JupyterLab's widgets ask for all states on this target when a page connects. */
const CONTROL = 'jupyter.widget.control';

/** Comms: the messages of widgets. */
export class Comms {
  readonly #open = new Map<string, Open>();
  readonly #controls = new Set<string>();
  readonly #runner: Runner;
  readonly #output: Output;
  readonly #failures: Failures;

  constructor(runner: Runner, output: Output, failures: Failures) {
    this.#runner = runner;
    this.#output = output;
    this.#failures = failures;
  }

  /** Opens a comm towards the front-end, as part of the running cell. */
  open(target: string, data: MimeBundle, options: CommOptions = {}): Comm {
    const id = randomUUID().replaceAll('-', '');
    const comm: Comm = {
      id,
      send: (message) => {
        if (this.#open.has(id)) this.#send('comm_msg', { comm_id: id, data: message });
      },
      close: () => {
        if (this.#open.delete(id)) this.#send('comm_close', { comm_id: id, data: {} });
      },
    };
    const parent = this.#runner.context?.outputParent ?? '';
    this.#open.set(id, { target, options, comm, parent });
    this.#send('comm_open', { comm_id: id, target_name: target, data }, options.metadata);
    return comm;
  }

  /** Answers comm_info_request. */
  info(target: unknown): object {
    const found = [...this.#open].filter(([, one]) => !target || one.target === target);
    return { status: 'ok', comms: Object.fromEntries(found.map(([id, one]) => [id, { target_name: one.target }])) };
  }

  /** Lets a comm know of a message that has just come and waits for its turn. */
  arrived({ header, content }: Request): void {
    if (header.msg_type !== 'comm_msg') return;
    const { onArrival } = this.#open.get(String(content['comm_id']))?.options ?? {};
    onArrival?.((content['data'] ?? {}) as Content);
  }

  /** Handles comm_open, comm_msg and comm_close of the front-end. */
  async handle(request: Request): Promise<void> {
    const id = String(request.content['comm_id']);
    const data = (request.content['data'] ?? {}) as Content;
    const context = new Context('a widget', request.headerText, this.#open.get(id)?.parent);
    try {
      await this.#runner.run(context, async () => this.#handle(request, id, data));
    } catch (error) {
      const { onInterrupt } = this.#open.get(id)?.options ?? {};
      if (context.state === 'stopped' && onInterrupt) return onInterrupt();
      context.state = 'finished'; // its error is still to be seen
      this.#output.stream('stderr', `${this.#failures.describe(error).traceback.join('\n')}\n`, context);
    }
    if (context.state === 'running') context.state = 'finished';
  }

  async #handle(request: Request, id: string, data: Content): Promise<void> {
    const one = this.#open.get(id);
    switch (request.header.msg_type) {
      case 'comm_open':
        if (request.content['target_name'] === CONTROL) this.#controls.add(id);
        else this.#send('comm_close', { comm_id: id, data: {} });
        return;
      case 'comm_close':
        this.#controls.delete(id);
        if (this.#open.delete(id)) one?.options.onClose?.();
        return;
      default:
        if (this.#controls.has(id) && data['method'] === 'request_states') this.#sendStates(id);
        else if (data['method'] === 'request_state' && one?.options.state)
          one.comm.send({ method: 'update', state: one.options.state(), buffer_paths: [] });
        else await one?.options.onMessage?.(data, one.comm);
    }
  }

  #sendStates(id: string): void {
    const states: Record<string, object> = {};
    for (const [commId, { options }] of this.#open) {
      const state = options.state?.();
      if (!state) continue;
      states[commId] = {
        model_name: state['_model_name'],
        model_module: state['_model_module'],
        model_module_version: state['_model_module_version'],
        state,
      };
    }
    this.#send('comm_msg', { comm_id: id, data: { method: 'update_states', states, buffer_paths: [] } });
  }

  #send(type: string, content: object, metadata?: object): void {
    const context = this.#runner.context;
    this.#output.post({
      kind: 'publish',
      type,
      content: JSON.stringify(content),
      parent: context?.parent ?? '',
      ...(metadata && { metadata: JSON.stringify(metadata) }),
    });
  }
}

/**
 * Joins a widget's update with one that already waits: a slider sends many, only the latest values count.
 * @returns whether it was joined
 */
export function joinUpdate(queue: readonly Request[], request: Request): boolean {
  const update = stateOf(request);
  if (!update) return false;
  const earlier = queue.findLast(({ content }) => content['comm_id'] === request.content['comm_id']);
  const state = earlier && stateOf(earlier);
  if (!state) return false;
  Object.assign(state, update);
  return true;
}

function stateOf({ header, content }: Request): Record<string, unknown> | undefined {
  const data = content['data'] as { method?: unknown; state?: Record<string, unknown> } | undefined;
  return header.msg_type === 'comm_msg' && data?.method === 'update' ? data.state : undefined;
}
