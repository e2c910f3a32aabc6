import type { Rule } from './rule';

/** The control: the hidden layers keep their random weights, and only the output layer learns. */
export function frozenHidden(): Rule {
  return { teachesHidden: false, hiddenErrors: () => undefined };
}
