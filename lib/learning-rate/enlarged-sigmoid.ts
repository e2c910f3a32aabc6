import { ParameterError } from '../math/errors';
import type { Rng } from '../math/rng';
import { sigmoidAnswers, sigmoidSynapses } from './sigmoid-student';

/** A task for sigmoid networks. */
export interface SigmoidLesson {
  /** layers of the task's own network: inputs, hidden layers, outputs */
  readonly sizes: readonly number[];
  /** P x inputs */
  readonly x: Float64Array;
  /** P x outputs */
  readonly target: Float64Array;
  /** weights that the student starts from, before it is enlarged */
  readonly start: Float64Array;
}

/** Layers of a network with so many units in every hidden layer. */
export function withHidden(sizes: readonly number[], hidden: number): number[] {
  return sizes.map((units, k) => (k === 0 || k === sizes.length - 1 ? units : hidden));
}

/**
 * Gives a sigmoid network more units, with synapses of strength 0 to and from them: the old weights in the top left corner of
 * every matrix, the old biases in its last column, 0 elsewhere. It answers as before.
 *
 * Not everything stays: a new unit is at σ(0) = ½, so that the zero synapses from it lie along the gradient at once.
 * @param w weights, layout as in `sigmoidStudent`
 * @param sizes layers as they are
 * @param larger layers as they become, each at least as large; as many inputs and outputs as before
 * @throws {ParameterError} for layers that don't fit
 */
export function enlargeSigmoid(w: Float64Array, sizes: readonly number[], larger: readonly number[]): Float64Array {
  const last = sizes.length - 1;
  if (larger.length !== sizes.length || larger[0] !== sizes[0] || larger[last] !== sizes[last])
    throw new ParameterError(`larger must keep the layers, inputs and outputs of ${sizes} (got ${larger})`);
  if (larger.some((units, k) => !(units >= sizes[k])))
    throw new ParameterError(`larger must not have fewer units than ${sizes} (got ${larger})`);
  if (w.length !== sigmoidSynapses(sizes))
    throw new ParameterError(`w must hold ${sigmoidSynapses(sizes)} numbers (got ${w.length})`);
  const out = new Float64Array(sigmoidSynapses(larger));
  let [from, to] = [0, 0];
  for (let k = 1; k <= last; k++) {
    const [before, wide] = [sizes[k - 1], larger[k - 1]];
    for (let i = 0; i < sizes[k]; i++) {
      for (let j = 0; j < before; j++) out[to + i * (wide + 1) + j] = w[from + i * (before + 1) + j];
      out[to + i * (wide + 1) + wide] = w[from + i * (before + 1) + before];
    }
    from += sizes[k] * (before + 1);
    to += larger[k] * (wide + 1);
  }
  return out;
}

/**
 * A task that a sigmoid network of the same layers could do without error: inputs, and the weights of teacher and student, are
 * normal with variance 1. Streams of `random`: `inputs`, `teacher`, `student`.
 * @param examples P, 1 or more
 */
export function sigmoidLesson(sizes: readonly number[], examples: number, random: Rng): SigmoidLesson {
  const normal = (name: string, n: number): Float64Array => random.stream(name).fillNormal(new Float64Array(n));
  const size = sigmoidSynapses(sizes);
  const x = normal('inputs', examples * sizes[0]);
  return { sizes, x, target: sigmoidAnswers(sizes, normal('teacher', size), x), start: normal('student', size) };
}
