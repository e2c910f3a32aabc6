/** Self-checks of the hidden rule: of one answer about one synapse, and of a procedure that finds the rule of any. */
import { defineExercise, type Exercise, type Verdict, verdict } from '../check';
import { mean } from '../math/statistics';
import { type Broken, broken, type HiddenSynapse, hiddenSynapse, type RuleName, ruleNames } from './hidden-rule';

/** What to try, by the answer and by the prediction of it that fails. None of them names another rule. */
const trials: Readonly<Record<RuleName, Partial<Record<Broken, string>>>> = {
  Hebb: {
    'one side alone':
      'not this one. Hebb’s product is 0 if one side is silent, and growth never ends: drive one side alone, and both for longer',
    'no weakening':
      'not this one. Hebb’s rule never weakens a synapse: look for an experiment, both sides active, that does',
  },
  Oja: {
    'one side alone':
      'not this one. Oja’s rule wears a synapse down if the neuron fires alone, and keeps it if the input does: try both',
  },
  STDP: {
    'one side alone': 'not this one. STDP needs both spikes: drive one side alone, slowly and fast',
    'order of spikes': 'not this one. In STDP the order decides: compare pairs at +10 and −10 ms, and mind the error',
  },
  BCM: {
    'one side alone': 'not this one. BCM changes nothing while one side is silent: drive one side alone',
    'moving threshold':
      'not this one. BCM weakens below a threshold which follows the response: hold the neuron at a low rate, and again after a long rest',
  },
  calcium: {
    'one side alone':
      'not this one. Calcium comes in with one side alone, and its thresholds do not move: drive the input alone, slowly and fast',
  },
};

/**
 * Judges an answer about one synapse. A wrong one is met with an experiment that speaks against it.
 * @param synapse the synapse, or its seed
 * @throws {ParameterError} for an answer that is no rule, or a synapse that `hiddenSynapse` did not make
 */
export function judge(answer: RuleName, synapse: HiddenSynapse | number): Verdict {
  const against = broken(answer, typeof synapse === 'number' ? hiddenSynapse({ seed: synapse }) : synapse);
  return verdict('The hidden rule', against === 'nothing breaks', trials[answer][against] ?? 'right');
}

/** A procedure that names the rule of a synapse after experiments on copies of it. */
type Identify = (synapse: HiddenSynapse) => RuleName;

/** Copies on which `identify` tries one side alone: random spikes scatter more than measurements. */
const COPIES = 6;

/**
 * Names the rule by asking first what one side does alone, then whether the order of spikes counts, then whether a weak
 * response weakens. Every limit lies five standard errors or more from what any rule predicts on either side of it.
 */
const identify: Identify = (synapse) => {
  const drive = (x: number, y: number): number => synapse.fresh().drive({ x, y, duration: 20 });
  const pair = (dt: number): number => synapse.fresh().pair({ dt, pairs: 60, frequency: 1 });
  // calcium comes in with the input alone; what it does may cancel at one rate, not at both
  const alone = (x: number): number => mean(Array.from({ length: COPIES }, () => drive(x, 0)));
  if ([40, 100].some((x) => Math.abs(alone(x) - 1) > 0.06)) return 'calcium';
  if (drive(0, 50) < 0.6) return 'Oja'; // what the input does not use, decays
  if (Math.abs(pair(10) - pair(-10)) > 0.17) return 'STDP';
  return drive(100, 5) > 1 ? 'Hebb' : 'BCM'; // 5 Hz is below the threshold at the start, 10 Hz
};

/** Synapses that a procedure is tried on; each rule is among them more than once. */
const SEEDS: readonly number[] = Array.from({ length: 40 }, (_, i) => 101 + i);

const ruleOf = (synapse: HiddenSynapse): RuleName =>
  ruleNames.find((name) => broken(name, synapse) === 'nothing breaks')!;

/** What a procedure mixes up. */
type Confusion =
  | 'none'
  | 'no name'
  | 'several'
  | 'Hebb and Oja'
  | 'Hebb and BCM'
  | 'Oja and BCM'
  | 'BCM and calcium'
  | 'STDP and calcium'
  | 'STDP and rates'
  | 'calcium and growth';

const between = (a: RuleName, b: RuleName): Confusion => {
  const has = (name: RuleName): boolean => a === name || b === name;
  if (has('STDP')) return has('calcium') ? 'STDP and calcium' : 'STDP and rates';
  if (has('calcium')) return has('BCM') ? 'BCM and calcium' : 'calcium and growth';
  if (has('BCM')) return has('Hebb') ? 'Hebb and BCM' : 'Oja and BCM';
  return 'Hebb and Oja';
};

/** The one kind that makes up half of all mistakes or more, if there is one. */
function confusion(attempt: Identify): Confusion {
  const counts = new Map<Confusion, number>();
  let wrong = 0;
  for (const seed of SEEDS) {
    const synapse = hiddenSynapse({ seed });
    const truth = ruleOf(synapse);
    const answer = attempt(synapse);
    if (answer === truth) continue;
    const kind = ruleNames.includes(answer) ? between(truth, answer) : 'no name';
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    wrong++;
  }
  if (wrong === 0) return 'none';
  return [...counts].find(([, n]) => 2 * n >= wrong)?.[0] ?? 'several';
}

/** Within one judgement an attempt is compared with many answers; it need run but once. */
const kept = new WeakMap<Identify, Confusion>();
function confusionOnce(attempt: Identify): Confusion {
  const known = kept.get(attempt);
  if (known !== undefined) return known;
  const found = confusion(attempt);
  kept.set(attempt, found);
  void Promise.resolve().then(() => kept.delete(attempt));
  return found;
}

/** Right, but for one rule in place of another. */
const mixing =
  (rule: RuleName, said: RuleName): Identify =>
  (synapse) => {
    const truth = ruleOf(synapse);
    return truth === rule ? said : truth;
  };

/** Exercise 4: a procedure for every seed. */
export const exercise4: Exercise<Identify> = defineExercise<Identify>({
  name: 'Exercise 4',
  solution: identify,
  agree: (attempt, answer) => confusionOnce(attempt) === confusionOnce(answer),
  mistakes: [
    {
      attempt: mixing('Oja', 'Hebb'),
      hint: 'Oja and Hebb are mixed up: they agree while the weight is small. Drive it for longer and see whether growth stops, or let the neuron fire alone',
    },
    {
      attempt: mixing('BCM', 'Hebb'),
      hint: 'BCM and Hebb are mixed up: they agree above the threshold. Hold the neuron at a low rate while the input is fast',
    },
    {
      attempt: mixing('BCM', 'Oja'),
      hint: 'BCM and Oja are mixed up: both hold growth back. Only one of them loses strength while the input is silent',
    },
    {
      attempt: mixing('calcium', 'BCM'),
      hint: 'BCM and calcium are mixed up: both have thresholds. Those of calcium do not move: test after a long rest or a strong drive. And calcium hears one side alone',
    },
    {
      attempt: mixing('calcium', 'STDP'),
      hint: 'STDP and calcium are mixed up: in both the order of spikes may count. STDP needs two spikes; calcium comes in with one side alone, if that is fast',
    },
    {
      attempt: mixing('STDP', 'Hebb'),
      hint: 'STDP and a rule of rates are mixed up: compare pairs at +10 and −10 ms, in a number that makes the difference many times its error, √2 of a single error',
    },
    {
      attempt: mixing('calcium', 'Oja'),
      hint: 'calcium and Hebb’s or Oja’s rule are mixed up: drive the input alone. Try a slow and a fast rate, as potentiation and depression can cancel at one of them',
    },
    {
      attempt: () => 'Hebbian' as RuleName,
      hint: 'the answer has to be one of the five names in ruleNames, spelled as there',
    },
  ],
  otherwise:
    'not yet: several rules are taken for each other. Begin with one side alone: which rules change a synapse whose input, or whose neuron, is silent?',
});
