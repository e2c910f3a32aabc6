import { feedbackAlignment } from 'lecture-lab/credit/rules/feedback-alignment';
import { common, epoch } from '../credit-epoch';
import { defineRow, twin } from '../row';

/** The transpose of a matrix with this many rows. */
function transposed(rows: number, a: Float32Array): Float32Array {
  const columns = a.length / rows;
  return a.map((_, i) => a[(i % rows) * columns + Math.floor(i / rows)]!);
}

export const row = defineRow({
  ...common,
  name: 'feedback-alignment-epoch',
  words: 'one epoch of feedback alignment, 784-500-500-10, batches of 128, single precision',
  peers: [
    { name: 'numpy', call: 'alignment_numpy', role: 'typical', target: 1.7 },
    { name: 'torch by hand', call: 'alignment_torch', role: 'best', target: 1.15, needs: 'torch' },
    twin,
  ],
  ours(size, inputs) {
    const feedback = [transposed(500, inputs['b1'] as Float32Array), transposed(10, inputs['b2'] as Float32Array)];
    return epoch(size, inputs, feedbackAlignment(feedback));
  },
});
