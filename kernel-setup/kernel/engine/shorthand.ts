import type { Ts, TypeScript } from './typescript';

/** Where tslab keeps what earlier cells declared. */
const EARLIER = '__prev__.d.ts';

/**
 * Writes `{ mu }` out where `mu` is a variable of an earlier cell: `{ mu: exports.mu }`. tslab puts `exports.` before
 * each such variable, but in the short form it takes the name for a property.
 */
export function writeOutShorthand(
  ts: Ts,
  checker: TypeScript.TypeChecker,
): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  const isEarlier = (node: TypeScript.ShorthandPropertyAssignment): boolean =>
    checker
      .getShorthandAssignmentValueSymbol(node)
      ?.declarations?.some((declaration) => declaration.getSourceFile().fileName.endsWith(EARLIER)) ?? false;
  return (context) => {
    const { factory } = context;
    const visit = (node: TypeScript.Node): TypeScript.Node => {
      if (!ts.isShorthandPropertyAssignment(node) || !isEarlier(node)) return ts.visitEachChild(node, visit, context);
      const name = node.name.text;
      const value = factory.createPropertyAccessExpression(factory.createIdentifier('exports'), name);
      // `({ mu = 1 } = found)` assigns, with a default
      const otherwise = node.objectAssignmentInitializer;
      const whole = otherwise
        ? factory.createAssignment(value, ts.visitNode(otherwise, visit) as typeof otherwise)
        : value;
      return factory.createPropertyAssignment(name, whole);
    };
    return (file) => ts.visitEachChild(file, visit, context);
  };
}
