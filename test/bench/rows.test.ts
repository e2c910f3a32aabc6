import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ENVIRONMENT_NAMES, requirements } from './peer-python';
import { callOf } from './row';
import { readRow, rowNames } from './rows';
import { WAITING } from './waiting';

describe('the rows of the bench', () => {
  for (const name of rowNames()) {
    it(`${name} has its Python, each peer's function in it`, () => {
      const row = readRow(name);
      const peers = row.peers.filter(({ ownTwin }) => !ownTwin);
      if (peers.length === 0) return; // compared with its own twin alone
      const file = join(__dirname, 'peers', `${row.peerFile ?? name}.py`);
      expect(existsSync(file), file).to.equal(true);
      const text = readFileSync(file, 'utf8');
      for (const peer of peers) expect(text).to.contain(`\ndef ${callOf(peer)}(size, inputs):`);
    }).timeout(60_000);
  }

  it('wait or are written, not both', () => {
    const waiting = WAITING.map(({ name }) => name);
    expect(new Set(waiting).size).to.equal(waiting.length);
    expect(waiting.filter((name) => rowNames().includes(name))).to.deep.equal([]);
    expect(rowNames()).to.include.members(['normal-draws', 'poisson-draws']);
  });

  it('have peers of one exact version each', () => {
    for (const name of ENVIRONMENT_NAMES) {
      const lines = requirements(name)
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'));
      expect(lines).to.not.have.length(0);
      for (const line of lines) expect(line).to.match(/^[A-Za-z0-9_-]+==\d[\w.]*(; platform_system == "Linux")?$/);
    }
  });
});
