import type { Rng } from '../../math/rng';
import { normalMatrix } from '../network';
import { backprop } from './backprop';
import { directFeedback } from './direct-feedback';
import { feedbackAlignment } from './feedback-alignment';
import { frozenHidden } from './frozen-hidden';
import type { Rule } from './rule';
import { sign, uniformSign } from './sign';
import { type MirrorSettings, weightMirror } from './weight-mirror';

/** The rules by name, in the order in which figures show them. */
export const ruleNames = [
  'backprop',
  'feedback alignment',
  'direct feedback',
  'sign',
  'uniform sign',
  'weight mirror',
  'frozen hidden',
] as const;
export type RuleName = (typeof ruleNames)[number];

/**
 * A rule with its random feedback drawn.
 * @param sizes units of every layer of neurons, input first
 * @param random the rule's own stream
 */
export function makeRule(name: RuleName, sizes: readonly number[], mirror: MirrorSettings, random: Rng): Rule {
  switch (name) {
    case 'backprop':
      return backprop();
    case 'feedback alignment':
      return feedbackAlignment(randomFeedback(sizes, random));
    case 'direct feedback':
      return directFeedback(directRandomFeedback(sizes, random));
    case 'sign':
      return sign(sizes, randomFeedback(sizes, random));
    case 'uniform sign':
      return uniformSign(sizes);
    case 'weight mirror':
      return weightMirror(sizes, randomFeedback(sizes, random), mirror, random.stream('noise'));
    case 'frozen hidden':
      return frozenHidden();
  }
}

/** One matrix a hidden layer, [units of layer l, units of layer l + 1]; a feedback path keeps the size of its signal. */
function randomFeedback(sizes: readonly number[], random: Rng): Float32Array[] {
  return sizes.slice(1, -1).map((units, l) => normalMatrix(units, sizes[l + 2], random.stream(`layer ${l + 1}`)));
}

/** One matrix a hidden layer, [units of layer l, classes]. */
function directRandomFeedback(sizes: readonly number[], random: Rng): Float32Array[] {
  return sizes.slice(1, -1).map((units, l) => normalMatrix(units, sizes.at(-1)!, random.stream(`layer ${l + 1}`)));
}
