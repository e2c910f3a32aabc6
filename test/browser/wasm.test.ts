import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { build } from 'esbuild';
import { rng } from 'lecture-lab/math/rng';
import { forPages, librarySources } from '../../kernel-setup/handout/live/library';
import { scratch } from '../notebooks/make';
import { browserOrSkip } from './chromium';
import { asked, visit } from './visit';

const SEED = 7;
const COUNT = 1000;

/** What the worker of the page answers. */
interface Answer {
  readonly runs: boolean;
  readonly numbers: number[];
}

describe('a page with a WebAssembly kernel', function () {
  this.timeout(60_000);
  const { write, done } = scratch();
  let browser: string | undefined;
  let script: string;

  before(async function () {
    browser = browserOrSkip(this);
    // bundled as the workers of handouts are
    const { outputFiles } = await build({
      stdin: {
        contents: `
          import { rng } from 'lecture-lab/math/rng';
          import { wasmRuns } from 'lecture-lab/wasm/instantiate';
          const numbers = [...rng(${SEED}).fillNormal(new Float64Array(${COUNT}))];
          postMessage({ runs: wasmRuns(), numbers });`,
        resolveDir: librarySources(),
        loader: 'ts',
      },
      bundle: true,
      minify: true,
      write: false,
      format: 'iife',
      platform: 'browser',
      plugins: [forPages],
    });
    script = outputFiles[0]!.text;
  });
  after(done);

  /** What the worker says in a page whose policy lets scripts do `allowed`. */
  async function answerUnder(
    name: string,
    allowed: string,
  ): Promise<{ answer: Answer; asked: string[]; address: string }> {
    const policy = `default-src 'none'; script-src 'unsafe-inline' ${allowed}; worker-src blob:`;
    const html = `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
      <script type="text/plain" id="worker">${script.replaceAll('</', '<\\/')}</script>
      <script>
        const worker = new Worker(URL.createObjectURL(new Blob([document.getElementById('worker').textContent])));
        globalThis.answer = new Promise((resolve) => { worker.onmessage = ({ data }) => resolve(data); });
      </script>`;
    const address = pathToFileURL(write(`${name}.html`, html)).href;
    let answer: Answer | undefined;
    const noise = await visit(browser!, address, {}, async (page) => {
      answer = await page.evaluate(() => (globalThis as unknown as { answer: Promise<Answer> }).answer);
    });
    return { answer: answer!, asked: asked(noise), address };
  }

  const expected = Array.from(rng(SEED).fillNormal(new Float64Array(COUNT)));

  it('runs it in its worker, fetches nothing, and gives the numbers that Node gives, bit for bit', async () => {
    const { answer, asked: requests, address } = await answerUnder('allowed', "'wasm-unsafe-eval'");
    expect(answer.runs).to.equal(true);
    expect(answer.numbers).to.deep.equal(expected);
    expect(requests).to.deep.equal([address]);
  });

  it('runs the twin where the policy forbids it, with the same numbers', async () => {
    const { answer } = await answerUnder('forbidden', '');
    expect(answer.runs).to.equal(false);
    expect(answer.numbers).to.deep.equal(expected);
  });
});
