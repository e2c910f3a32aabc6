import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { CellFailure, executeNotebook } from '../../kernel-setup/notebook/execute';
import { NotebookError, readNotebook } from '../../kernel-setup/notebook/format';
import { type Made, notebookJson, scratch } from './make';

describe('running a notebook', function () {
  this.timeout(60_000);
  const { folder, write, done } = scratch();
  after(done);

  let n = 0;
  const target = (): string => path.join(folder, 'out', `${n}.ipynb`);
  const run = (cells: readonly Made[], options: { cellTimeout?: number; signal?: AbortSignal } = {}): Promise<number> =>
    executeNotebook({
      name: 'a/test',
      source: write(`${++n}.ipynb`, notebookJson(cells)),
      target: target(),
      ...options,
    });
  const failure = async (cells: readonly Made[], options: { cellTimeout?: number } = {}): Promise<CellFailure> => {
    try {
      await run(cells, options);
    } catch (error) {
      expect(error).to.be.instanceOf(CellFailure);
      return error as CellFailure;
    }
    throw new Error('did not fail');
  };
  /** Nothing of a run that failed lies about. */
  const nothingWritten = (): void => {
    const out = path.dirname(target());
    const left = existsSync(out) ? readdirSync(out).filter((file) => file.startsWith(`${n}.`)) : [];
    expect(left).to.deep.equal([]);
  };

  it('writes the notebook with its outputs, cells sharing one kernel', async () => {
    const steps: number[] = [];
    const source = write(
      'shared.ipynb',
      notebookJson([
        { markdown: '# T' },
        { code: 'const a = 20;\nconsole.log("said");' },
        { code: '' },
        { code: 'a + 1' },
      ]),
    );
    const out = path.join(folder, 'out', 'shared.ipynb');
    await executeNotebook({ name: 'a/test', source, target: out, onCell: (ready, of) => steps.push(ready, of) });
    expect(steps).to.deep.equal([1, 2, 2, 2]);
    const outputs = readNotebook(out).cells.flatMap((cell) => (cell.type === 'code' ? cell.outputs : []));
    expect(outputs).to.have.length(2);
    expect(outputs[0]).to.deep.include({ output_type: 'stream', text: ['said\n'] });
    expect(outputs[1]).to.have.nested.property('data.text/plain').that.includes('21');
    expect(readFileSync(source, 'utf8')).not.to.include('said\\n');
  });

  it('names notebook, cell and error when a cell throws, runs nothing after it and writes nothing', async () => {
    const marker = path.join(folder, 'ran-on');
    const error = await failure([
      { markdown: '# T' },
      { code: 'function deep(): never { throw new RangeError("too\\nfar"); }\ndeep();' },
      { code: `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(marker)}, '');` },
    ]);
    expect(error.message).to.equal('a/test: cell 2 (cell-2) failed: RangeError: too');
    expect(error.trace.join('\n')).to.include('deep').and.not.include('\u001b');
    expect(existsSync(marker)).to.equal(false);
    nothingWritten();
  });

  it('reports a type error as the failure of its cell', async () => {
    const error = await failure([{ code: 'const a: string = 1;' }]);
    expect(error).to.include({ cell: 1, cellId: 'cell-1' });
    expect(error.message).to.include('not assignable');
  });

  it('goes on after a cell that is tagged as raising an exception', async () => {
    await run([{ code: 'throw new Error("expected");', tags: ['raises-exception'] }, { code: '"still here"' }]);
    const [first, second] = readNotebook(target()).cells;
    expect(first).to.have.nested.property('outputs[0].ename', 'Error');
    expect(JSON.stringify(second)).to.include('still here');
  });

  it('ends a cell that takes too long', async () => {
    const error = await failure([{ code: 'await new Promise((resolve) => setTimeout(resolve, 60_000));' }], {
      cellTimeout: 2,
    });
    expect(error.message).to.equal('a/test: cell 1 (cell-1) failed: Timeout: took longer than 2 s');
    nothingWritten();
  });

  it('says so when a kernel is not installed', async () => {
    const source = write('unknown.ipynb', notebookJson([{ code: '1' }], 'no-such-kernel'));
    try {
      await executeNotebook({ name: 'a/test', source, target: target() });
      expect.fail('did not fail');
    } catch (error) {
      expect((error as Error).message).to.match(/^a\/test: the kernel did not start: NoSuchKernel: .*no-such-kernel/);
    }
  });

  it('refuses a damaged notebook before it starts anything', async () => {
    const source = write('damaged.ipynb', '{"cells": [');
    try {
      await executeNotebook({ name: 'a/test', source, target: target() });
      expect.fail('did not fail');
    } catch (error) {
      expect(error).to.be.instanceOf(NotebookError);
    }
  });

  it('stops when told to: the kernel ends, nothing is written, and the next run works', async function () {
    if (process.platform === 'win32') this.skip();
    const pidFile = path.join(folder, 'pid');
    const cells: Made[] = [
      {
        code: `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(pidFile)}, String(process.pid));`,
      },
      { code: 'while (true) {}' },
    ];
    const controller = new AbortController();
    const running = run(cells, { signal: controller.signal });
    for (let i = 0; i < 300 && !existsSync(pidFile); i++) await pause(100);
    await pause(300);
    controller.abort(new Error('interrupted'));
    const outcome = await running.then(
      () => 'finished',
      (error) => (error as Error).message,
    );
    expect(outcome).to.equal('interrupted');
    expect(isRunning(Number(readFileSync(pidFile, 'utf8')))).to.equal(false);
    nothingWritten();
    await run([{ code: '1' }]);
    expect(existsSync(target())).to.equal(true);
  });
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether a process is there and not merely waiting to be buried by its parent. */
function isRunning(pid: number): boolean {
  try {
    const state = execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return state !== '' && !state.startsWith('Z');
  } catch {
    return false;
  }
}
