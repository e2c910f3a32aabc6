import type { Ts, TypeScript } from './typescript';

/**
 * Whether a cell has to run as an async function. tslab misses `await (`, `await [`, `for await` and the like, which
 * TypeScript accepts at the top level of a module without a diagnostic.
 */
export function hasTopLevelAwait(ts: Ts, cell: TypeScript.SourceFile): boolean {
  const search = (node: TypeScript.Node): boolean => {
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) return true;
    if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node) || ts.isPropertyDeclaration(node))
      return false;
    return ts.forEachChild(node, search) ?? false;
  };
  return search(cell);
}

/**
 * Code that goes to the end of a cell and makes its variables one with what later cells see: tslab hands a copy of each
 * `let` to later cells, so that `eta = 0.5` in cell 2 would leave a function of cell 1 with the old value.
 */
export function liveBindings(ts: Ts, cell: TypeScript.SourceFile): string {
  const names: string[] = [];
  const collect = (name: TypeScript.BindingName): void => {
    if (ts.isIdentifier(name)) names.push(name.text);
    else for (const element of name.elements) if (ts.isBindingElement(element)) collect(element.name);
  };
  for (const statement of cell.statements) {
    if (!ts.isVariableStatement(statement) || statement.declarationList.flags & ts.NodeFlags.Const) continue;
    if (statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword)) continue;
    for (const declaration of statement.declarationList.declarations) collect(declaration.name);
  }
  if (names.length === 0) return '';
  const pairs = names.map((name) => `${name}: [() => ${name}, (value) => { ${name} = value; }]`);
  return `\n__tslab__.live({ ${pairs.join(', ')} });`;
}
