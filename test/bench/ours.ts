// Our side of the bench, in a process of its own: `node <this, compiled> <row, compiled>`. Answers requests, one JSON line each, like peer.py.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { npy } from './npy';
import type { Prepared, Row } from './row';

const MOST_REPETITIONS = 200;

interface Request {
  readonly do: 'inputs' | 'prepare' | 'run' | 'peak';
  readonly with: readonly (number | string)[];
}

let row: Row;
let side: Prepared;

async function act(request: Request): Promise<object> {
  const [first, second] = request.with;
  switch (request.do) {
    case 'inputs':
      return writeInputs(first as number, second as string);
    case 'prepare':
      side = await row.ours(first as number, row.inputs?.(first as number) ?? {});
      return {};
    case 'run':
      return run((first as number) ?? 0);
    case 'peak':
      return { memory: peakMemory() };
  }
}

function writeInputs(size: number, folder: string): object {
  mkdirSync(folder, { recursive: true });
  for (const [name, array] of Object.entries(row.inputs?.(size) ?? {}))
    writeFileSync(join(folder, `${name}.npy`), npy(array));
  return {};
}

/**
 * Repeats the work for at least so many seconds: the median of the repetitions by the wall clock and by the processor's (all threads
 * together), and the numbers of the last.
 */
async function run(atLeast: number): Promise<object> {
  const seconds: number[] = [];
  const processor: number[] = [];
  let total = 0;
  let result: unknown;
  do {
    const cpu = process.cpuUsage();
    const start = performance.now();
    result = side.work();
    if (result instanceof Promise) result = await result;
    seconds.push((performance.now() - start) / 1000);
    total += seconds.at(-1)!;
    const { user, system } = process.cpuUsage(cpu);
    processor.push((user + system) / 1e6);
  } while (total < atLeast && seconds.length < MOST_REPETITIONS);
  return { seconds: median(seconds), processor: median(processor), numbers: [...side.numbers(result)] };
}

// not the library's: its memory would count
function median(values: number[]): number {
  values.sort((a, b) => a - b);
  const middle = values.length / 2;
  return (values[Math.ceil(middle) - 1]! + values[Math.floor(middle)]!) / 2;
}

/** Peak resident memory of this process, in bytes. */
function peakMemory(): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kilobytes) return Number(kilobytes) * 1024;
  } catch {
    // no such file outside Linux
  }
  return process.resourceUsage().maxRSS * 1024;
}

async function serve(file: string): Promise<void> {
  const answer = (message: object): boolean => process.stdout.write(`${JSON.stringify(message)}\n`);
  // what a library prints goes to the log: standard output carries the answers
  console.log = console.info = console.error;
  const guarded = async (action: () => Promise<object> | object): Promise<boolean> => {
    try {
      answer({ ok: await action() });
      return true;
    } catch (error) {
      answer({ error: String(error), trace: (error as Error).stack });
      return false;
    }
  };
  const loaded = await guarded(() => {
    row = (require(file) as { row: Row }).row;
    return {};
  });
  if (loaded)
    for await (const line of createInterface(process.stdin)) await guarded(() => act(JSON.parse(line) as Request));
  // worker threads that a row started would keep the process alive
  process.exit();
}

void serve(process.argv[2]!);
