import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { buildAssets } from '../../kernel-setup/handout/assets';
import { bundleWorker } from '../../kernel-setup/handout/live/bundle';
import { pageHtml } from '../../kernel-setup/handout/page-html';
import { scratch } from '../notebooks/make';
import { walks } from '../parallel/page.figures';
import { browserOrSkip } from './chromium';
import { asked, visit } from './visit';

/** How the page's worker ended a job. */
interface Told {
  readonly kind: 'result' | 'error' | 'stopped';
  readonly message?: string;
  readonly result?: { readonly rows: unknown };
  /** numbers of progress, in their order */
  readonly said: readonly number[];
}

describe('trials side by side in a page, opened from disk without a network', function () {
  this.timeout(60_000);
  const { write, done } = scratch();
  let browser: string | undefined;
  let address: string;

  before(async function () {
    browser = browserOrSkip(this);
    const worker = await bundleWorker([
      { figure: walks as never, module: join(__dirname, '..', 'parallel', 'page.figures'), name: 'walks' },
    ]);
    const figures = [{ id: walks.id, still: '' }];
    const assets = await buildAssets();
    const page = { title: 'Walks', top: '', headings: [], body: '', formulas: '', menu: undefined };
    address = pathToFileURL(write('walks.html', pageHtml({ ...page, assets, carried: { figures, worker } }))).href;
  });
  after(done);

  async function inPage(look: (page: Page) => Promise<void>): Promise<void> {
    const noise = await visit(browser!, address, {}, look);
    expect(noise.complaints).to.deep.equal([]);
    expect(asked(noise)).to.deep.equal([address]);
  }
  const compute = (page: Page, wanted: readonly object[], stopAfter?: number): Promise<Told[]> =>
    page.evaluate(computeInWorker, { wanted, stopAfter });

  it('run in workers of the worker, and give the rows that Node gives', () =>
    inPage(async (page) => {
      const [walked, placed, again] = await compute(page, [{}, { way: 'places' }, { seed: 2 }]);
      expect(walked!.result?.rows).to.deep.equal((await walks.evaluate({ workers: 1 })).rows);
      expect(again!.result?.rows).to.deep.equal((await walks.evaluate({ seed: 2, workers: 1 })).rows);
      const places = (placed!.result!.rows as { place: string }[]).map((row) => row.place);
      expect(new Set(places)).to.deep.equal(new Set(['lecture-lab hand']));
    }));

  it('fail with the trial and its words', () =>
    inPage(async (page) => {
      const [failed, well] = await compute(page, [{ way: 'failing' }, {}]);
      expect(failed).to.include({ kind: 'error', message: 'trial 5: the walk must not be the fifth' });
      expect(well!.kind).to.equal('result');
    }));

  it('stop also in a loop that never looks, and the next ones run', () =>
    inPage(async (page) => {
      const [stuck, , well] = await compute(page, [{ way: 'stuck' }, { way: 'stuck' }, {}], 300);
      expect(stuck!.kind).to.equal('stopped');
      expect(well!.kind).to.equal('result');
      expect(well!.said.at(-1)).to.equal(1);
    }));
});

/** Has the page's own worker script compute figures, one after the other; stuck ones are stopped. Runs in the page. */
async function computeInWorker(ask: { wanted: readonly object[]; stopAfter?: number }): Promise<Told[]> {
  const text = document.getElementById('lab-worker')?.textContent ?? '""';
  const script = new Blob([JSON.parse(text) as string], { type: 'text/javascript' });
  const worker = new Worker(URL.createObjectURL(script));
  const told: Told[] = [];
  for (const [job, values] of ask.wanted.entries())
    told.push(
      await new Promise((resolve, reject) => {
        const said: number[] = [];
        worker.onmessage = ({ data }) => {
          if (data.kind === 'progress') said.push(data.fraction);
          else if (data.kind !== 'ready') resolve({ ...data, said });
        };
        worker.onerror = (event) => reject(new Error(event.message));
        worker.postMessage({ kind: 'compute', job, figure: 'example/walks', values });
        const stuck = (values as { way?: string }).way === 'stuck';
        if (stuck) setTimeout(() => worker.postMessage({ kind: 'stop', job }), ask.stopAfter);
      }),
    );
  worker.terminate();
  return told;
}
