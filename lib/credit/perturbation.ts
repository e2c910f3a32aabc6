/**
 * Learning by perturbation (Werfel, Xie & Seung 2005). A linear network y = W x, M outputs, N inputs, learns a teacher:
 * E = ½|W x − W* x|². Weight perturbation adds σ ξ to the weights, node perturbation to the outputs, ξ standard normal;
 * the change E' − E, times ξ/σ (and x, for the nodes), is an estimate of the gradient.
 */
import { DivergenceError, ParameterError } from '../math/errors';
import type { Rng } from '../math/rng';
import type { Run } from '../math/run';
import { defineTask, parallel, type Task } from '../parallel/parallel';
import { arrayBytes, instantiate, wasmRuns } from '../wasm/instantiate';
import kernel from '../wasm/perturbation.wasm';

export const rules = ['gradient', 'node perturbation', 'weight perturbation'] as const;
export type Rule = (typeof rules)[number];

export interface Network {
  /** N, from 1 on */
  readonly inputs: number;
  /** M, from 1 on */
  readonly outputs: number;
}

/** A network that learns on fresh inputs x ~ N(0, I). */
export interface Learning extends Network {
  /** σ, standard deviation of the perturbations, above 0 */
  readonly sigma: number;
  /** η, above 0; by default the rule's best one */
  readonly eta?: number;
  /** one example each */
  readonly trials: number;
}

/**
 * By how much chance lengthens a step: K = E|ĝ|²/|E g|² for small σ, over inputs and perturbations. An exact gradient has
 * N + 2, node perturbation M + 2 times as much, weight perturbation MN + 2 times.
 */
export function stepFactor(rule: Rule, { inputs, outputs }: Network): number {
  return (inputs + 2) * excess(rule, inputs, outputs);
}

/** E|ĝ|²/|g|² for one example as σ → 0: a Gaussian vector of d dimensions, projected on g and put back along itself, gives d + 2. */
function excess(rule: Rule, inputs: number, outputs: number): number {
  if (rule === 'gradient') return 1;
  return 2 + (rule === 'node perturbation' ? outputs : outputs * inputs);
}

/** The learning rate at which the error falls fastest: 1/K. */
export const bestRate = (rule: Rule, network: Network): number => 1 / stepFactor(rule, network);

/**
 * The expected error E at each trial, averaged over examples and perturbations: ℰ(t+1) = (1 − 2η + η²K) ℰ(t) + η²B, where B is what
 * the perturbation's own square adds. It falls to a floor that is proportional to σ², and grows without bound for η > 2/K.
 */
export interface LearningCurve {
  /** what the distance from the floor is multiplied by in a trial: 1 − 2η + η²K; at the best rate 1 − 1/K */
  readonly factor: number;
  /** the error that is left after long learning; Infinity where there is none, factor ≥ 1 */
  readonly floor: number;
  /** the expected error at a trial, from 0 */
  at(trial: number): number;
}

/** @param start the expected error before the first trial: ½|W − W*|² (Frobenius) */
export function learningCurve(rule: Rule, settings: Omit<Learning, 'trials'>, start: number): LearningCurve {
  const { inputs: N, outputs: M, sigma } = settings;
  const K = stepFactor(rule, settings);
  const eta = settings.eta ?? 1 / K;
  const B = {
    gradient: 0,
    'node perturbation': (sigma ** 2 * N * M * (M + 2) * (M + 4)) / 8,
    'weight perturbation': (sigma ** 2 * N * (N + 2) * M * (M + 2) * (M * N + 4)) / 8,
  }[rule];
  const grown = eta * eta * B;
  const gained = eta * (2 - eta * K); // 1 less the factor, without its rounding
  /** What the growths of t trials add up to: a geometric sum. */
  const sum = (t: number): number => (gained === 0 ? t : -Math.expm1(t * Math.log1p(-gained)) / gained);
  return {
    factor: 1 - gained,
    floor: gained > 0 ? grown / gained : Number.POSITIVE_INFINITY,
    at: (t) => start * Math.exp(t * Math.log1p(-gained)) + grown * sum(t),
  };
}

/** One example in a network: its input and the errors of the outputs, e = W x − W* x. */
export interface Example {
  /** N */
  readonly x: Float64Array;
  /** M */
  readonly e: Float64Array;
}

/**
 * Variance of the estimate for one example, E|ĝ − g|²/|g|²: MN + 1 for weights and M + 1 for nodes as σ → 0, plus what the
 * perturbation's square adds, proportional to σ²/|e|². The estimates have no bias: E is quadratic.
 */
export function estimatorVariance(rule: Rule, { x, e }: Example, sigma: number): number {
  const [N, M] = [x.length, e.length];
  const square = (v: Float64Array): number => v.reduce((sum, a) => sum + a * a, 0);
  const scale = (sigma * sigma * M * (M + 2)) / (4 * square(e));
  const added = {
    gradient: 0,
    'node perturbation': scale * (M + 4),
    'weight perturbation': scale * square(x) * (M * N + 4),
  }[rule];
  return excess(rule, N, M) - 1 + added;
}

/**
 * Draws estimates of the gradient for one example, each from E' − E of one perturbation.
 * @returns for each its squared distance from the gradient, |ĝ − g|²/|g|², and their mean estimate, [M, N]
 */
export function estimates(
  rule: Exclude<Rule, 'gradient'>,
  { x, e }: Example,
  sigma: number,
  count: number,
  noise: Rng,
): { readonly distances: Float64Array; readonly mean: Float64Array } {
  checkSigma(sigma);
  const [N, M] = [x.length, e.length];
  const gradient = new Float64Array(M * N);
  for (let i = 0; i < M; i++) for (let j = 0; j < N; j++) gradient[i * N + j] = e[i] * x[j];
  const length = gradient.reduce((sum, g) => sum + g * g, 0);
  const xi = new Float64Array(rule === 'node perturbation' ? M : M * N);
  const distances = new Float64Array(count);
  const mean = new Float64Array(M * N);
  for (let k = 0; k < count; k++) {
    noise.fillNormal(xi);
    let change = 0;
    for (let i = 0; i < M; i++) {
      const nudged = e[i] + sigma * nudge(rule, xi, x, i);
      change += 0.5 * nudged * nudged - 0.5 * e[i] * e[i];
    }
    for (let i = 0; i < M; i++)
      for (let j = 0; j < N; j++) {
        const eligibility = rule === 'node perturbation' ? xi[i] * x[j] : xi[i * N + j];
        const estimate = (change / sigma) * eligibility;
        distances[k] += (estimate - gradient[i * N + j]) ** 2 / length;
        mean[i * N + j] += estimate / count;
      }
  }
  return { distances, mean };
}

/** What a perturbation adds to output i, in units of σ. */
function nudge(rule: Rule, xi: Float64Array, x: Float64Array, i: number): number {
  if (rule === 'node perturbation') return xi[i];
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += xi[i * x.length + j] * x[j];
  return sum;
}

/**
 * Learns a teacher of standard normal weights over √N, from W = 0, so that the expected error is M/2 at first.
 * @param noise draws the teacher; its streams `lane 0` to `lane 3` draw, in turn, each trial's input and perturbation
 * @returns the error of each trial before its perturbation
 * @throws {ParameterError} for settings out of range; {DivergenceError} when the error outgrows the numbers
 */
export function learn(rule: Rule, settings: Learning, noise: Rng): Float64Array {
  checkLearning(settings);
  const errors = wasmRuns() ? learnKernel(rule, settings, noise) : learnTwin(rule, settings, noise);
  // beyond it E′ − E is lost in the rounding of E, and the error would stay where it is
  const most = rule === 'gradient' ? Number.MAX_VALUE : (0.01 * settings.sigma) ** 2 / Number.EPSILON ** 2;
  for (let t = 0; t < errors.length; t++)
    if (!(errors[t] <= most))
      throw new DivergenceError('the error', `trial ${t}`, 'eta is too large, or sigma too small to tell E′ from E');
  return errors;
}

/** W less the teacher, at first: [outputs, inputs]. */
function drawDistance(r: Float64Array, inputs: number, noise: Rng): Float64Array {
  return noise.fillNormal(r, 0, -1 / Math.sqrt(inputs));
}

/** The noise comes from four generators in turn, because WebAssembly computes four at once. */
const LANES = 4;
const lanes = (noise: Rng): Rng[] => Array.from({ length: LANES }, (_, lane) => noise.stream(`lane ${lane}`));

/** The readable form of `learn`, and the reference of its tests. */
export function learnTwin(rule: Rule, settings: Learning, noise: Rng): Float64Array {
  const { inputs: N, outputs: M, sigma, trials, eta = bestRate(rule, settings) } = settings;
  const R = drawDistance(new Float64Array(M * N), N, noise);
  const [x, e] = [new Float64Array(N), new Float64Array(M)];
  const xi = new Float64Array(draws(rule, settings) - N);
  const generators = lanes(noise);
  let drawn = 0;
  const fill = (numbers: Float64Array): void => {
    for (let k = 0; k < numbers.length; k++) numbers[k] = generators[drawn++ % LANES].normal();
  };
  const errors = new Float64Array(trials);
  for (let t = 0; t < trials; t++) {
    fill(x);
    fill(xi);
    let before = 0;
    let after = 0;
    for (let i = 0; i < M; i++) {
      e[i] = 0;
      for (let j = 0; j < N; j++) e[i] += R[i * N + j] * x[j];
      const nudged = rule === 'gradient' ? 0 : e[i] + sigma * nudge(rule, xi, x, i);
      before += 0.5 * e[i] * e[i];
      after += 0.5 * nudged * nudged;
    }
    const change = (after - before) / sigma;
    for (let i = 0; i < M; i++)
      for (let j = 0; j < N; j++) {
        const eligibility = rule === 'node perturbation' ? xi[i] * x[j] : xi[i * N + j];
        R[i * N + j] -= eta * (rule === 'gradient' ? e[i] * x[j] : change * eligibility);
      }
    errors[t] = before;
  }
  return errors;
}

/** Normal numbers of a trial: the input and the perturbation. */
function draws(rule: Rule, { inputs, outputs }: Network): number {
  return inputs + { gradient: 0, 'node perturbation': outputs, 'weight perturbation': inputs * outputs }[rule];
}

/** Numbers that are drawn at once: as many as the processor's nearest memory holds beside the weights. */
const AT_ONCE = 2048;

function learnKernel(rule: Rule, settings: Learning, noise: Rng): Float64Array {
  const { inputs, outputs, sigma, trials, eta = bestRate(rule, settings) } = settings;
  const each = draws(rule, settings);
  const atOnce = Math.max(LANES, LANES * Math.floor(AT_ONCE / each / LANES));
  const bytes = arrayBytes(16 * LANES, 8 * inputs * outputs, 8 * each * atOnce, 8 * trials);
  const { call, float64, int32 } = instantiate(kernel, { bytes });
  const state = int32(4 * LANES);
  for (const [lane, random] of lanes(noise).entries())
    for (const [word, value] of random.state().entries()) state[word * LANES + lane] = value;
  const [R, room, errors] = [inputs * outputs, each * atOnce, trials].map(float64);
  drawDistance(R, inputs, noise);
  const at = [state, R, room, errors].map((array) => array.byteOffset);
  call.learn(rules.indexOf(rule), at[0], at[1], inputs, outputs, eta, sigma, at[2], atOnce, at[3], trials);
  return errors.slice();
}

/** What the curves of `learnAll` share. */
export interface Curves {
  readonly of: readonly Rule[];
  readonly settings: Learning;
  readonly seeds: number;
}

/** One learning curve: trial k is that of seed k mod `seeds` and of rule k div `seeds`. */
export const curve: Task<Curves, Float64Array> = defineTask(
  'credit/perturbation',
  'curve',
  (trial, noise, { of, settings, seeds }) => learn(of[Math.floor(trial / seeds)], settings, noise),
);

/**
 * Learns with several rules, from several seeds each, on all cores.
 * @returns for each rule its curves, one a seed, [trials]
 */
export async function learnAll(
  of: readonly Rule[],
  settings: Learning,
  { seeds, seedStream, run }: { readonly seeds: number; readonly seedStream: Rng; readonly run?: Run },
): Promise<Float64Array[][]> {
  checkLearning(settings);
  const args = { of, settings, seeds };
  const curves = await parallel(of.length * seeds, curve, { seedStream, args, run, note: 'learning' });
  return of.map((_, i) => curves.slice(i * seeds, (i + 1) * seeds));
}

function checkLearning({ inputs, outputs, sigma, eta, trials }: Learning): void {
  for (const [name, value] of Object.entries({ inputs, outputs, trials }))
    if (!Number.isInteger(value) || value < 1)
      throw new ParameterError(`${name} must be a whole number from 1 on (got ${value})`);
  checkSigma(sigma);
  if (eta !== undefined && !(eta > 0 && eta < Number.POSITIVE_INFINITY))
    throw new ParameterError(`eta must be above 0 (got ${eta})`);
}

function checkSigma(sigma: number): void {
  if (!(sigma > 0 && sigma < Number.POSITIVE_INFINITY))
    throw new ParameterError(`sigma must be above 0 (got ${sigma})`);
}
