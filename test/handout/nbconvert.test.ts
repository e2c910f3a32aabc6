import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect } from 'chai';
import { modes } from 'lecture-lab/deep-linear/dynamics.figures';
import { explore, show } from 'lecture-lab/figure';
import { KERNEL, type KernelHost } from 'lecture-lab/figure/host';
import { WIDGET_VIEW } from 'lecture-lab/figure/widget';
import { projectRoot } from '../../kernel-setup/notebook/find';
import type { Output } from '../../kernel-setup/notebook/format';
import { environment, venvPython } from '../../kernel-setup/setup/places';
import { notebookJson, scratch } from '../notebooks/make';

describe('a notebook in the hands of stock nbconvert', function () {
  this.timeout(120_000);
  const { folder, write, done } = scratch();
  after(done);

  for (const [name, work] of [
    ['show', () => show(modes)],
    ['explore', () => explore(modes)],
  ] as const)
    it(`still shows the figures of ${name}, which nbconvert can not draw, as pictures`, async () => {
      const outputs = await displayed(work);
      const [first] = outputs;
      const types = first && 'data' in first ? Object.keys(first.data) : [];
      expect(types.includes(WIDGET_VIEW)).to.equal(name === 'explore');
      const html = nbconvert(write(`${name}.ipynb`, notebookJson([{ code: `await ${name}(modes);`, outputs }])));
      const encoded = /src="data:image\/svg\+xml;base64,([^"]+)"/.exec(html)?.[1] ?? '';
      const svg = /<svg [^>]*class="marks"[\s\S]*?<\/svg>/.exec(html)?.[0] ?? Buffer.from(encoded, 'base64').toString();
      expect(svg, 'picture').to.match(/^<svg/).and.include('mode strength').and.match(/<path/);
      // under a panel they stand in the panel, which is gone here
      if (name === 'show') expect(html, 'landmarks').to.include('half-time of mode 1: theory 0.9501');
      expect(html, 'a widget that nobody answers').not.to.include('widget-view');
    });

  function nbconvert(file: string): string {
    const root = projectRoot();
    const env = environment({ root, cache: folder, env: process.env });
    return execFileSync(venvPython(root), ['-m', 'nbconvert', '--to', 'html', '--stdout', file], {
      env,
      cwd: path.dirname(file),
      encoding: 'utf8',
      maxBuffer: 1 << 26,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  }
});

/** What the kernel would put into the notebook. */
async function displayed(work: () => Promise<void>): Promise<Output[]> {
  const outputs: Output[] = [];
  const host: Pick<KernelHost, 'display' | 'signal' | 'openComm'> = {
    display: (data, { metadata = {} } = {}) => outputs.push({ output_type: 'display_data', data, metadata }),
    signal: new AbortController().signal,
    openComm: () => ({ id: 'a-panel', send: () => undefined, close: () => undefined }),
  };
  const world = globalThis as { [KERNEL]?: unknown };
  world[KERNEL] = host;
  try {
    await work();
  } finally {
    delete world[KERNEL];
  }
  return outputs;
}
