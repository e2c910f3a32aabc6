import { expect } from 'chai';
import { Client, contents, isStock, plain, printed, result } from './client';

describe('interrupts', function () {
  this.timeout(30_000);
  let kernel: Client;
  before(async () => {
    kernel = await Client.start();
    await kernel.run('const kept = 42;');
  });
  after(() => kernel.stop());

  /** Runs a cell that never ends by itself, and interrupts it once it has printed `running`. */
  const interrupted = async (code: string): Promise<Awaited<ReturnType<Client['run']>>> => {
    const id = kernel.sendCell(code);
    await kernel.until(() => kernel.under(id).some(({ content }) => String(content.text).includes('running')));
    await kernel.interrupt();
    return kernel.answer(id, 5000);
  };
  const endless: Record<string, string> = {
    'a loop': 'console.log("running"); while (true) {}',
    'a loop after an await (stock: never stops)': 'await null; console.log("running"); while (true) {}',
    'a pending promise': 'console.log("running"); await new Promise(() => {});',
    'a loop in a timer (stock: never stops)':
      'setTimeout(() => { console.log("running"); while (true) {} }); await new Promise(() => {});',
    'endless microtasks (stock: never stops)': 'console.log("running"); for (;;) await null;',
    'a loop in an immediate (stock: never stops)':
      'setImmediate(() => { console.log("running"); for (;;) {} }); await new Promise(() => {});',
    'a loop within an async function that nobody awaits (stock: never stops)':
      'void (async () => { await null; console.log("running"); for (;;) {} })(); await new Promise(() => {});',
  };
  for (const [what, code] of Object.entries(endless)) {
    it(`stops ${what} and keeps the state`, async () => {
      const answer = await interrupted(code);
      expect(answer.reply.status).to.equal('error');
      expect(contents(answer, 'error')[0]).to.include({ ename: 'Interrupted', evalue: 'the cell was interrupted' });
      expect(result(await kernel.run('kept'))).to.equal('42');
    });
  }

  it('does nothing when nothing runs', async () => {
    await kernel.interrupt();
    expect(result(await kernel.run('kept'))).to.equal('42');
  });

  it('aborts the signal of the cell; the next cell has a new one (stock: there is none)', async () => {
    const signal = `(globalThis as unknown as Record<symbol, { signal: AbortSignal }>)[Symbol.for('lecture-lab.kernel')].signal`;
    await interrupted(
      `var first = ${signal}; var when: string[] = []; first.addEventListener('abort', () => when.push('aborted'));`.concat(
        'console.log("running"); await new Promise(() => {});',
      ),
    );
    const answer = await kernel.run(`${signal}.aborted`);
    expect(result(answer)).to.equal('false');
  });

  it('lets nothing of an interrupted loop print into the next cell (stock: goes on printing there)', async () => {
    await interrupted(
      'for (let i = 0; ; i++) { console.log("running", i); await new Promise((r) => setTimeout(r, 5)); }',
    );
    const next = await kernel.run('console.log("next"); await new Promise((r) => setTimeout(r, 100));');
    expect(printed(next)).to.equal('next\n');
  });

  it('answers kernel_info, interrupts and heartbeats while a cell computes (stock: only afterwards)', async () => {
    const id = kernel.sendCell('console.log("running"); while (true) {}');
    await kernel.until(() => kernel.under(id).some(({ content }) => content.name === 'stdout'));
    expect((await kernel.ask('kernel_info_request', {})).implementation).to.equal(isStock ? 'tslab' : 'lecture-lab');
    await kernel.interrupt();
    expect(plain((await kernel.answer(id)).reply.traceback)).to.contain('Interrupted: the cell was interrupted');
  });
});
