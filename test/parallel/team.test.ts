import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { createRun } from 'lecture-lab/math/run';
import { formTeam } from 'lecture-lab/parallel/node-team';
import type { Calls, Piece, Plan } from 'lecture-lab/parallel/team';
import { instantiate } from 'lecture-lab/wasm/instantiate';
import kernel from 'lecture-lab/wasm/sparse-rates.wasm';

const { signal } = createRun();
const UNITS = 4;
const sleeper = new Int32Array(new SharedArrayBuffer(4));
const sleep = (ms: number): unknown => Atomics.wait(sleeper, 0, 0, ms);

/** r of each unit is halved in the first phase, and what is there then in the second one. */
function halving(pieces: number) {
  const { call, memory, module, float32 } = instantiate(kernel, { bytes: 65536, shared: true });
  const [r, zero] = [float32(UNITS * pieces).fill(1), float32(UNITS * pieces)];
  const phase: Piece[] = Array.from({ length: pieces }, (_, i) => [
    ['relaxTanh', r.byteOffset + 4 * UNITS * i, zero.byteOffset, zero.byteOffset, UNITS, 0.5, 1],
  ]);
  const plan: Plan = { memory, module, phases: [phase, phase] };
  return { plan, r, calls: call as unknown as Calls };
}

/** Calls of which each takes as long as a helper needs for many of its own, with their number. */
function slow(calls: Calls) {
  const count = { made: 0 };
  const relaxTanh = (...args: number[]): unknown => {
    count.made++;
    sleep(1);
    return calls['relaxTanh']!(...args);
  };
  return { calls: { relaxTanh }, count };
}

describe('threads that go through a simulation together', function () {
  this.timeout(20_000);

  for (const helpers of [0, 1, 3])
    it(`do every piece of every phase once, with ${helpers} helpers`, async () => {
      const { plan, r, calls } = halving(40);
      const team = formTeam(plan, calls, helpers);
      try {
        for (let step = 1; step <= 30; step++) {
          await team.step(signal);
          expect([...new Set(r)]).to.deep.equal([0.25 ** step]);
        }
      } finally {
        team.leave();
      }
    });

  it('share the work once the helper has started, and a team after it has the same helper', async () => {
    for (let time = 0; time < 2; time++) {
      const { plan, r, calls } = halving(40);
      const own = slow(calls);
      const team = formTeam(plan, own.calls, 1);
      try {
        let [steps, before] = [0, 0];
        // the helper does nearly all of a step in which it takes part
        do {
          before = own.count.made;
          await team.step(signal);
          await new Promise((resolve) => setTimeout(resolve));
          r.fill(1);
        } while (own.count.made - before > 40 && ++steps < 200);
        expect(own.count.made - before).to.be.at.most(40);
      } finally {
        team.leave();
      }
    }
  });

  it('say so when one of them breaks down in the middle of its work', async () => {
    const { plan, calls } = halving(40);
    const beyond: Plan = {
      ...plan,
      phases: [Array.from({ length: 40 }, (): Piece => [['relaxTanh', 2 ** 31, 0, 0, 4, 1, 1]])],
    };
    const own = slow({ ...calls, relaxTanh: () => undefined });
    const team = formTeam(beyond, own.calls, 1);
    let message = '';
    try {
      for (let step = 0; step < 200 && message === ''; step++)
        await team.step(signal).catch((error: Error) => (message = error.message));
    } finally {
      team.leave();
    }
    expect(message).to.match(/^the simulation lost one of its threads \(memory access out of bounds\); start it anew$/);
  });

  it('stop while one of them does not get on', async () => {
    const { plan, calls } = halving(40);
    // 2^31 - 1 rows of no entries: some seconds
    const long: Piece[] = Array.from({ length: 2 }, () => [['multiply', 0, 0, 0, 0, 0, 2 ** 31 - 1, 0]]);
    const stop = new AbortController();
    const team = formTeam({ ...plan, phases: [long] }, { ...calls, multiply: () => sleep(100) }, 1);
    setTimeout(() => stop.abort(new Error('stopped by the reader')), 300);
    let message = '';
    try {
      for (let step = 0; step < 200 && message === ''; step++)
        await team.step(stop.signal).catch((error: Error) => (message = error.message));
    } finally {
      team.leave();
    }
    expect(message).to.be.oneOf([
      'stopped by the reader',
      'the simulation lost one of its threads (memory access out of bounds); start it anew',
    ]);
  });

  it('keep no process alive, at rest or in a team', () => {
    const script = `
      const { createSparseRates } = require('lecture-lab/networks/sparse-rates');
      const { fixedInDegree, weighted } = require('lecture-lab/math/sparse');
      const { rng } = require('lecture-lab/math/rng');
      const weights = weighted(fixedInDegree(4096, 4096, 250, rng(1)), () => 0.01);
      const net = createSparseRates({ weights, response: { kind: 'tanh', gain: 1 } }, { dt: 0.1, start: new Float64Array(4096) });
      net.run(200).then(() => console.log('done'));`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
      cwd: join(__dirname, '..', '..'),
      env: { ...process.env, LECTURE_LAB_WORKERS: '2' },
      encoding: 'utf8',
      timeout: 15_000,
    });
    expect({ status, stdout, stderr }).to.deep.equal({ status: 0, stdout: 'done\n', stderr: '' });
  });
});
