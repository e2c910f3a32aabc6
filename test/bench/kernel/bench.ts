import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../kernel/client';
import { UsageError } from '../arguments';
import { describeMachine } from '../machine';
import { columns } from '../words';
import { deno, fetchPeers, ipykernel, type Kernel, ours } from './kernels';
import { type Measures, median, session } from './session';

const RESULTS = join(root, 'build', 'bench');

export const KERNEL_HELP = `Times the kernel against ipykernel and Deno's kernel: sessions alternately, with the same client.

  npm run bench -- kernel           7 sessions of each (2 minutes)
    --sessions N
    --steps N                       cells of the long session, which the first three of each kernel have (otherwise 300; 0: none)
    --only NAME                     ours, ipykernel or deno
    --json                          the results on standard output

Needs the set-up (npm start -- --setup-only). Deno, numpy, Altair and vl-convert go to build/bench/peers (0.3 GB), the results to
build/bench/kernel.json. Memory is that of all processes of a kernel and is read under Linux only.
`;

interface Options {
  readonly sessions: number;
  readonly steps: number;
  readonly kernels: readonly Kernel[];
  readonly json: boolean;
}

/** `npm run bench -- kernel`. @throws {UsageError} naming the word that is wrong */
export async function kernelBench(words: readonly string[]): Promise<number> {
  const options = readOptions(words);
  if (!options) {
    process.stdout.write(KERNEL_HELP);
    return 0;
  }
  const { sessions, steps, kernels, json } = options;
  if (kernels.some((one) => one !== ours)) fetchPeers();
  const found = new Map<Kernel, Measures[]>(kernels.map((kernel) => [kernel, []]));
  for (const kernel of kernels) await session(kernel, 0); // fills caches, of the disk too
  for (let n = 0; n < sessions; n++) {
    for (const kernel of kernels) {
      if (process.stderr.isTTY) process.stderr.write(`\rsession ${n + 1} of ${sessions}: ${kernel.name}    `);
      found.get(kernel)!.push(await session(kernel, n < 3 ? steps : 0));
    }
  }
  if (process.stderr.isTTY) process.stderr.write(`\r${' '.repeat(40)}\r`);
  const results = Object.fromEntries([...found].map(([kernel, measures]) => [kernel.name, summary(measures)]));
  const text = JSON.stringify({ machine: describeMachine(), results }, null, 2);
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, 'kernel.json'), `${text}\n`);
  process.stdout.write(json ? `${text}\n` : table(results));
  return 0;
}

function readOptions(words: readonly string[]): Options | undefined {
  const { values } = parse(words);
  if (values.help) return undefined;
  const number = (name: 'sessions' | 'steps', least: number): number => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < least || value > 10_000)
      throw new UsageError(`--${name} must be a whole number from ${least} to 10000 (got ${values[name]})`);
    return value;
  };
  const kernels = [ours, ipykernel, deno].filter(({ name }) => values.only === undefined || values.only === name);
  if (kernels.length === 0) throw new UsageError(`--only must be ours, ipykernel or deno (got ${values.only})`);
  return { sessions: number('sessions', 1), steps: number('steps', 0), kernels, json: values.json };
}

const OPTIONS = {
  sessions: { type: 'string', default: '7' },
  steps: { type: 'string', default: '300' },
  only: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

function parse(words: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>> {
  try {
    return parseArgs({ args: [...words], options: OPTIONS });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
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
function table(results: Readonly<Record<string, Record<string, Summary>>>): string {
  const kernels = Object.keys(results);
  const names = [...new Set(kernels.flatMap((kernel) => Object.keys(results[kernel]!)))];
  const short = (value: number): string => (value < 100 ? value.toPrecision(2) : value.toFixed(0));
  const rows = names.map((name) => {
    const found = kernels.map((kernel) => results[kernel]![name]);
    return [
      name,
      ...found.map((one) => (one ? `${short(one.median)} (${short(one.least)} to ${short(one.most)})` : '')),
    ];
  });
  return columns([['ms, MB: median (range)', ...kernels], ...rows])
    .map((line) => `${line}\n`)
    .join('');
}
