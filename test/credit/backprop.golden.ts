import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Activation } from 'lecture-lab/credit/backprop';
import type { Constraint } from 'lecture-lab/credit/constraints';
import type { Spread } from 'lecture-lab/credit/reference';

type Rows = readonly (readonly number[])[];

/** Numbers of backprop.py, an independent implementation. */
export interface Golden {
  readonly derivatives: readonly {
    readonly activation: Activation;
    readonly sizes: readonly number[];
    readonly w: readonly (readonly number[])[];
    readonly x: readonly number[];
    readonly d: readonly number[];
    readonly E: number;
    /** E′ … to the fifth, by each weight */
    readonly derivatives: Rows;
  }[];
  readonly meanfield: readonly { gain: number; factors: readonly number[]; squares: readonly number[] }[];
  readonly sampled: readonly {
    gain: number;
    depth: number;
    width: number;
    mean: readonly number[];
    se: readonly number[];
  }[];
  readonly rightmost: readonly { steps: number; a: number; largest: number }[];
}

/** Signals and weights of constraints.py on a tiny network, in double precision. */
export interface Steps {
  readonly sizes: readonly number[];
  readonly rate: number;
  readonly delay: number;
  readonly tops: readonly number[];
  readonly decades: number;
  readonly weights: readonly Rows[];
  readonly batches: readonly { readonly x: Rows; readonly labels: readonly number[] }[];
  readonly signals: Readonly<Record<'rectified' | 'size' | 'two populations' | 'silent' | 'raised', readonly Rows[]>>;
  readonly after: Readonly<Record<'none' | 'delayed' | 'delayed, no memory', readonly Rows[]>>;
  readonly rms: readonly number[];
}

/** Accuracy on MNIST-10k over seeds, by constraints.py. */
export interface Accuracies {
  readonly seeds: number;
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  readonly delay: number;
  readonly decades: number;
  readonly ceiling: number;
  readonly hidden: readonly number[];
  readonly accuracy: Readonly<Record<Constraint, Spread>>;
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', 'credit', name), 'utf8'));

export const golden: Golden = read('backprop.json') as Golden;
export const steps: Steps = read('constraints-step.json') as Steps;
export const accuracies: Accuracies = read('constraints-seeds.json') as Accuracies;
