import { expect } from 'chai';
import type { PageResult } from 'lecture-lab/figure/worker/protocol';
import { bareWorker } from '../../kernel-setup/handout/live/bare-worker';
import { bundleWorker } from '../../kernel-setup/handout/live/bundle';
import { type Catalogued, catalogue } from '../../kernel-setup/handout/live/catalogue';
import { closeRows, trainedFigures } from './close-rows';

describe('the script that a page carries, in a thread with nothing of Node', () => {
  const figures = [...catalogue().values()];
  // one for all figures, as in a page
  let worker: ReturnType<typeof bareWorker>;
  let trained: ReadonlySet<string>;

  before(async function () {
    this.timeout(60_000);
    worker = bareWorker(await bundleWorker(figures));
    trained = await trainedFigures();
  });
  after(() => worker.terminate());

  /** Computes a figure: at its quick settings, where it has some and is not asked for its defaults. */
  const computed = ({ figure }: Catalogued, settings: object = { ...figure.quick }): Promise<PageResult> =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => {
        if (data.kind === 'result') resolve(data.result);
        if (data.kind === 'error') reject(new Error(data.message));
      };
      worker.postMessage({ kind: 'compute', job: 1, figure: figure.id, values: settings as never });
    });

  for (const entry of figures)
    it(`computes ${entry.figure.id} as Node does`, async function () {
      this.timeout(300_000);
      const { figure } = entry;
      const there = await computed(entry);
      const here = await figure.evaluate(figure.quick ?? {});
      expect(there.values).to.deep.equal(here.params);
      closeRows(figure.id, there.rows!, here.rows, trained.has(figure.id));
      expect(there.landmarks.map(({ name }) => name)).to.deep.equal(here.landmarks.map(({ name }) => name));
      expect(there.svg)
        .to.match(/^<svg role="img" aria-label="[^"]{40,}"/)
        .and.include('currentColor');
      expect(there.tips.marks).to.not.be.empty;
    });

  for (const entry of figures.filter(({ figure }) => figure.quick))
    it(`computes ${entry.figure.id} as Node does at its defaults, too`, async function () {
      this.timeout(300_000);
      const { figure } = entry;
      const there = await computed(entry, {});
      closeRows(figure.id, there.rows, (await figure.evaluate()).rows, trained.has(figure.id));
    });

  it('says in words what it refuses and what it does not carry', async () => {
    const words = (figure: string, values: object): Promise<string> =>
      new Promise((resolve) => {
        worker.onmessage = ({ data }) => data.kind === 'error' && resolve(data.message);
        worker.postMessage({ kind: 'compute', job: 2, figure, values: values as never });
      });
    expect(await words('deep-linear/modes', { a0: -1 })).to.match(
      /^deep-linear\/modes: a0 must be between .* \(got -1\)$/,
    );
    expect(await words('no/figure', {})).to.equal('this page does not carry the figure no/figure: export it again');
  });

  it('stops when it is asked to, and computes the next job', async () => {
    const told: string[] = [];
    await new Promise<void>((resolve) => {
      worker.onmessage = ({ data }) => {
        if (data.kind === 'ready') return;
        told.push(`${data.job} ${data.kind}`);
        if (data.job === 3 && data.kind === 'progress') worker.postMessage({ kind: 'stop', job: 3 });
        if (data.job === 3 && data.kind === 'stopped')
          worker.postMessage({ kind: 'compute', job: 4, figure: 'deep-linear/modes', values: {} });
        if (data.job === 4 && data.kind === 'result') resolve();
      };
      worker.postMessage({ kind: 'compute', job: 3, figure: 'hodgkin-huxley/f-i', values: {} });
    });
    expect(told).to.include.members(['3 progress', '3 stopped', '4 result']).and.not.include('3 result');
  });
});
