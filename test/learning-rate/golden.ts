import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linearStudent } from 'lecture-lab/learning-rate/linear-student';
import { sigmoidStudent } from 'lecture-lab/learning-rate/sigmoid-student';
import type { Student } from 'lecture-lab/learning-rate/student';

interface Case {
  readonly kind: 'linear' | 'sigmoid';
  readonly sizes: readonly number[];
  readonly x: readonly number[];
  readonly target: readonly number[];
  readonly w: readonly number[];
  readonly v: readonly number[];
  readonly error: number;
  readonly gradient: readonly number[];
  readonly Hv: readonly number[];
  readonly trace: number;
}

/** What numpy computed without backpropagation; students.py stands beside it. */
export const golden: {
  readonly cases: readonly Case[];
  readonly expected: {
    readonly A: readonly number[];
    readonly D: readonly number[];
    readonly mean: number;
    readonly se: number;
    readonly closed: number;
  };
  readonly late: readonly [
    gammas: [number, number, number],
    drift: [fresh: number, memory: number],
    difficulty: number,
    difficultySe: number,
    correlation: number,
    correlationSe: number,
    slope: number,
    slopeSe: number,
  ][];
} = JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', 'learning-rate', 'students.json'), 'utf8'));

/** A student over plain numbers. */
export function makeStudent(
  kind: 'linear' | 'sigmoid',
  sizes: readonly number[],
  x: ArrayLike<number>,
  target: ArrayLike<number>,
): Student {
  const examples = { x: Float64Array.from(x), target: Float64Array.from(target) };
  return kind === 'linear'
    ? linearStudent({ inputs: sizes[0], outputs: sizes[1], ...examples })
    : sigmoidStudent({ sizes, ...examples });
}
