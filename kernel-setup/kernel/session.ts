import { resolve } from 'node:path';
import type { ToKernel } from './channels/messages';
import { Comms } from './comms';
import { complete, inspect, isComplete } from './completion';
import { Engine } from './engine/engine';
import type { EngineHost } from './engine/host';
import { adaptTensorFlow, FreshModules } from './engine/modules';
import { stopError } from './execution/context';
import { Cells } from './execution/execute';
import { History } from './execution/history';
import { Preload } from './execution/preload';
import { Queue } from './execution/queue';
import { Runner } from './execution/runner';
import { catchStrays } from './execution/strays';
import { installHost } from './host';
import { BreakIn } from './interrupts/break-in';
import type { Channels } from './output/channel';
import { Failures } from './output/failures';
import { captureStandardStreams, Output } from './output/output';
import { SourceMaps } from './output/source-maps';

interface Surroundings {
  readonly root: string;
  readonly flags: SharedArrayBuffer;
  /** V8's heap limit, bytes */
  readonly heapLimit: number;
  readonly channels: Channels;
  readonly host: EngineHost;
  /** ends the kernel */
  readonly fail: (message: string) => void;
}

/** Prepares the main thread for cells; the result takes what the channels' thread hands over. */
export function startSession(surroundings: Surroundings): (message: ToKernel) => void {
  const { root, flags, heapLimit, channels, host, fail } = surroundings;
  const output = new Output((message) => channels.post(message));
  const runner = new Runner(flags);
  const maps = new SourceMaps();
  const failures = new Failures(maps, root);
  const comms = new Comms(runner, output, failures);
  const history = new History();
  const modules = new FreshModules(root, resolve(__dirname, '..'), (file) => maps.forget(file));
  const engine = new Engine(root, host, maps);
  const cells = new Cells({ engine, runner, output, failures, history, modules });
  const handleComm = async (request: Parameters<Comms['handle']>[0]): Promise<undefined> => {
    await comms.handle(request);
    return undefined;
  };
  const synced: (() => void)[] = [];
  const queue = new Queue(
    {
      direct: {
        complete_request: ({ content }) => complete(engine, content),
        inspect_request: ({ content }) => inspect(engine, content),
        is_complete_request: ({ content }) => isComplete(engine, content),
        history_request: async ({ content }) => ({ status: 'ok', history: history.answer(content) }),
        comm_info_request: async ({ content }) => comms.info(content['target_name']),
      },
      inTurn: {
        execute_request: (request) => cells.execute(request),
        comm_open: handleComm,
        comm_msg: handleComm,
        comm_close: handleComm,
      },
    },
    output,
    runner,
    () =>
      new Promise((resolve) => {
        synced.push(resolve);
        channels.post({ kind: 'sync' });
      }),
  );

  const preload = new Preload(root, () => queue.busy);
  engine.start(
    () => preload.wait(),
    (error) => fail(`the TypeScript engine ended: ${error.message}`),
  );
  const breakIn = new BreakIn(flags);
  adaptTensorFlow();
  installHost(runner, output, comms);
  catchStrays(runner, output, failures);
  captureStandardStreams(output, () => runner.context);
  process.on('SIGINT', () => undefined); // interrupts come as messages; Ctrl-C in Jupyter's terminal is Jupyter's
  return (message) => {
    if (message.kind === 'request') {
      preload.wait();
      comms.arrived(message.request);
      queue.push(message.request);
    } else if (message.kind === 'synced') {
      synced.shift()?.();
    } else if (message.kind === 'stop') {
      breakIn.recover();
      runner.stop(stopError(message.reason, heapLimit), message.turn);
    }
  };
}
