import { ParameterError } from '../math/errors';
import { type Derivative, rk4, workspace } from '../math/ode';
import type { Rng } from '../math/rng';
import { logistic } from '../math/special';

/**
 * A small network learns from reward. Output i fires, yᵢ = 1, with probability pᵢ = σ(wᵢ·x), else yᵢ = 0; then comes a reward R
 * for all outputs together. Every synapse changes by η × third factor × a product of its two neurons (Williams 1992).
 */
export const rules = ['fluctuation', 'slide', 'Hebb', 'shuffled'] as const;
/**
 * - `fluctuation`: (R − R̄)(y − p) x, a step along the gradient of ⟨R⟩ on average;
 * - `slide`: (R − R̄) y x, as the slide prints it, with the reward above expectation as ρ;
 * - `Hebb`: y x, without a third factor (ρ = 1);
 * - `shuffled`: (y − p) x with the R − R̄ of the trial before: a third factor of the same size that knows nothing.
 */
export type Rule = (typeof rules)[number];

/** What a reward is compared with: nothing (R̄ = 0), its average over all trials, or over those with this stimulus. */
export const expectations = ['none', 'overall', 'per stimulus'] as const;
export type Expectation = (typeof expectations)[number];

/** Stimuli, answers and rewards. */
export interface Task {
  /** number of stimuli, all equally frequent */
  readonly stimuli: number;
  readonly inputs: number;
  readonly outputs: number;
  /** inputs x, stimuli × inputs */
  readonly x: Float64Array;
  /** right answers, 0 or 1, stimuli × outputs */
  readonly answers: Uint8Array;
  /** what a stimulus pays for all answers right, length stimuli; the reward is this times the share of outputs that are right */
  readonly pays: Float64Array;
}

const STIMULI = 4;
/** Each output has to answer two of the four stimuli. */
const ANSWERS: readonly (readonly number[])[] = [
  [1, 0, 1, 0],
  [0, 1, 1, 0],
  [1, 1, 0, 0],
];

export interface FourStimuli {
  /** number of outputs, 1 to 8 */
  readonly outputs: number;
  /** stimulus k excites input k by 1 and the others by this, 0 ≤ overlap < 1 */
  readonly overlap: number;
  /** what every second stimulus pays; the others pay 1; 0 < pay ≤ 1 */
  readonly pay: number;
}

/** Four stimuli, four inputs; the outputs' answers differ, and each is right half of the time by chance. */
export function fourStimuli({ outputs, overlap, pay }: FourStimuli): Task {
  if (!Number.isInteger(outputs) || outputs < 1 || outputs > 8)
    throw new ParameterError(`outputs must be a whole number between 1 and 8 (got ${outputs})`);
  if (!(overlap >= 0 && overlap < 1)) throw new ParameterError(`overlap must be from 0 to below 1 (got ${overlap})`);
  if (!(pay > 0 && pay <= 1)) throw new ParameterError(`pay must be above 0 and at most 1 (got ${pay})`);
  const x = Float64Array.from({ length: STIMULI * STIMULI }, (_, i) => (i % (STIMULI + 1) === 0 ? 1 : overlap));
  const answers = Uint8Array.from(
    { length: STIMULI * outputs },
    (_, i) => ANSWERS[(i % outputs) % ANSWERS.length][Math.floor(i / outputs)],
  );
  const pays = Float64Array.from({ length: STIMULI }, (_, k) => (k % 2 === 0 ? 1 : pay));
  return { stimuli: STIMULI, inputs: STIMULI, outputs, x, answers, pays };
}

export interface Learning {
  /** learning rate η, > 0 */
  readonly eta: number;
  readonly expectation: Expectation;
  /** the expected reward is a running average over about so many rewards, ≥ 1 */
  readonly tau: number;
}

function check({ eta, tau }: Learning): void {
  if (!(eta > 0 && eta < Number.POSITIVE_INFINITY)) throw new ParameterError(`eta must be above 0 (got ${eta})`);
  if (!(tau >= 1 && tau < Number.POSITIVE_INFINITY)) throw new ParameterError(`tau must be at least 1 (got ${tau})`);
}

/** Writes the probabilities to fire, length outputs, for stimulus k and weights w, outputs × inputs. */
function fire({ inputs, outputs, x }: Task, w: Float64Array, k: number, p: Float64Array): void {
  for (let i = 0; i < outputs; i++) {
    let drive = 0;
    for (let j = 0; j < inputs; j++) drive += w[i * inputs + j] * x[k * inputs + j];
    p[i] = logistic(drive);
  }
}

/** Probability of a right answer of each output to each stimulus, stimuli × outputs, for weights w, outputs × inputs. */
export function rightAnswers(task: Task, w: Float64Array): Float64Array {
  const { stimuli, outputs, answers } = task;
  const p = new Float64Array(outputs);
  const right = new Float64Array(stimuli * outputs);
  for (let k = 0; k < stimuli; k++) {
    fire(task, w, k, p);
    for (let i = 0; i < outputs; i++) right[k * outputs + i] = answers[k * outputs + i] ? p[i] : 1 - p[i];
  }
  return right;
}

/** Probability of a right answer, averaged over stimuli and outputs. */
export function performance(task: Task, w: Float64Array): number {
  const right = rightAnswers(task, w);
  return right.reduce((sum, q) => sum + q, 0) / right.length;
}

/** ⟨R⟩ for each stimulus, length stimuli: linear in the probabilities, as each output is paid by itself. */
export function expectedRewards(task: Task, w: Float64Array): Float64Array {
  const { outputs, pays } = task;
  const right = rightAnswers(task, w);
  return pays.map((pay, k) => {
    let sum = 0;
    for (let i = 0; i < outputs; i++) sum += right[k * outputs + i];
    return (pay * sum) / outputs;
  });
}

/** ⟨R⟩ over all stimuli, which learning should raise. */
export function expectedReward(task: Task, w: Float64Array): number {
  return expectedRewards(task, w).reduce((sum, r) => sum + r, 0) / task.stimuli;
}

/**
 * Simulation, trial by trial: a stimulus, spikes, a reward, a change. The weights start at 0.
 * @param at numbers of trials after which to look, ascending, from 0
 * @returns the probability of a right answer at these, length of `at`
 */
export function simulate(rule: Rule, task: Task, learning: Learning, at: ArrayLike<number>, random: Rng): Float64Array {
  check(learning);
  const { stimuli, inputs, outputs, x, answers, pays } = task;
  const { eta, expectation, tau } = learning;
  const w = new Float64Array(outputs * inputs);
  const p = new Float64Array(outputs);
  const y = new Uint8Array(outputs);
  const expected = expectedAtStart(task, w, expectation);
  const [shown, spikes] = [random.stream('stimuli'), random.stream('spikes')];
  const centred = rule === 'fluctuation' || rule === 'shuffled' ? 1 : 0;
  const found = new Float64Array(at.length);
  let before = 0;
  for (let t = 0, next = 0; next < at.length; t++) {
    while (next < at.length && at[next] === t) found[next++] = performance(task, w);
    const k = shown.integer(0, stimuli - 1);
    fire(task, w, k, p);
    let right = 0;
    for (let i = 0; i < outputs; i++) {
      y[i] = spikes.uniform() < p[i] ? 1 : 0;
      if (y[i] === answers[k * outputs + i]) right++;
    }
    const reward = (pays[k] * right) / outputs;
    const surprise = reward - expected[k];
    const third = rule === 'Hebb' ? 1 : rule === 'shuffled' ? before : surprise;
    before = surprise;
    for (let i = 0; i < outputs; i++) {
      const change = eta * third * (y[i] - centred * p[i]);
      for (let j = 0; j < inputs; j++) w[i * inputs + j] += change * x[k * inputs + j];
    }
    if (expectation === 'overall') expected.fill(expected[k] + surprise / tau);
    else if (expectation === 'per stimulus') expected[k] += surprise / tau;
  }
  return found;
}

/** R̄ of each stimulus at the start: an animal that knows what chance gives. */
function expectedAtStart(task: Task, w: Float64Array, expectation: Expectation): Float64Array {
  const rewards = expectedRewards(task, w);
  if (expectation === 'per stimulus') return rewards;
  return new Float64Array(task.stimuli).fill(expectation === 'overall' ? expectedReward(task, w) : 0);
}

/**
 * Theory: the expected change of the weights in a trial, for η = 1, by going through all stimuli and all 2^outputs answers.
 * @param w weights, outputs × inputs
 * @param expected R̄ for each stimulus
 * @param out where the change goes, outputs × inputs
 */
export function expectedChange(
  rule: Rule,
  task: Task,
  w: Float64Array,
  expected: Float64Array,
  out: Float64Array,
): void {
  const { stimuli, inputs, outputs, x, answers, pays } = task;
  const p = new Float64Array(outputs);
  const factor = new Float64Array(outputs);
  out.fill(0);
  for (let k = 0; k < stimuli; k++) {
    fire(task, w, k, p);
    factor.fill(0);
    for (let answer = 0; answer < 1 << outputs; answer++) {
      let chance = 1;
      let right = 0;
      for (let i = 0; i < outputs; i++) {
        const y = (answer >> i) & 1;
        chance *= y ? p[i] : 1 - p[i];
        if (y === answers[k * outputs + i]) right++;
      }
      const surprise = (pays[k] * right) / outputs - expected[k];
      for (let i = 0; i < outputs; i++) {
        const y = (answer >> i) & 1;
        if (rule === 'fluctuation') factor[i] += chance * surprise * (y - p[i]);
        else if (rule === 'slide') factor[i] += chance * surprise * y;
        else if (rule === 'Hebb') factor[i] += chance * y;
        // 'shuffled': the third factor of another trial times the mean of y − p, which is 0
      }
    }
    for (let i = 0; i < outputs; i++)
      for (let j = 0; j < inputs; j++) out[i * inputs + j] += (factor[i] * x[k * inputs + j]) / stimuli;
  }
}

/** Steps of the averaged equation in a time constant of the expected reward, and in 1/η. */
const STEPS = 4;

/**
 * Theory: what learning becomes for small η. Weights follow the expected change, expected rewards follow the rewards; time
 * counts trials. Exact for η → 0 at fixed η × trials and η × tau.
 * @returns goes on to a number of trials, never back, and gives the probabilities of right answers there, stimuli × outputs
 */
export function averagedFrom(rule: Rule, task: Task, learning: Learning): (trials: number) => Float64Array {
  check(learning);
  const { stimuli, inputs, outputs } = task;
  const { eta, expectation, tau } = learning;
  const size = outputs * inputs;
  const state = new Float64Array(size + stimuli);
  const [w, expected] = [state.subarray(0, size), state.subarray(size)];
  expected.set(expectedAtStart(task, w, expectation));
  const pull = { none: 0, overall: 1 / tau, 'per stimulus': 1 / (tau * stimuli) }[expectation];
  const f: Derivative = (_, y, d) => {
    const [weights, means] = [y.subarray(0, size), y.subarray(size)];
    expectedChange(rule, task, weights, means, d.subarray(0, size));
    for (let i = 0; i < size; i++) d[i] *= eta;
    const rewards = expectedRewards(task, weights);
    const all = rewards.reduce((sum, r) => sum + r, 0) / stimuli;
    for (let k = 0; k < stimuli; k++) d[size + k] = pull * ((expectation === 'overall' ? all : rewards[k]) - means[k]);
  };
  const longest = Math.min(1 / eta, pull > 0 ? 1 / pull : Number.POSITIVE_INFINITY) / STEPS;
  const work = workspace(state.length);
  let time = 0;
  return (trials) => {
    const steps = Math.ceil((trials - time) / longest);
    const dt = (trials - time) / steps;
    for (let s = 0; s < steps; s++) rk4(f, state, 0, dt, work);
    time = trials;
    return rightAnswers(task, w);
  };
}

/**
 * The same at several numbers of trials.
 * @param at ascending, from 0
 * @returns the probabilities of right answers at these, each stimuli × outputs
 */
export function averaged(rule: Rule, task: Task, learning: Learning, at: ArrayLike<number>): Float64Array[] {
  return Array.from(at, averagedFrom(rule, task, learning));
}

/**
 * How often, over all trials, an answer is right at its rarest that later becomes less rare in the averaged equation. It has to be
 * seen many times: else single networks never find what the average of infinitely many finds.
 * @param path what `averaged` returned
 * @returns expected number of right answers; Infinity if none becomes less rare
 */
export function rarestRecovery(path: readonly Float64Array[], { stimuli }: Task, trials: number): number {
  const last = path[path.length - 1];
  let rarest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < last.length; i++) {
    const least = path.reduce((min, right) => Math.min(min, right[i]), 1);
    if (last[i] > 2 * least) rarest = Math.min(rarest, (least * trials) / stimuli);
  }
  return rarest;
}

/**
 * How noisy a step is for one stimulus: E|Δw − EΔw|²/|EΔw|² of the fluctuation rule, if a third factor tells the share of right
 * answers, less what is expected, of `group` outputs: (group − 1) + (1 − 2p)²/(p(1 − p)).
 * @param group outputs that share the third factor, ≥ 1
 * @param p probability to fire, of every output, between 0 and 1
 */
export function stepNoise(group: number, p: number): number {
  const v = p * (1 - p);
  return group - 1 + (1 - 2 * p) ** 2 / v;
}
