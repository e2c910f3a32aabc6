import { gemm } from '../../math/linear-algebra';
import type { Batch, Weights } from '../network';

/** A way to give the hidden layers an error signal. All rules teach the output layer alike, with δ^L = p − y. */
export interface Rule {
  /** Whether the hidden layers get an error signal and learn. */
  readonly teachesHidden: boolean;
  /** Writes δ^1 … δ^(L−1) into `batch.errors`, from δ^L, its last. Does nothing if the hidden layers get none. */
  hiddenErrors(weights: Weights, batch: Batch): void;
  /** What the feedback path does after a step, if it learns too. @param weights after the step */
  adapt?(weights: Weights): void;
}

/**
 * The recursion that backpropagation and its relatives share,
 *
 *     δ^l = φ′(h^l) ⊙ A^l δ^(l+1)
 *
 * with a matrix A^l in the place of W^(l+1)ᵀ.
 * @param feedback A^1 … A^(L−1); A^l is [units of layer l, units of layer l + 1] (post × pre of the feedback path)
 * @param transposed the matrices are stored as their transposes, as W^(l+1) itself is
 */
export function backward(feedback: readonly Float32Array[], batch: Batch, transposed: boolean = false): void {
  const { sizes, examples, activities, errors, units } = batch;
  for (let l = feedback.length - 1; l >= 0; l--) {
    const [after, above] = [sizes[l + 1], sizes[l + 2]];
    gemm(examples, after, above, 1, errors[l + 1], false, feedback[l], !transposed, 0, errors[l]);
    units.timesSlope(errors[l], activities[l + 1], examples * after);
  }
}
