import { expect } from 'chai';
import { allFigures } from 'lecture-lab/cli/catalogue';
import { choice, flag, integer, number, numbers, seed } from 'lecture-lab/figure';
import type { PanelFigure, PanelValues } from 'lecture-lab/figure/panel/engine';
import { gridOf, stopOf } from 'lecture-lab/figure/panel/grid';
import { defaultsOf, presetOf, sameValues, snippet } from 'lecture-lab/figure/panel/snippet';
import { complaint, type IntegerParameter, type NumberParameter } from 'lecture-lab/figure/parameters';
import * as ts from 'typescript-5';

type Ranged = NumberParameter | IntegerParameter;

describe('the stops of a slider', () => {
  const ranges: readonly [string, Ranged][] = [
    ['0 to 1', number({ default: 0, min: 0, max: 1, doc: '' })],
    ['-5 to 150', number({ default: 0, min: -5, max: 150, doc: '' })],
    ['odd ends', number({ default: 1, min: 0.123, max: 7.7, doc: '' })],
    ['tiny', number({ default: 1e-9, min: 1e-9, max: 3e-9, doc: '' })],
    ['one value', number({ default: 3, min: 3, max: 3, doc: '' })],
    ['three decades', number({ default: 1, min: 1e-4, max: 0.1 * 10, scale: 'log', doc: '' })],
    ['half a decade', number({ default: 1, min: 1, max: 3, scale: 'log', doc: '' })],
    ['whole', integer({ default: 5, min: 1, max: 9, doc: '' })],
    ['many whole', integer({ default: 400, min: 100, max: 50_000, doc: '' })],
    ['whole by factors', integer({ default: 5, min: 1, max: 1000, scale: 'log', doc: '' })],
    ...[...allFigures()].flatMap(([id, { params }]) =>
      Object.entries(params).flatMap(([name, p]): [string, Ranged][] =>
        p.kind === 'number' || p.kind === 'integer' ? [[`${id} ${name}`, p]] : [],
      ),
    ),
  ];
  for (const [name, p] of ranges)
    it(`${name}: rise from the least value to the largest, all allowed, and each is its own nearest stop`, () => {
      const grid = gridOf(p);
      expect(grid[0]).to.equal(p.min);
      expect(grid.at(-1)).to.equal(p.max);
      for (const [i, value] of grid.entries()) {
        expect(complaint(p, value)).to.equal(undefined);
        if (i > 0) expect(value).to.be.above(grid[i - 1]!);
        expect(stopOf(p, grid, value)).to.equal(i);
      }
      expect(grid.length).to.be.at.most(1000);
    });

  it('are round numbers, evenly spaced', () => {
    const grid = gridOf(number({ default: 0, min: 0, max: 1, doc: '' }));
    expect(grid.slice(0, 4)).to.deep.equal([0, 0.005, 0.01, 0.015]);
    expect(gridOf(integer({ default: 5, min: 1, max: 9, doc: '' }))).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(gridOf(number({ default: 1, min: 0.123, max: 7.7, doc: '' })).slice(0, 3)).to.deep.equal([
      0.123, 0.14, 0.16,
    ]);
  });

  it('are equal factors apart on a logarithmic scale, to the three digits that are shown', () => {
    const grid = gridOf(number({ default: 1, min: 1e-4, max: 1, scale: 'log', doc: '' }));
    const factor = 10 ** (1 / 50);
    for (let i = 1; i < grid.length; i++) expect(grid[i]! / grid[i - 1]!).to.be.closeTo(factor, 0.01 * factor);
    expect(grid[100]).to.equal(0.01);
  });

  it('nearest on a logarithmic scale is nearest by factors', () => {
    const p = number({ default: 1, min: 1, max: 100, scale: 'log', doc: '' });
    expect(stopOf(p, [1, 10, 100], 30)).to.equal(1);
    expect(stopOf(p, [1, 10, 100], 33)).to.equal(2);
    expect(stopOf({ ...p, scale: 'linear' }, [1, 10, 100], 54)).to.equal(1);
  });
});

describe('copy as code', () => {
  const figure: PanelFigure = {
    id: 'test/code',
    title: '',
    params: {
      eta: number({ default: 0.02, min: 1e-4, max: 0.1, doc: '' }),
      rule: choice({ default: 'oja', values: ['oja', "it's", 'a\\b'], doc: '' }),
      noisy: flag({ default: true, doc: '' }),
      loads: numbers({ default: [1, 2], min: -9, max: 9, doc: '' }),
      seed: seed(),
    },
    presets: { paper: { eta: 0.001, loads: [3] } },
    origin: { module: 'lecture-lab/test/code.figures', name: 'code' },
  };
  const imports =
    "import { show } from 'lecture-lab/figure';\nimport { code } from 'lecture-lab/test/code.figures';\n\n";
  const settings = (values: PanelValues): string =>
    snippet(figure, { ...defaultsOf(figure), ...values }).slice(imports.length);

  it('imports the figure, and gives only what differs from the defaults', () => {
    expect(snippet(figure, defaultsOf(figure))).to.equal(`${imports}await show(code);\n`);
    expect(settings({ eta: 0.05 })).to.equal('await show(code, { eta: 0.05 });\n');
    expect(settings({ noisy: false, loads: [-1, 2.5], seed: 7 })).to.equal(
      'await show(code, { noisy: false, loads: [-1, 2.5], seed: 7 });\n',
    );
  });

  it('names a preset where the values are its own', () => {
    expect(settings(presetOf(figure, 'paper'))).to.equal("await show(code, { preset: 'paper' });\n");
    expect(settings({ ...presetOf(figure, 'paper'), seed: 2 })).to.equal(
      'await show(code, { eta: 0.001, loads: [3], seed: 2 });\n',
    );
  });

  it('leaves out the import of a figure that the reader defined', () => {
    const own = { ...figure, origin: { module: '', name: 'figure' } };
    expect(snippet(own, defaultsOf(figure))).to.equal(
      "import { show } from 'lecture-lab/figure';\n\nawait show(figure);\n",
    );
  });

  const others: readonly PanelValues[] = [
    { rule: "it's" },
    { rule: 'a\\b' },
    { eta: 1e-3, loads: [] },
    { loads: [1e-7, -0.5] },
  ];
  for (const values of others)
    it(`is TypeScript that says the same: ${JSON.stringify(values)}`, () => {
      const { outputText, diagnostics } = ts.transpileModule(settings(values), {
        reportDiagnostics: true,
        compilerOptions: { target: ts.ScriptTarget.ES2022 },
      });
      expect(diagnostics).to.deep.equal([]);
      let shown: unknown;
      const run = new Function('show', 'code', `return (async () => { ${outputText} })()`);
      void run((_: unknown, given: unknown) => (shown = given), figure);
      expect(shown).to.deep.equal(values);
    });

  it('knows when two settings are the same', () => {
    expect(sameValues({ a: [1, 2] }, { a: [1, 2] })).to.equal(true);
    expect(sameValues({ a: [1, 2] }, { a: [1, 3] })).to.equal(false);
    expect(sameValues({ a: 1 }, { a: 1, b: 2 })).to.equal(false);
    expect(sameValues({ a: '1' }, { a: 1 })).to.equal(false);
  });
});
