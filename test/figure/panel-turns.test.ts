import { expect } from 'chai';
import type { PanelResult, PanelValues, Update } from 'lecture-lab/figure/panel/engine';
import { GRACE, type Progress, Stopped, Turns } from 'lecture-lab/figure/panel/turns';
import type { CancelSignal } from 'lecture-lab/math/run';

interface Job {
  readonly values: PanelValues;
  readonly signal: CancelSignal;
  readonly report: Progress;
  finish(): void;
  fail(error: Error): void;
}

/** Turns whose computations end when the test says so, or when their signal is aborted. */
function fixture(): { turns: Turns; jobs: Job[]; told: Update[]; kinds: () => string[] } {
  const jobs: Job[] = [];
  const told: Update[] = [];
  const turns = new Turns(
    (values, signal, report) =>
      new Promise((resolve, reject) => {
        const result: PanelResult = { values, landmarks: [] };
        jobs.push({ values, signal, report, finish: () => resolve(result), fail: reject });
        (signal as AbortSignal).addEventListener('abort', () => reject(signal.reason as Error));
      }),
    (update) => told.push(update),
  );
  return { turns, jobs, told, kinds: () => told.map(({ kind }) => kind) };
}
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('the turns of a panel', () => {
  it('compute what is asked for, with its progress', async () => {
    const { turns, jobs, told } = fixture();
    const values = { a: 1 };
    turns.arrived(values);
    const turn = turns.take(values);
    jobs[0]!.report(0.5, 'half');
    jobs[0]!.finish();
    await turn;
    expect(told).to.deep.equal([
      { kind: 'started', values },
      { kind: 'progress', fraction: 0.5, note: 'half' },
      { kind: 'result', result: { values, landmarks: [] } },
    ]);
  });

  it('pass over what waits, except the latest', async () => {
    const { turns, jobs, kinds } = fixture();
    const all = [{ a: 1 }, { a: 2 }, { a: 3 }];
    for (const values of all) turns.arrived(values);
    for (const values of all) {
      const turn = turns.take(values);
      jobs[0]?.finish();
      await turn;
    }
    expect(jobs.map(({ values }) => values)).to.deep.equal([{ a: 3 }]);
    expect(kinds()).to.deep.equal(['started', 'result']);
  });

  it('let a quick computation finish although it is stale: something is seen while a slider moves', async () => {
    const { turns, jobs, kinds } = fixture();
    const [first, second] = [{ a: 1 }, { a: 2 }];
    turns.arrived(first);
    const turn = turns.take(first);
    turns.arrived(second);
    expect(jobs[0]!.signal.aborted).to.equal(false);
    jobs[0]!.finish();
    await turn;
    expect(kinds()).to.deep.equal(['started', 'result']);
  });

  it('abort a long one that is stale, silently, and go on with the latest', async () => {
    const { turns, jobs, told, kinds } = fixture();
    const [first, second] = [{ a: 1 }, { a: 2 }];
    turns.arrived(first);
    const turn = turns.take(first);
    await pause(GRACE + 10);
    turns.arrived(second);
    expect(jobs[0]!.signal.aborted).to.equal(true);
    jobs[0]!.report(0.9);
    await turn;
    const next = turns.take(second);
    jobs[1]!.finish();
    await next;
    expect(kinds()).to.deep.equal(['started', 'started', 'result']);
    expect(told.at(-1)).to.deep.include({ result: { values: second, landmarks: [] } });
  });

  it('abort one that was young when it became stale once it is not', async () => {
    const { turns, jobs } = fixture();
    const first = { a: 1 };
    turns.arrived(first);
    const turn = turns.take(first);
    turns.arrived({ a: 2 });
    await turn; // rejects by the signal, or the test times out
    expect(jobs[0]!.signal.aborted).to.equal(true);
  });

  it('stop what runs and what waits, and say so once', async () => {
    const { turns, jobs, kinds } = fixture();
    const [first, second] = [{ a: 1 }, { a: 2 }];
    turns.arrived(first);
    const turn = turns.take(first);
    turns.arrived(second);
    turns.stop();
    await turn;
    await turns.take(second);
    expect(jobs.length).to.equal(1);
    expect(kinds()).to.deep.equal(['started', 'stopped']);
    turns.stop();
    expect(kinds()).to.deep.equal(['started', 'stopped']);
  });

  it('stop what only waits', () => {
    const { turns, kinds } = fixture();
    turns.arrived({ a: 1 });
    turns.stop();
    expect(kinds()).to.deep.equal(['stopped']);
  });

  it('tell errors in their own words, and go on', async () => {
    const { turns, jobs, told } = fixture();
    const values = { a: 1 };
    turns.arrived(values);
    const turn = turns.take(values);
    jobs[0]!.fail(new Error('y is no longer finite'));
    await turn;
    expect(told.at(-1)).to.deep.equal({ kind: 'error', message: 'y is no longer finite' });
    const next = { a: 2 };
    turns.arrived(next);
    const again = turns.take(next);
    jobs[1]!.finish();
    await again;
    expect(told.at(-1)).to.include({ kind: 'result' });
  });

  it('take an interruption from outside as a stop', async () => {
    const { turns, jobs, kinds } = fixture();
    const values = { a: 1 };
    turns.arrived(values);
    const turn = turns.take(values);
    jobs[0]!.fail(new Stopped());
    await turn;
    expect(kinds()).to.deep.equal(['started', 'stopped']);
  });

  it('survive being ended by force: what then still comes of it is not told', async () => {
    const { turns, jobs, kinds } = fixture();
    const values = { a: 1 };
    turns.arrived(values);
    const turn = turns.take(values);
    turns.ended();
    jobs[0]!.report(0.9);
    jobs[0]!.finish();
    await turn;
    expect(kinds()).to.deep.equal(['started', 'stopped']);
    const next = { a: 2 };
    turns.arrived(next);
    const again = turns.take(next);
    jobs[1]!.finish();
    await again;
    expect(kinds()).to.deep.equal(['started', 'stopped', 'started', 'result']);
  });
});
