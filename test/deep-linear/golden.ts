import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Descent {
  readonly shape: readonly [inputs: number, hidden: number, outputs: number, items: number];
  readonly activation: 'linear' | 'tanh';
  readonly rate: number;
  readonly steps: number;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly w21: readonly number[];
  readonly w32: readonly number[];
  readonly after: { readonly w21: readonly number[]; readonly w32: readonly number[] };
}

interface Matrices {
  readonly s: readonly number[];
  readonly a0: number;
  readonly tau: number;
  readonly a: readonly (readonly number[])[];
}

/** Numbers from numpy and scipy; the program that made them stands beside them. */
export const golden = JSON.parse(readFileSync(join(__dirname, '../fixtures/deep-linear/dynamics.json'), 'utf8')) as {
  readonly times: readonly number[];
  readonly modes: readonly { s: number; a0: number; tau: number; a: readonly number[] }[];
  readonly layers: readonly { s: number; w21: number; w32: number; tau: number; a: readonly number[] }[];
  readonly shallow: Matrices;
  readonly deep: Matrices;
  readonly descent: readonly Descent[];
};
