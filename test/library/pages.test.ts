import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { expect } from 'chai';
import { type BuildResult, build } from 'esbuild';
import { figureFiles } from 'lecture-lab/cli/catalogue';
import type { Figure } from 'lecture-lab/figure';

const root = join(__dirname, '..', '..');
const dist = join(root, 'lib', 'dist');

/** A bundle as a page would carry it; fails if anything in it needs a Node built-in. */
function forPages(entry: string): Promise<BuildResult<{ metafile: true; write: false }>> {
  return build({
    entryPoints: [entry],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'figures',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
}

describe('what a page runs', () => {
  for (const file of figureFiles()) {
    const name = relative(dist, file);
    it(`${name} needs nothing of Node, and does not carry Vega`, async () => {
      const { metafile } = await forPages(file);
      const inputs = Object.keys(metafile.inputs);
      const wrong = inputs.filter((input) =>
        /^lib\/dist\/(cli\/|edge\/(tensorflow-)?node|math\/blas\/node|figure\/(png|render|painter|widget)\.js)|^node:|node_modules\/(vega|koffi|@resvg|@tensorflow\/tfjs-node)/.test(
          input,
        ),
      );
      expect(wrong).to.deep.equal([]);
      expect(inputs).to.include('lib/dist/figure/define.js');
    });
  }

  it('is refused when it needs Node: the check can fail', async () => {
    let refused = false;
    await forPages(join(dist, 'figure', 'png.js')).catch(() => {
      refused = true;
    });
    expect(refused).to.equal(true);
  });

  // three globals, as in lib/globals.d.ts, and nothing of Node or of a page's document
  const bare = () =>
    createContext({ performance, setTimeout, console: { log: () => undefined, warn: () => undefined } });
  for (const [file, id] of [
    ['deep-linear/dynamics.figures.js', 'deep-linear/saddle'],
    ['neurons/hodgkin-huxley.figures.js', 'hodgkin-huxley/spike'],
  ] as const)
    it(`${id} gives the same numbers in a bare context as in Node`, async () => {
      const path = join(dist, file);
      const { outputFiles } = await forPages(path);
      const context = bare();
      runInContext(outputFiles[0]!.text, context);
      const page = Object.values(context['figures'] as Record<string, Figure>).find((figure) => figure.id === id)!;
      const here = Object.values(require(path) as Record<string, Figure>).find((figure) => figure.id === id)!;
      const [there, expected] = [await page.evaluate(), await here.evaluate()];
      expect(JSON.stringify(there)).to.equal(JSON.stringify(expected));
    }).timeout(60_000);
});

describe('what notebooks read', () => {
  it('loads neither TensorFlow nor Vega until a figure needs them', () => {
    const program = `
      require('lecture-lab/figure');
      require('lecture-lab/cli/catalogue').allFigures();
      const heavy = /node_modules[\\\\/](@tensorflow|vega|vega-lite|@resvg)[\\\\/]/;
      console.log(JSON.stringify(Object.keys(require.cache).filter((file) => heavy.test(file))));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], { cwd: root, encoding: 'utf8' });
    expect(stderr).to.equal('');
    expect(JSON.parse(stdout)).to.deep.equal([]);
  });

  it('says so in package.json for both kinds of module resolution', () => {
    const { exports, typesVersions } = JSON.parse(readFileSync(join(root, 'lib', 'package.json'), 'utf8'));
    expect(exports['./*'].default).to.equal('./dist/*.js');
    expect(typesVersions['*']['*']).to.deep.equal(['dist/*']);
  });
});
