import { expect } from 'chai';
import { copyingPrinter } from '../../kernel-setup/kernel/engine/declarations';
import type { Ts, TypeScript } from '../../kernel-setup/kernel/engine/typescript';

const ts = require('@tslab/typescript-for-tslab') as Ts;
const own = ts.createPrinter({ newLine: ts.NewLineKind.LineFeed });

/** A file of declarations as TypeScript writes it after a cell. */
const SOURCE = own.printFile(
  ts.createSourceFile(
    'earlier.d.ts',
    `import { a, b } from 'lecture-lab/figure';
    import * as all from 'lecture-lab/check';
    declare const one: number;
    declare let x: number, y: { readonly z: string; at(i: number): void }, last: string;
    /** What it says. */
    declare function f(x: number): number;
    declare function f(x: string): string;
    interface Point { x: number; y?: string }
    type Pair = readonly [number, number];
    declare class Counter<T> { #private; next(): T; static made: number }
    declare enum Colour { red = 0, blue = 1 }
    declare const long: {
        a: number;
        b: string;
    };
    export {};`,
    ts.ScriptTarget.ES2022,
    true,
  ),
);

/** Leaves statements out, and variables out of lists, as tslab does where a later cell declares a name again. */
function without(names: readonly string[]): TypeScript.SourceFile {
  const file = ts.createSourceFile('earlier.d.ts', SOURCE, ts.ScriptTarget.ES2022, true);
  const statements = file.statements.filter((statement) => {
    if (!ts.isVariableStatement(statement))
      return !names.includes((statement as { name?: { text?: string } }).name?.text ?? '');
    const list = statement.declarationList;
    const kept = list.declarations.filter((one) => !names.includes((one.name as TypeScript.Identifier).text));
    (list as { declarations: unknown }).declarations = ts.factory.createNodeArray(kept);
    return kept.length > 0;
  });
  (file as { statements: unknown }).statements = ts.factory.createNodeArray(statements);
  return file;
}

describe('declarations of earlier cells', () => {
  for (const names of [
    [],
    ['one'],
    ['x'],
    ['y'],
    ['last'],
    ['x', 'last'],
    ['x', 'y'],
    ['f'],
    ['Point', 'Counter', 'long'],
  ])
    it(`are copied as TypeScript prints them, without ${names.join(', ') || 'nothing'}`, () => {
      let printed = 0;
      const counting: TypeScript.Printer = {
        ...own,
        printNode: (hint, node, file) => {
          printed++;
          return own.printNode(hint, node, file);
        },
      };
      expect(copyingPrinter(ts, counting).printFile(without(names))).to.equal(own.printFile(without(names)));
      // two imports, and the list that has lost something
      const trimmed = ['x', 'y', 'last'].some((name) => names.includes(name)) ? 1 : 0;
      expect(printed).to.equal(2 + trimmed);
    });
});
