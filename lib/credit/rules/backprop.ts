import { backward, type Rule } from './rule';

/** Backpropagation (Rumelhart, Hinton and Williams 1986): the feedback is the transpose of the weights, A^l = W^(l+1)ᵀ. */
export function backprop(): Rule {
  return {
    teachesHidden: true,
    hiddenErrors: (weights, batch) => backward(weights.slice(1), batch, true),
  };
}
