import { spawnSync } from 'node:child_process';
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { DivergenceError, ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import { createRun, type Run } from 'lecture-lab/math/run';
import { parallel, type TrialError } from 'lecture-lab/parallel/parallel';
import type { Way } from './tasks';
import * as tasks from './tasks';

/** What a promise is rejected with. */
const failure = (promise: Promise<unknown>): Promise<TrialError> =>
  promise.then(
    (value) => expect.fail(`no error, but ${JSON.stringify(value)}`),
    (error: TrialError) => error,
  );

/** Runs with a variable of the environment, and puts it back. */
async function withSetting<T>(name: string, value: string, what: () => Promise<T>): Promise<T> {
  const before = process.env[name];
  process.env[name] = value;
  try {
    return await what();
  } finally {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  }
}

const stopped = new Error('stopped by the reader');
const stoppable = (): { run: Run; stop: () => void } => {
  const controller = new AbortController();
  return { run: createRun(controller.signal), stop: () => controller.abort(stopped) };
};

describe('independent trials', function () {
  this.timeout(60_000);

  for (const workers of [1, 2, 3])
    describe(`with ${workers} worker${workers > 1 ? 's' : ''}`, () => {
      it('give what one after the other would, in their order', async () => {
        const seedStream = rng(7).stream('trials');
        for (const trials of [1, 2, 7, 40]) {
          const results = await parallel(trials, tasks.draws, { seedStream, args: { count: 5 }, workers });
          const expected = Array.from({ length: trials }, (_, trial) => ({
            trial,
            values: seedStream.stream(`trial ${trial}`).fillNormal(new Float64Array(5)),
          }));
          expect(results).to.deep.equal(expected);
        }
      });

      it('do not depend on what the seed stream has drawn', async () => {
        const [fresh, used] = [rng(3), rng(3)];
        used.normal();
        const options = { args: { count: 3 }, workers };
        expect(await parallel(3, tasks.draws, { seedStream: used, ...options })).to.deep.equal(
          await parallel(3, tasks.draws, { seedStream: fresh, ...options }),
        );
      });

      it('leave the arrays that they are given as they are', async () => {
        const args = Float64Array.of(1, 2);
        expect(await parallel(3, tasks.double, { args, workers })).to.deep.equal(
          [2, 2, 2].map(() => args.map((x) => 2 * x)),
        );
        expect(args).to.deep.equal(Float64Array.of(1, 2));
      });

      it('fail with the first trial that fails, its number, its class and its words', async () => {
        const fail = (way: Way): Promise<TrialError> =>
          failure(parallel(50, tasks.fails, { args: { from: 11, way }, workers }));
        const parameter = await fail('parameter');
        expect(parameter).to.be.instanceOf(ParameterError);
        expect(parameter.trial).to.equal(11);
        expect(parameter.message).to.equal('trial 11: tau must be positive (got -11)');
        expect(parameter.stack).to.match(/^ParameterError: trial 11: .*\n +at .*tasks\.ts/);
        const divergence = await fail('divergence');
        expect(divergence).to.be.instanceOf(DivergenceError);
        expect(divergence).to.include({ trial: 11, variable: 'V', time: '12 ms' });
        expect(divergence.message).to.equal('trial 11: V is no longer finite at 12 ms: the time step is too long');
        const type = await fail('type');
        expect(type.name).to.equal('TypeError');
        expect(type.message).to.match(/^trial 11: Cannot read properties of undefined/);
        expect((await fail('words')).message).to.equal('trial 11: just words');
      });

      it('refuse to give an array twice, or a part of one', async () => {
        const options = { workers };
        const twice = await failure(parallel(40, tasks.reused, { ...options, args: `${workers} workers` }));
        expect(twice.message).to.match(/^trial 1: the task returned an array that it had returned before/);
        const part = await failure(parallel(4, tasks.part, options));
        expect(part.message).to.equal('trial 0: the task returned a part of a larger array: return x.slice()');
      });

      it('need a seed stream only if they draw', async () => {
        expect(await parallel(2, tasks.setting, { args: 'NO_SUCH_SETTING', workers })).to.deep.equal([
          undefined,
          undefined,
        ]);
        const error = await failure(parallel(2, tasks.draws, { args: { count: 1 }, workers }));
        expect(error).to.be.instanceOf(ParameterError);
        expect(error.message).to.match(/^trial 0: seedStream must be given/);
      });

      it('report over all trials together, forwards, up to the end', async () => {
        const said: number[] = [];
        const run = createRun(undefined, (fraction) => said.push(fraction));
        await parallel(4, tasks.slow, { args: { ms: 100 }, run, workers });
        expect(said.at(-1)).to.equal(1);
        expect(said.length).to.be.above(3);
        for (const [i, fraction] of said.entries()) expect(fraction).to.be.within(i > 0 ? said[i - 1]! : 0, 1);
        // a share of a trial counts
        expect(said.some((fraction) => Math.abs(4 * fraction - Math.round(4 * fraction)) > 0.05)).to.equal(true);
      });

      it('stop where they breathe', async () => {
        const { run, stop } = stoppable();
        setTimeout(stop, 200);
        expect(await failure(parallel(4, tasks.breathing, { run, workers }))).to.equal(stopped);
      });

      it('do not start in a run that is stopped', async () => {
        const { run, stop } = stoppable();
        stop();
        expect(await failure(parallel(4, tasks.fails, { args: { from: 0, way: 'exit' }, run, workers: 2 }))).to.equal(
          stopped,
        );
      });
    });

  /** The threads of a pool of two. */
  const threads = async (): Promise<number[]> => (await parallel(2, tasks.longThread, { workers: 2 })).sort();

  it('run in threads of their own, which stay for the next call', async () => {
    const first = await withSetting('LECTURE_LAB_X', 'own', async () => [await threads(), await threads()]);
    expect(first[0]).to.have.length(2).and.not.include(0);
    expect(first[0]![0]).to.not.equal(first[0]![1]);
    expect(first[1]).to.deep.equal(first[0]);
  });

  it('hand their arrays over without a copy', async () => {
    const results = await parallel(40, tasks.kept, { workers: 2 });
    expect(results.map(({ mine }) => mine[999])).to.deep.equal(results.map((_, trial) => trial));
    // within a chunk they are still there, after it no more
    const last = results.reduce((a, b) => (b.before > a.before ? b : a));
    expect(last.before).to.be.above(5);
    expect(last.still).to.equal(0);
  });

  it('stop also in a loop that never looks, and leave working workers', async () => {
    for (let i = 0; i < 3; i++) {
      const { run, stop } = stoppable();
      setTimeout(stop, 150);
      expect(await failure(parallel(4, tasks.fails, { args: { from: 0, way: 'loop' }, run, workers: 2 }))).to.equal(
        stopped,
      );
      expect(await parallel(4, tasks.slow, { args: { ms: 1 }, workers: 2 })).to.deep.equal([0, 1, 2, 3]);
    }
  });

  it('keep their workers when they stop by themselves', async () => {
    const before = await threads();
    const { run, stop } = stoppable();
    setTimeout(stop, 50);
    await failure(parallel(2, tasks.breathing, { run, workers: 2 }));
    expect(await threads()).to.deep.equal(before);
  });

  for (const [way, words] of [
    ['exit', /^trial 11: the task ended its worker \(exit code 3\)$/],
    ['callback', /^trial 11: the worker broke down: RangeError: in a callback$/],
  ] as const)
    it(`survive a worker that goes (${way})`, async () => {
      const error = await failure(parallel(50, tasks.fails, { args: { from: 11, way }, workers: 2 }));
      expect(error.message).to.match(words);
      expect(error.trial).to.equal(11);
      expect(await parallel(3, tasks.slow, { args: { ms: 1 }, workers: 2 })).to.deep.equal([0, 1, 2]);
    });

  it('survive a worker that runs out of memory', () =>
    withSetting('LECTURE_LAB_WORKER_MEMORY', '64', async () => {
      const error = await failure(parallel(8, tasks.fails, { args: { from: 2, way: 'memory' }, workers: 2 }));
      expect(error.message).to.equal(
        'trial 2: the worker needed more memory than it may use (64 MB, LECTURE_LAB_WORKER_MEMORY)',
      );
      expect(await parallel(3, tasks.slow, { args: { ms: 1 }, workers: 2 })).to.deep.equal([0, 1, 2]);
    }));

  it('run one after the other inside of a trial', async () => {
    const options = { workers: 2 };
    const results = await parallel(4, tasks.nested, options);
    for (const [trial, { own, inner, values }] of results.entries()) {
      expect(own).to.not.equal(0);
      expect(inner).to.deep.equal([own, own, own]);
      const expected = await parallel(2, tasks.draws, { seedStream: rng(trial), args: { count: 2 }, workers: 1 });
      expect(values).to.deep.equal(expected);
    }
  });

  it('run side by side with those of another call', async () => {
    const call = (seed: number): Promise<unknown> =>
      parallel(20, tasks.draws, { seedStream: rng(seed), args: { count: 3 }, workers: 2 });
    const together = await Promise.all([1, 2, 3].map(call));
    for (const [i, seed] of [1, 2, 3].entries()) expect(together[i]).to.deep.equal(await call(seed));
  });

  it('see switches as they are now', async () => {
    const read = (): Promise<(string | undefined)[]> =>
      parallel(2, tasks.setting, { args: 'LECTURE_LAB_X', workers: 2 });
    expect(await withSetting('LECTURE_LAB_X', 'a', read)).to.deep.equal(['a', 'a']);
    expect(await withSetting('LECTURE_LAB_X', 'b', read)).to.deep.equal(['b', 'b']);
    expect(await read()).to.deep.equal([undefined, undefined]);
  });

  it('get new workers when their code was compiled anew', async () => {
    const before = await threads();
    expect(await threads()).to.deep.equal(before);
    const file = join(__dirname, 'tasks.cjs');
    const now = new Date();
    utimesSync(file, now, new Date(now.getTime() + 1000));
    try {
      const after = await threads();
      expect(after.filter((id) => before.includes(id))).to.deep.equal([]);
    } finally {
      utimesSync(file, now, now);
    }
  });

  it('run in as many workers as LECTURE_LAB_WORKERS says', async () => {
    const ids = await withSetting('LECTURE_LAB_WORKERS', '1', () => parallel(4, tasks.thread, {}));
    expect(ids).to.deep.equal([0, 0, 0, 0]);
    for (const wrong of ['0', '1.5', 'two', '65']) {
      const error = await withSetting('LECTURE_LAB_WORKERS', wrong, () => failure(parallel(4, tasks.thread, {})));
      expect(error).to.be.instanceOf(ParameterError);
      expect(error.message).to.equal(`LECTURE_LAB_WORKERS must be a whole number between 1 and 64 (got ${wrong})`);
    }
  });

  it('are refused when they make no sense', async () => {
    for (const trials of [0, -1, 1.5, Number.NaN, 2 ** 31]) {
      const error = await failure(parallel(trials, tasks.thread, {}));
      expect(error).to.be.instanceOf(ParameterError);
      expect(error.message).to.equal(`trials must be a whole number between 1 and 2147483647 (got ${trials})`);
    }
    for (const workers of [0, 65, 1.5])
      expect(await failure(parallel(2, tasks.thread, { workers })))
        .to.be.instanceOf(ParameterError)
        .with.property('message', `workers must be a whole number between 1 and 64 (got ${workers})`);
  });

  it('say what can not be sent or found', async () => {
    const options = { workers: 2 };
    const args = (() => 1) as unknown as string;
    const unsent = await failure(parallel(4, tasks.setting, { args, ...options }));
    expect(unsent).to.be.instanceOf(ParameterError);
    expect(unsent.message).to.match(/^args can't be sent to workers: .*could not be cloned/);
    const result = await failure(parallel(9, tasks.unsendable, options));
    expect(result.message).to.match(/^trial 3: the task's result can't be sent from its worker: .*could not be cloned/);
    const lost = await failure(parallel(4, tasks.lost, options));
    expect(lost.message).to.match(
      /^task must stand in a module that workers can load: .*nowhere\.cjs fails with: Cannot find/,
    );
    const misnamed = await failure(parallel(4, tasks.misnamed, options));
    expect(misnamed.message).to.match(
      /^task must stand in the module that it names: .*tasks\.cjs defines no task none$/,
    );
    expect(await parallel(2, tasks.slow, { args: { ms: 1 }, ...options })).to.deep.equal([0, 1]);
  });

  it('do not keep a program from ending', () => {
    const program = `
      require('tsx/cjs');
      const { parallel } = require('lecture-lab/parallel/parallel');
      const tasks = require('./test/parallel/tasks.ts');
      parallel(4, tasks.slow, { args: { ms: 1 }, workers: 2 }).then((results) => console.log(results.join()));`;
    const cwd = join(__dirname, '..', '..');
    const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', program], {
      cwd,
      encoding: 'utf8',
      timeout: 20_000, // idle workers would stay for a minute
    });
    expect(stderr).to.equal('');
    expect(stdout).to.equal('0,1,2,3\n');
    expect(status).to.equal(0);
  });
});
