import { expect } from 'chai';
import { modes } from 'lecture-lab/deep-linear/dynamics.figures';
import type { PanelFigure, PanelValues, Update } from 'lecture-lab/figure/panel/engine';
import type { Answer, Request } from 'lecture-lab/figure/worker/protocol';
import draws from 'lecture-lab/wasm/draws.wasm';
import { buildAssets } from '../../kernel-setup/handout/assets';
import { handoutHtml } from '../../kernel-setup/handout/handout';
import { bundleWorker, type WorkerBundle } from '../../kernel-setup/handout/live/bundle';
import { catalogue } from '../../kernel-setup/handout/live/catalogue';
import { measure, PATIENCE, remembering } from '../../kernel-setup/handout/live/timing';
import { Computer, type Hired } from '../../kernel-setup/handout/page/computer';
import { fragmentOf, parseFragment, valuesAt } from '../../kernel-setup/handout/page/fragment';
import { PageEngine } from '../../kernel-setup/handout/page/page-engine';
import { parseNotebook } from '../../kernel-setup/notebook/format';
import { notebookJson, scratch } from '../notebooks/make';

const { id, title, params, presets } = modes;
const figure: PanelFigure = {
  id,
  title,
  params,
  presets: { ...presets, steep: { a0: 0.001 } },
  origin: { module: 'm', name: 'n' },
};
const shown = modes.values() as PanelValues;

describe('an address that leads to a figure', () => {
  const values = (fragment: string): PanelValues => valuesAt(figure, parseFragment(fragment)!, shown);

  it('holds the figure, which one of several, and its settings', () => {
    expect(parseFragment('deep-linear/modes?a0=0.02&start=random')).to.deep.equal({
      figure: 'deep-linear/modes',
      nth: 1,
      settings: [
        ['a0', '0.02'],
        ['start', 'random'],
      ],
    });
    expect(parseFragment('deep-linear/modes:2')).to.deep.equal({ figure: 'deep-linear/modes', nth: 2, settings: [] });
    expect(parseFragment('deep-linear%2Fmodes?a0=1e-3')!.settings).to.deep.equal([['a0', '1e-3']]);
  });

  it('leaves headings alone', () => {
    for (const fragment of ['', 'one-mode-at-a-time', 'start', 'größe-α', '%'])
      expect(parseFragment(fragment), fragment).to.equal(undefined);
  });

  it('gives the values that it names, and for the others those that the page shows', () => {
    const page = { ...shown, seed: 7 };
    const place = parseFragment('deep-linear/modes?singularValues=4,2&a0=0.02')!;
    expect(valuesAt(figure, place, page)).to.deep.equal({ ...page, singularValues: [4, 2], a0: 0.02 });
    expect(values('deep-linear/modes?preset=steep&tau=2')).to.deep.equal({ ...shown, a0: 0.001, tau: 2 });
  });

  for (const [fragment, words] of [
    ['deep-linear/modes?a0=-1', 'deep-linear/modes: a0 must be between 0.000001 and 0.1 (got -1)'],
    ['deep-linear/modes?a0=much', 'deep-linear/modes: a0 must be between'],
    ['deep-linear/modes?a0=', 'deep-linear/modes: a0 must be between'],
    ['deep-linear/modes?__proto__=1', 'deep-linear/modes: unknown parameter __proto__ (it has '],
    ['deep-linear/modes?b=1', 'deep-linear/modes: unknown parameter b (it has '],
    ['deep-linear/modes?preset=toString', 'deep-linear/modes: preset must be one of steep (got "toString")'],
    ['deep-linear/modes?a0=0.01&a0=0.02', 'deep-linear/modes: a0 is given twice'],
    ['deep-linear/modes?a0', 'deep-linear/modes: "a0" is not a setting, like name=value'],
    ['deep-linear/modes?=3', 'deep-linear/modes: "=3" is not a setting, like name=value'],
    ['deep-linear/modes?a0=%zz', 'deep-linear/modes: "a0=%zz" is not a setting, like name=value'],
    ['Deep Linear/Modes', '"Deep Linear/Modes" is not the address of a figure, like topic/plot'],
    ['deep-linear/modes:0', '"deep-linear/modes:0" is not the address of a figure, like topic/plot'],
    [`/${'x'.repeat(200)}`, `"/${'x'.repeat(59)}…" is not the address of a figure, like topic/plot`],
  ] as const)
    it(`is refused in words: ${fragment.slice(0, 40)}`, () => {
      const least = String(params.a0.min);
      expect(() => values(fragment)).to.throw(words.replace('0.000001', least).replace('0.1 (', `${params.a0.max} (`));
    });

  it('is written so that it reads back', () => {
    const changed = { ...shown, a0: 0.02, singularValues: [4, 2.5], start: 'random' };
    const fragment = fragmentOf(id, 2, changed, shown);
    expect(fragment).to.equal('deep-linear/modes:2?singularValues=4,2.5&a0=0.02&start=random');
    expect(parseFragment(fragment)!.nth).to.equal(2);
    expect(values(fragment)).to.deep.equal(changed);
    expect(fragmentOf(id, 1, shown, shown)).to.equal('deep-linear/modes');
  });
});

/** A worker that does what a test says. */
class Actor implements Hired {
  onmessage: Hired['onmessage'] = null;
  onerror: Hired['onerror'] = null;
  readonly heard: Request[] = [];
  ended = false;
  postMessage(message: Request): void {
    this.heard.push(message);
  }
  terminate(): void {
    this.ended = true;
  }
  say(answer: Answer): void {
    if (!this.ended) this.onmessage?.({ data: answer });
  }
  jobs(): number[] {
    return this.heard.flatMap((m) => (m.kind === 'compute' ? [m.job] : []));
  }
  asked(name: string): unknown[] {
    return this.heard.flatMap((m) => (m.kind === 'compute' ? [m.values[name]] : []));
  }
}

describe("a page's worker", () => {
  const tips = { names: [], marks: [] };
  const result = (values: PanelValues) => ({ values, landmarks: [], svg: '<svg/>', tips, rows: [] });
  let actors: Actor[];
  let told: Update[];
  let engine: PageEngine;
  let computer: Computer;
  const kinds = (): string[] => told.map(({ kind }) => kind);
  const actor = (): Actor => actors.at(-1)!;
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  beforeEach(() => {
    actors = [];
    told = [];
    const hire = (): Actor => {
      actors.push(new Actor());
      return actor();
    };
    computer = new Computer(hire, () => ({ 'a.bin': 'AAAA' }));
    engine = new PageEngine(computer, 'a/b');
    engine.listen((update) => told.push(update));
  });

  it('is hired once, given the data files, and tells how a job goes', () => {
    engine.request({ x: 1 });
    expect(actor().heard).to.deep.equal([
      { kind: 'files', files: { 'a.bin': 'AAAA' } },
      { kind: 'compute', job: 1, figure: 'a/b', values: { x: 1 } },
    ]);
    actor().say({ kind: 'ready' });
    actor().say({ kind: 'progress', job: 1, fraction: 0.5, note: 'half' });
    actor().say({ kind: 'result', job: 1, result: result({ x: 1 }) });
    expect(kinds()).to.deep.equal(['started', 'progress', 'result']);
    engine.request({ x: 2 });
    expect(actors).to.have.length(1);
  });

  it('computes of many wishes the first and the last', () => {
    for (let x = 0; x < 100; x++) engine.request({ x });
    actor().say({ kind: 'result', job: 1, result: result({ x: 0 }) });
    actor().say({ kind: 'result', job: 2, result: result({ x: 99 }) });
    expect(actor().asked('x')).to.deep.equal([0, 99]);
    expect(kinds()).to.deep.equal(['started', 'result', 'started', 'result']);
  });

  it('gives a long job up for a newer wish, without a word of it', async () => {
    engine.request({ x: 1 });
    engine.request({ x: 2 });
    await pause(250);
    expect(actor().heard.at(-1)).to.deep.equal({ kind: 'stop', job: 1 });
    actor().say({ kind: 'stopped', job: 1 });
    expect(actor().asked('x')).to.deep.equal([1, 2]);
    expect(kinds()).to.deep.equal(['started', 'started']);
  });

  it('stops when the reader says so, and forgets what waited', () => {
    engine.request({ x: 1 });
    engine.request({ x: 2 });
    engine.stop();
    actor().say({ kind: 'stopped', job: 1 });
    expect(kinds()).to.deep.equal(['started', 'stopped']);
    expect(actor().asked('x')).to.deep.equal([1]);
  });

  it('is replaced when it does not obey, and other figures begin anew', async () => {
    const others: Update[] = [];
    computer.compute('c/d', { y: 1 }, (update) => others.push(update));
    engine.request({ x: 1 });
    engine.stop();
    await pause(1200);
    expect(actors.map(({ ended }) => ended)).to.deep.equal([true, false]);
    expect(kinds()).to.deep.equal(['started', 'stopped']);
    actor().say({ kind: 'result', job: 1, result: result({ y: 1 }) });
    expect(others.map(({ kind }) => kind)).to.deep.equal(['started', 'started', 'result']);
  });

  it('says in words that it could not start, now and later', () => {
    computer = new Computer(
      () => {
        throw new Error('blocked');
      },
      () => ({}),
    );
    engine = new PageEngine(computer, 'a/b');
    engine.listen((update) => told.push(update));
    engine.request({ x: 1 });
    engine.request({ x: 2 });
    const words = 'This page could not compute the figure (blocked). The picture is the last one that was computed.';
    expect(told).to.deep.equal([
      { kind: 'error', message: words },
      { kind: 'error', message: words },
    ]);
  });

  it('says in words that it broke down, and is hired again for the next wish', () => {
    engine.request({ x: 1 });
    actor().say({ kind: 'ready' });
    actor().onerror?.({ message: 'out of memory', preventDefault: () => undefined });
    expect(told.at(-1)).to.have.property('message').that.includes('(out of memory)');
    engine.request({ x: 2 });
    expect(actors).to.have.length(2);
    actor().say({ kind: 'result', job: 2, result: result({ x: 2 }) });
    expect(kinds().slice(2)).to.deep.equal(['started', 'result']);
  });
});

describe('what a page carries for its figures', function () {
  this.timeout(60_000);
  const quick = async (): Promise<number> => 1;
  const slow = async (): Promise<number> => PATIENCE + 1;

  async function pageOf(ids: readonly string[], measured = quick): Promise<string> {
    const spec = { description: 'x', data: { name: 'rows', values: [{ x: 1 }] }, mark: 'point', encoding: {} };
    const data = { 'application/vnd.vegalite.v5+json': spec, 'text/plain': 'x' };
    const outputs = ids.map((shownId) => ({
      output_type: 'display_data' as const,
      data,
      metadata: { 'lecture-lab': { figure: shownId, settings: {} } },
    }));
    const notebook = parseNotebook(notebookJson([{ code: 'await show()', outputs }]), 'x');
    const options = {
      name: 'x',
      file: __filename,
      lecture: 'A lecture',
      assets: await buildAssets(),
      measure: measured,
    };
    return handoutHtml(notebook, options);
  }
  const json = (html: string, name: string): unknown => {
    const text = new RegExp(`<script type="application/json" id="${name}">(.*?)</script>`).exec(html)?.[1];
    return text === undefined ? undefined : JSON.parse(text);
  };
  const policy = (html: string): string => /Content-Security-Policy" content="([^"]+)"/.exec(html)![1]!;

  it('is the declaration of each figure, and the models of these and no others', async () => {
    const html = await pageOf(['deep-linear/modes', 'deep-linear/modes']);
    const [only, ...rest] = json(html, 'lab-figures') as PanelFigure[];
    expect(rest).to.deep.equal([]);
    expect(only).to.deep.include({
      id,
      title,
      origin: { module: 'lecture-lab/deep-linear/dynamics.figures', name: 'modes' },
    });
    expect(only!.params).to.deep.equal(JSON.parse(JSON.stringify(params)));
    const worker = json(html, 'lab-worker') as string;
    expect(worker).to.include('half-time of mode');
    expect(worker).not.to.match(/squid|MNIST|tensorflow/i);
    expect(json(html, 'lab-files')).to.equal(undefined);
    // its hot loops are WebAssembly, which the script carries and the policy allows; nothing else is
    expect(worker).to.include(draws.base64);
    expect(policy(html))
      .to.include('worker-src blob:')
      .and.include("'wasm-unsafe-eval'")
      .and.not.include("'unsafe-eval'");
  });

  it("is nothing where no figure is the library's", async () => {
    const html = await pageOf(['a/sine']);
    for (const name of ['lab-figures', 'lab-worker', 'lab-files']) expect(json(html, name), name).to.equal(undefined);
    expect(policy(html)).not.to.match(/worker-src|wasm-unsafe-eval/);
  });

  it('is the digits too where networks are trained, under 4 MB compressed', async () => {
    const html = await pageOf(['credit/angle']);
    expect(Object.keys(json(html, 'lab-files') as object)).to.deep.equal(['mnist-10k.bin.gz']);
    expect(json(html, 'lab-worker')).not.to.match(/tensorflow/i);
    expect(policy(html))
      .to.include("'wasm-unsafe-eval'")
      .and.not.match(/'unsafe-eval'|connect-src|https?:/);
  });

  it('is only words where a figure takes too long', async () => {
    const html = await pageOf(['deep-linear/modes'], slow);
    expect(json(html, 'lab-figures')).to.deep.equal([
      {
        id,
        still:
          'Computing this figure takes more than 20 s in a browser, so here it stays as the notebook made it. In the notebook its parameters can be changed.',
      },
    ]);
    expect(json(html, 'lab-worker')).to.equal(undefined);
  });

  it('knows every figure of the library', () => {
    for (const [name, { figure: known, module }] of catalogue()) {
      expect(known.id).to.equal(name);
      expect(Object.values(require(module) as object)).to.include(known);
    }
  });
});

describe('the time that a figure takes in a page', function () {
  this.timeout(60_000);
  const { folder, write, done } = scratch();
  after(done);

  it('is measured with the script that the page carries', async () => {
    const bundle = await bundleWorker([catalogue().get(id)!]);
    expect(await measure(bundle, id)).to.be.within(0.001, PATIENCE);
    const wrong = await measure(bundle, 'no/figure').catch((error: Error) => error.message);
    expect(wrong).to.equal(
      "no/figure can't be computed in a page: this page does not carry the figure no/figure: export it again",
    );
  });

  it('is measured once for the same code, and again where the record is damaged', async () => {
    const bundle: WorkerBundle = { script: 'a', files: {}, wasm: false };
    let times = 0;
    const kept = remembering(folder, async () => {
      times++;
      return Number.POSITIVE_INFINITY;
    });
    expect(await kept(bundle, 'a/b')).to.equal(Number.POSITIVE_INFINITY);
    expect(await kept(bundle, 'a/b')).to.equal(Number.POSITIVE_INFINITY);
    expect(times).to.equal(1);
    await kept({ ...bundle, script: 'b' }, 'a/b');
    await kept(bundle, 'c/d');
    expect(times).to.equal(3);
    const { readdirSync } = await import('node:fs');
    for (const file of readdirSync(folder)) write(file, '{');
    await kept(bundle, 'a/b');
    expect(times).to.equal(4);
  });
});
