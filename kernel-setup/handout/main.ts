import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand, status } from '../notebook/command';
import { CellFailure, executeNotebook } from '../notebook/execute';
import { findNotebooks, type Place, projectRoot, selectNotebooks } from '../notebook/find';
import { NotebookError, readNotebook } from '../notebook/format';
import { buildAssets } from './assets';
import { handoutHtml, type Neighbour, titleOf } from './handout';
import { indexHtml, lectureTitle } from './index-html';

const HELP = `Usage: npm run handouts [-- NAME … [--no-execute] [--timeout SECONDS]]

Runs notebooks on a fresh kernel and makes pages of them that open without a network: build/handouts/index.html.
Figures of the library can be changed in their page. One that takes more than 20 s there stays still, and the page says
so: that is measured once, here, and kept in build/cache/pages for as long as the figure's code is the same.

NAME            a notebook's path, lecture/topic, or the start of either (deep-linear); all without one
--no-execute    make the pages from the last run's outputs, without running anything
--timeout N     longest that one cell may take, in seconds (600)
--help          this text

Exit status: 0 all pages made, 1 a notebook failed (its previous page is kept), 2 wrong usage, 130 interrupted.`;

/** Where things are; tests use other folders than the project's own. */
export interface Folders {
  readonly notebooks: string;
  readonly executed: string;
  readonly handouts: string;
}

/**
 * Makes handouts.
 * @param args the command line after the program's name
 * @returns the exit status
 */
export async function main(args: readonly string[], folders: Folders, signal: AbortSignal): Promise<number> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  let chosen: Place[];
  let all: Place[];
  let execute: boolean;
  let timeout: number;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: 'boolean' }, 'no-execute': { type: 'boolean' }, timeout: { type: 'string' } },
    });
    if (values.help) {
      process.stdout.write(`${HELP}\n`);
      return 0;
    }
    execute = !values['no-execute'];
    timeout = Number(values.timeout ?? 600);
    if (!Number.isInteger(timeout) || timeout < 1)
      throw new NotebookError(`--timeout must be a whole number of seconds, at least 1 (got ${values.timeout})`);
    all = findNotebooks(folders.notebooks);
    chosen = selectNotebooks(all, positionals);
  } catch (error) {
    say(`handouts: ${(error as Error).message.split('\n')[0]}`);
    return 2;
  }

  const assets = await buildAssets();
  const pageOf = (place: Place): string => path.join(folders.handouts, `${place.name}.html`);
  let failed = 0;
  const begun = performance.now();
  for (const [n, place] of chosen.entries()) {
    const label = `[${n + 1}/${chosen.length}] ${place.name}`;
    const started = performance.now();
    try {
      const executed = path.join(folders.executed, `${place.name}.ipynb`);
      readNotebook(place.file, place.name);
      if (execute)
        await executeNotebook({
          name: place.name,
          source: place.file,
          target: executed,
          cellTimeout: timeout,
          signal,
          onCell: (done, of) => status(`${label}: cell ${done} of ${of}`),
        });
      else if (!existsSync(executed))
        throw new NotebookError(`${place.name}: has not been run yet: leave out --no-execute`);
      status(`${label}: making the page`);
      const html = await handoutHtml(readNotebook(executed, place.name), {
        name: place.name,
        file: place.file,
        lecture: lectureTitle(path.dirname(place.file)),
        assets,
        before: neighbour(all, place, -1),
        after: neighbour(all, place, +1),
      });
      writeWhole(pageOf(place), html);
      status('');
      say(`${label}: ${seconds(started)}, ${(Buffer.byteLength(html) / 1e6).toFixed(2)} MB`);
    } catch (error) {
      status('');
      if (signal.aborted) break;
      failed++;
      say(`${label}: FAILED`);
      explain(error, say);
      if (existsSync(pageOf(place))) say('  the previous page is kept');
    }
  }
  const lessons = all.map((place) => ({ place, title: title(place), made: existsSync(pageOf(place)) }));
  if (signal.aborted) {
    say('handouts: interrupted; pages made so far are complete');
    return 130;
  }
  writeWhole(path.join(folders.handouts, 'index.html'), indexHtml(lessons, assets));
  const made = chosen.length - failed;
  say(
    `${made} of ${chosen.length} handouts in ${seconds(begun)}: ${path.relative(process.cwd(), path.join(folders.handouts, 'index.html'))}`,
  );
  return failed === 0 ? 0 : 1;
}

function explain(error: unknown, say: (line: string) => void): void {
  say(`  ${error instanceof Error ? error.message : String(error)}`);
  if (error instanceof CellFailure) for (const line of error.trace.join('\n').split('\n')) say(`    ${line}`);
  else if (!(error instanceof NotebookError) && error instanceof Error) say(String(error.stack));
}

function neighbour(all: readonly Place[], place: Place, step: number): Neighbour | undefined {
  const other = all[all.indexOf(place) + step];
  if (!other || other.lecture !== place.lecture) return undefined;
  return { title: title(other), href: `${other.topic}.html` };
}

/** A broken notebook is reported when its own turn comes; until then its name will do. */
function title(place: Place): string {
  try {
    return titleOf(readNotebook(place.file)) ?? place.topic;
  } catch {
    return place.topic;
  }
}

/** Written beside and renamed: a reader never sees half a page, and a failure leaves the old one. */
function writeWhole(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}.part`;
  try {
    writeFileSync(partial, text);
    renameSync(partial, file);
  } finally {
    rmSync(partial, { force: true });
  }
}

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

if (require.main === module) {
  const root = projectRoot();
  const folders = {
    notebooks: path.join(root, 'notebooks'),
    executed: path.join(root, 'build', 'executed'),
    handouts: path.join(root, 'build', 'handouts'),
  };
  runCommand((signal) => main(process.argv.slice(2), folders, signal));
}
