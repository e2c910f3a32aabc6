import { writeSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, resolve } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import type { ToKernel } from './channels/messages';
import { Comms } from './comms';
import { complete, inspect, isComplete } from './completion';
import { readConnection } from './connection';
import { Engine } from './engine/engine';
import { adaptTensorFlow, FreshModules } from './engine/modules';
import { stopError } from './execution/context';
import { Cells } from './execution/execute';
import { History } from './execution/history';
import { Preload } from './execution/preload';
import { Queue } from './execution/queue';
import { Runner } from './execution/runner';
import { catchStrays } from './execution/strays';
import { installHost } from './host';
import { kernelInfo } from './info';
import { BreakIn } from './interrupts/break-in';
import { createFlags } from './interrupts/flags';
import { Channels } from './output/channel';
import { Failures } from './output/failures';
import { captureStandardStreams, Output } from './output/output';
import { SourceMaps } from './output/source-maps';
import { COMPLAINT } from './process/complaint';

/**
 * The kernel process: the main thread runs cells, the channels' thread talks to Jupyter, the engine's thread knows
 * TypeScript. Started by main.ts: node kernel.js <connection file>.
 */
function start(connectionFile: string): void {
  const root = resolve(process.env['LECTURE_LAB_ROOT'] ?? join(__dirname, '..', '..', '..'));
  const connection = readConnection(resolve(connectionFile));
  process.chdir(root); // imports and files are found from the project, wherever the notebook is
  const flags = createFlags();
  const heapLimit = getHeapStatistics().heap_size_limit;
  const fail = (message: string): void => {
    writeSync(2, `${COMPLAINT}${message}\n`);
    process.kill(process.pid, 'SIGKILL'); // ended more gently, zeromq aborts the process
  };

  const early: ToKernel[] = [];
  let receive = (message: ToKernel): void => void early.push(message);
  const supervisor = process.env['LECTURE_LAB_SUPERVISED'] === '1' ? 3 : undefined;
  const info = JSON.stringify(kernelInfo());
  const channels = new Channels({ connection, info, flags, heapLimit, supervisor }, (message) => {
    if (message.kind === 'failed') fail(message.message);
    else receive(message);
  });

  const output = new Output((message) => channels.post(message));
  const runner = new Runner(flags);
  const maps = new SourceMaps();
  const failures = new Failures(maps, root);
  const comms = new Comms(runner, output, failures);
  const history = new History();
  const modules = new FreshModules(root, resolve(__dirname, '..'), (file) => maps.forget(file));
  const cache = process.env['LECTURE_LAB_CACHE'] ?? join(root, 'node_modules', '.cache', 'lecture-lab');
  const types = resolve(__dirname, '..', '..', 'kernel', 'types');
  const engine = new Engine({ root, cache: join(cache, 'kernel'), types, builtins: builtinModules }, maps);
  const cells = new Cells({ engine, runner, output, failures, history, modules });
  const handleComm = async (request: Parameters<Comms['handle']>[0]): Promise<undefined> => {
    await comms.handle(request);
    return undefined;
  };
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
  receive = (message) => {
    if (message.kind === 'request') {
      preload.wait();
      comms.arrived(message.request);
      queue.push(message.request);
    } else if (message.kind === 'stop') {
      breakIn.recover();
      runner.stop(stopError(message.reason, heapLimit), message.turn);
    }
  };
  for (const message of early) receive(message);
}

try {
  start(process.argv[2] ?? '');
} catch (error) {
  process.stderr.write(`${COMPLAINT}${(error as Error).message}\n`);
  process.exitCode = 1;
}
