import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect } from 'chai';
import { modes } from 'lecture-lab/deep-linear/dynamics.figures';
import { show } from 'lecture-lab/figure';
import { KERNEL, type KernelHost } from 'lecture-lab/figure/host';
import { projectRoot } from '../../kernel-setup/notebook/find';
import type { Output } from '../../kernel-setup/notebook/format';
import { environment, venvPython } from '../../kernel-setup/setup/places';
import { notebookJson, scratch } from '../notebooks/make';

describe('a notebook in the hands of stock nbconvert', function () {
  this.timeout(120_000);
  const { folder, write, done } = scratch();
  after(done);

  it('still shows its figures, which nbconvert can not draw, as pictures', async () => {
    const outputs = await displayed(() => show(modes));
    const file = write('lesson.ipynb', notebookJson([{ code: 'await show(modes);', outputs }]));
    const root = projectRoot();
    const env = environment({ root, cache: folder, env: process.env });
    const args = ['-m', 'nbconvert', '--to', 'html', '--stdout', file];
    const html = execFileSync(venvPython(root), args, {
      env,
      cwd: path.dirname(file),
      encoding: 'utf8',
      maxBuffer: 1 << 26,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const encoded = /src="data:image\/svg\+xml;base64,([^"]+)"/.exec(html)?.[1] ?? '';
    const svg = /<svg class="marks"[\s\S]*?<\/svg>/.exec(html)?.[0] ?? Buffer.from(encoded, 'base64').toString();
    expect(svg, 'picture').to.match(/^<svg/).and.include('mode strength').and.match(/<path/);
    expect(html, 'landmarks').to.include('half-time of mode 1: theory 0.9501');
  });
});

/** What the kernel would put into the notebook. */
async function displayed(work: () => Promise<void>): Promise<Output[]> {
  const outputs: Output[] = [];
  const host: Pick<KernelHost, 'display' | 'signal'> = {
    display: (data, { metadata = {} } = {}) => outputs.push({ output_type: 'display_data', data, metadata }),
    signal: new AbortController().signal,
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
