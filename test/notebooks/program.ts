import { existsSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript-5';
import { projectRoot } from '../../kernel-setup/notebook/find';
import type { Notebook } from '../../kernel-setup/notebook/format';

/** Something that the compiler, or the check for floating promises, has against a cell. */
export interface Complaint {
  /** counted from 1 over all cells of the notebook */
  readonly cell: number;
  /** counted from 1 within the cell */
  readonly line: number;
  readonly message: string;
}

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
  types: [],
  noEmit: true,
  skipLibCheck: true,
};

/** Sources that do not change between notebooks: TypeScript's own library and ours. */
const sources = new Map<string, ts.SourceFile>();

/**
 * Checks the code of a notebook as one strict module, without running it: types, and promises that nobody waits for.
 * @param globals declaration files of what cells find without importing it
 */
export function checkCells(notebook: Notebook, globals: readonly string[]): Complaint[] {
  const file = path.join(projectRoot(), 'notebooks', 'cells.ts');
  const places: Omit<Complaint, 'message'>[] = [];
  const lines: string[] = [];
  for (const [i, cell] of notebook.cells.entries())
    if (cell.type === 'code')
      for (const [j, line] of cell.source.split('\n').entries()) {
        lines.push(line);
        places.push({ cell: i + 1, line: j + 1 });
      }
  // Cells may await wherever they stand, which only a module's code may.
  lines.push('export {};');
  const module = ts.createSourceFile(file, lines.join('\n'), ts.ScriptTarget.ES2022, true);

  const host = ts.createCompilerHost(OPTIONS, true);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) => {
    if (name === file) return module;
    const known = sources.get(name) ?? read(name, ...rest);
    if (known) sources.set(name, known);
    return known;
  };
  host.fileExists = (name) => name === file || existsSync(name);
  const program = ts.createProgram([file, ...globals], OPTIONS, host);
  const complaints: Complaint[] = [];
  const complain = (position: number, message: string): void => {
    const place = places[module.getLineAndCharacterOfPosition(position).line] ?? { cell: 0, line: 0 };
    complaints.push({ ...place, message });
  };
  for (const diagnostic of [...program.getSyntacticDiagnostics(module), ...program.getSemanticDiagnostics(module)])
    complain(diagnostic.start ?? 0, ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
  for (const node of floating(module, program.getTypeChecker()))
    complain(node.getStart(), `nobody waits for this promise: ${node.getText().split('\n')[0]}`);
  return complaints;
}

/** Expressions whose promise is dropped: a failure in it would go unseen, and the next cell would run too early. */
function floating(module: ts.SourceFile, checker: ts.TypeChecker): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isExpressionStatement(node))
      for (const part of dropped(node.expression)) if (isPromise(checker, part)) found.push(part);
    if (ts.isCallExpression(node))
      for (const argument of node.arguments) if (isIgnoredAsync(checker, argument)) found.push(argument);
    ts.forEachChild(node, visit);
  };
  visit(module);
  return found;
}

/** The expressions of a statement whose values nobody gets. */
function dropped(node: ts.Expression): ts.Expression[] {
  if (ts.isParenthesizedExpression(node)) return dropped(node.expression);
  if (ts.isVoidExpression(node)) return [];
  if (ts.isConditionalExpression(node)) return [...dropped(node.whenTrue), ...dropped(node.whenFalse)];
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken.kind;
    if (operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment) return [];
    if (operator === ts.SyntaxKind.CommaToken) return [...dropped(node.left), ...dropped(node.right)];
  }
  return [node];
}

function isPromise(checker: ts.TypeChecker, node: ts.Expression): boolean {
  return isThenable(checker, checker.getTypeAtLocation(node), node);
}

function isThenable(checker: ts.TypeChecker, type: ts.Type, node: ts.Node): boolean {
  if (type.isUnion()) return type.types.some((part) => isThenable(checker, part, node));
  const then = type.getProperty('then');
  return then !== undefined && checker.getTypeOfSymbolAtLocation(then, node).getCallSignatures().length > 0;
}

/** An async function handed to someone who ignores what it returns, e.g. `values.forEach(async …)`. */
function isIgnoredAsync(checker: ts.TypeChecker, argument: ts.Expression): boolean {
  if (!ts.isArrowFunction(argument) && !ts.isFunctionExpression(argument)) return false;
  const wanted = checker.getContextualType(argument)?.getCallSignatures() ?? [];
  const given = checker.getTypeAtLocation(argument).getCallSignatures();
  return (
    wanted.length > 0 &&
    wanted.every((signature) => (checker.getReturnTypeOfSignature(signature).flags & ts.TypeFlags.Void) !== 0) &&
    given.some((signature) => isThenable(checker, checker.getReturnTypeOfSignature(signature), argument))
  );
}
