import { writeSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, resolve } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import type { ToKernel } from './channels/messages';
import { readConnection } from './connection';
import { EngineHost } from './engine/host';
import { kernelInfo } from './info';
import { createFlags } from './interrupts/flags';
import { Channels } from './output/channel';
import { COMPLAINT } from './process/complaint';
import type * as Sessions from './session';

/**
 * The kernel process: the main thread runs cells, the channels' thread talks to Jupyter, the engine knows TypeScript.
 * Started by main.ts: node kernel.js <connection file>.
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

  const cache = process.env['LECTURE_LAB_CACHE'] ?? join(root, 'node_modules', '.cache', 'lecture-lab');
  const types = resolve(__dirname, '..', '..', 'kernel', 'types');
  const host = new EngineHost({ root, cache: join(cache, 'kernel'), types, builtins: builtinModules });

  // the rest is loaded while those two start
  const { startSession } = require('./session') as typeof Sessions;
  receive = startSession({ root, flags, heapLimit, channels, host, fail });
  for (const message of early) receive(message);
}

try {
  start(process.argv[2] ?? '');
} catch (error) {
  process.stderr.write(`${COMPLAINT}${(error as Error).message}\n`);
  process.exitCode = 1;
}
