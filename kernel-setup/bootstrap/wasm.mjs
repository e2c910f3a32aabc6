// Compiles the AssemblyScript kernels of lib/wasm whose sources changed: lib/wasm/name.as.ts becomes lib/dist/wasm/name.wasm.js and .d.ts.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readJson, readText, sha256, writeWhole } from './files.mjs';

const OPTIONS = [
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  '--enable',
  'simd',
  '--importMemory',
  '--zeroFilledMemory',
  '--bindings',
  'raw',
  '--noColors',
];
/** A kernel whose source has this line is compiled a second time, for a memory that threads share. */
const SHARED = /^\/\/ also for shared memory$/m;
const SHARED_OPTIONS = ['--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536'];
/** Compiled into every kernel: says where its own data end. */
const BASE = 'shared/base.as.ts';

/** The interface `Kernel` of lib/wasm/instantiate.ts, written out: an import of it would make tsc read what it writes. */
const DECLARATION = `declare const kernel: { readonly name: string; readonly base64: string; readonly shared?: string; readonly exports?: Exports };
export default kernel;
`;

const folderOf = (root) => join(root, 'lib', 'wasm');
const outputOf = (root, name, end) => join(root, 'lib', 'dist', 'wasm', `${name}.wasm${end}`);
const stampOf = (root) => join(root, 'lib', 'dist', 'wasm', '.kernels.json');

/** What is compiled in lib/wasm, by name, with a key for each that changes with its source, what kernels share, the compiler and this file. */
function kernels(root) {
  const folder = folderOf(root);
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder, { recursive: true }).map((file) => file.replaceAll('\\', '/'));
  const isShared = (file) => file.endsWith('.as.ts') && file.includes('/');
  const read = (file) => readText(join(folder, file));
  const compiler = readJson(join(root, 'node_modules', 'assemblyscript', 'package.json'))?.version;
  const here = readText(fileURLToPath(import.meta.url));
  const common = [
    files
      .filter(isShared)
      .sort()
      .map((file) => [file, read(file)]),
    compiler,
    here,
  ];
  const own = files.filter((file) => file.endsWith('.as.ts') && !isShared(file)).sort();
  return Object.fromEntries(
    own.map((file) => [file.slice(0, -'.as.ts'.length), sha256(JSON.stringify([read(file), common]))]),
  );
}

/** The kernels whose compiled form is not current, or whose source is gone. */
export function staleKernels(root) {
  const compiled = readJson(stampOf(root)) ?? {};
  const there = (name) => ['.js', '.d.ts'].every((end) => existsSync(outputOf(root, name, end)));
  const all = kernels(root);
  const names = [...new Set([...Object.keys(all), ...Object.keys(compiled)])];
  return names.filter((name) => compiled[name] !== all[name] || !there(name));
}

/** What asc says of a kernel's functions, as an interface; a truth value is 0 or 1. */
function exportsInterface(declarations) {
  const lines = [...declarations.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export function (\w+\(.*\)): (\w+);/g)];
  return lines
    .filter(([, , signature]) => !signature.startsWith('heapBase('))
    .map(([, comment, signature, result]) => {
      const types = [...comment.matchAll(/@(?:param (\w+)|returns) `(\w+)`/g)].map(
        ([, name = 'returns', type]) => `${name} ${type}`,
      );
      const type = (name) => name.replaceAll(/\bboolean\b/g, 'number');
      return `  /** ${types.join(', ')} */\n  ${type(signature)}: ${type(result)};`;
    })
    .join('\n');
}

/** What asc writes for a kernel, by the ends of the files' names. */
async function compile(asc, folder, name, options = []) {
  const made = {};
  const { error, stderr } = await asc.main(
    [`${name}.as.ts`, BASE, '-o', `${name}.wasm`, '--baseDir', folder, ...OPTIONS, ...options],
    {
      writeFile: (file, contents) => {
        made[file.slice(file.indexOf('.'))] = contents;
      },
    },
  );
  if (error) throw new Error(stderr.toString() || error.message);
  return made;
}

/** Compiles what changed. Returns the names; throws with the compiler's message. */
export async function compileKernels(root, say = () => undefined) {
  const all = kernels(root);
  const stamp = readJson(stampOf(root)) ?? {};
  const gone = Object.keys(stamp).filter((name) => !(name in all));
  const stale = staleKernels(root).filter((name) => name in all);
  for (const name of gone) {
    for (const end of ['.js', '.d.ts']) rmSync(outputOf(root, name, end), { force: true });
    delete stamp[name];
  }
  const asc =
    stale.length > 0 &&
    (await import(pathToFileURL(join(root, 'node_modules', 'assemblyscript', 'dist', 'asc.js')))).default;
  mkdirSync(join(root, 'lib', 'dist', 'wasm'), { recursive: true });
  for (const name of stale) {
    say(name);
    const made = await compile(asc, folderOf(root), name);
    const isShared = SHARED.test(readText(join(folderOf(root), `${name}.as.ts`)));
    const shared = isShared && (await compile(asc, folderOf(root), name, SHARED_OPTIONS));
    writeWhole(
      outputOf(root, name, '.d.ts'),
      `export interface Exports {\n${exportsInterface(made['.d.ts'])}\n}\n${DECLARATION}`,
    );
    const bytes = (wasm) => `"${Buffer.from(wasm).toString('base64')}"`;
    const properties = [`name: "${name}"`, `base64: ${bytes(made['.wasm'])}`];
    if (shared) properties.push(`shared: ${bytes(shared['.wasm'])}`);
    writeWhole(
      outputOf(root, name, '.js'),
      `"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\nexports.default = { ${properties.join(', ')} };\n`,
    );
    stamp[name] = all[name];
    writeWhole(stampOf(root), JSON.stringify(stamp));
  }
  if (gone.length > 0) writeWhole(stampOf(root), JSON.stringify(stamp));
  return stale;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = process.argv[2] ?? fileURLToPath(new URL('../..', import.meta.url));
  try {
    const compiled = await compileKernels(root);
    process.stdout.write(compiled.length > 0 ? `compiled ${compiled.join(', ')}\n` : 'up to date\n');
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
