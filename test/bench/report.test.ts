import { expect } from 'chai';
import type { PeerResult, RowResult } from './measure';
import { allAgree, describeAll, describeRow } from './report';
import { BEGIN, END, markdownTable, withTable } from './table';
import { columns, digits, size, time } from './words';

const peer = (change: Partial<PeerResult>): PeerResult => ({
  name: 'numpy',
  role: 'typical',
  target: 2,
  seconds: [0.03, 0.034],
  processor: 0.05,
  memory: 120e6,
  ratio: { median: 3.2, low: 3, high: 3.4 },
  disagreements: [],
  ...change,
});

const result: RowResult = {
  name: 'draws',
  words: 'random numbers',
  size: { name: 'draws', value: 1_000_000 },
  ours: { seconds: [0.01, 0.01], processor: 0.02, memory: 90e6 },
  peers: [
    peer({}),
    peer({ name: 'numba', role: 'best', target: 4, ratio: { median: 0.8, low: 0.8, high: 0.8 } }),
    { name: 'torch', role: 'other', target: 1, unavailable: 'no disk space' },
  ],
  checks: ['mean', 'variance'],
  growth: { exponent: 1.014, error: 0.02, sizes: [10, 20, 30, 1_000_000], seconds: [1, 2, 3, 4] },
  note: 'a better algorithm',
};

describe("the bench's report", () => {
  it('shows a row with its times, ratios, agreement, growth and what is missing', () => {
    const text = describeRow(result);
    for (const part of [
      'draws: random numbers',
      '1,000,000 draws',
      '10.0 ms',
      '90 MB',
      '(3.00 – 3.40)',
      '4, not reached',
      'peer not available: torch: no disk space',
      'numpy agrees on: mean, variance',
      'ours grows as draws ^ 1.01 ± 0.02 (10 to 1,000,000)',
      'note: a better algorithm',
    ])
      expect(text).to.contain(part);
    expect(text).to.match(/numpy \(typical\).* 50\.0 ms +2\.50$/m);
    expect(/^.*numpy \(typical\).*$/m.exec(text)?.[0]).to.not.contain('not reached');
  });

  it('is loud about a peer that computes something else', () => {
    const wrong: RowResult = { ...result, peers: [peer({ disagreements: ['mean: ours 1, the peer 2'] })] };
    expect(describeRow(wrong)).to.contain('numpy COMPUTES SOMETHING ELSE: mean: ours 1, the peer 2');
    expect(allAgree([result, wrong])).to.equal(false);
    expect(allAgree([result])).to.equal(true);
  });

  it('counts a peer that is both in both means, others in none', () => {
    const both: RowResult = {
      ...result,
      peers: [peer({ role: 'both', ratio: { median: 0.2, low: 0.2, high: 0.2 } }), peer({ role: 'other' })],
    };
    // typical: √(3.2 · 0.2), best: √(0.8 · 0.2)
    expect(describeAll([result, both])).to.equal(
      'typical peer / ours: 0.800 (geometric mean of 2 rows)\nbest peer / ours: 0.400 (geometric mean of 2 rows)',
    );
    expect(describeAll([])).to.equal('');
    // of two best peers the faster one
    const two: RowResult = { ...result, peers: [...result.peers, peer({ name: 'c', role: 'best' })] };
    expect(describeAll([two])).to.contain('best peer / ours: 0.800');
  });

  it('writes numbers with three digits and a unit', () => {
    expect([12.345, 1, 0.9994, 0.0123, 4.56e-5].map(time)).to.deep.equal([
      '12.3 s',
      '1.00 s',
      '999 ms',
      '12.3 ms',
      '45.6 µs',
    ]);
    expect([0.0523, 3.416, 47.12, 1234.5].map(digits)).to.deep.equal(['0.0523', '3.42', '47.1', '1,235']);
    expect(size(1.2345e9)).to.equal('1,235 MB');
    expect(
      columns([
        ['a', 'bb', 'c'],
        ['aaa', 'b', ''],
      ]),
    ).to.deep.equal(['a    bb  c', 'aaa  b']);
  });
});

describe('the table of environment.md', () => {
  const table = markdownTable([result], 'a machine', '2026-03-31');

  it('has one line for each peer, the row named in the first', () => {
    const lines = table.split('\n');
    expect(lines[0]).to.equal('Measured on 2026-03-31: a machine.');
    const cells = lines.slice(2).map((line) => line.split('|').length);
    expect(new Set(cells)).to.have.length(1);
    expect(lines.slice(4)).to.deep.equal([
      '| draws | 10.0 ms | 90 MB | draws^1.01 | numpy | 32.0 ms | 120 MB | 3.20 (3.00 – 3.40) | 2 |',
      '|  |  |  |  | numba | 32.0 ms | 120 MB | 0.800 (0.800 – 0.800) | 4 |',
      '|  |  |  |  | torch | not available |  |  | 1 |',
    ]);
  });

  it('replaces what is between its marks and nothing else', () => {
    const text = `before\n${BEGIN}\nold\n${END}\nafter\n`;
    const once = withTable(text, table);
    expect(once).to.equal(`before\n${BEGIN}\n${table}\n${END}\nafter\n`);
    expect(withTable(once, table)).to.equal(once);
    expect(() => withTable('nothing', table)).to.throw('there is no place for the table');
  });
});
