import type { Completeness } from './protocol';
import type { Ts, TypeScript } from './typescript';

/** Says whether a cell is a whole program, lacks its end, or is wrong however it goes on. */
export function completeness(ts: Ts, code: string): Completeness {
  const text = `export {};\n${code}`; // as a module: await is a keyword
  const file = ts.createSourceFile('cell.ts', text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: readonly TypeScript.DiagnosticWithLocation[] };
  if (parseDiagnostics.length === 0) return { status: 'complete' };
  const first = parseDiagnostics[0]!;
  const end = text.trimEnd().length;
  const atEnd = first.start >= end || first.start + first.length >= text.length;
  const unterminatedLine = 1002; // a string can't go on in the next line
  if (!atEnd || first.code === unterminatedLine) return { status: 'invalid' };
  return { status: 'incomplete', indent: indentAfter(code) };
}

function indentAfter(code: string): string {
  const line = code.slice(code.lastIndexOf('\n') + 1);
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  return /[{([]\s*$/.test(line) ? `${indent}  ` : indent;
}
