import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { compile } from 'vega-lite';
import { type Assets, buildAssets } from '../../kernel-setup/handout/assets';
import { handoutHtml } from '../../kernel-setup/handout/handout';
import { overwritten } from '../../kernel-setup/handout/outputs';
import { NotebookError, parseNotebook } from '../../kernel-setup/notebook/format';
import { type Made, notebookJson } from '../notebooks/make';

describe('a handout', () => {
  let assets: Assets;
  before(async () => {
    assets = await buildAssets();
  });
  const page = (...cells: Made[]): Promise<string> =>
    handoutHtml(parseNotebook(notebookJson(cells), 'x'), { name: 'x', file: __filename, lecture: 'A lecture', assets });
  /** What stands in the page's main part, without scripts and styles. */
  const body = async (...cells: Made[]): Promise<string> =>
    /<main[^>]*>([\s\S]*)<\/main>/.exec(await page(...cells))![1]!.trim();
  const refusal = async (...cells: Made[]): Promise<string> => {
    try {
      await page(...cells);
    } catch (error) {
      expect(error).to.be.instanceOf(NotebookError);
      return (error as Error).message;
    }
    throw new Error('was not refused');
  };
  const figure = (rows: number, key = 'rows'): Made => {
    const values = Array.from({ length: rows }, (_, i) => ({ x: i, y: Math.sin(i) }));
    const spec = {
      $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
      description: 'A "sine" & its <points>',
      data: { name: key, values },
      mark: { type: 'line', clip: true },
      encoding: { x: { field: 'x', type: 'quantitative' }, y: { field: 'y', type: 'quantitative' } },
    };
    const metadata = { 'lecture-lab': { figure: 'a/sine', settings: { n: rows } } };
    const data = { 'application/vnd.vegalite.v5+json': spec, 'text/plain': 'sine' };
    return { code: 'await show(sine)', outputs: [{ output_type: 'display_data', data, metadata }] };
  };

  it('holds the text, the code and the outputs in their order', async () => {
    const html = await body(
      { markdown: '# Title' },
      { code: 'const a = 1;', outputs: [{ output_type: 'stream', name: 'stdout', text: 'first <b>\n' }] },
      { markdown: 'last *words*' },
    );
    const words = html.replace(/<[^>]+>/g, '').replace(/\s+/g, ' ');
    expect(words).to.equal('Title const a = 1; first &#60;b&#62; last words ');
  });

  it('sets formulas when it is made, with the fonts that they need and no others', async () => {
    const html = await page({ markdown: 'Mass $\\mathbb{E}[m]$ and\n\n$$\\int_0^1 x\\,dx = \\frac12$$' });
    expect(html).to.include('class="katex-display"').and.include('<math');
    const fonts = [...html.matchAll(/@font-face\{font-family:(\w+)/g)].map((match) => match[1]);
    expect(fonts).to.include.members(['KaTeX_Main', 'KaTeX_Math', 'KaTeX_AMS']);
    expect(fonts).not.to.include.members(['KaTeX_Fraktur']);
    expect(await page({ markdown: 'no formula' })).not.to.include('KaTeX_');
  });

  it('refuses a formula that can not be set, naming the cell', async () => {
    expect(await refusal({ markdown: 'fine' }, { markdown: 'bad $\\frac{1}$' })).to.match(
      /^x: cell 2 \(cell-2\): bad formula: /,
    );
  });

  it('lists its sections', async () => {
    const html = await page({ markdown: '# T\n\n## One $x$\n\n### Deeper\n\n## One $x$' });
    const links = [...html.matchAll(/<li[^>]*><a href="#([^"]+)">/g)].map((match) => match[1]);
    expect(links).to.deep.equal(['one-x', 'deeper', 'one-x-2']);
    for (const id of links) expect(html).to.include(` id="${id}"`);
  });

  it('leads to other handouts and leaves other links alone', async () => {
    const html = await body({
      markdown:
        '[a](06-depth.ipynb#law) [b](../2-x/01-y.ipynb) [c](https://doi.org/10.1/x) [d](#here) [e](README.md) [f](../2-x/README.md) [g](../README.md)',
    });
    expect([...html.matchAll(/href="([^"]+)"/g)].map((match) => match[1])).to.deep.equal([
      '06-depth.html#law',
      '../2-x/01-y.html',
      'https://doi.org/10.1/x',
      '#here',
      '../index.html#handout',
      '../index.html#2-x',
      '../index.html',
    ]);
  });

  it('keeps solutions folded', async () => {
    const html = await body({
      markdown: '<details><summary>Solution</summary>\n\n```ts\nconst x = 1;\n```\n\n</details>',
    });
    expect(html).to.match(
      /<details><summary>Solution<\/summary>[\s\S]*<span class="hljs-keyword">const<\/span>[\s\S]*<\/details>/,
    );
  });

  it('shows a figure, and carries its numbers and what the script says under the pointer', async () => {
    const html = await body(figure(20));
    expect(html).to.match(/<svg[^>]*width/);
    expect(html).to.include('aria-label="A &#34;sine&#34; &#38; its &#60;points&#62;"');
    const live = JSON.parse(/<script type="application\/json">([\s\S]*?)<\/script>/.exec(html)![1]!);
    expect(live.figure).to.equal('a/sine');
    expect(live.settings).to.deep.equal({ n: 20 });
    expect(live.rows).to.have.length(20);
    expect(live.tips).to.deep.equal({ names: [], marks: [] });
  });

  it('draws a figure that is Vega already', async () => {
    const lite = { mark: 'point', data: { values: [{ x: 1 }] }, encoding: { x: { field: 'x', type: 'quantitative' } } };
    const data = { 'application/vnd.vega.v5+json': compile(lite as never).spec };
    const html = await body({ code: 'x', outputs: [{ output_type: 'display_data', data, metadata: {} }] });
    expect(html).to.match(/<figure class="plot paper"[\s\S]*<svg/);
  });

  it('names what is inside pictures apart: one clip path must not clip another picture', async () => {
    const html = await body(figure(5), figure(6));
    const ids = [...html.matchAll(/\bid="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).to.equal(ids.length);
    for (const [, id] of html.matchAll(/url\(#([^)]+)\)/g)) expect(ids).to.include(id);
  });

  it('names a figure that Vega can not draw', async () => {
    const data = { 'application/vnd.vegalite.v5+json': { data: { values: [] }, mark: 'no such mark', encoding: {} } };
    expect(await refusal({ code: 'x', outputs: [{ output_type: 'display_data', data, metadata: {} }] })).to.include(
      "a picture can't be drawn",
    );
  });

  it('allows one script by its checksum and no network', async () => {
    const html = await page(figure(5));
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(html)![1]!;
    expect(policy)
      .to.include("default-src 'none'")
      .and.match(/script-src 'sha256-[^']+';/);
    expect(policy).not.to.match(/https?:|unsafe-eval|script-src[^;]*unsafe-inline/);
    // Nothing that a browser would fetch: only data, and links that a reader may follow.
    const quiet = html.replace(/(<script[^>]*>)[\s\S]*?<\/script>/g, '$1');
    expect(quiet).not.to.match(/<(?:link|img|script|iframe|source)[^>]*\b(?:src|href)="(?!data:)/);
    expect(quiet).not.to.match(/url\((?!#|data:)/);
  });

  it('puts pictures in, and refuses those on a network', async () => {
    expect(await refusal({ markdown: '![a](https://example.org/a.png)' })).to.include(
      'cell 1 (cell-1): the picture https',
    );
    expect(await refusal({ markdown: '![a](missing.png)' })).to.include('the picture missing.png was not found');
  });

  it('refuses to become larger than 4 MB compressed', async () => {
    // what can't be compressed: base64 of noise takes 6 of 8 bits
    const data = { 'text/plain': randomBytes(4_100_000).toString('base64') };
    expect(await refusal({ code: 'x', outputs: [{ output_type: 'execute_result', data, metadata: {} }] })).to.match(
      /^x: the page would be 4\.\d MB compressed, more than 4 MB/,
    );
  });

  it('shows expected errors without terminal colours', async () => {
    const outputs = [
      { output_type: 'error' as const, ename: 'Error', evalue: 'no', traceback: ['\u001b[31mError: no\u001b[0m'] },
    ];
    expect(await body({ code: 'x', outputs })).to.include('>Error: no</pre>');
  });

  it('stays well under 1 MB for a small lesson', async () => {
    const html = await page({ markdown: '# T\n\n$x$' }, figure(100), figure(100));
    expect(Buffer.byteLength(html)).to.be.below(1_000_000);
  });
});

describe('what a page shows', () => {
  it('writes over a line as a terminal does', () => {
    expect(overwritten('10 %\r20 %\r100 %\nnext')).to.equal('100 %\nnext');
    expect(overwritten('longer text\rshort')).to.equal('shortr text');
    expect(overwritten('a\r\nb')).to.equal('a\nb');
  });
});
