import { backprop } from 'lecture-lab/credit/rules/backprop';
import { common, epoch } from '../credit-epoch';
import { defineRow, twin } from '../row';

export const row = defineRow({
  ...common,
  name: 'backprop-epoch',
  words: 'one epoch of backpropagation, 784-500-500-10, batches of 128, single precision',
  peers: [
    { name: 'torch autograd', role: 'typical', target: 1.4, needs: 'torch' },
    { name: 'torch by hand', call: 'backprop_torch', role: 'best', target: 1.2, needs: 'torch' },
    { name: 'numpy', call: 'backprop_numpy', role: 'other', target: 1 },
    twin,
  ],
  ours: (size, inputs) => epoch(size, inputs, backprop()),
});
