import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { findPython } from '../../kernel-setup/setup/python-environment';
import { tools } from '../kernel-setup/support';
import { Side } from './side';

/** A peer that needs nothing installed. */
const PEER = `
import sys
from peer import Timed

print("a package greets")

def adding(size, inputs):
    done = []
    def work():
        done.append(1)
        return sum(range(size)) + len(inputs)
    return work, lambda result: [result, len(done)]

def timing(size, inputs):
    return lambda: Timed(size, 12.5, 3_000_000), lambda result: [result]

def failing(size, inputs):
    raise ValueError("no such size")

def ending(size, inputs):
    sys.stderr.write("it went up in smoke")
    sys.exit(3)
`;

/** Our side in small: what ours.ts runs, without compiling it. */
const ROW = `
import { prepared } from '${join(__dirname, 'row').replaceAll('\\', '/')}';
export const row = {
  name: 'row',
  ours: async (size) => {
    console.log('a library greets');
    if (size === 0) throw new RangeError('no such size');
    let done = 0;
    return prepared(async () => { done++; return size * 2; }, (result) => [result, done]);
  },
};
`;

describe('a side of the bench', () => {
  let folder: string;
  let start: (kind: string, name: string) => Promise<Side>;
  const sides: Side[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lecture-lab-side-'));
    writeFileSync(join(folder, 'adding.py'), PEER);
    writeFileSync(join(folder, 'row.ts'), ROW);
    const [program, ...args] = (await findPython(await tools())).command;
    start = async (kind, name) => {
      const tsx = require.resolve('tsx/cjs');
      const [command, words] =
        kind === 'ours'
          ? [process.execPath, ['--require', tsx, join(__dirname, 'ours.ts'), join(folder, 'row.ts')]]
          : [program!, [...args, join(__dirname, 'peer.py'), join(folder, 'adding.py'), name]];
      const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
      const side = await Side.start(name, command, words, { env, cwd: folder });
      sides.push(side);
      return side;
    };
  });
  afterEach(async () => {
    await Promise.all(sides.splice(0).map((side) => side.close()));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** What a promise was rejected with. */
  const failure = (work: Promise<unknown>): Promise<string> => work.then(String, (error: Error) => error.message);

  for (const [kind, name, expected] of [
    ['peer', 'adding', 45],
    ['ours', 'ours', 20],
  ] as const)
    describe(kind, () => {
      it('repeats its work for as long as it is told, and what is printed does not get between the answers', async () => {
        const side = await start(kind, name);
        await side.prepare(10);
        const once = await side.run();
        expect(once.numbers).to.deep.equal([expected, 1]);
        expect(once.seconds).to.be.within(0, 1);
        expect(once.processor).to.be.within(0, 1);
        const [, repetitions] = (await side.run(0.05)).numbers;
        expect(repetitions).to.be.within(2, 1 + 200);
      });

      it('knows its peak memory', async () => {
        const side = await start(kind, name);
        await side.prepare(10);
        await side.run();
        expect(await side.peak()).to.be.within(5e6, 2e9);
      });
    });

  it('of a peer may take its own time and memory', async () => {
    const side = await start('peer', 'timing');
    await side.prepare(7);
    expect(await side.run()).to.deep.equal({ seconds: 12.5, processor: null, numbers: [7] });
    expect(await side.peak()).to.equal(3_000_000);
  });

  it('says what went wrong in it, and stays', async () => {
    const peer = await start('peer', 'failing');
    expect(await failure(peer.prepare(1))).to.match(/^failing: ValueError: no such size/);
    expect(await failure(start('peer', 'missing'))).to.match(/^missing: AttributeError: .*'missing'/);
    const ours = await start('ours', 'ours');
    expect(await failure(ours.prepare(0))).to.match(/^ours: RangeError: no such size/);
    await ours.prepare(1);
    expect((await ours.run()).numbers).to.deep.equal([2, 1]);
  });

  it('that ends leaves its last words', async () => {
    const side = await start('peer', 'ending');
    expect(await failure(side.prepare(1))).to.equal(
      'ending ended before it answered:\na package greets\nit went up in smoke',
    );
    expect(await failure(Side.start('x', join(folder, 'none'), [], { env: {}, cwd: folder }))).to.contain('ENOENT');
  });
}).timeout(30_000);
