import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'esbuild';
import { projectRoot } from '../../notebook/find';

/** Where the library's sources are. */
export const librarySources = (): string => path.join(projectRoot(), 'lib');

/**
 * Bundles the library from its sources, and not from what the compiler made of them: only from ES modules can esbuild
 * drop what nobody uses. What differs in a page (`#edge` and the like) resolves to the page's version.
 */
export const forPages: Plugin = {
  name: 'library for pages',
  setup(build) {
    const lib = librarySources();
    const inPages = importsInPages(lib);
    build.onResolve({ filter: /^#/ }, ({ path: name, resolveDir }) =>
      inPages.has(name) && inside(lib, resolveDir) ? ours(path.join(lib, inPages.get(name)!)) : undefined,
    );
    build.onResolve({ filter: /^lecture-lab\// }, ({ path: name }) =>
      ours(path.join(lib, name.slice('lecture-lab/'.length))),
    );
    build.onResolve({ filter: /^\.\.?\// }, ({ path: name, resolveDir }) =>
      inside(lib, resolveDir) ? ours(path.join(resolveDir, name)) : undefined,
    );
    // hot loops are the exception: what their compiler made stands in dist alone
    build.onResolve({ filter: /^\.\.?\/.*\.wasm$/ }, ({ path: name, resolveDir }) =>
      inside(lib, resolveDir)
        ? { path: path.join(lib, 'dist', path.relative(lib, resolveDir), `${name}.js`), sideEffects: false }
        : undefined,
    );
  },
};

/** What the library's package says of its own imports, for pages: `#edge` is `edge/browser`. */
function importsInPages(lib: string): ReadonlyMap<string, string> {
  const { imports } = JSON.parse(readFileSync(path.join(lib, 'package.json'), 'utf8')) as {
    imports: Readonly<Record<string, { readonly default: string }>>;
  };
  const source = (compiled: string): string => compiled.replace(/^\.\/dist\//, '').replace(/\.js$/, '');
  return new Map(Object.entries(imports).map(([name, { default: inPages }]) => [name, source(inPages)]));
}

/** A module of ours: importing it without using it does nothing, so an unused figure is left out with its model. */
function ours(module: string): { path: string; sideEffects: boolean } | undefined {
  const file = [module, `${module}.ts`, path.join(module, 'index.ts')].find(
    (name) => /\.ts$/.test(name) && existsSync(name),
  );
  return file === undefined ? undefined : { path: file, sideEffects: false };
}

const inside = (folder: string, file: string): boolean => !path.relative(folder, file).startsWith('..');
