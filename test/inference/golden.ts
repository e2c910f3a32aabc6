import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Average = readonly [mean: number, se: number];

/** What numpy and scipy computed from the same equations; risk.py stands beside it. */
export const golden: {
  readonly ridge: {
    readonly X: readonly number[];
    readonly y: readonly number[];
    readonly fits: readonly (readonly number[])[];
    readonly empirical: readonly (readonly [penalty: number, risk: number])[];
    readonly few: { readonly X: readonly number[]; readonly y: readonly number[]; readonly fit: readonly number[] };
  };
  readonly wishart: readonly (readonly [m: number, name: 'inverse' | 'root' | 'exponential', sum: number])[];
  readonly averages: readonly (readonly [
    inputs: number,
    samples: number,
    noise: number,
    length: number,
    penalty: number,
    train: Average,
    risk: Average,
  ])[];
  readonly descent: {
    readonly X: readonly number[];
    readonly y: readonly number[];
    readonly penalty: number;
    readonly target: readonly number[];
    readonly enumerated: readonly (readonly [
      batch: number,
      eta: number,
      steps: number,
      excess: number,
      distance: number,
    ])[];
    readonly stationary: readonly (readonly [batch: number, eta: number, excess: number, radius: number])[];
    readonly noise: number;
  };
} = JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', 'inference', 'risk.json'), 'utf8'));
