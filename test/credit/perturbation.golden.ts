import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Sampled {
  readonly mean: number;
  readonly se: number;
}

/** Numbers of perturbation.py, an independent implementation. */
export interface Golden {
  readonly variance: readonly ({ rule: string; sigma: number; x: number[]; e: number[] } & Sampled)[];
  readonly learning: readonly {
    rule: string;
    outputs: number;
    inputs: number;
    sigma: number;
    trials: readonly ({ trial: number } & Sampled)[];
  }[];
  readonly floor: readonly ({ rule: string; outputs: number; inputs: number; sigma: number } & Sampled)[];
  readonly nudges: readonly { weights: number; sigma: number; fraction: number; progress: number }[];
  readonly smoothed: readonly { w: number; d: number; sigma: number; estimate: number }[];
  readonly release: readonly { p: number[]; quantum: number[]; target: number; change: number[] }[];
}

export const golden: Golden = JSON.parse(
  readFileSync(join(__dirname, '../fixtures/credit/perturbation.json'), 'utf8'),
) as Golden;
