import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { allFigures } from 'lecture-lab/cli/catalogue';
import { renderSvg } from 'lecture-lab/figure/render';

const root = join(__dirname, '..', '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

describe('the README', () => {
  it('shows the figure as it is drawn now (else: npm run figure -- deep-linear/modes --out .github/deep-linear-modes.svg)', async () => {
    const { spec } = await allFigures().get('deep-linear/modes')!.evaluate();
    const shape = (svg: string): string => svg.replace(/\d+(\.\d+)?/g, (x) => Number(x).toFixed(1));
    const shown = readFileSync(join(root, '.github', 'deep-linear-modes.svg'), 'utf8');
    expect(shape(shown).trim() === shape(await renderSvg(spec, { interpret: false })).trim()).to.equal(true);
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
