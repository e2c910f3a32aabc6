import { dirname, join } from 'node:path';

export type Algebra = typeof import('lecture-lab/math/linear-algebra');

const main = require.resolve('lecture-lab/math/linear-algebra');
const parts = join(dirname(main), 'blas');

/** The library's linear algebra, loaded anew with LECTURE_LAB_BLAS set so; errors stay of the one class. */
export function load(setting: 'on' | 'off'): Algebra {
  const own = Object.keys(require.cache).filter((file) => file === main || file.startsWith(parts));
  const kept = own.map((file) => [file, require.cache[file]] as const);
  for (const file of own) delete require.cache[file];
  const before = process.env['LECTURE_LAB_BLAS'];
  process.env['LECTURE_LAB_BLAS'] = setting;
  try {
    const algebra = require(main) as Algebra;
    algebra.nativeAlgebra(); // it looks for the library now, while the setting holds
    return algebra;
  } finally {
    if (before === undefined) delete process.env['LECTURE_LAB_BLAS'];
    else process.env['LECTURE_LAB_BLAS'] = before;
    for (const file of Object.keys(require.cache))
      if (file === main || file.startsWith(parts)) delete require.cache[file];
    for (const [file, module] of kept) require.cache[file] = module;
  }
}

export const typescript: Algebra = load('off');
const withLibrary = process.env['LECTURE_LAB_BLAS'] === 'off' ? undefined : load('on');
/** Undefined where the library is not installed, or switched off for all tests. */
export const openblas: Algebra | undefined = withLibrary?.nativeAlgebra() ? withLibrary : undefined;

/** Each way to compute that there is here, by name. */
export const algebras: readonly (readonly [string, Algebra])[] = [
  ['TypeScript', typescript],
  ...(openblas ? [['OpenBLAS', openblas] as const] : []),
];
