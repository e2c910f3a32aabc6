import { ParameterError } from '../math/errors';
import type { Rng } from '../math/rng';
import type { Run } from '../math/run';
import { Running } from '../math/statistics';
import {
  drawExamples,
  empiricalRisk,
  moments,
  ridge,
  roomFor,
  shortestFit,
  type Teacher,
  teacherWeights,
  trueRisk,
} from './regression';

/** Empirical and true risk of one student, or their averages. */
export interface Risks {
  readonly empirical: number;
  readonly true: number;
}

/**
 * What the minimiser of the empirical risk expects, exactly, averaged over the examples: ½ σ² (1 − N/M) of what it
 * minimised, and a risk of ½ σ² (1 + N/(M − N − 1)), as E tr (XᵀX)⁻¹ = N/(M − N − 1). With fewer examples than inputs it
 * is the shortest of the weights that fit exactly (Hastie et al. 2022 for the limit; here exact).
 * @param samples M, a whole number ≥ 1
 * @returns an infinite risk for M = N − 1, N and N + 1, where the mean doesn't exist
 */
export function minimisedRisk({ inputs: N, noise, length }: Teacher, samples: number): Risks {
  wholeSamples(samples);
  const [M, floor] = [samples, 0.5 * noise * noise];
  const spread = Math.abs(M - N) > 1 ? Math.min(M, N) / (Math.abs(M - N) - 1) : Number.POSITIVE_INFINITY;
  const missed = 0.5 * length * length * Math.max(0, 1 - M / N);
  return { empirical: floor * Math.max(0, 1 - N / M), true: floor * (1 + spread) + missed };
}

/** Mean and standard deviation, over the examples, of the empirical risk of weights that don't depend on them. */
export interface Fixed {
  readonly mean: number;
  readonly sd: number;
}

/**
 * Exact for weights at a given distance from w*: an error is normal with variance s² = σ² + distance², so the empirical
 * risk is s²/2M times a χ² with M degrees of freedom. Its mean is the risk, its variance ½ s⁴/M.
 * @param distance |w − w*|
 */
export function fixedRisk({ noise }: Teacher, distance: number, samples: number): Fixed {
  wholeSamples(samples);
  const variance = noise * noise + distance * distance;
  return { mean: variance / 2, sd: variance / Math.sqrt(2 * samples) };
}

/** Averages over many sets of examples. */
export interface Sampled {
  readonly samples: number;
  /** of the minimiser, and true minus empirical */
  readonly empirical: Running;
  readonly true: Running;
  readonly gap: Running;
  /** of the fixed weights w = 0 */
  readonly fixed: Running;
}

/**
 * Draws sets of M examples, minimises the empirical risk on each, and looks at both risks. The same examples serve the
 * weights w = 0, which were chosen without them.
 * @param trials sets, ≥ 2
 */
export async function sampleRisks(
  teacher: Teacher,
  samples: number,
  trials: number,
  random: Rng,
  run: Run,
): Promise<Sampled> {
  wholeSamples(samples);
  if (!(trials >= 2)) throw new ParameterError(`trials must be at least 2 (got ${trials})`);
  const { inputs: N, noise } = teacher;
  const target = teacherWeights(teacher);
  const examples = roomFor(samples, N);
  const size = Math.min(samples, N);
  const [S, c, factor] = [new Float64Array(N * N), new Float64Array(N), new Float64Array(N * N)];
  const [K, a] = [new Float64Array(size * size), new Float64Array(size)];
  const [w, silent] = [new Float64Array(N), new Float64Array(N)];
  const found = {
    samples,
    empirical: new Running(),
    true: new Running(),
    gap: new Running(),
    fixed: new Running(),
  };
  for (let trial = 0; trial < trials; trial++) {
    drawExamples(examples, target, noise, random);
    if (samples > N) {
      moments(examples, S, c);
      ridge(S, c, 0, factor, w);
    } else shortestFit(examples, K, a, w);
    const [empirical, risk] = [empiricalRisk(examples, w), trueRisk(w, target, noise)];
    found.empirical.push(empirical);
    found.true.push(risk);
    found.gap.push(risk - empirical);
    found.fixed.push(empiricalRisk(examples, silent));
    await run.progress((trial + 1) / trials, `M = ${samples}`);
  }
  return found;
}

function wholeSamples(samples: number): void {
  if (!(Number.isInteger(samples) && samples >= 1))
    throw new ParameterError(`samples must be a whole number of at least 1 (got ${samples})`);
}
