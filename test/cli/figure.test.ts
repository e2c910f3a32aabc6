import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { csvParse } from 'd3-dsv';
import { allFigures, figureFiles } from 'lecture-lab/cli/catalogue';
import { formatOf } from 'lecture-lab/cli/formats';
import { near } from 'lecture-lab/cli/near';
import { decay } from '../figure/example.figures';

interface Result {
  readonly status: number | null;
  readonly out: Buffer;
  readonly err: string;
}
const root = join(__dirname, '..', '..');
const harness = ['--require', 'tsx/cjs', join(__dirname, 'harness.ts')];

function start(program: readonly string[], words: readonly string[]): { child: ChildProcess; result: Promise<Result> } {
  const child = spawn(process.execPath, [...program, ...words], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (data: Buffer) => out.push(data));
  child.stderr.on('data', (data: Buffer) => err.push(data));
  const result = new Promise<Result>((resolve) => {
    child.on('close', (status) => resolve({ status, out: Buffer.concat(out), err: Buffer.concat(err).toString() }));
  });
  return { child, result };
}

/** Runs the command line over the example figures. */
const figure = (...words: string[]): Promise<Result> => start(harness, words).result;

describe('npm run figure', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'figure-cli-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Exit status 2 and one line, nothing on standard output. */
  const refused = async (words: string[], line: string): Promise<void> => {
    const { status, out, err } = await figure(...words);
    expect({ status, out: out.toString(), err }, words.join(' ')).to.deep.equal({
      status: 2,
      out: '',
      err: `${line}\n`,
    });
  };

  describe('formats', () => {
    it('json: the documented form and nothing else on standard output', async () => {
      const { status, out, err } = await figure('example/broken', '--set', 'how=chatty', '--format', 'json');
      expect({ status, err }).to.deep.equal({ status: 0, err: 'the model talks\n' });
      const landmark = {
        name: 'a < b & c',
        theory: 1,
        measured: 1.0004,
        se: 0.01,
        tolerance: 0.05,
        source: 'identity',
        unit: 'mV',
        pass: true,
      };
      expect(JSON.parse(out.toString())).to.deep.equal({
        id: 'example/broken',
        title: 'Goes wrong',
        params: { how: 'chatty' },
        landmarks: [landmark],
        rows: [{ x: 1, y: 2, name: 'a, "b"\nc' }],
      });
    });

    it('json: a landmark without standard error says null', async () => {
      const { landmarks } = JSON.parse((await figure('example/decay')).out.toString());
      expect(landmarks[0]).to.have.all.keys('name', 'theory', 'measured', 'se', 'tolerance', 'source', 'pass');
      expect(landmarks[0].se).to.equal(null);
    });

    it('csv: quoted, so that it reads back', async () => {
      const { out } = await figure('example/broken', '--set', 'how=warns', '--format', 'csv');
      expect(out.toString()).to.equal('x,y,name\n1,2,"a, ""b""\nc"\n');
      const rows = csvParse((await figure('example/decay', '--format', 'csv')).out.toString());
      const expected = (await decay.evaluate()).rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([k, v]) => [k, String(v)])),
      );
      expect([...rows]).to.deep.equal(expected);
    });

    it('spec: the Vega-Lite specification', async () => {
      const { out } = await figure('example/decay', '--format', 'spec');
      expect(JSON.parse(out.toString())).to.deep.equal(JSON.parse(JSON.stringify((await decay.evaluate()).spec)));
    });

    it('svg and png', async () => {
      expect((await figure('example/decay', '--format', 'svg')).out.toString()).to.match(/^<svg [\s\S]*<\/svg>\n$/);
      expect((await figure('example/decay', '--format', 'png')).out.subarray(1, 4).toString()).to.equal('PNG');
    });

    it('html: one page that asks nothing of any network and runs only its own scripts', async () => {
      const html = (await figure('example/decay', '--format', 'html')).out.toString();
      const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)![1]!;
      expect(policy).to.match(
        /^default-src 'none'; script-src( 'sha256-[\w+/=]+'){4}; style-src 'unsafe-inline'; img-src data:$/,
      );
      const outside = html.replace(/<script[\s\S]*?<\/script>/g, '');
      expect(outside).to.not.match(/<(link|img|iframe|script|base)\b|url\(|@import|https?:(?!\/\/www\.w3\.org)/);
      expect(html.match(/<script/g)!.length).to.equal(html.match(/<\/script>/g)!.length);
      expect(html).to.include('<svg role="img" aria-label="Voltage').and.include('✓ left after one time constant');
    });

    it('follow the ending of --out; --format goes first', async () => {
      expect(
        ['a/x.svg', 'x.PNG', 'x.vl.json', 'x.json', 'x.csv', 'x.html', 'x.txt', 'svg'].map(formatOf),
      ).to.deep.equal(['svg', 'png', 'spec', 'json', 'csv', 'html', undefined, undefined]);
      const out = join(folder, 'x.svg');
      await figure('example/decay', '--out', out);
      expect(readFileSync(out, 'utf8')).to.match(/^<svg /);
      await figure('example/decay', '--out', out, '--format', 'csv');
      expect(readFileSync(out, 'utf8')).to.match(/^time,voltage/);
    });

    it('warn on standard error of a landmark that fails, and say so in the result', async () => {
      const { status, out, err } = await figure('example/broken', '--set', 'how=off');
      expect(status).to.equal(0);
      expect(err).to.equal('example/broken: a < b & c: theory 1 mV, here 2 ± 0.01 mV (off by more than 0.05)\n');
      expect(JSON.parse(out.toString()).landmarks[0].pass).to.equal(false);
    });
  });

  describe('values', () => {
    const params = async (...words: string[]) =>
      JSON.parse((await figure('example/decay', ...words)).out.toString()).params;

    it('come from --set, a preset and --seed', async () => {
      expect(
        await params('--set', 'tau=5', '--set', 'starts=1,2.5', '--set', 'shape=linear', '--seed', '7'),
      ).to.include({
        tau: 5,
        shape: 'linear',
        seed: 7,
      });
      expect(await params('--preset', 'paper', '--set', 'tau=5')).to.include({ points: 101, tau: 5 });
      expect((await params('--set', 'starts=0:4:3')).starts).to.deep.equal([0, 2, 4]);
    });

    it('may follow one --set together; the last of a name counts', async () => {
      expect(await params('--set', 'tau=5', 'points=3', 'tau=6')).to.include({ tau: 6, points: 3 });
    });
  });

  describe('refuses with exit status 2 and one line', () => {
    const known = 'it has tau, points, starts, shape, noisy, seed';

    it('an unknown figure, with the ids that come near', async () => {
      await refused(['example/decoy'], 'unknown figure "example/decoy" (did you mean example/decay?)');
      await refused(['qqqq'], 'unknown figure "qqqq" (npm run figure -- --list prints all)');
      await refused([], 'which figure? (npm run figure -- --list prints all, --help explains)');
      await refused(['example/decay', 'example/slow'], 'one figure at a time (got example/decay example/slow)');
    });

    it('an unknown parameter', async () => {
      await refused(
        ['example/decay', '--set', 'tua=1'],
        `example/decay: unknown parameter tua (did you mean tau? ${known})`,
      );
      await refused(['example/decay', '--set', 'toString=1'], `example/decay: unknown parameter toString (${known})`);
      await refused(['example/slow', '--seed', '1'], 'example/slow: unknown parameter seed (it has seconds, loud)');
    });

    it('a value that is missing, no number, not finite or out of range', async () => {
      for (const text of ['', 'abc', 'NaN', 'Infinity', '-1', '101'])
        await refused(
          ['example/decay', '--set', `tau=${text}`],
          `example/decay: tau must be between 1 and 100 (got ${text === '-1' || text === '101' ? text : JSON.stringify(text)})`,
        );
      await refused(['example/decay', '--set', 'tau'], '--set takes name=value (got "tau")');
      await refused(['example/decay', '--set', '=3'], '--set takes name=value (got "=3")');
      await refused(
        ['example/decay', '--set', 'starts=1,2,3,4,5'],
        'example/decay: starts must hold 1 to 4 numbers (got 5)',
      );
      await refused(
        ['example/decay', '--set', 'shape=round'],
        'example/decay: shape must be one of exponential, linear (got "round")',
      );
      await refused(
        ['example/decay', '--preset', 'papr'],
        'example/decay: preset must be one of paper, sparse (got "papr")',
      );
    });

    it('values that the model refuses together', async () => {
      await refused(
        ['example/decay', '--set', 'noisy=true', '--set', 'shape=linear'],
        'example/decay: noisy needs shape exponential',
      );
    });

    it('an unknown option or format', async () => {
      const options = '--set, --preset, --seed, --format, --out, --list, --help';
      await refused(['example/decay', '--sed', 'tau=1'], `unknown option --sed (there are ${options})`);
      await refused(
        ['example/decay', '--format', 'jsn'],
        '--format must be one of json, csv, spec, svg, png, html (got "jsn", did you mean json?)',
      );
      const { status, err } = await figure('example/decay', '--format');
      expect(status).to.equal(2);
      expect(err).to.match(/^[^\n]*--format[^\n]*\n$/);
    });
  });

  describe('fails with exit status 1 and one line', () => {
    for (const [how, line] of [
      ['diverges', 'V is no longer finite at 12.5 ms: the time step is too long'],
      ['throws', 'a mistake of two lines'],
      ['not a number', 'y in row 0 is NaN'],
    ] as const)
      it(`when the model ${how}`, async () => {
        const out = join(folder, 'kept.json');
        writeFileSync(out, 'old');
        const result = await figure('example/broken', '--set', `how=${how}`, '--out', out);
        expect(result.status).to.equal(1);
        expect(result.out.toString()).to.equal('');
        expect(result.err).to.equal(`example/broken: ${line}\n`);
        expect(readFileSync(out, 'utf8'), 'the file that was there').to.equal('old');
      });
  });

  describe('files', () => {
    it('are replaced whole, with nothing left beside them', async () => {
      const place = join(folder, 'whole');
      mkdirSync(place);
      writeFileSync(join(place, 'x.json'), 'old');
      const { status, out } = await figure('example/decay', '--out', join(place, 'x.json'));
      expect({ status, out: out.toString() }).to.deep.equal({ status: 0, out: '' });
      expect(JSON.parse(readFileSync(join(place, 'x.json'), 'utf8')).id).to.equal('example/decay');
      expect(readdirSync(place)).to.deep.equal(['x.json']);
    });

    it('in a folder that is not there, or that are a folder, are refused before the work', async () => {
      const missing = join(folder, 'missing');
      // the slow figure would take a minute
      await refused(
        ['example/slow', '--out', join(missing, 'x.json')],
        `--out ${join(missing, 'x.json')}: there is no folder ${missing}`,
      );
      await refused(['example/slow', '--out', folder], `--out ${folder} is a folder`);
    });

    it('are not touched by Ctrl-C, which ends a long figure with exit status 130', async () => {
      const out = join(folder, 'interrupted.json');
      writeFileSync(out, 'old');
      const before = readdirSync(folder);
      const { child, result } = start(harness, ['example/slow', '--set', 'loud=true', '--out', out]);
      child.stderr!.once('data', () => child.kill('SIGINT'));
      const { status, err } = await result;
      expect({ status, err }).to.deep.equal({ status: 130, err: 'started\ninterrupted\n' });
      expect(readFileSync(out, 'utf8')).to.equal('old');
      expect(readdirSync(folder)).to.deep.equal(before);
    });
  });

  it('ends quietly when the reader of its output has gone', async () => {
    const { child, result } = start(harness, ['example/decay', '--set', 'points=800', '--format', 'json']);
    child.stdout!.once('data', () => child.stdout!.destroy());
    const { status, err } = await result;
    expect({ status, err }).to.deep.equal({ status: 0, err: '' });
  });

  it('--help explains, for all figures and for one', async () => {
    const { status, out } = await figure('--help');
    expect(status).to.equal(0);
    expect(out.toString()).to.include('--set').and.include('from:to:count').and.include('Exit status');
    expect((await figure('example/decay', '--help')).out.toString()).to.include('tau=10  time constant (ms); 1 to 100');
  });

  it('--list prints ids and titles, also as json', async () => {
    expect((await figure('--list')).out.toString()).to.match(
      /^example\/broken {2}Goes wrong\nexample\/decay {3}Charge/,
    );
    const list = JSON.parse((await figure('--list', '--format', 'json')).out.toString());
    expect(list.map(({ id }: { id: string }) => id)).to.deep.equal(['example/broken', 'example/decay', 'example/slow']);
    expect(list[0]).to.include({ title: 'Goes wrong' });
  });

  it('passes over what was compiled from a source that is gone', () => {
    const left = join(root, 'lib', 'dist', 'cli', 'left-over.figures.js');
    writeFileSync(left, "throw new Error('must not be loaded')");
    try {
      expect(figureFiles()).to.not.be.empty.and.not.include(left);
    } finally {
      rmSync(left);
    }
  });

  it('refuses two figures with one id', () => {
    const file = join(folder, 'twice.figures.js');
    const define = (name: string) =>
      `exports.${name} = require('lecture-lab/figure').defineFigure({ id: 'a/b', title: '', params: {} });`;
    writeFileSync(
      file,
      `module.paths.push(${JSON.stringify(join(root, 'node_modules'))});${define('x')}${define('y')}`,
    );
    expect(() => allFigures([file])).to.throw('two figures have the id a/b');
  });

  it('lists the figures of the library by itself', async () => {
    const { status, out, err } = await start([join(root, 'lib', 'dist', 'cli', 'figure.js')], ['--list']).result;
    expect({ status, err }).to.deep.equal({ status: 0, err: '' });
    expect(out.toString()).to.match(/^[a-z0-9-]+\/[a-z0-9-]+ +\S/m);
  });
});

describe('names that come near', () => {
  const ids = [
    'deep-linear/modes',
    'deep-linear/saddle',
    'hodgkin-huxley/spike',
    'hodgkin-huxley/f-i',
    'oja/convergence',
  ];

  it('are found by a part, by a typing error, in any case', () => {
    expect(near('modes', ids)).to.deep.equal(['deep-linear/modes']);
    expect(near('hodgkin-huxley', ids)).to.deep.equal(['hodgkin-huxley/f-i', 'hodgkin-huxley/spike']);
    expect(near('deep-linear/mdoes', ids)[0]).to.equal('deep-linear/modes');
    expect(near('OJA/Convergence', ids)).to.deep.equal(['oja/convergence']);
  });

  it('are none for what is far', () => {
    for (const word of ['', 'qqqq', 'memory']) expect(near(word, ids), word).to.deep.equal([]);
  });
});
