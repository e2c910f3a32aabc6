import { expect } from 'chai';
import { measureRow, type Options, type Runner, type Sides } from './measure';
import { Unavailable } from './peer-python';
import { isAbsent } from './report';
import { defineRow, type Peer, type Row } from './row';

const row = defineRow({
  name: 'fake',
  words: 'nothing',
  size: { name: 'things', value: 8, growth: [1, 2, 4, 8] },
  checks: [{ name: 'sum', within: 'exact', why: 'it is the same' }],
  peers: [
    { name: 'one', role: 'typical', target: 2 },
    { name: 'two', role: 'best', target: 1, cold: true, rounds: 1 },
  ],
  ours: () => ({ work: () => 0, numbers: () => [0] }),
});
const options: Options = { rounds: 3, atLeast: 0.25, growth: false };

interface Fake {
  /** who did what, in order */
  readonly diary: string[];
  readonly sides: Sides;
}

/** Sides that take `seconds` times the size, and note what is asked of them. */
function fakes(
  seconds: Record<string, number>,
  { numbers = {}, absent }: { numbers?: Record<string, readonly number[]>; absent?: string } = {},
): Fake {
  const diary: string[] = [];
  const runner = (name: string): Runner => {
    let size = 0;
    const note = (what: string): void => void diary.push(`${name} ${what}`);
    return {
      inputs: async (n, folder) => note(`inputs ${n} ${folder}`),
      prepare: async (n, folder) => {
        size = n;
        note(`prepare ${n}${folder ? ` ${folder}` : ''}`);
      },
      run: async (atLeast) => {
        note(`run ${atLeast}`);
        return { seconds: seconds[name]! * size, processor: 2 * size ** 1.5, numbers: numbers[name] ?? [42] };
      },
      peak: async () => 1e6,
      close: async () => note('close'),
    };
  };
  const sides: Sides = {
    ours: async () => runner('ours'),
    peer: async (_row: Row, peer: Peer) => {
      if (peer.name === absent) throw new Unavailable('it needs g++');
      return runner(peer.name);
    },
    inputFolder: () => 'inputs-of-fake',
    say: () => {},
  };
  return { diary, sides };
}

const runs = (diary: readonly string[]): string[] =>
  diary.filter((line) => line.endsWith(' run 0.25')).map((line) => line.split(' ')[0]!);

describe('measuring a row', () => {
  it('warms up, then alternates the sides and takes turns in going first', async () => {
    const { diary, sides } = fakes({ ours: 1, one: 3, two: 2 });
    const result = await measureRow(row, row.peers, options, sides);
    // warm-up: not for a cold peer
    expect(diary.filter((line) => line.endsWith(' run 0.5'))).to.deep.equal(['ours run 0.5', 'one run 0.5']);
    expect(runs(diary)).to.deep.equal(['ours', 'one', 'two', 'one', 'ours', 'ours', 'one']);
    expect(diary.filter((line) => line.endsWith('close'))).to.have.length(3);
    expect(result.ours).to.deep.equal({ seconds: [8, 8, 8], processor: 2 * 8 ** 1.5, memory: 1e6 });
    expect(result.peers.map((peer) => !isAbsent(peer) && [peer.seconds.length, peer.ratio.median])).to.deep.equal([
      [3, 3],
      [1, 2],
    ]);
    expect(result).to.not.have.property('growth');
  });

  it('goes on without a peer that is not to be had', async () => {
    const { sides } = fakes({ ours: 1, two: 2 }, { absent: 'one' });
    const [one, two] = (await measureRow(row, row.peers, options, sides)).peers;
    expect(one).to.deep.equal({ name: 'one', role: 'typical', target: 2, unavailable: 'it needs g++' });
    expect(two).to.deep.include({ name: 'two', disagreements: [] });
  });

  it('ends every process when a side fails', async () => {
    const { diary, sides } = fakes({ ours: 1, one: 1, two: 1 });
    const failing: Sides = {
      ...sides,
      peer: async (of, peer) => {
        const runner = await sides.peer(of, peer);
        return peer.name === 'one' ? runner : { ...runner, run: () => Promise.reject(new Error('out of memory')) };
      },
    };
    const error = await measureRow(row, row.peers, options, failing).catch((reason: unknown) => reason);
    expect(error).to.be.an('error').with.property('message', 'out of memory');
    expect(diary.filter((line) => line.endsWith('close')).sort()).to.deep.equal([
      'one close',
      'ours close',
      'two close',
    ]);
  });

  it('compares the numbers of every round, and says once what differs', async () => {
    const { sides } = fakes({ ours: 1, one: 1, two: 1 }, { numbers: { one: [43] } });
    const [one, two] = (await measureRow(row, row.peers, options, sides)).peers;
    expect(one).to.have.property('disagreements').with.length(1);
    expect(two).to.have.property('disagreements').with.length(0);
  });

  it('does not compare what extrapolates', async () => {
    const peers: Peer[] = [{ name: 'one', role: 'best', target: 1, extrapolates: 'a tenth' }];
    const { sides } = fakes({ ours: 1, one: 1 }, { numbers: { one: [43] } });
    const [one] = (await measureRow({ ...row, peers }, peers, options, sides)).peers;
    expect(one).to.deep.include({ extrapolates: 'a tenth', disagreements: [] });
  });

  it('times ours alone at each size, in a process of its own, and fits how it grows', async () => {
    const { diary, sides } = fakes({ ours: 1, one: 1 });
    const result = await measureRow(row, [row.peers[0]!], { ...options, growth: true }, sides);
    expect(diary.slice(diary.lastIndexOf('one close')).filter((line) => line.includes('prepare'))).to.deep.equal([
      'ours prepare 1',
      'ours prepare 2',
      'ours prepare 4',
      'ours prepare 8',
    ]);
    expect(result.growth?.exponent).to.be.closeTo(1.5, 1e-12);
    expect(result.growth?.seconds).to.deep.equal([1, 2, 4, 8].map((size) => 2 * size ** 1.5));
  });

  it('has the inputs written once, by a process that ends, before the peers read them', async () => {
    const { diary, sides } = fakes({ ours: 1, one: 1 });
    await measureRow({ ...row, inputs: () => ({ x: new Float64Array(1) }) }, [row.peers[0]!], options, sides);
    expect(diary.slice(0, 4)).to.deep.equal([
      'ours inputs 8 inputs-of-fake',
      'ours close',
      'ours prepare 8',
      'one prepare 8 inputs-of-fake',
    ]);
  });
});

describe('a row', () => {
  it('is refused when it lacks what a comparison needs', () => {
    const sizes = { name: 'things', value: 8, growth: [1, 2, 4, 8] };
    for (const [change, message] of [
      [{ name: 'Two Words' }, 'the name must be words'],
      [{ size: { ...sizes, growth: [1, 2, 3] } }, 'growth needs at least 4 sizes (got 3)'],
      [{ size: { ...sizes, growth: [1, 2, 2, 3] } }, 'the sizes of growth must be positive and increase'],
      [{ size: { ...sizes, growth: [0, 1, 2, 3] } }, 'the sizes of growth must be positive and increase'],
      [{ size: { ...sizes, value: 0 } }, 'the size must be positive'],
      [{ checks: [] }, 'a number that can be compared'],
      [{ peers: [] }, 'there is no peer'],
      [{ peers: [row.peers[0]!, row.peers[0]!] }, 'two peers have the same name'],
      [{ peers: [{ ...row.peers[0]!, target: 0 }] }, 'the target of one must be positive'],
    ] as const)
      expect(() => defineRow({ ...row, ...change } as Row)).to.throw(message);
  });
});
