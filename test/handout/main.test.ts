import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { type Folders, main } from '../../kernel-setup/handout/main';
import { projectRoot } from '../../kernel-setup/notebook/find';
import { notebookJson, scratch } from '../notebooks/make';

describe('npm run handouts', function () {
  this.timeout(60_000);
  const { folder, write, done } = scratch();
  const folders: Folders = {
    notebooks: path.join(folder, 'notebooks'),
    executed: path.join(folder, 'executed'),
    handouts: path.join(folder, 'handouts'),
  };
  const good = (words: string): string =>
    notebookJson([{ markdown: `# ${words}` }, { code: '"the answer is " + 6 * 7' }]);
  const page = (name: string): string => readFileSync(path.join(folders.handouts, name), 'utf8');
  /** Every file under the pages' folder that is not a finished page. */
  const unfinished = (): string[] =>
    [folders.handouts, folders.executed]
      .filter((at) => existsSync(at))
      .flatMap((at) => readdirSync(at, { recursive: true, encoding: 'utf8' }))
      .filter((file) => /part|tmp/.test(file));

  /** Runs the command and gives its exit status and what it said. */
  async function run(...args: string[]): Promise<{ status: number; said: string }> {
    const write = process.stderr.write;
    let said = '';
    process.stderr.write = ((text: string) => {
      said += text;
      return true;
    }) as typeof write;
    try {
      return { status: await main(args, folders, new AbortController().signal), said };
    } finally {
      process.stderr.write = write;
    }
  }

  beforeEach(() => {
    write('notebooks/1-first/README.md', '# The first lecture\n');
    write('notebooks/1-first/01-good.ipynb', good('Good'));
    write('notebooks/1-first/02-other.ipynb', good('Other'));
  });
  after(done);

  it('makes a page of every notebook, and an index that leads to them', async () => {
    const { status, said } = await run();
    expect(status, said).to.equal(0);
    expect(said)
      .to.match(/\[1\/2\] 1-first\/01-good: [\d.]+ s, [\d.]+ MB\n/)
      .and.include('2 of 2 handouts');
    expect(page('1-first/01-good.html'))
      .to.include('the answer is 42')
      .and.include('<a rel="next" href="02-other.html">Other');
    const index = page('index.html');
    expect(index).to.include('The first lecture').and.include('<a href="1-first/01-good.html">Good</a>');
    expect(unfinished()).to.deep.equal([]);
  });

  it('keeps the previous page of a notebook that fails, names cell and error, and makes the others', async () => {
    const before = page('1-first/01-good.html');
    write(
      'notebooks/1-first/01-good.ipynb',
      notebookJson([{ code: 'const a = 1;' }, { code: 'throw new RangeError("too far");' }]),
    );
    write('notebooks/1-first/02-other.ipynb', good('Changed'));
    const { status, said } = await run();
    expect(status).to.equal(1);
    expect(said)
      .to.include('1-first/01-good: cell 2 (cell-2) failed: RangeError: too far')
      .and.include('the previous page is kept');
    expect(said).to.include('1 of 2 handouts');
    expect(page('1-first/01-good.html')).to.equal(before);
    expect(page('1-first/02-other.html')).to.include('<h1 id="changed">Changed');
    expect(unfinished()).to.deep.equal([]);
  });

  it('refuses a corrupt notebook in one line and makes the others', async () => {
    write('notebooks/1-first/01-good.ipynb', good('Good').slice(0, 50));
    const { status, said } = await run();
    expect(status).to.equal(1);
    expect(said).to.match(
      /\n {2}1-first\/01-good: not a notebook: [^\n]+\n {2}the previous page is kept\n\[2\/2\] 1-first\/02-other: /,
    );
  });

  it('refuses a notebook of another version in one line', async () => {
    write('notebooks/1-first/01-good.ipynb', good('Good').replace('"nbformat":4', '"nbformat":3'));
    const { status, said } = await run('01-good');
    expect(status).to.equal(1);
    expect(said).to.match(/notebook format 3\.5 is not supported: save it as 4\.5/);
  });

  it('makes only what is asked for, from the last run where asked', async () => {
    write('notebooks/1-first/03-new.ipynb', good('New'));
    const { status, said } = await run('new', '--no-execute');
    expect(status).to.equal(1);
    expect(said).to.include('1-first/03-new: has not been run yet');
    expect((await run('other', '--no-execute')).status).to.equal(0);
    expect(page('index.html')).to.include('not made yet: npm run handouts -- 03-new');
  });

  for (const [args, line] of [
    [['boltzmann'], 'handouts: no notebook is called boltzmann (there are: 1-first/01-good, 1-first/02-other'],
    [['--speed'], "handouts: Unknown option '--speed'"],
    [['--timeout', 'soon'], 'handouts: --timeout must be a whole number of seconds, at least 1 (got soon)'],
  ] as const)
    it(`refuses ${args.join(' ')} with one line`, async () => {
      const { status, said } = await run(...args);
      expect(status).to.equal(2);
      expect(said.trimEnd()).to.include(line).and.not.include('\n');
    });

  it('stops on Ctrl-C with 130, nothing half-written, and the next run makes everything', async function () {
    if (process.platform === 'win32') this.skip();
    const marker = path.join(folder, 'started');
    write(
      'notebooks/1-first/02-other.ipynb',
      notebookJson([
        { markdown: '# Other' },
        { code: `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(marker)}, '');` },
        { code: 'await new Promise((resolve) => setTimeout(resolve, 60_000));' },
      ]),
    );
    const before = page('1-first/02-other.html');
    const child = command(folders, ['02-other']);
    let said = '';
    child.stderr!.on('data', (text) => (said += text));
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    for (let i = 0; i < 400 && !existsSync(marker) && child.exitCode === null; i++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    child.kill('SIGINT');
    expect(await ended, said).to.equal(130);
    expect(said).to.include('interrupted');
    expect(page('1-first/02-other.html')).to.equal(before);
    expect(unfinished()).to.deep.equal([]);

    write('notebooks/1-first/02-other.ipynb', good('Other'));
    expect((await run('02-other')).status).to.equal(0);
    expect(page('1-first/02-other.html')).to.include('the answer is 42');
  });
});

/** The command as a program of its own, on other folders than the project's. */
function command(folders: Folders, args: readonly string[]): ChildProcess {
  const script = `
    const { main } = require(${JSON.stringify(path.join(projectRoot(), 'kernel-setup/handout/main.ts'))});
    const controller = new AbortController();
    process.on('SIGINT', () => controller.abort(new Error('interrupted')));
    main(${JSON.stringify(args)}, ${JSON.stringify(folders)}, controller.signal).then((status) => process.exit(status));`;
  const node = ['--require', require.resolve('tsx/cjs'), '--eval', script];
  return spawn(process.execPath, node, { cwd: projectRoot(), stdio: ['ignore', 'ignore', 'pipe'] });
}
