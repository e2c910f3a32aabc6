import { backward, type Rule } from './rule';

/**
 * Feedback alignment (Lillicrap et al. 2016): A^l is random and stays as it is.
 * @param feedback A^1 … A^(L−1), [units of layer l, units of layer l + 1]
 */
export function feedbackAlignment(feedback: readonly Float32Array[]): Rule {
  return { teachesHidden: true, hiddenErrors: (_, batch) => backward(feedback, batch) };
}
