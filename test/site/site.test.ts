import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { allFigures } from 'lecture-lab/cli/catalogue';
import { findNotebooks, projectRoot } from '../../kernel-setup/notebook/find';
import { faultsIn } from '../../kernel-setup/site/links';
import { notebookJson, scratch } from '../notebooks/make';
import { figures, fixtureCollection, runSite } from './fixture';

describe('npm run site', function () {
  this.timeout(60_000);
  let made: Awaited<ReturnType<typeof fixtureCollection>>;
  const page = (name: string): string => readFileSync(path.join(made.sources.site, name), 'utf8');
  const body = (name: string): string => /<main[^>]*>([\s\S]*)<\/main>/.exec(page(name))![1]!;
  const words = (html: string): string =>
    html
      .replace(/<span class="katex-html"[\s\S]*?<\/span>(?=<\/span>)/g, '')
      .replace(/<[^>]+>/g, ' ')
      .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
      .replace(/\s+/g, ' ');
  /** Everything beside the site that should not be there. */
  const unfinished = (): string[] =>
    readdirSync(made.folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(part|old)\b/.test(file));

  before(async () => {
    made = await fixtureCollection();
    const { status, said } = await made.site('--no-execute');
    expect(status, said).to.equal(0);
    expect(said)
      .to.include('2 of 2 notebooks: last run taken')
      .and.match(/7 pages and 3 pictures, [\d.]+ MB \([\d.]+ MB compressed, the largest file [\d.]+ MB\) in [\d.]+ s/);
    expect(unfinished()).to.deep.equal([]);
  });
  after(() => made.done());

  it('leads everywhere it says, from any folder, and asks no network', () => {
    expect(faultsIn(made.sources.site)).to.deep.equal([]);
    for (const name of readdirSync(made.sources.site, { recursive: true, encoding: 'utf8' }))
      if (name.endsWith('.html')) {
        const policy = /Content-Security-Policy" content="([^"]+)"/.exec(page(name))![1]!;
        expect(policy, name)
          .to.include("default-src 'none'; script-src 'sha256-")
          .and.not.match(/https?:|unsafe-eval|script-src[^;]*unsafe-inline/);
      }
  });

  it('finds a link of a lesson that leads nowhere, says where, and keeps the previous site', async () => {
    const file = path.join(made.sources.executed, made.lecture, '02-next.ipynb');
    const before = readFileSync(file, 'utf8');
    made.write(
      `executed/${made.lecture}/02-next.ipynb`,
      before.replace('# Next', '# Next [x](01-lines.ipynb#nowhere)'),
    );
    const { status, said } = await made.site('--no-execute');
    made.write(`executed/${made.lecture}/02-next.ipynb`, before);
    expect(status).to.equal(1);
    expect(said)
      .to.include(`${made.lecture}/02-next.html: 01-lines.html#nowhere: there is no such place on that page`)
      .and.include('The previous site is kept.');
    expect(page('index.html')).to.include('Lines &#38; slopes');
    expect(unfinished()).to.deep.equal([]);
  });

  it('has an index by lecture, with what the README says and the first figure of each lesson', () => {
    const html = body('index.html');
    expect(html).to.include(`<h2 id="${made.lecture}">Deep learning</h2>`).and.include('<em>depth</em>');
    expect(html).to.include(`<a href="${made.lecture}/01-lines.html">Lines &#38; slopes</a>`);
    expect(words(html)).to.include('runs in 4 s · 2 figures');
    expect(html).to.match(
      /<img src="pictures\/lines\/first.svg" alt="A straight line for lines\/first." width="\d+" height="\d+"/,
    );
  });

  it('has every figure of the catalogue, with slide, paper, symbols, lesson and command', () => {
    const html = body('figures.html');
    const cards = html.split('<li class="card').slice(1);
    expect(cards).to.have.length(figures.size);
    expect(words(cards[0]!)).to.include('The slide of lines/first').and.include('npm run figure -- lines/first');
    expect(cards[0])
      .to.include('<a href="references.html#saxe2014">Saxe et al. (2014)</a>')
      .and.include(`href="${made.lecture}/01-lines.html#one-line-at-a-time"`)
      .and.include('href="symbols.html#tau"')
      .and.include('data-topic="lines deep-learning-theory"');
    expect(cards[1]).to.include(`href="${made.lecture}/01-lines.html#deeper"`).and.not.include('symbols.html#');
    expect(words(cards[2]!)).to.include('not in a lesson yet');
    // every card stands in the page as it is; the search is a hidden form until its script shows it
    expect(html).to.match(/<form class="search" role="search" data-what="figures" hidden>/);
    expect(html).not.to.match(/<li[^>]* hidden/);
  });

  it('draws figures at their defaults, in an ink that follows the page', () => {
    const picture = readFileSync(path.join(made.sources.site, 'pictures/lines/second.svg'), 'utf8');
    expect(picture).to.match(/^<svg/).and.include('prefers-color-scheme:dark').and.include('currentColor');
    // the lesson shows slope 3; at the default of 2 the line ends at 4
    const kept = JSON.parse(readFileSync(path.join(made.sources.figures, 'lines/second.json'), 'utf8'));
    expect(kept.data.values.at(-1)).to.deep.equal({ x: 2, y: 4 });
    expect(existsSync(path.join(made.sources.figures, 'lines/first.json')), 'taken from the lesson').to.equal(false);
  });

  it('has the errata of every lesson, with the numbers that its cells printed and nothing else of it', () => {
    const html = body('errata.html');
    expect(words(html)).to.include('Lines & slopes What the slide gets wrong It prints');
    expect(words(html)).to.include('as printed 7, corrected 5').and.include('So it is five.');
    expect(words(html)).not.to.include('Not an erratum');
    expect(html).to.include(`href="${made.lecture}/01-lines.html#one-line-at-a-time"`);
    expect(html).to.match(/<details><summary>Code<\/summary><pre/);
  });

  it('has every symbol with meaning, unit, names and lessons', () => {
    const rows = body('symbols.html').split('<tr').slice(2).map(words);
    expect(rows).to.have.length(3);
    expect(rows[2]).to.include('time constant ms tau Lines & slopes 1 figure');
    expect(body('symbols.html')).to.include('<a href="figures.html?symbol=tau">1 figure</a>');
  });

  it('has the whole bibliography, with the lessons and figures that cite each work', () => {
    const html = body('references.html');
    const saxe = /<li id="saxe2014">[\s\S]*?<\/li>/.exec(html)![0];
    expect(saxe).to.include('https://arxiv.org/abs/1312.6120').and.include('rel="noopener noreferrer"');
    expect(saxe)
      .to.include(`${made.lecture}/01-lines.html#where-this-comes-from`)
      .and.include('figures.html#lines/first');
    expect(words(/<li id="kolen1994">[\s\S]*?<\/li>/.exec(html)![0])).to.include('not cited yet');
  });

  it('puts its menu on every page', () => {
    for (const name of ['index.html', 'figures.html', 'errata.html', 'symbols.html', 'references.html'])
      expect(page(name), name).to.include('<a href="symbols.html"');
    expect(page('errata.html')).to.include('<a href="errata.html" aria-current="page">Errata</a>');
    expect(page(`${made.lecture}/01-lines.html`)).to.include('<a href="../figures.html">Figures</a>');
  });

  it('names a figure that fails, and keeps the previous site', async () => {
    const broken = {
      ...figures.get('rest/third')!,
      id: 'rest/broken',
      evaluate: () => Promise.reject(new Error('too steep')),
    };
    const { catalogue } = made.sources;
    const sources = { ...made.sources, catalogue: () => new Map([...catalogue(), [broken.id, broken]]) };
    const { status, said } = await runSite(sources, '--no-execute');
    expect(status).to.equal(1);
    expect(said).to.include("rest/broken can't be drawn: too steep").and.include('The previous site is kept.');
    expect(page('figures.html')).to.include('A line in no lesson');
  });

  for (const [args, line] of [
    [['--speed'], "site: Unknown option '--speed'"],
    [['deep-linear'], "site: Unexpected argument 'deep-linear'"],
    [['--force', '--no-execute'], 'site: --force and --no-execute exclude each other'],
    [['--timeout', '0'], 'site: --timeout must be a whole number of seconds, at least 1 (got 0)'],
  ] as const)
    it(`refuses ${args.join(' ')} with one line`, async () => {
      const { status, said } = await made.site(...args);
      expect(status).to.equal(2);
      expect(said.trimEnd()).to.include(line).and.not.include('\n');
    });
});

describe('npm run site and the runs of notebooks', function () {
  this.timeout(120_000);
  let made: Awaited<ReturnType<typeof fixtureCollection>>;
  const index = (): string => readFileSync(path.join(made.sources.site, 'index.html'), 'utf8');
  const executed = (name: string): string => path.join(made.sources.executed, made.lecture, `${name}.ipynb`);
  before(async () => {
    made = await fixtureCollection();
  });
  after(() => made.done());

  it('runs what changed since its last run, and only that', async () => {
    // all of it was written before its run but for the second notebook
    made.write(
      `notebooks/${made.lecture}/02-next.ipynb`,
      notebookJson([{ markdown: '# Changed' }, { code: '"the answer is " + 6 * 7' }]),
    );
    const kept = statSync(executed('01-lines')).mtimeMs;
    const { status, said } = await made.site();
    expect(status, said).to.equal(0);
    expect(said)
      .to.match(/\[2\/2\] 5-deep-learning-theory\/02-next: run in [\d.]+ s\n/)
      .and.include('1 of 2 notebooks: last run taken');
    expect(statSync(executed('01-lines')).mtimeMs).to.equal(kept);
    expect(index()).to.include('Changed');
    expect((await made.site()).said).to.include('2 of 2 notebooks: last run taken');
  });

  it('keeps the previous site when a notebook fails, names cell and error, and reports every failure', async () => {
    const before = index();
    made.write(
      `notebooks/${made.lecture}/02-next.ipynb`,
      notebookJson([{ markdown: '# Broken' }, { code: 'throw new RangeError("too far");' }]),
    );
    made.write(`notebooks/${made.lecture}/03-corrupt.ipynb`, '{');
    const { status, said } = await made.site();
    expect(status).to.equal(1);
    expect(said)
      .to.include('5-deep-learning-theory/02-next: cell 2 (cell-2) failed: RangeError: too far')
      .and.include('5-deep-learning-theory/03-corrupt: not a notebook')
      .and.include('The previous site is kept.');
    expect(index()).to.equal(before);
  });

  it('stops on Ctrl-C with 130 and keeps the previous site', async function () {
    if (process.platform === 'win32') this.skip();
    const before = index();
    const marker = path.join(made.folder, 'started');
    renameSync(
      path.join(made.sources.notebooks, made.lecture, '03-corrupt.ipynb'),
      path.join(made.folder, 'corrupt.txt'),
    );
    made.write(
      `notebooks/${made.lecture}/02-next.ipynb`,
      notebookJson([
        { markdown: '# Endless' },
        { code: `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(marker)}, '');` },
        { code: 'await new Promise((resolve) => setTimeout(resolve, 60_000));' },
      ]),
    );
    const { catalogue, ...places } = made.sources;
    const child = command(places);
    let said = '';
    child.stderr!.on('data', (text) => (said += text));
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    for (let i = 0; i < 400 && !existsSync(marker) && child.exitCode === null; i++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    child.kill('SIGINT');
    expect(await ended, said).to.equal(130);
    expect(said).to.include('interrupted').and.include('The previous site is kept.');
    expect(index()).to.equal(before);
    expect(readdirSync(path.dirname(made.sources.site))).to.deep.equal(['site']);
  });
});

describe('the site of the project itself', function () {
  this.timeout(300_000);
  const root = projectRoot();
  const { folder, done } = scratch();
  after(done);

  it('is whole: every link and anchor of every page leads somewhere', async function () {
    // The notebook suite leaves its runs here; nobody should wait for another one.
    const executed = path.join(root, 'build', 'test', 'executed');
    const notebooks = path.join(root, 'notebooks');
    const places = findNotebooks(notebooks);
    if (places.some(({ name }) => !existsSync(path.join(executed, `${name}.ipynb`)))) {
      console.log('      skipped: not every notebook was run (the notebooks suite does it)');
      this.skip();
    }
    const site = path.join(folder, 'site');
    const figures = path.join(root, 'build', 'test', 'figures');
    const sources = { notebooks, executed, figures, site, code: [], catalogue: allFigures };
    const { status, said } = await runSite(sources, '--no-execute');
    expect(status, said).to.equal(0);
    expect(faultsIn(site)).to.deep.equal([]);
    for (const id of allFigures().keys())
      expect(readFileSync(path.join(site, 'figures.html'), 'utf8'), id).to.include(`id="${id}"`);
    for (const name of ['index', 'figures', 'errata', 'symbols', 'references'])
      expect(statSync(path.join(site, `${name}.html`)).size, name).to.be.below(4_000_000);
  });
});

/** The command as a program of its own, on other folders than the project's. */
function command(places: object): ChildProcess {
  const script = `
    const { main } = require(${JSON.stringify(path.join(projectRoot(), 'kernel-setup/site/main.ts'))});
    const controller = new AbortController();
    process.on('SIGINT', () => controller.abort(new Error('interrupted')));
    const sources = { ...${JSON.stringify(places)}, catalogue: () => new Map() };
    main([], sources, controller.signal).then((status) => process.exit(status));`;
  const node = ['--require', require.resolve('tsx/cjs'), '--eval', script];
  return spawn(process.execPath, node, { cwd: projectRoot(), stdio: ['ignore', 'ignore', 'pipe'] });
}
