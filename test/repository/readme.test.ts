import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { allFigures } from 'lecture-lab/cli/catalogue';

const run = promisify(execFile);
const root = join(__dirname, '..', '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

describe('the README', () => {
  it('shows the figure as it is drawn now (else: npm run figure -- deep-linear/modes --out .github/deep-linear-modes.svg)', async () => {
    // in a process of its own: Vega numbers the parts of all the pictures that one process draws
    const command = join(root, 'lib', 'dist', 'cli', 'figure.js');
    const { stdout } = await run(process.execPath, [command, 'deep-linear/modes', '--format', 'svg']);
    const shape = (svg: string): string => svg.replace(/\d+(\.\d+)?/g, (x) => Number(x).toFixed(1));
    const shown = readFileSync(join(root, '.github', 'deep-linear-modes.svg'), 'utf8');
    expect(shape(shown).trim() === shape(stdout).trim()).to.equal(true);
  });

  it('names scripts, files and figures that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    for (const [, name] of readme.matchAll(/npm run ([\w:-]+)/g)) expect(scripts).to.have.property(name!);
    for (const [, file] of readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g))
      expect(existsSync(join(root, file!)), file).to.equal(true);
    for (const [, id] of readme.matchAll(/npm run figure -- ([\w/-]+)/g))
      if (!id!.startsWith('--')) expect(allFigures().has(id!), id).to.equal(true);
  });
});
