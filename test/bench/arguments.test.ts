import { expect } from 'chai';
import { readArguments, UsageError } from './arguments';

describe("the bench's command line", () => {
  it('reads names and options', () => {
    expect(readArguments([])).to.deep.equal({
      names: [],
      peers: [],
      rounds: 5,
      quick: false,
      list: false,
      json: false,
      table: false,
      help: false,
    });
    const all = readArguments(['a', 'b', '--peer', 'numpy', '--peer=numba', '--rounds', '7', '--json', '--table']);
    expect(all).to.include({ rounds: 7, json: true, table: true });
    expect(all.names).to.deep.equal(['a', 'b']);
    expect(all.peers).to.deep.equal(['numpy', 'numba']);
    expect(readArguments(['--quick'])).to.include({ quick: true, rounds: 2 });
    expect(readArguments(['--quick', '--rounds', '3'])).to.include({ quick: true, rounds: 3 });
  });

  it('refuses what it does not know', () => {
    for (const rounds of ['0', '2.5', '1001', 'many', '-1'])
      expect(() => readArguments([`--rounds=${rounds}`])).to.throw(
        UsageError,
        `--rounds must be a whole number from 1 to 1000 (got ${rounds})`,
      );
    expect(() => readArguments(['--fast'])).to.throw(UsageError, "Unknown option '--fast'");
    expect(() => readArguments(['--peer'])).to.throw(UsageError, '--peer');
  });
});
