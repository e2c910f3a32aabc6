import { parseArgs } from 'node:util';
import { deno, fetchPeers, ipykernel, type Kernel, ours } from './kernels';
import { type Measures, median, session } from './session';

/**
 * Measures the kernel against ipykernel and Deno's kernel: sessions alternately, the same client for all.
 * Usage: npx tsx test/bench/kernel/main.ts [--sessions N] [--steps N] [--only NAME] [--json]
 */
const HELP = `--sessions N  of each kernel (7)   --steps N  cells of the long session (300; 0: none)
--only NAME   one kernel   --json`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sessions: { type: 'string', default: '7' },
      steps: { type: 'string', default: '300' },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const kernels = [ours, ipykernel, deno].filter(({ name }) => values.only === undefined || values.only === name);
  if (kernels.length === 0) throw new Error(`--only must be ours, ipykernel or deno (got ${values.only})`);
  if (kernels.some((one) => one !== ours)) fetchPeers();
  const found = new Map<Kernel, Measures[]>(kernels.map((kernel) => [kernel, []]));
  for (const kernel of kernels) await session(kernel, 0); // fills caches, of the disk too
  const count = Number(values.sessions);
  for (let n = 0; n < count; n++) {
    for (const kernel of kernels) {
      if (!values.json) process.stderr.write(`\rsession ${n + 1} of ${count}: ${kernel.name}    `);
      found.get(kernel)!.push(await session(kernel, n < 3 ? Number(values.steps) : 0));
    }
  }
  if (!values.json) process.stderr.write('\r                              \r');
  const results = Object.fromEntries([...found].map(([kernel, sessions]) => [kernel.name, summary(sessions)]));
  if (values.json) console.log(JSON.stringify(results, null, 2));
  else print(results);
}

interface Summary {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

function summary(sessions: readonly Measures[]): Record<string, Summary> {
  const names = [...new Set(sessions.flatMap((one) => Object.keys(one)))];
  return Object.fromEntries(
    names.map((name) => {
      const values = sessions.map((one) => one[name]).filter((value) => value !== undefined);
      return [name, { median: median(values), least: Math.min(...values), most: Math.max(...values) }];
    }),
  );
}

/** A table of medians with their ranges; times in ms, memory in MB. */
function print(results: Readonly<Record<string, Record<string, Summary>>>): void {
  const kernels = Object.keys(results);
  const names = [...new Set(kernels.flatMap((kernel) => Object.keys(results[kernel]!)))];
  const short = (value: number): string => (value < 100 ? value.toPrecision(2) : value.toFixed(0));
  console.log(`| ms, MB | ${kernels.join(' | ')} |\n|---|${'---|'.repeat(kernels.length)}`);
  for (const name of names) {
    const cells = kernels.map((kernel) => {
      const found = results[kernel]![name];
      return found ? `${short(found.median)} (${short(found.least)} to ${short(found.most)})` : '';
    });
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  }
}

void main();
