import { ParameterError } from '../math/errors';
import { gemm } from '../math/linear-algebra';
import type { Change } from './network';

/** Errors of a batch, and the activities that they belong to. */
interface Kept {
  examples: number;
  readonly errors: readonly Float32Array[];
  readonly activities: readonly Float32Array[];
}

/**
 * Weights that change only `steps` batches after their errors were computed, when they themselves have moved on:
 *
 *     W^l(t + 1) = W^l(t) − rate ⟨δ^l(t − k) x^l(t − k)ᵀ⟩
 *
 * Until the first errors are due nothing changes, and what is still on its way in the end is lost.
 * @param sizes units of every layer of neurons, input first
 * @param capacity the largest number of examples in a batch
 * @param steps k, 0 or more batches
 * @param remembers whether a synapse remembers the activity that an error belongs to. If not, late errors meet the
 * activity of the batch that is there by then, x^l(t): the first example's errors that of the first example, and so on
 * @throws {ParameterError} if the delay is not a whole number from 0 on
 */
export function delayed(sizes: readonly number[], capacity: number, steps: number, remembers: boolean): Change {
  if (!(Number.isInteger(steps) && steps >= 0))
    throw new ParameterError(`delayed: steps must be a whole number from 0 on (got ${steps})`);
  const room = (units: readonly number[]): Float32Array[] => units.map((n) => new Float32Array(n * capacity));
  const ring = Array.from(
    { length: steps + 1 },
    (): Kept => ({
      examples: 0,
      errors: room(sizes.slice(1)),
      activities: remembers ? room(sizes.slice(0, -1)) : [],
    }),
  );
  let step = 0;
  return (weights, batch, rate, from) => {
    const fresh = ring[step % ring.length];
    fresh.examples = batch.examples;
    fresh.errors.forEach((kept, l) => {
      kept.set(batch.errors[l].subarray(0, batch.examples * sizes[l + 1]));
    });
    fresh.activities.forEach((kept, l) => {
      kept.set(batch.activities[l].subarray(0, batch.examples * sizes[l]));
    });
    step++;
    if (step <= steps) return;
    const due = ring[step % ring.length];
    const activities = remembers ? due.activities : batch.activities;
    const examples = remembers ? due.examples : Math.min(due.examples, batch.examples);
    for (let l = from; l < weights.length; l++)
      gemm(
        sizes[l + 1],
        sizes[l],
        examples,
        -rate / examples,
        due.errors[l],
        true,
        activities[l],
        false,
        1,
        weights[l],
      );
  };
}

/**
 * The largest ηλ at which gradient descent with delayed gradients settles, w(t + 1) = w(t) − ηλ w(t − k) (Levin and May
 * 1976): 2 without a delay, about π/(2k + 1) with a long one.
 * @param steps k, 0 or more
 */
export function delayLimit(steps: number): number {
  return 2 * Math.sin(Math.PI / (2 * (2 * steps + 1)));
}
