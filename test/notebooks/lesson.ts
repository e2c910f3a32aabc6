import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { findNotebooks, type Place, projectRoot } from '../../kernel-setup/notebook/find';
import type { CodeCell, Notebook } from '../../kernel-setup/notebook/format';

const root = projectRoot();

/** All lessons of the project. */
export const lessons: readonly Place[] = findNotebooks(path.join(root, 'notebooks'));

/** Declarations of what cells find without importing it. */
export const cellGlobals: readonly string[] = (() => {
  const folder = path.join(root, 'kernel-setup', 'kernel', 'types');
  return readdirSync(folder)
    .map((name) => path.join(folder, name, 'index.d.ts'))
    .filter((file) => existsSync(file));
})();

/** An exercise of a lesson that has a stub. */
export interface StubbedExercise {
  /** `Exercise 2` */
  readonly name: string;
  readonly stub: CodeCell;
  /** the cell that hands what stands in the stub's place to the self-check */
  readonly check: CodeCell;
  /** the code of the folded solution */
  readonly solution: string;
}

/**
 * The exercises that have a stub, each with its self-check and its folded solution.
 * @throws {Error} naming the part that is missing
 */
export function exercisesOf({ cells }: Notebook): StubbedExercise[] {
  return cells.flatMap((cell, i): StubbedExercise[] => {
    const name = cell.type === 'code' ? /(Exercise [\d.]*\d): not implemented/.exec(cell.source)?.[1] : undefined;
    if (cell.type !== 'code' || name === undefined) return [];
    const end = cells.findIndex(
      (other, j) => j > i && other.type === 'code' && other.source.includes(': not implemented'),
    );
    const rest = cells.slice(i + 1, end < 0 ? cells.length : end);
    const check = rest.find((other): other is CodeCell => other.type === 'code' && /\bcheck\b/.test(other.source));
    if (!check) throw new Error(`${name} has no self-check`);
    const number = name.slice('Exercise '.length);
    const folded = cells.find(
      (other, j) =>
        j > i &&
        other.type === 'markdown' &&
        /<details/.test(other.source) &&
        new RegExp(`<summary>[^<]*\\b${number.replace('.', '\\.')}\\b[^<]*</summary>`).test(other.source),
    );
    if (!folded) throw new Error(`${name} has no folded solution whose summary names ${number}`);
    const solution = [...folded.source.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map((match) => match[1]).join('\n');
    if (solution === '') throw new Error(`the solution of ${name} has no code`);
    return [{ name, stub: cell, check, solution }];
  });
}

/** Words of prose: a formula counts as one, code as none. */
export function wordCount(markdown: string): number {
  return markdown
    .replace(/^```[\s\S]*?^```/gm, ' ')
    .replace(/\$\$[\s\S]*?\$\$/g, ' formula ')
    .replace(/\$[^$]*\$/g, ' formula ')
    .replace(/\]\([^)]*\)/g, '] ')
    .replace(/<[^>]*>/g, ' ')
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}
