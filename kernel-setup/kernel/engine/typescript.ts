import type * as TypeScript from 'typescript-5';

/** tslab's TypeScript, of which the kernel uses what plain TypeScript 5 has too. */
export type Ts = typeof TypeScript;
export type { TypeScript };
