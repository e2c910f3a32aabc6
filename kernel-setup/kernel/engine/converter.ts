import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadThroughCache } from './code-cache';
import { completeness } from './completeness';
import { copyingPrinter } from './declarations';
import { LocalsFirst, type WatchHost } from './locals-first';
import type { Checked, Completeness, Completion, Conversion, Diagnostic, EngineData, Operations } from './protocol';
import { writeOutShorthand } from './shorthand';
import { hasTopLevelAwait, liveBindings } from './syntax';
import type { Ts, TypeScript } from './typescript';
import { WatchedFiles } from './watched';

/** The part of tslab's converter that is used here. */
interface TslabConverter {
  convert(previous: string, code: string): TslabConversion;
  inspect(previous: string, code: string, position: number): TypeScript.QuickInfo | undefined;
  complete(previous: string, code: string, position: number): { start: number; end: number; candidates: string[] };
}
interface TslabConversion {
  diagnostics: {
    start: { line: number; character: number };
    end: { line: number; character: number };
    messageText: string;
    code: number;
    fileName?: string;
  }[];
  output?: string;
  declOutput?: string;
  lastExpressionVar?: string;
  hasToplevelAwait?: boolean;
  sideOutputs?: { path: string; data: string }[];
}

const MODULE_NOT_FOUND = [2307, 2792];
/** "Cannot find name/namespace", with and without a hint to install declarations. */
const NAME_NOT_FOUND = [2304, 2503, 2552, 2580, 2591];
/** Words that mean Node: reading its declarations takes 400 ms, so they wait until a cell needs them. */
const NODE_WORDS = /\bnode:|\bprocess\b|\bBuffer\b|\brequire\b|\bfetch\b|\bURL\b/;
/** So many cells are remembered for running them again. */
const REMEMBERED = 50;
/** Cells of every usual kind. */
const WARM = [
  '1 + 1',
  "import type { View } from 'lecture-lab/figure/spec';\nconst view: View = { mark: 'line', width: 3 };",
  'let total = 0;\nfor (const [i, value] of [1, 2].entries()) total += i * value;\nconsole.log(total);',
  'function scaled(values: Float64Array, by = 2): number[] { return [...values].map((v) => v * by); }',
  'interface Point { x: number; y?: string }\nconst points: Point[] = [{ x: 1 }, { x: 2, y: "b" }];\npoints',
  'class Counter { #n = 0; next(): number { return ++this.#n; } }\nawait Promise.resolve(new Counter().next())',
  'const { x, ...rest } = points[0];\n[x, { ...rest, total }] as const',
  'scaled(1, wrong)',
];
const INLINE_MAP = /\n\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/;

/** tslab's converter with strict options, lean declarations and source maps; nothing of tslab is changed on disk. */
export class Converter implements Operations {
  readonly #ts: Ts;
  readonly #tslab: TslabConverter;
  readonly #watched: WatchedFiles;
  readonly #localsFirst: LocalsFirst;
  readonly #saveCache: () => void;
  readonly #data: EngineData;
  #program: { updateRootFileNames(files: string[]): void } | undefined;
  #nodeTypes = false;
  #roots: string[] = [];
  #cell: TypeScript.SourceFile | undefined;
  #maps: [string, string] = ['', ''];
  /** declarations of the cells that ran */
  #previous = '';
  #last: { id: number; declarations: string } | undefined;
  #count = 0;
  readonly #checked = new Map<string, { previous: string; conversion: Conversion; declarations: string }>();
  #saved = false;

  constructor(data: EngineData) {
    this.#data = data;
    const file = require.resolve('@tslab/typescript-for-tslab');
    const loaded = loadThroughCache(file, cacheFile(data.cache));
    this.#saveCache = loaded.save;
    this.#ts = loaded.exports as Ts;
    this.#watched = new WatchedFiles(this.#ts);
    this.#localsFirst = new LocalsFirst(this.#ts);
    provide(file, this.#adapted());
    const { createConverter } = require('tslab/dist/converter.js') as {
      createConverter(options: object): TslabConverter;
    };
    this.#tslab = createConverter({ isJS: false, isBrowser: false });
    this.check('const warm: number = [1].map((x) => x + 1)[0]; console.log(warm); warm');
  }

  /** Goes through what cells mostly need, so that its code is compiled. (Completion makes a collator, which V8 cannot write.) */
  warmUp(): void {
    for (const code of WARM) {
      const { conversion } = this.check(code);
      if (conversion) this.commit(conversion.id);
    }
    this.inspect('Math.max(1)', 6);
    this.completeness('for (const one of [1]) {');
    this.#previous = '';
    this.check('');
    this.#checked.clear();
  }

  check(code: string): Checked {
    if (NODE_WORDS.test(code)) this.#addNodeTypes();
    const before = this.#before(code);
    if (before) return { conversion: before };
    let found = this.#convert(code);
    if (!this.#nodeTypes && found.diagnostics.some((one) => meansNode(one, this.#data.builtins))) {
      this.#addNodeTypes();
      found = this.#convert(code);
    }
    if (found.diagnostics.length > 0) {
      if (found.diagnostics.some(({ code }) => MODULE_NOT_FOUND.includes(code))) this.#watched.moduleWasMissing();
      return { diagnostics: joinChains(found.diagnostics) };
    }
    const cell = this.#cell as TypeScript.SourceFile;
    const declared = [...((cell as unknown as { locals?: Map<string, unknown> }).locals?.keys() ?? [])];
    const conversion: Conversion = {
      id: ++this.#count,
      output: (found.output ?? '') + liveBindings(this.#ts, cell),
      hasToplevelAwait: found.hasToplevelAwait === true || hasTopLevelAwait(this.#ts, cell),
      lastExpressionVar: found.lastExpressionVar,
      sideOutputs: found.sideOutputs ?? [],
      declared,
      maps: this.#maps,
    };
    this.#last = { id: conversion.id, declarations: found.declOutput ?? '' };
    this.#remember(code, conversion, this.#last.declarations);
    return { conversion };
  }

  /** A cell that runs again, unchanged, after the same declarations, need not be checked again. */
  #before(code: string): Conversion | undefined {
    if (this.#watched.look()) this.#checked.clear();
    const known = this.#checked.get(code);
    if (known?.previous !== this.#previous) return undefined;
    this.#last = { id: ++this.#count, declarations: known.declarations };
    return { ...known.conversion, id: this.#count, sideOutputs: [] }; // the modules are there already
  }

  #remember(code: string, conversion: Conversion, declarations: string): void {
    if (this.#checked.size >= REMEMBERED) this.#checked.clear();
    this.#checked.set(code, { previous: this.#previous, conversion, declarations });
  }

  commit(id: number): void {
    if (this.#last?.id !== id) return;
    this.#previous = this.#last.declarations;
    if (!this.#saved) setTimeout(this.#saveCache, 1500);
    this.#saved = true;
  }

  complete(code: string, position: number): Completion {
    const { start, end, candidates } = this.#tslab.complete(this.#previous, code, position);
    return { start, end, matches: candidates };
  }

  inspect(code: string, position: number): string | undefined {
    const info = this.#tslab.inspect(this.#previous, code, position);
    if (!info) return undefined;
    const { printQuickInfo } = require('tslab/dist/inspect.js') as { printQuickInfo(info: object): string };
    return printQuickInfo(info);
  }

  completeness(code: string): Completeness {
    return completeness(this.#ts, code);
  }

  #convert(code: string): TslabConversion {
    return this.#localsFirst.during(code, () => this.#tslab.convert(this.#previous, code));
  }

  /** TypeScript as tslab gets to see it. */
  #adapted(): Ts {
    const ts = this.#ts as Ts & {
      getPreEmitDiagnosticsOfFiles(program: unknown, files: TypeScript.SourceFile[]): unknown;
    };
    const globals = join(this.#data.types, 'lab-globals', 'index.d.ts');
    const kernel = join(this.#data.types, 'lab-kernel', 'index.d.ts');
    return {
      ...ts,
      createWatchCompilerHost: (files: string[], options: object, ...rest: unknown[]) => {
        this.#roots = [...files, kernel];
        const create = ts.createWatchCompilerHost as unknown as (...args: unknown[]) => unknown;
        const lean = { strict: true, lib: ['lib.es2023.d.ts'], types: [], inlineSourceMap: true };
        return create([...this.#roots, globals], { ...options, ...lean }, ...rest);
      },
      createWatchProgram: (host: WatchHost) => {
        this.#localsFirst.adapt(host);
        this.#writeOutShorthand(host);
        const { setTimeout } = host;
        host.setTimeout = (call, ms) => {
          if (call.name !== 'invalidateResolutionsOfFailedLookup') return setTimeout(call, ms);
          call(); // tslab has room for one timer only, the one of the next program
          return undefined;
        };
        const program = ts.createWatchProgram(host as never) as unknown as {
          updateRootFileNames(files: string[]): void;
        };
        this.#program = program;
        return program;
      },
      getPreEmitDiagnosticsOfFiles: (program: unknown, files: TypeScript.SourceFile[]) => {
        this.#cell = files[0]; // tslab keeps the parsed cell to itself
        return ts.getPreEmitDiagnosticsOfFiles(program, files);
      },
      createPrinter: (options?: TypeScript.PrinterOptions) => copyingPrinter(ts, ts.createPrinter(options)),
      transpileModule: (source: string, options: TypeScript.TranspileOptions) => {
        const first = INLINE_MAP.exec(source)?.[1] ?? '';
        const { outputText, sourceMapText } = ts.transpileModule(source.replace(INLINE_MAP, '\n'), {
          ...options,
          compilerOptions: { ...options.compilerOptions, sourceMap: true },
        });
        this.#maps = [Buffer.from(first, 'base64').toString(), sourceMapText ?? ''];
        return { outputText: outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n') };
      },
    } as unknown as Ts;
  }

  #writeOutShorthand(host: WatchHost): void {
    const { afterProgramCreate } = host;
    host.afterProgramCreate = (builder) => {
      const { emit, getProgram } = builder;
      if (!emit || !getProgram) return afterProgramCreate.call(host, builder); // a parsed file in place of a program
      builder.emit = (file, write, cancellation, onlyTypes, transformers) => {
        const before = [writeOutShorthand(this.#ts, getProgram().getTypeChecker())];
        return emit.call(builder, file, write, cancellation, onlyTypes, { ...transformers, before });
      };
      afterProgramCreate.call(host, builder);
    };
  }

  #addNodeTypes(): void {
    if (this.#nodeTypes) return;
    this.#nodeTypes = true;
    const from = join(this.#data.root, 'cell.ts');
    const options = { typeRoots: [join(this.#data.root, 'node_modules', '@types'), ...besideTslab()] };
    const found = this.#ts.resolveTypeReferenceDirective('node', from, options, this.#ts.sys);
    const file = found.resolvedTypeReferenceDirective?.resolvedFileName;
    if (file) this.#program?.updateRootFileNames([...this.#roots, file]);
  }
}

function meansNode({ code, messageText }: { code: number; messageText: string }, builtins: readonly string[]): boolean {
  const name = /'([^']+)'/.exec(messageText)?.[1] ?? '';
  if (MODULE_NOT_FOUND.includes(code)) return builtins.includes(name);
  return (
    code === 2580 ||
    code === 2591 ||
    (NAME_NOT_FOUND.includes(code) && (name in globalThis || name === 'NodeJS' || name.startsWith('__')))
  );
}

/** tslab reports each line of an elaborate message as a diagnostic of its own, at the same place. */
function joinChains(found: TslabConversion['diagnostics']): Diagnostic[] {
  const joined: { -readonly [K in keyof Diagnostic]: Diagnostic[K] }[] = [];
  let lastText = '';
  for (const { code, messageText, start, end, fileName } of found) {
    const last = joined.at(-1);
    const same =
      last &&
      last.start.line === start.line &&
      last.start.character === start.character &&
      last.end.character === end.character;
    if (same && lastText !== messageText) last.message += `\n  ${messageText}`;
    else if (!same) {
      const place = ({ line, character }: typeof start): typeof start => ({ line, character });
      joined.push({ code, message: messageText, start: place(start), end: place(end), file: fileName });
    }
    lastText = messageText;
  }
  return joined;
}

function cacheFile(folder: string): string {
  const { version } = require('@tslab/typescript-for-tslab/package.json') as { version: string };
  return join(folder, `typescript-${version}-node-${process.version}-${process.arch}.v8`);
}

function besideTslab(): string[] {
  const folder = join(require.resolve('tslab/package.json'), '..', 'node_modules', '@types');
  return existsSync(folder) ? [folder] : [];
}

/** Makes `require(file)` give `exports` on this thread. */
function provide(file: string, exports: unknown): void {
  require.cache[file] = { id: file, filename: file, loaded: true, exports } as NodeJS.Module;
}
