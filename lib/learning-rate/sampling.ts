import { ParameterError } from '../math/errors';
import type { Rng } from '../math/rng';
import type { Run } from '../math/run';
import { Running } from '../math/statistics';
import { learningRate } from './bowl';
import { unitVector } from './learning';
import { needLength, type Student } from './student';
import { needPlasticity, type Plasticity } from './theory';

/** A mean over random steps, with its standard error. */
export interface Sampled {
  readonly mean: number;
  readonly se: number;
}

/** Steps between two looks at the run. */
const BLOCK = 16;

/**
 * ⟨k⟩ by brute force: many steps from the same weights, each with new directions of both noises, and the error measured
 * after each. Streams of `random`: `task-irrelevant` and `noise`.
 * @param samples steps, 2 or more
 * @throws {ParameterError} for settings out of range; the reason of the run's signal once it is aborted
 */
export async function sampleRate(
  student: Student,
  w: Float64Array,
  plasticity: Plasticity,
  samples: number,
  random: Rng,
  run: Run,
): Promise<Sampled> {
  needPlasticity(plasticity);
  needLength('w', w, student.synapses);
  if (!Number.isInteger(samples) || samples < 2)
    throw new ParameterError(`samples must be a whole number from 2 on (got ${samples})`);
  const { gamma1, gamma2, gamma3, interval: T } = plasticity;
  const N = student.synapses;
  const [irrelevant, noise] = [random.stream('task-irrelevant'), random.stream('noise')];
  const [gradient, n2, n3, moved] = Array.from({ length: 4 }, () => new Float64Array(N));
  const before = student.gradient(w, gradient);
  let squared = 0;
  for (const slope of gradient) squared += slope * slope;
  const down = squared > 0 ? (-gamma1 * T) / Math.sqrt(squared) : 0;
  const [across, shaken] = [gamma2 * T, gamma3 * Math.sqrt(N * T)];
  const over = new Running();
  for (let sample = 0; sample < samples; sample++) {
    if (sample % BLOCK === 0) await run.progress(sample / samples);
    unitVector(irrelevant, n2);
    unitVector(noise, n3);
    for (let i = 0; i < N; i++) moved[i] = w[i] + down * gradient[i] + across * n2[i] + shaken * n3[i];
    over.push(learningRate(before, student.error(moved), T));
  }
  return { mean: over.mean, se: over.standardError };
}
