import { isDeepStrictEqual } from 'node:util';
import { type Notebook, NotebookError } from '../notebook/format';

/** A symbol of one lesson: a row of its folded table. */
export interface Notation {
  /** as the table has it, e.g. `$a_0$` */
  readonly markdown: string;
  readonly meaning: string;
  /** `–` for a pure number */
  readonly unit: string;
  /** names that code and figures' parameters have for it */
  readonly names: readonly string[];
}

/** A symbol with one meaning, and the lessons that use it so. `L` is what the caller knows of a lesson. */
export interface IndexedSymbol<L> extends Notation {
  readonly plain: string;
  /** its place in the index's page */
  readonly anchor: string;
  readonly lessons: readonly L[];
}

const COLUMNS = ['symbol', 'meaning', 'unit', 'in code'];

/**
 * The symbols that a lesson lists: the tables in its cells with `<summary>Symbols</summary>`.
 * @throws {NotebookError} on a table that can't be read
 */
export function symbolsOf(notebook: Notebook, name: string): Notation[] {
  return notebook.cells.flatMap((cell, i) => {
    if (cell.type !== 'markdown' || !/<summary>\s*Symbols\s*<\/summary>/.test(cell.source)) return [];
    const refuse = (why: string): never => {
      throw new NotebookError(`${name}: cell ${i + 1} (${cell.id}): the table of symbols ${why}`);
    };
    const rows = cell.source
      .split('\n')
      .filter((line) => line.trim().startsWith('|'))
      .map(fields);
    const [head, rule, ...body] = rows;
    if (!isDeepStrictEqual(head, COLUMNS)) return refuse(`needs the columns ${COLUMNS.join(', ')}`);
    if (!rule?.every((field) => /^:?-+:?$/.test(field)) || body.length === 0) return refuse('has no rows');
    return body.map((row): Notation => {
      const [markdown = '', meaning = '', unit = '', code = ''] = row;
      if (row.length !== COLUMNS.length) return refuse(`has a row with ${row.length} columns: ${row.join(' | ')}`);
      if (!/^\$[^$]+\$$/.test(markdown)) return refuse(`has a symbol that is no formula: ${markdown}`);
      if (meaning === '' || unit === '') return refuse(`leaves a meaning or a unit empty: ${markdown}`);
      const names = [...code.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
      return { markdown, meaning, unit, names };
    });
  });
}

/** The fields of a table's row. A `|` that belongs to the text is written `\|`, as Markdown asks. */
function fields(line: string): string[] {
  const parts = line.trim().split(/(?<!\\)\|/);
  return parts.slice(1, -1).map((field) => field.trim().replaceAll('\\|', '|'));
}

/** The symbols of all lessons; the same symbol in the same sense is one entry. */
export function indexSymbols<L>(lessons: readonly { readonly lesson: L; readonly symbols: readonly Notation[] }[]) {
  const entries = new Map<string, IndexedSymbol<L> & { names: string[]; lessons: L[] }>();
  for (const { lesson, symbols } of lessons)
    for (const symbol of symbols) {
      const key = JSON.stringify([symbol.markdown, symbol.meaning, symbol.unit]);
      const entry = entries.get(key) ?? { ...symbol, plain: '', anchor: '', names: [], lessons: [] };
      for (const name of symbol.names) if (!entry.names.includes(name)) entry.names.push(name);
      if (!entry.lessons.includes(lesson)) entry.lessons.push(lesson);
      entries.set(key, entry);
    }
  const anchors = new Set<string>();
  const indexed = [...entries.values()].map((entry): IndexedSymbol<L> => {
    const base = anchorOf(entry.markdown);
    let anchor = base;
    for (let n = 2; anchors.has(anchor); n++) anchor = `${base}-${n}`;
    anchors.add(anchor);
    return { ...entry, plain: plainSymbol(entry.markdown), anchor };
  });
  return indexed.sort((a, b) => compare(sortKey(a), sortKey(b)));
}

/** A formula's letters and digits, as an anchor: `$W^{21}$` gives `w-21`, after the language's own distinction `W` gives `W-21`. */
function anchorOf(markdown: string): string {
  return (
    markdown
      .match(/[A-Za-z0-9*]+/g)
      ?.join('-')
      .replaceAll('*', 'star') ?? 'symbol'
  );
}

/** Latin before Greek, then by letter; what stands above and below a letter decides last. */
function sortKey({ plain, lessons }: IndexedSymbol<unknown>): [number, string, string, string] {
  const letter = plain.normalize('NFD').match(/\p{L}/u)?.[0] ?? plain;
  return [/\p{Script=Greek}/u.test(letter) ? 1 : 0, letter.toLowerCase(), letter, plain + String(lessons.length)];
}

function compare(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (const [i, x] of a.entries()) if (x !== b[i]) return x < b[i]! ? -1 : 1;
  return 0;
}

const GREEK: Readonly<Record<string, string>> = {
  alpha: 'α',
  beta: 'β',
  gamma: 'γ',
  delta: 'δ',
  epsilon: 'ϵ',
  varepsilon: 'ε',
  zeta: 'ζ',
  eta: 'η',
  theta: 'θ',
  vartheta: 'ϑ',
  iota: 'ι',
  kappa: 'κ',
  lambda: 'λ',
  mu: 'μ',
  nu: 'ν',
  xi: 'ξ',
  pi: 'π',
  rho: 'ρ',
  varrho: 'ϱ',
  sigma: 'σ',
  varsigma: 'ς',
  tau: 'τ',
  upsilon: 'υ',
  phi: 'ϕ',
  varphi: 'φ',
  chi: 'χ',
  psi: 'ψ',
  omega: 'ω',
  Gamma: 'Γ',
  Delta: 'Δ',
  Theta: 'Θ',
  Lambda: 'Λ',
  Xi: 'Ξ',
  Pi: 'Π',
  Sigma: 'Σ',
  Upsilon: 'Υ',
  Phi: 'Φ',
  Psi: 'Ψ',
  Omega: 'Ω',
  ell: 'ℓ',
  infty: '∞',
  langle: '⟨',
  rangle: '⟩',
  partial: '∂',
  nabla: '∇',
  cdot: '·',
};
/** Marks over a letter, which Unicode puts after it. */
const ACCENTS: Readonly<Record<string, string>> = {
  hat: '\u0302',
  bar: '\u0304',
  tilde: '\u0303',
  dot: '\u0307',
  vec: '\u20d7',
};
const RAISED: Readonly<Record<string, string>> = {
  ...lifted('0123456789+-*', '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻*'),
  l: 'ˡ',
  α: 'ᵅ',
  μ: 'ᵘ',
};
const LOWERED = { ...lifted('0123456789+-', '₀₁₂₃₄₅₆₇₈₉₊₋'), ...lifted('ijnx', 'ᵢⱼₙₓ') };
function lifted(from: string, to: string): Record<string, string> {
  const targets = [...to];
  return Object.fromEntries([...from].map((c, i) => [c, targets[i]!]));
}

/** A formula of one symbol as plain characters, for lists that can't set formulas: `$\tau_{m}$` gives `τ_m`, `$a_0$` a₀. */
export function plainSymbol(markdown: string): string {
  return markdown
    .replace(/^\$|\$$/g, '')
    .replace(/\\(hat|bar|tilde|dot|vec)\s*\{?(\\?[A-Za-z]+)\}?/g, (_, accent, letter) => `${letter}${ACCENTS[accent]}`)
    .replace(/\\(?:mathcal|mathbf|mathrm|text|boldsymbol|operatorname)\s*\{?([A-Za-z]+)\}?/g, '$1')
    .replace(/\\([A-Za-z]+)\s*/g, (_, name) => GREEK[name] ?? name)
    .replace(/([\^_])(?:\{([^{}]*)\}|(.))/gu, (_, where, group, single) => {
      const small = where === '^' ? RAISED : LOWERED;
      const characters = [...String(group ?? single)];
      const shifted = characters.map((c) => small[c]);
      return shifted.every((c) => c !== undefined) ? shifted.join('') : where + characters.join('');
    })
    .replace(/[{}\s]/g, '')
    .normalize('NFC');
}

/** The names by which a reader may look for a symbol: `τ`, `tau`, its names in code. */
export function wordsOfSymbol({ markdown, names }: Notation): string[] {
  const spelled = markdown.match(/[A-Za-z]+/g) ?? [];
  return [plainSymbol(markdown), ...spelled.filter((word) => !(word in ACCENTS)), ...names];
}
