import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type * as TypeScript from 'typescript-5';

// the TypeScript 5.0 that checks notebook cells
const ts = require('@tslab/typescript-for-tslab') as typeof TypeScript;
const root = join(__dirname, '..', '..');
const dist = join(root, 'lib', 'dist');
const declarations = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.d.ts'))
  .map((file) => join(dist, file));

/** As cells are compiled: CommonJS, the resolution of Node 10. */
const options: TypeScript.CompilerOptions = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts'],
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  types: ['node'],
  typeRoots: [join(root, 'node_modules', '@types')],
};

/** A cell that stands in the project's root. */
function check(files: readonly string[], cell?: string): string[] {
  const name = join(root, 'cell.ts');
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => (cell !== undefined && file === name) || fileExists.call(host, file);
  host.getSourceFile = (file, ...rest) =>
    cell !== undefined && file === name
      ? ts.createSourceFile(file, cell, ts.ScriptTarget.ES2022)
      : getSourceFile.call(host, file, ...rest);
  const program = ts.createProgram({ rootNames: cell === undefined ? [...files] : [name], options, host });
  const own = program.getSourceFiles().filter(({ fileName }) => fileName === name || files.includes(fileName));
  return own
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(
      ({ file, messageText }) =>
        `${file?.fileName.slice(root.length + 1)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
}

describe('the emitted declarations', function () {
  this.timeout(60_000);

  it('are read without complaint by the TypeScript of notebook cells', () => {
    expect(ts.version).to.match(/^5\.0\./);
    expect(declarations.length).to.be.above(10);
    expect(check(declarations)).to.deep.equal([]);
  });

  it('say Float64Array and not Float64Array<ArrayBuffer>, which that TypeScript takes for any', () => {
    const wrong = declarations.filter((file) => /Array<ArrayBuffer/.test(readFileSync(file, 'utf8')));
    expect(wrong).to.deep.equal([]);
  });

  it('type the settings of a figure in a cell', () => {
    const cell = (body: string) => `
      import { choice, defineFigure, number, numbers, show } from 'lecture-lab/figure';
      const figure = defineFigure({
        id: 'a/b', title: '', source: { lecture: 'learning-in-real-networks', where: '' },
        params: {
          eta: number({ default: 1, min: 0, max: 2, doc: '' }),
          rule: choice({ default: 'oja', values: ['oja', 'hebb'], doc: '' }),
          loads: numbers({ default: [1], min: 0, max: 2, doc: '' }),
        },
        compute: (p) => ({ y: p.eta * p.loads.length, rule: p.rule }),
        table: (d) => [{ x: 1, y: d.y }],
        draw: () => ({ description: '', mark: 'point' }),
        landmarks: () => [],
      });
      async function run(): Promise<void> { ${body} }
      void run;`;
    expect(
      check([], cell("await show(figure, { eta: 2, rule: 'hebb', loads: [1, 2], preset: 'paper' });")),
    ).to.deep.equal([]);
    for (const [wrong, message] of [
      ['{ etta: 2 }', /'etta' does not exist/],
      ["{ eta: '2' }", /'string' is not assignable to type 'number'/],
      ["{ rule: 'bcm' }", /'"bcm"' is not assignable to type '"oja" \| "hebb"/],
      ['{ loads: 1 }', /'number' is not assignable to type 'readonly number\[\]'/],
    ] as const)
      expect(check([], cell(`await show(figure, ${wrong});`)).join(), wrong).to.match(message);
  });
});
