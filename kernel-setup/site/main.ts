// The whole collection as a static site, for any host and any folder on it. Nothing in it is written twice:
//
//   lessons      the handouts, as kernel-setup/handout makes them
//   figures      every figure that the library's `*.figures.ts` define, at its defaults; which lesson shows it where is
//                read from what the kernel says with each output
//   errata       a lesson's section below the `##` heading `What the slide gets wrong` (or get wrong, errata, erratum):
//                text, what its cells printed, and their code, up to the next `##` heading
//   symbols      a lesson's folded table: a text cell with `<summary>Symbols</summary>` and a table with the columns
//                symbol | meaning | unit | in code; `–` for the unit of a pure number; in the last column, in backticks,
//                the names that cells and figures' parameters have for it. They tie figures to symbols
//   references   lib/references.ts; a lesson cites a work by naming its key, a figure by its `source.paper`
//   index        the lectures' README.md: their heading, the words above the list, and each lesson's row in it
//
// It is made beside the one that stands and put in its place when every link in it was followed.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { allFigures } from 'lecture-lab/cli/catalogue';
import type { Figure } from 'lecture-lab/figure';
import { type ReferenceKey, references } from 'lecture-lab/references';
import { type Assets, buildAssets } from '../handout/assets';
import { handoutHtml, type Neighbour, titleOf } from '../handout/handout';
import { lectureTitle } from '../handout/index-html';
import { runCommand, status } from '../notebook/command';
import { CellFailure, executeNotebook } from '../notebook/execute';
import { findNotebooks, type Place, projectRoot } from '../notebook/find';
import { type Notebook, NotebookError, readNotebook } from '../notebook/format';
import { buildSiteAssets, type SiteAssets } from './assets';
import { type Collection, collect, type Lecture, type Placed } from './collection';
import { isFresh, lastChange } from './fresh';
import { type Lesson, readLesson } from './lesson';
import { faultsIn } from './links';
import { errataPage } from './pages/errata-page';
import { figuresPage } from './pages/figures-page';
import { menu, PAGES } from './pages/frame';
import { indexPage } from './pages/index-page';
import { referencesPage } from './pages/references-page';
import { symbolsPage } from './pages/symbols-page';
import { drawPicture } from './picture';
import { beginDraft, type Draft } from './publish';
import { readmeIntro } from './readme';
import { isAtDefaults, specAtDefaults } from './specs';

const HELP = `Usage: npm run site [-- --force | --no-execute] [--timeout SECONDS]

Makes the whole collection as a static site: build/site/index.html. A notebook is run if it, the library or the kernel
changed since its last run; the site is replaced only when everything in it was made.

--force         run every notebook and compute every figure, changed or not
--no-execute    take every notebook's last run, however old it is
--timeout N     longest that one cell may take, in seconds (600)
--help          this text

Exit status: 0 made, 1 something failed (the previous site is kept), 2 wrong usage, 130 interrupted.`;

/** What the site is made from, and where; tests use other places than the project's own. */
export interface Sources {
  readonly notebooks: string;
  readonly executed: string;
  /** figures at their defaults, kept for the next time */
  readonly figures: string;
  readonly site: string;
  /** what a run of a notebook depends on besides the notebook */
  readonly code: readonly string[];
  readonly catalogue: () => ReadonlyMap<string, Figure>;
}

interface Options {
  readonly run: 'changed' | 'all' | 'none';
  readonly timeout: number;
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/**
 * Makes the site.
 * @param args the command line after the program's name
 * @returns the exit status
 */
export async function main(args: readonly string[], sources: Sources, signal: AbortSignal): Promise<number> {
  let options: Options | undefined;
  try {
    options = readOptions(args);
  } catch (error) {
    say(`site: ${(error as Error).message.split('\n')[0]}`);
    return 2;
  }
  if (options === undefined) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const begun = performance.now();
  const draft = beginDraft(sources.site);
  try {
    await make(sources, options, draft, signal);
    draft.publish();
  } catch (error) {
    status('');
    draft.discard();
    if (signal.aborted) say('site: interrupted');
    else explain(error);
    say(existsSync(sources.site) ? 'The previous site is kept.' : 'There is no site yet.');
    return signal.aborted ? 130 : 1;
  }
  say(`${sizes(sources.site)} in ${seconds(begun)}: ${path.relative(process.cwd(), sources.site)}/index.html`);
  return 0;
}

function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean' },
      force: { type: 'boolean' },
      'no-execute': { type: 'boolean' },
      timeout: { type: 'string' },
    },
  });
  if (values.help) return undefined;
  if (values.force && values['no-execute']) throw new NotebookError('--force and --no-execute exclude each other');
  const timeout = Number(values.timeout ?? 600);
  if (!Number.isInteger(timeout) || timeout < 1)
    throw new NotebookError(`--timeout must be a whole number of seconds, at least 1 (got ${values.timeout})`);
  return { run: values.force ? 'all' : values['no-execute'] ? 'none' : 'changed', timeout };
}

/** Several failures at once: whoever has three broken notebooks wants to hear of three. */
class Failures extends Error {
  constructor(readonly list: readonly unknown[]) {
    super(`${list.length} failures`);
  }
}

async function make(sources: Sources, options: Options, draft: Draft, signal: AbortSignal): Promise<void> {
  const places = findNotebooks(sources.notebooks);
  if (places.length === 0) throw new NotebookError(`there are no notebooks in ${sources.notebooks}`);
  const changed = options.run === 'none' ? 0 : lastChange(sources.code);
  await runNotebooks(places, sources, options, changed, signal);

  const handouts = await buildAssets();
  const assets = await buildSiteAssets(handouts);
  const keys = Object.keys(references) as ReferenceKey[];
  const lessons: Lesson[] = [];
  for (const place of places) {
    status(`${place.name}: making the page`);
    const notebook = readNotebook(executedOf(sources, place), place.name);
    const page = await lessonPage(place, notebook, places, handouts, assets);
    draft.write(`${place.name}.html`, page);
    lessons.push(readLesson(notebook, place, keys, page));
    signal.throwIfAborted();
  }
  const figures = await drawFigures(
    lessons,
    sources,
    options.run === 'all' ? Number.POSITIVE_INFINITY : changed,
    draft,
    signal,
  );
  const thumbnails = await drawThumbnails(lessons, figures, draft);
  const collection = collect(lecturesOf(lessons), figures, thumbnails, keys);
  await writePages(collection, assets, draft);

  const faults = faultsIn(draft.folder);
  if (faults.length > 0)
    throw new Failures(faults.map(({ page, href, why }) => new NotebookError(`${page}: ${href}: ${why}`)));
}

const executedOf = ({ executed }: Sources, place: Place): string => path.join(executed, `${place.name}.ipynb`);

async function runNotebooks(
  places: readonly Place[],
  sources: Sources,
  { run, timeout }: Options,
  changed: number,
  signal: AbortSignal,
): Promise<void> {
  const failures: unknown[] = [];
  let kept = 0;
  for (const [n, place] of places.entries()) {
    const label = `[${n + 1}/${places.length}] ${place.name}`;
    const target = executedOf(sources, place);
    try {
      readNotebook(place.file, place.name);
      if (run === 'none') {
        if (!existsSync(target)) throw new NotebookError(`${place.name}: has not been run yet: leave out --no-execute`);
        kept++;
        continue;
      }
      if (run === 'changed' && isFresh(target, Math.max(changed, lastChange([place.file])))) {
        kept++;
        continue;
      }
      const took = await executeNotebook({
        name: place.name,
        source: place.file,
        target,
        cellTimeout: timeout,
        signal,
        onCell: (done, of) => status(`${label}: cell ${done} of ${of}`),
      });
      status('');
      say(`${label}: run in ${took.toFixed(1)} s`);
    } catch (error) {
      signal.throwIfAborted();
      status('');
      say(`${label}: FAILED`);
      failures.push(error);
    }
  }
  if (kept > 0) say(`${kept} of ${places.length} notebooks: last run taken`);
  if (failures.length > 0) throw new Failures(failures);
}

function lessonPage(
  place: Place,
  notebook: Notebook,
  places: readonly Place[],
  handouts: Assets,
  { menuStyle }: SiteAssets,
): Promise<string> {
  const neighbour = (step: number): Neighbour | undefined => {
    const other = places[places.indexOf(place) + step];
    if (!other || other.lecture !== place.lecture) return undefined;
    return { title: titleOf(readNotebook(other.file, other.name)) ?? other.topic, href: `${other.topic}.html` };
  };
  return handoutHtml(notebook, {
    name: place.name,
    file: place.file,
    lecture: lectureTitle(path.dirname(place.file)),
    assets: { ...handouts, style: handouts.style + menuStyle },
    before: neighbour(-1),
    after: neighbour(+1),
    menu: menu('../'),
  });
}

/** A lesson that opens with a figure at its defaults shares the gallery's picture. */
async function drawThumbnails(
  lessons: readonly Lesson[],
  figures: readonly { readonly figure: Figure; readonly picture: Placed }[],
  draft: Draft,
): Promise<Map<Lesson, Placed>> {
  const thumbnails = new Map<Lesson, Placed>();
  for (const lesson of lessons) {
    const [first] = lesson.figures;
    if (!first) continue;
    const same = figures.find(({ figure }) => isAtDefaults(first, figure));
    const src = `pictures/lessons/${lesson.place.name}.svg`;
    thumbnails.set(lesson, same?.picture ?? (await place(first.spec, src, draft)));
  }
  return thumbnails;
}

async function drawFigures(
  lessons: readonly Lesson[],
  sources: Sources,
  changed: number,
  draft: Draft,
  signal: AbortSignal,
): Promise<{ figure: Figure; picture: Placed }[]> {
  const drawn: { figure: Figure; picture: Placed }[] = [];
  const failures: Error[] = [];
  const all = [...sources.catalogue().values()];
  for (const [n, figure] of all.entries()) {
    const label = `figure ${n + 1} of ${all.length}: ${figure.id}`;
    status(label);
    const onProgress = (fraction: number): void => status(`${label}: ${Math.floor(100 * fraction)} %`);
    const kept = sources.figures;
    try {
      const { spec } = await specAtDefaults(figure, { lessons, kept, changed, signal, onProgress });
      drawn.push({ figure, picture: await place(spec, `pictures/${figure.id}.svg`, draft) });
    } catch (error) {
      failures.push(new Error(`${figure.id} can't be drawn: ${(error as Error).message}`, { cause: error }));
    }
    signal.throwIfAborted();
  }
  if (failures.length > 0) throw new Failures(failures);
  status('');
  return drawn;
}

async function place(spec: Readonly<Record<string, unknown>>, src: string, draft: Draft): Promise<Placed> {
  const { svg, ...rest } = await drawPicture(spec);
  draft.write(src, svg);
  return { src, ...rest };
}

function lecturesOf(lessons: readonly Lesson[]): Lecture[] {
  const folders = [...new Set(lessons.map(({ place }) => place.lecture))];
  return folders.map((folder) => {
    const own = lessons.filter(({ place }) => place.lecture === folder);
    const at = path.dirname(own[0]!.place.file);
    const title = own[0]!.lecture;
    return { folder, slug: folder.replace(/^\d+-/, ''), title, about: readmeIntro(at), lessons: own };
  });
}

async function writePages(collection: Collection, assets: SiteAssets, draft: Draft): Promise<void> {
  draft.write('index.html', indexPage(collection, assets.plain));
  draft.write(PAGES.figures.file, figuresPage(collection, assets.search));
  draft.write(PAGES.errata.file, await errataPage(collection, assets.plain));
  draft.write(PAGES.symbols.file, symbolsPage(collection, assets.search));
  draft.write(PAGES.references.file, referencesPage(collection, assets.plain));
}

/** `8 pages and 13 pictures, 8.31 MB (2.10 MB compressed, the largest page 0.7 MB compressed)`. */
function sizes(site: string): string {
  const files = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((file) => /\.\w+$/.test(file));
  const pages = files.filter((file) => file.endsWith('.html')).length;
  const contents = files.map((file) => readFileSync(path.join(site, file)));
  const packed = contents.map((content) => gzipSync(content, { level: 6 }).length);
  const sum = (sizes: readonly number[]): string => mb(sizes.reduce((a, b) => a + b, 0));
  return (
    `${pages} pages and ${files.length - pages} pictures, ${sum(contents.map((c) => c.length))} ` +
    `(${sum(packed)} compressed, the largest file ${mb(Math.max(...packed))})`
  );
}

const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;
const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

function explain(error: unknown): void {
  if (error instanceof Failures) {
    for (const one of error.list) explain(one);
    return;
  }
  say(`  ${error instanceof Error ? error.message : String(error)}`);
  if (error instanceof CellFailure) for (const line of error.trace.join('\n').split('\n')) say(`    ${line}`);
  else if (!(error instanceof NotebookError) && error instanceof Error) say(String(error.stack));
}

if (require.main === module) {
  const root = projectRoot();
  const build = path.join(root, 'build');
  const sources: Sources = {
    notebooks: path.join(root, 'notebooks'),
    executed: path.join(build, 'executed'),
    figures: path.join(build, 'figures'),
    site: path.join(build, 'site'),
    code: ['lib', 'kernel-setup/kernel', 'kernel-setup/notebook', 'package-lock.json'].map((at) => path.join(root, at)),
    catalogue: allFigures,
  };
  runCommand((signal) => main(process.argv.slice(2), sources, signal));
}
