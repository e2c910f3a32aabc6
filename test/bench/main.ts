// `npm run bench`: see HELP in arguments.ts. Expects a compiled library.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { near } from 'lecture-lab/cli/near';
import { readJson } from '../../kernel-setup/setup/files';
import type { Tools } from '../../kernel-setup/setup/tools';
import { type Arguments, HELP, readArguments, UsageError } from './arguments';
import { kernelBench } from './kernel/bench';
import { busyness, describeMachine } from './machine';
import { measureRow, type RowResult, type Sides } from './measure';
import { PeerPython } from './peer-python';
import { allAgree, describeAll, describeRow } from './report';
import { callOf, type Peer, type Row } from './row';
import { readRow, rowFile, rowNames } from './rows';
import { endSides, Side } from './side';
import { markdownTable, withTable } from './table';
import { WAITING } from './waiting';
import { columns } from './words';

const root = join(__dirname, '..', '..');
const results = join(root, 'build', 'bench');

/** What is kept of a row's measurement. */
interface Kept extends RowResult {
  readonly machine: string;
  /** e.g. 2026-03-31 */
  readonly date: string;
}

async function main(words: readonly string[]): Promise<number> {
  if (words[0] === 'kernel') return await kernelBench(words.slice(1)); // not a row: launches instead of repetitions
  const wanted = readArguments(words);
  if (wanted.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const tools = await projectTools();
  const rows = (wanted.list || wanted.names.length === 0 ? rowNames() : chosen(wanted)).map(readRow);
  const tasks = rows.map((row) => ({ row, peers: chosenPeers(row, wanted) })).filter(({ peers }) => peers.length > 0);
  if (wanted.list) {
    process.stdout.write(`${listing(rows)}\n`);
    return 0;
  }
  const status = statusLine();
  const sides = await sidesOf(tools, status.say);
  const busy = busyness();
  if (busy) process.stderr.write(`${busy}\n`);
  const measured: Kept[] = [];
  let failed = false;
  for (const { row, peers } of tasks) {
    const options = { rounds: wanted.rounds, atLeast: wanted.quick ? 0 : 0.3, growth: !wanted.quick };
    try {
      const result = await measureRow(row, peers, options, {
        ...sides,
        say: (text) => status.say(`${row.name}: ${text}`),
      });
      const kept = { ...result, machine: describeMachine(), date: new Date().toISOString().slice(0, 10) };
      // the table is made of whole measurements
      const whole = !wanted.quick && peers.length === row.peers.length;
      tools.writeWhole(
        join(results, `${row.name}${whole ? '' : '.partial'}.json`),
        `${JSON.stringify(kept, null, 2)}\n`,
      );
      measured.push(kept);
      status.clear();
      (wanted.json ? process.stderr : process.stdout).write(`${describeRow(result)}\n\n`);
    } catch (error) {
      if (interrupted) break;
      failed = true;
      status.clear();
      process.stderr.write(`${row.name}: FAILED: ${(error as Error).message}\n\n`);
    }
  }
  status.clear();
  if (interrupted) {
    process.stderr.write('Stopped. The rows that were finished are in build/bench.\n');
    return 130;
  }
  if (wanted.json) process.stdout.write(`${JSON.stringify(measured, null, 2)}\n`);
  else if (measured.length > 1) process.stdout.write(`${describeAll(measured)}\n`);
  if (wanted.table) writeTable(tools);
  return failed || !allAgree(measured) ? 1 : 0;
}

// ---- which rows, which peers

function chosen({ names }: Arguments): string[] {
  const there = rowNames();
  for (const name of names) {
    if (there.includes(name)) continue;
    if (WAITING.some((row) => row.name === name))
      throw new UsageError(`${name} waits for its model: there is nothing to run yet`);
    const meant = near(name, [...there, ...WAITING.map((row) => row.name)]);
    throw new UsageError(`there is no row ${name}${meant.length > 0 ? `; did you mean ${meant.join(', ')}?` : ''}`);
  }
  return [...new Set(names)];
}

/** The peers that the command line names, all if it names none; a row without them is left out, unless it was asked for by name. */
function chosenPeers(row: Row, { peers, names }: Arguments): readonly Peer[] {
  if (peers.length === 0) return row.peers;
  const found = row.peers.filter(({ name }) => peers.includes(name));
  if (found.length === 0 && names.length > 0)
    throw new UsageError(`${row.name} has no such peer; it has ${row.peers.map(({ name }) => name).join(', ')}`);
  return found;
}

function listing(rows: readonly Row[]): string {
  const wanted = (name: string, role: string, target: number): string =>
    `${name} ${target}${role === 'both' ? '' : ` (${role})`}`;
  const written = rows.map((row) => [
    row.name,
    row.words,
    row.peers.map(({ name, role, target }) => wanted(name, role, target)).join(', '),
  ]);
  const waiting = WAITING.map((row) => [
    row.name,
    row.words,
    row.peers.map(([name, role, target]) => wanted(name, role, target)).join(', '),
  ]);
  const lines = columns([['row', 'what is computed', 'peer / ours wanted'], ...written, ...waiting]);
  const split = 1 + written.length;
  return [...lines.slice(0, split), '', 'waiting for their model:', ...lines.slice(split)].join('\n');
}

// ---- the sides

/** Compiles our side and gives the ways to start both. */
async function sidesOf(tools: Tools, say: (text: string) => void): Promise<Omit<Sides, 'say'>> {
  const compiled = join(results, 'compiled');
  const python = new PeerPython(tools, say);
  // what a notebook runs: plain JavaScript in a fresh Node, with the library imported by its name
  const compile = async (source: string, name: string): Promise<string> => {
    const outfile = join(compiled, `${name}.cjs`);
    await build({
      entryPoints: [source],
      outfile,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'cjs',
      logLevel: 'silent',
    });
    return outfile;
  };
  const server = await compile(join(__dirname, 'ours.ts'), 'ours');
  const own = async (row: Row, name: string, switches: NodeJS.ProcessEnv): Promise<Side> => {
    const file = await compile(rowFile(row.name), `row-${row.name}`);
    return Side.start(name, process.execPath, [server, file], { env: { ...process.env, ...switches }, cwd: root });
  };
  return {
    ours: (row) => own(row, 'ours', {}),
    async peer(row, peer) {
      if (peer.ownTwin) return await own(row, peer.name, { LECTURE_LAB_WASM: 'off' });
      const program = await python.program(peer);
      const file = join(__dirname, 'peers', `${row.peerFile ?? row.name}.py`);
      const work = join(results, 'peers', `${row.name}-${callOf(peer)}`);
      mkdirSync(work, { recursive: true });
      const args = [join(__dirname, 'peer.py'), file, callOf(peer)];
      return Side.start(peer.name, program, args, { env: python.env, cwd: work });
    },
    inputFolder(row) {
      const folder = join(results, 'inputs', row.name);
      rmSync(folder, { recursive: true, force: true });
      return folder;
    },
  };
}

// ---- results

/** Writes the table of environment.md from all results that were measured on this machine. */
function writeTable(tools: Tools): void {
  const machine = describeMachine();
  const rows = rowNames()
    .map((name) => readJson(join(results, `${name}.json`)) as Kept | undefined)
    .filter((row) => row?.machine === machine) as Kept[];
  const newest = rows
    .map(({ date }) => date)
    .sort()
    .at(-1);
  if (newest === undefined) throw new UsageError('there is no result of this machine in build/bench');
  const file = join(root, 'environment.md');
  tools.writeWhole(file, withTable(readFileSync(file, 'utf8'), markdownTable(rows, machine, newest)));
  process.stderr.write(`environment.md holds ${rows.length} rows.\n`);
}

/** What is going on, on one line of a terminal; a line each where there is none. */
function statusLine(): { say(text: string): void; clear(): void } {
  const live = process.stderr.isTTY;
  return {
    say: (text) =>
      void process.stderr.write(live ? `\r\u001b[K  … ${text}`.slice(0, process.stderr.columns + 3) : `  … ${text}\n`),
    clear: () => void (live && process.stderr.write('\r\u001b[K')),
  };
}

// ---- the project's own tools, which are plain JavaScript

let interrupted = false;

async function projectTools(): Promise<Tools> {
  const part = (name: string): Promise<unknown> =>
    import(pathToFileURL(join(root, 'kernel-setup', 'bootstrap', `${name}.mjs`)).href);
  const { SetupError } = (await part('errors')) as Pick<Tools, 'SetupError'>;
  const { cacheFolder, lastLines, writeWhole } = (await part('files')) as Pick<Tools, 'lastLines' | 'writeWhole'> & {
    cacheFolder(env: NodeJS.ProcessEnv): string;
  };
  const { run, catchInterrupts } = (await part('programs')) as Pick<Tools, 'run'> & {
    catchInterrupts(giveUp: () => void): void;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      interrupted = true;
      endSides();
    });
  catchInterrupts(() => process.exit(130));
  const progress = { note: () => {}, step: async () => {} };
  const cache = cacheFolder(process.env);
  return { root, cache, env: process.env, run, progress, SetupError, lastLines, writeWhole };
}

process.on('exit', endSides);
main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const usage = error instanceof UsageError;
    process.stderr.write(`${usage ? error.message : (error as Error).stack}\n`);
    process.exit(usage ? 2 : 1);
  },
);
