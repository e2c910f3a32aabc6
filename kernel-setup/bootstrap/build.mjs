// Compiles lib (its WebAssembly kernels first) and kernel-setup when their sources changed.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError } from './errors.mjs';
import { lastLines, readJson, readText, sha256, writeWhole } from './files.mjs';
import { staleKernels } from './wasm.mjs';

/** The TypeScript sources of a folder, relative to it, sorted. */
function sources(folder) {
  const found = [];
  const visit = (at) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== 'dist' && entry.name !== 'node_modules') visit(path);
      } else if (entry.name.endsWith('.ts')) found.push(relative(folder, path));
    }
  };
  visit(folder);
  return found.sort();
}

/** The sources, and a key that changes with them, with the compiler and with its settings. */
function stateOf(root, folder) {
  const files = sources(join(root, folder));
  const texts = files.map((file) => [file, readText(join(root, folder, file))]);
  const settings = ['tsconfig.json', `${folder}/tsconfig.json`, 'node_modules/typescript/package.json'];
  // kernel-setup is checked against the types of lib
  const below = folder === 'lib' ? undefined : stateOf(root, 'lib').key;
  const key = sha256(JSON.stringify([texts, settings.map((file) => readText(join(root, file))), below]));
  return { files, key };
}

const outputOf = (root, folder, source, end) => join(root, folder, 'dist', source.replace(/\.ts$/, end));
const stampOf = (root, folder) => join(root, folder, 'dist', '.lecture-lab.json');

/** Why the compiled files of a folder are not current, or undefined. */
export function buildProblem(root, folder) {
  if (!existsSync(join(root, folder, 'dist'))) return 'not compiled yet';
  const { files, key } = stateOf(root, folder);
  if (readJson(stampOf(root, folder))?.key !== key) return 'the sources changed since they were compiled';
  const outputs = files
    .filter((file) => !/\.(d|as)\.ts$/.test(file))
    .map((file) => outputOf(root, folder, file, '.js'));
  const missing = outputs.find((file) => !existsSync(file));
  if (missing) return `${relative(root, missing)} is missing`;
  const stale = folder === 'lib' ? staleKernels(root) : [];
  return stale.length > 0 ? `lib/wasm is not compiled (${stale.join(', ')})` : undefined;
}

/**
 * The set-up step. Mistakes in types are an error, except where `forgiving` is set: somebody who is in the middle of changing the library
 * still gets to the notebooks, with a notice.
 */
export async function buildStep({ root, env, run, progress }, folder, say, forgiving = false) {
  if (buildProblem(root, folder) === undefined) return { idle: 'up to date' };
  const stamp = stampOf(root, folder);
  const before = readJson(stamp)?.files ?? [];
  const { files, key } = stateOf(root, folder);
  rmSync(stamp, { force: true });
  if (folder === 'lib' && staleKernels(root).length > 0) {
    say('compiling WebAssembly kernels');
    // in a process of its own: Ctrl-C must end it, and its compiler takes 200 MB
    const script = fileURLToPath(new URL('wasm.mjs', import.meta.url));
    const kernels = await run(process.execPath, [script, root], { cwd: root, env });
    if (kernels.code !== 0) {
      throw new SetupError(
        `lib/wasm does not compile:\n${lastLines(kernels.output, 12)}`,
        'mend the places named above (git status shows which files were changed), then run the same command again',
      );
    }
  }
  say('compiling');
  // not node_modules/.bin/tsc: that name belongs to the older compiler that tslab carries
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const result = await run(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], { cwd: root, env });
  if (result.code !== 0) {
    const mistakes = result.output.split(/\r?\n/).filter((line) => line.includes('error TS'));
    if (!forgiving || mistakes.length === 0) {
      const lines = mistakes.length > 0 ? mistakes.slice(0, 12).join('\n') : result.output;
      throw new SetupError(
        `${folder} does not compile:\n${lastLines(lines, 12)}`,
        'mend the places named above (git status shows which files were changed), then run the same command again',
      );
    }
    progress.note(`Notice: ${folder} has mistakes in its types, the first one: ${mistakes[0]}`);
    return `compiled with ${mistakes.length} mistakes (npm run build shows them)`;
  }
  // the output of a source that is gone must not be found by an import
  for (const file of before.filter((name) => !files.includes(name))) {
    for (const end of ['.js', '.js.map', '.d.ts']) rmSync(outputOf(root, folder, file, end), { force: true });
  }
  writeWhole(stamp, JSON.stringify({ key, files }));
  return `${files.length} files compiled`;
}
