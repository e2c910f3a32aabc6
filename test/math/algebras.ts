import { dirname, join } from 'node:path';

export type Algebra = typeof import('lecture-lab/math/linear-algebra');

const main = require.resolve('lecture-lab/math/linear-algebra');
const parts = [join(dirname(main), 'blas'), require.resolve('lecture-lab/wasm/instantiate')];
const isPart = (file: string): boolean => file === main || parts.some((part) => file.startsWith(part));

/** The library's linear algebra, loaded anew with these settings of the environment; errors stay of the one class. */
function load(blas: 'on' | 'off', wasm: 'on' | 'off'): Algebra {
  const own = Object.keys(require.cache).filter(isPart);
  const kept = own.map((file) => [file, require.cache[file]] as const);
  for (const file of own) delete require.cache[file];
  const before = { ...process.env };
  Object.assign(process.env, { LECTURE_LAB_BLAS: blas, LECTURE_LAB_WASM: wasm });
  try {
    const algebra = require(main) as Algebra;
    // both are looked for now, while the settings hold
    algebra.nativeAlgebra();
    algebra.multiply(algebra.identity(32), algebra.identity(32));
    return algebra;
  } finally {
    for (const name of ['LECTURE_LAB_BLAS', 'LECTURE_LAB_WASM']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    for (const file of Object.keys(require.cache).filter(isPart)) delete require.cache[file];
    for (const [file, module] of kept) require.cache[file] = module;
  }
}

/** In TypeScript alone: the reference. */
export const typescript: Algebra = load('off', 'off');
/** In TypeScript, with products in WebAssembly: what a page does. */
export const portable: Algebra = load('off', 'on');
const withLibrary = process.env['LECTURE_LAB_BLAS'] === 'off' ? undefined : load('on', 'on');
/** Undefined where the library is not installed, or switched off for all tests. */
export const openblas: Algebra | undefined = withLibrary?.nativeAlgebra() ? withLibrary : undefined;

/** Each way to compute that there is here, by name. */
export const algebras: readonly (readonly [string, Algebra])[] = [
  ['TypeScript', typescript],
  ['WebAssembly', portable],
  ...(openblas ? [['OpenBLAS', openblas] as const] : []),
];
