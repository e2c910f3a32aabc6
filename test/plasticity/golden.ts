import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SynapseName } from 'lecture-lab/plasticity/calcium';

type Protocol = [name: SynapseName, dt: number, pairs: number, frequency: number];

/** What numpy and scipy computed from the same equations; calcium.py stands beside it. */
export const golden: {
  /** without wells, averaged */
  readonly theory: readonly [...Protocol, alphaD: number, alphaP: number, up: number, down: number, change: number][];
  /** all of the model, by its backward equation */
  readonly full: readonly [...Protocol, up: number, down: number, change: number][];
} = JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', 'plasticity', 'calcium.json'), 'utf8'));
