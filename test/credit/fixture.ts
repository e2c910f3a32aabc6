import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RuleName } from 'lecture-lab/credit/rules/index';

type Rows = readonly (readonly number[])[];

/** One step of every rule on a tiny network, computed with numpy in double precision. */
export interface OneStep {
  readonly sizes: readonly number[];
  readonly rate: number;
  readonly mirrorNoise: number;
  readonly mirrorDecay: number;
  readonly weights: readonly Rows[];
  readonly x: Rows;
  readonly labels: readonly number[];
  readonly noise: readonly Rows[];
  readonly rules: Readonly<
    Record<
      RuleName,
      {
        readonly feedback: readonly Rows[];
        /** of the hidden layers, not divided by the number of examples */
        readonly deltas: readonly Rows[];
        readonly weights: readonly Rows[];
        readonly feedbackAfter: readonly Rows[];
      }
    >
  >;
}

interface Spread {
  readonly mean: number;
  readonly sd: number;
}
export interface Seeds {
  readonly seeds: number;
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  readonly rules: Readonly<
    Record<
      RuleName,
      { readonly accuracy: Spread; readonly start?: readonly Spread[]; readonly end?: readonly Spread[] }
    >
  >;
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', 'credit', name), 'utf8'));

export const oneStep: OneStep = read('step.json') as OneStep;
export const seeds: Seeds = read('seeds.json') as Seeds;
