import type { Completeness } from './protocol';
import type { Ts, TypeScript } from './typescript';

/** TypeScript's diagnostics for tokens without an end. */
const UNTERMINATED = { string: 1002, comment: 1010, template: 1160 };

/** Says whether a cell is a whole program, lacks its end, or is wrong however it goes on. */
export function completeness(ts: Ts, code: string): Completeness {
  const text = `export {};\n${code}`; // as a module: await is a keyword
  const file = ts.createSourceFile('cell.ts', text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: readonly TypeScript.DiagnosticWithLocation[] };
  if (parseDiagnostics.length === 0) return { status: 'complete' };
  const first = parseDiagnostics[0]!;
  const end = text.trimEnd().length;
  if (first.code === UNTERMINATED.string) return { status: 'invalid' }; // it can't go on in the next line
  const open = first.code === UNTERMINATED.template || first.code === UNTERMINATED.comment;
  if (first.start < end && !open) return { status: 'invalid' };
  return { status: 'incomplete', indent: indentAfter(code) };
}

function indentAfter(code: string): string {
  const line = code.slice(code.lastIndexOf('\n') + 1);
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  return /[{([]\s*$/.test(line) ? `${indent}  ` : indent;
}
