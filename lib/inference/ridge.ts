import { ParameterError } from '../math/errors';
import type { Rule } from '../math/quadrature';
import type { Rng } from '../math/rng';
import type { Run } from '../math/run';
import { Running } from '../math/statistics';
import {
  drawExamples,
  empiricalRisk,
  moments,
  ridge,
  roomFor,
  substitute,
  type Teacher,
  teacherWeights,
  trueRisk,
} from './regression';
import type { Risks } from './risk';
import { wishartEigenvalues } from './wishart';

/** A teacher and how many examples it gives, M. */
export interface Lesson extends Teacher {
  readonly samples: number;
}

/**
 * The penalty that is best on average, λ = σ² N / (M |w*|²), for the objective (1/M) Σ ½ (y − y*)² + ½ λ |w|². Exact for any N
 * and M: it minimises the contribution of every eigenvalue of XᵀX/M by itself.
 */
export function bestPenalty({ inputs, samples, noise, length }: Lesson): number {
  return (noise * noise * inputs) / (samples * length * length);
}

/**
 * Both risks with penalty λ, averaged over noise and the direction of w*, for given eigenvalues s of S = XᵀX/M. Along each
 * eigenvector w misses λ/(s + λ) of w*, and the noise adds σ² s/M/(s + λ)².
 * @param spectrum a rule that sums over the N eigenvalues, those that are 0 for M < N included
 */
export function ridgeRisk({ inputs: N, samples: M, noise, length }: Lesson, spectrum: Rule, penalty: number): Risks {
  const [signal, variance] = [(length * length) / N, noise * noise];
  let [missed, left] = [0, M * variance];
  for (const [i, s] of spectrum.nodes.entries()) {
    const weight = spectrum.weights[i];
    const share = s + penalty > 0 ? (penalty / (s + penalty)) ** 2 : 1;
    const noisy = s > 0 ? ((variance / M) * s) / (s + penalty) ** 2 : 0;
    missed += weight * (share * signal + noisy);
    // an eigenvalue that is 0 has no part in the training examples
    if (s > 0) left += weight * (share * (M * s * signal + variance) - variance);
  }
  return { empirical: left / (2 * M), true: 0.5 * (variance + missed) };
}

/** The eigenvalues of S = XᵀX/M for random inputs, exact on average: `ridgeRisk` over them is the expectation. */
export function expectedSpectrum(inputs: number, samples: number): Rule {
  const { nodes, weights } = wishartEigenvalues(Math.max(inputs, samples), Math.min(inputs, samples));
  const zeros = Math.max(0, inputs - samples);
  return {
    nodes: Float64Array.of(...nodes.map((x) => x / samples), 0),
    weights: Float64Array.of(...weights, zeros),
  };
}

/**
 * The same in the limit of many inputs and many examples, N/M = γ fixed, from the resolvent of Marchenko and Pastur:
 * (1/N) E tr (S + λ)⁻¹ → m with γ λ m² + (1 − γ + λ) m = 1.
 * @param ratio γ = N/M, > 0
 * @param penalty λ, > 0
 */
export function limitingRisk(
  { noise, length }: Pick<Teacher, 'noise' | 'length'>,
  ratio: number,
  penalty: number,
): Risks {
  if (!(ratio > 0 && penalty > 0))
    throw new ParameterError(`ratio and penalty must be above 0 (got ${ratio} and ${penalty})`);
  const b = 1 - ratio + penalty;
  const root = Math.sqrt(b * b + 4 * ratio * penalty);
  const m = b > 0 ? 2 / (b + root) : (root - b) / (2 * ratio * penalty);
  // m₂ = −dm/dλ, by differentiating the equation of m
  const m2 = (ratio * m * m + m) / root;
  const [signal, variance] = [length * length, noise * noise];
  const train = signal * penalty ** 2 * (m - penalty * m2) + variance * (1 - ratio + ratio * penalty ** 2 * m2);
  return {
    empirical: 0.5 * train,
    true: 0.5 * (variance + penalty ** 2 * m2 * signal + variance * ratio * (m - penalty * m2)),
  };
}

/** Averages over many sets of examples, one for each penalty. */
export interface SampledRidge {
  readonly penalty: number;
  readonly empirical: Running;
  readonly true: Running;
  /** the derivative of the true risk by ln λ */
  readonly slope: Running;
}

/**
 * Draws sets of M examples and minimises the regularised empirical risk on each with every penalty.
 * @param penalties λ, each > 0
 * @param trials sets, ≥ 2
 */
export async function sampleRidge(
  lesson: Lesson,
  penalties: readonly number[],
  trials: number,
  random: Rng,
  run: Run,
): Promise<SampledRidge[]> {
  if (!(trials >= 2)) throw new ParameterError(`trials must be at least 2 (got ${trials})`);
  const small = penalties.find((penalty) => !(penalty > 0));
  if (small !== undefined) throw new ParameterError(`penalties must be above 0 (got ${small})`);
  const { inputs: N, samples, noise } = lesson;
  const target = teacherWeights(lesson);
  const examples = roomFor(samples, N);
  const [S, c, factor] = [new Float64Array(N * N), new Float64Array(N), new Float64Array(N * N)];
  const [w, moved] = [new Float64Array(N), new Float64Array(N)];
  const found = penalties.map((penalty) => ({
    penalty,
    empirical: new Running(),
    true: new Running(),
    slope: new Running(),
  }));
  for (let trial = 0; trial < trials; trial++) {
    drawExamples(examples, target, noise, random);
    moments(examples, S, c);
    for (const { penalty, empirical, true: risk, slope } of found) {
      ridge(S, c, penalty, factor, w);
      empirical.push(empiricalRisk(examples, w));
      risk.push(trueRisk(w, target, noise));
      // dw/dλ = −(S + λ)⁻¹ w
      moved.set(w);
      substitute(factor, moved, N);
      let along = 0;
      for (let i = 0; i < N; i++) along -= (w[i] - target[i]) * moved[i];
      slope.push(penalty * along);
    }
    await run.progress((trial + 1) / trials, `${trial + 1} of ${trials} sets of examples`);
  }
  return found;
}
