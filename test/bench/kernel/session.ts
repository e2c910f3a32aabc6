import { Client } from '../../kernel/client';
import type { Kernel } from './kernels';
import { memoryOf, processorTimeOf, processTree } from './process-tree';

/** What one session of a kernel took: times in ms, memory in MB. */
export type Measures = Readonly<Record<string, number>>;

const TRIVIAL = '1 + 1';
const RERUNS = 30;
const FIGURES = 15;
const PATIENCE = 60_000;
/** The reader reads, ms. */
const PAUSE = 1000;

/** Starts the kernel, runs the cells, and ends it. */
export async function session(kernel: Kernel, steps: number): Promise<Measures> {
  const found: Record<string, number> = {};
  const started = performance.now();
  const client = await Client.start({ command: kernel.command, wait: false });
  try {
    await client.reply(client.send('shell', 'kernel_info_request', {}), PATIENCE);
    found['launch to kernel_info'] = performance.now() - started;
    const first = await cell(client, TRIVIAL);
    found['launch to first result'] = performance.now() - started;
    found['first cell'] = first;
    const processes = processTree(client.process.pid!);
    found['processor time until then'] = processorTimeOf(processes);
    found['rerun of a trivial cell'] = median(await repeat(RERUNS, () => cell(client, TRIVIAL)));
    found['another trivial cell'] = median(await repeat(RERUNS, (n) => cell(client, `${n} + 2`)));
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    found['memory before the first import'] = memoryOf(processes);
    if (kernel.firstImport) found['first import'] = await cell(client, kernel.firstImport, false);
    if (kernel.figure) {
      await cell(client, kernel.figure.prepare, false);
      const figure = (a0: number): Promise<number> => cell(client, kernel.figure!.cell(a0), false);
      found['first figure'] = await figure(0.01);
      found['rerun of a figure'] = median(await repeat(FIGURES, () => figure(0.01)));
      found['rerun with another parameter'] = median(await repeat(FIGURES, (n) => figure(0.01 + 0.001 * n)));
      found['memory after figures'] = memoryOf(processTree(client.process.pid!));
    }
    if (steps > 0) {
      const times = await repeat(steps, (n) => cell(client, kernel.step(n)));
      found['cells 1 to 50'] = median(times.slice(0, 50));
      found[`cells ${steps - 50} to ${steps}`] = median(times.slice(-50));
      found['growth'] = median(times.slice(-50)) / median(times.slice(0, 50));
    }
    return found;
  } finally {
    await client.stop();
  }
}

/** Runs a cell; ms until its result, its reply and its `idle` are here. */
async function cell(client: Client, code: string, hasResult = true): Promise<number> {
  const started = performance.now();
  const id = client.sendCell(code);
  const { reply } = await client.answer(id, PATIENCE);
  if (reply.status !== 'ok') throw new Error(`the cell failed: ${JSON.stringify(reply)}`);
  // Deno's may come after its idle
  const shown = (): boolean => client.under(id).some(({ header }) => header.msg_type === 'execute_result');
  if (hasResult) await client.until(shown, 3000, `the result of ${code}`);
  return performance.now() - started;
}

async function repeat(count: number, call: (n: number) => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  while (times.length < count) times.push(await call(times.length + 1));
  return times;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
