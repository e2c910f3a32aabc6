import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Synapse } from 'lecture-lab/credit/burst-rule';

/** What numpy and scipy computed from the same equations; dendrites.py stands beside it. */
export const golden: {
  readonly chain: readonly [length: number, n: number, tau: number, frequency: number, middle: number, end: number][];
  readonly epsp: readonly [
    coupling: number,
    calcium: number,
    peak: number,
    samples: [t: number, soma: number, apical: number][],
  ][];
  readonly threshold: readonly [coupling: number, calcium: number, at: number][];
  /** the rate limit of a 12-6-5-10 network with the weights of `formula` */
  readonly phases: readonly {
    readonly apical: number;
    readonly label: number;
    readonly rate: readonly number[][];
    readonly taught: readonly number[];
    readonly plateau: readonly number[][];
    readonly signal: readonly number[][];
    /** hidden layers; only without apical conductance */
    readonly gradient: readonly number[][];
  }[];
  readonly bursts: readonly [apical: number, usual: number, change: number, se: number][];
} = JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', 'credit', 'dendrites.json'), 'utf8'));

/** The settings of the fixture's bursts. */
export const goldenSynapse = (usual: number): Synapse => ({
  eta: 0.01,
  receiver: 12,
  sender: 8,
  tauTrace: 0.1,
  tauAverage: 5,
  duration: 3,
  slope: 2,
  middle: 1,
  usual,
});

/** Weight of the fixture's networks from sender j to unit i; a is 3 for forward weights, 5 for feedback. */
export const formula = (j: number, i: number, a: number): number => 2 * Math.sin(1 + a * j + 7 * i);
