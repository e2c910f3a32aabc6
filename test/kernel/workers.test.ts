import { join } from 'node:path';
import { expect } from 'chai';
import { Client, contents, result } from './client';

/** Tasks that end their worker and tasks that never end; a cell finds them as a script does. */
const tasks = JSON.stringify(join(__dirname, '..', 'parallel', 'tasks.cjs'));

describe('trials on workers, started from a cell', function () {
  this.timeout(60_000);
  let kernel: Client;
  before(async () => {
    kernel = await Client.start();
    await kernel.run(`
      import { parallel } from 'lecture-lab/parallel/parallel';
      import { createRun } from 'lecture-lab/math/run';
      import { createRequire } from 'node:module';
      const tasks = createRequire(${tasks})(${tasks});`);
  });
  after(() => kernel.stop());

  const alive = async (): Promise<void> => {
    const code = `(await parallel(4, tasks.slow as any, { args: { ms: 1 }, workers: 2 } as any)).join()`;
    expect(result(await kernel.run(code))).to.equal("'0,1,2,3'");
  };

  it('give their results', alive);

  it('that end or break their worker end neither the kernel nor its workers', async () => {
    for (const [way, words] of [
      ['exit', 'trial 2: the task ended its worker (exit code 3)'],
      ['callback', 'trial 2: the worker broke down: RangeError: in a callback'],
    ]) {
      const args = JSON.stringify({ from: 2, way });
      const answer = await kernel.run(`await parallel(5, tasks.fails as any, { args: ${args}, workers: 2 } as any)`);
      expect(contents(answer, 'error')[0]).to.include({ evalue: words });
      await alive();
    }
  });

  it('stop with their cell, also in a loop that never looks', async () => {
    const id = kernel.sendCell(`
      console.log('running');
      const host = (globalThis as any)[Symbol.for('lecture-lab.kernel')];
      await parallel(4, tasks.fails as any, { args: { from: 0, way: 'loop' }, run: createRun(host.signal), workers: 2 } as any);`);
    await kernel.until(() => kernel.under(id).some(({ content }) => String(content.text).includes('running')));
    await kernel.interrupt();
    const answer = await kernel.answer(id, 5000);
    expect(contents(answer, 'error')[0]).to.include({ ename: 'Interrupted' });
    await alive();
  });
});
