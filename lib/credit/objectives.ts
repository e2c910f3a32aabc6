import { DivergenceError, ParameterError } from '../math/errors';
import { leastSquares, matrix } from '../math/linear-algebra';
import type { Rng } from '../math/rng';

/**
 * One linear network, x → h = A x → y = B h, under the three families of objectives of the lecture. What differs is the
 * instructive signal; below the outputs everything is the same chain rule.
 */
export type Family = 'supervised' | 'autoencoder' | 'reward';
export const families: readonly Family[] = ['supervised', 'autoencoder', 'reward'];

/** Inputs, and outputs: the reconstruction needs as many. */
export const SIZE = 4;
/** The input that labels depend on, and the one that rewarded actions depend on, from 0. */
export const [LABELLED, REWARDED] = [2, 3];
/** How the label and the best action are spread over the outputs; both have length 1. */
const LABEL_CODE = Float64Array.of(0.5, 0.5, 0.5, 0.5);
const ACTION_CODE = Float64Array.of(0.5, -0.5, 0.5, -0.5);

export interface World {
  /** variance of each input, length 4, > 0 */
  readonly variances: readonly number[];
  /** standard deviation of the labels' noise, ≥ 0 */
  readonly noise: number;
  /** standard deviation of the exploration, of each action, > 0 */
  readonly exploration: number;
  /** examples M, at least 8 */
  readonly samples: number;
}

/** The examples that all three families share. */
export interface Examples {
  readonly world: World;
  /** M x 4, uncorrelated and of the given variances exactly, so that the inputs are the principal directions */
  readonly X: Float64Array;
  /** labels: input 3 and noise, length M */
  readonly labels: Float64Array;
}

/** @throws {ParameterError} for too few examples or variances that are not positive */
export function drawExamples(world: World, random: Rng): Examples {
  const { variances, samples: M, noise } = world;
  if (!(M >= 2 * SIZE)) throw new ParameterError(`samples must be at least ${2 * SIZE} (got ${M})`);
  if (variances.length !== SIZE || !variances.every((v) => v > 0))
    throw new ParameterError(`variances must be ${SIZE} numbers above 0 (got ${variances.join(', ')})`);
  const X = random.stream('inputs').fillNormal(new Float64Array(M * SIZE));
  const product = (i: number, j: number): number => {
    let sum = 0;
    for (let m = 0; m < M; m++) sum += X[m * SIZE + i] * X[m * SIZE + j];
    return sum / M;
  };
  // Gram and Schmidt
  for (let i = 0; i < SIZE; i++) {
    for (let j = 0; j < i; j++) {
      const share = product(i, j) / variances[j];
      for (let m = 0; m < M; m++) X[m * SIZE + i] -= share * X[m * SIZE + j];
    }
    const scale = Math.sqrt(variances[i] / product(i, i));
    for (let m = 0; m < M; m++) X[m * SIZE + i] *= scale;
  }
  const labels = random.stream('labels').fillNormal(new Float64Array(M), 0, noise);
  for (let m = 0; m < M; m++) labels[m] += X[m * SIZE + LABELLED];
  return { world, X, labels };
}

/** The best that any network with K hidden units reaches on these examples. */
export interface Optimum {
  /** the objective: a mean error, or a mean reward */
  readonly value: number;
  /** the map B A from inputs to outputs, 4 x 4; undefined where there are several best ones */
  readonly map: Float64Array | undefined;
}

/**
 * From linear algebra, without learning (Baldi and Hornik 1989): the supervised network is the regression of the labels; the
 * autoencoder keeps the K strongest principal directions and loses the rest, ½ Σ λₖ over k > K; the best reward is what
 * exploration alone costs, −½ · 4 · τ², because the best action needs one hidden unit only.
 * @param hidden K, 1 to 3
 */
export function optimum(family: Family, { world, X, labels }: Examples, hidden: number): Optimum {
  const map = new Float64Array(SIZE * SIZE);
  const M = labels.length;
  if (family === 'autoencoder') {
    const order = [...world.variances.keys()].sort((i, j) => world.variances[j] - world.variances[i]);
    for (const i of order.slice(0, hidden)) map[i * SIZE + i] = 1;
    const lost = order.slice(hidden).reduce((sum, i) => sum + world.variances[i], 0);
    const tied = world.variances[order[hidden - 1]] === world.variances[order[hidden]];
    return { value: lost / 2, map: tied ? undefined : map };
  }
  if (family === 'reward') {
    for (let o = 0; o < SIZE; o++) map[o * SIZE + REWARDED] = ACTION_CODE[o];
    return { value: -0.5 * SIZE * world.exploration ** 2, map };
  }
  const slopes = leastSquares(matrix(M, SIZE, X), labels);
  let squares = 0;
  for (let m = 0; m < M; m++) {
    let residual = labels[m];
    for (let i = 0; i < SIZE; i++) residual -= slopes[i] * X[m * SIZE + i];
    squares += residual * residual;
  }
  for (let o = 0; o < SIZE; o++) for (let i = 0; i < SIZE; i++) map[o * SIZE + i] = LABEL_CODE[o] * slopes[i];
  return { value: squares / (2 * M), map };
}

/** How much of the outputs' variance comes from each input, length 4, sum 1. */
export function shares(map: Float64Array, variances: readonly number[]): number[] {
  const from = variances.map((v, i) => {
    let sum = 0;
    for (let o = 0; o < SIZE; o++) sum += map[o * SIZE + i] ** 2;
    return v * sum;
  });
  const total = from.reduce((a, b) => a + b, 0);
  return from.map((v) => v / total);
}

/**
 * Puts in place of the error an estimate of it from two rewards: δ = −(r₊ − r₋) ξ/2τ, r± = −½|error ± τξ|².
 * @param error a* subtracted from the outputs; the rewards alone know it
 * @param xi ξ, standard normal, of the same length
 * @param tau τ, > 0
 */
export function signalFromRewards(error: Float64Array, xi: Float64Array, tau: number): void {
  let [plus, minus] = [0, 0];
  for (let o = 0; o < error.length; o++) {
    plus -= 0.5 * (error[o] + tau * xi[o]) ** 2;
    minus -= 0.5 * (error[o] - tau * xi[o]) ** 2;
  }
  for (let o = 0; o < error.length; o++) error[o] = (-(plus - minus) * xi[o]) / (2 * tau);
}

export interface Training {
  /** hidden units K, 1 to 3 */
  readonly hidden: number;
  /** learning rate η, > 0 */
  readonly rate: number;
  readonly steps: number;
}

/** A network that has learned. */
export interface Trained {
  /** value of the objective at the steps looked at */
  readonly value: Float64Array;
  /** B A, 4 x 4 */
  readonly map: Float64Array;
}

/** What to look at, and how to be stopped. */
export interface Watch {
  /** steps, ascending, from 0 to the number of steps */
  readonly looks: readonly number[];
  readonly progress: (fraction: number) => Promise<void>;
}

/**
 * Trains the network by gradient descent over all examples, from small random weights.
 *
 * The signal at the outputs, δ: supervised, y − y*; autoencoder, y − x; reward, an estimate of it from rewards alone. The
 * agent acts a = y ± τξ, gets r₊ and r₋, r = −½|a − a*|², and takes δ = −(r₊ − r₋) ξ/2τ (Williams 1992, with the mirrored
 * action as baseline). Then ΔB = −η ⟨δ hᵀ⟩ and ΔA = −η ⟨Bᵀδ xᵀ⟩ for all three.
 * @throws {DivergenceError} if the learning rate is too large
 */
export async function train(
  family: Family,
  { world, X, labels }: Examples,
  { hidden: K, rate, steps }: Training,
  random: Rng,
  { looks, progress }: Watch,
): Promise<Trained> {
  const M = labels.length;
  const tau = world.exploration;
  const start = random.stream('weights');
  const A = start.fillNormal(new Float64Array(K * SIZE), 0, 0.1);
  const B = start.fillNormal(new Float64Array(SIZE * K), 0, 0.1);
  const explore = random.stream('exploration');
  const [dA, dB] = [new Float64Array(A.length), new Float64Array(B.length)];
  const [h, error, xi] = [new Float64Array(K), new Float64Array(SIZE), new Float64Array(SIZE)];
  const value = new Float64Array(looks.length);
  let seen = 0;
  for (let step = 0; step <= steps; step++) {
    let sum = 0;
    dA.fill(0);
    dB.fill(0);
    for (let m = 0; m < M; m++) {
      const at = m * SIZE;
      for (let k = 0; k < K; k++) {
        h[k] = 0;
        for (let i = 0; i < SIZE; i++) h[k] += A[k * SIZE + i] * X[at + i];
      }
      for (let o = 0; o < SIZE; o++) {
        const wanted =
          family === 'supervised'
            ? LABEL_CODE[o] * labels[m]
            : family === 'autoencoder'
              ? X[at + o]
              : ACTION_CODE[o] * X[at + REWARDED];
        error[o] = -wanted;
        for (let k = 0; k < K; k++) error[o] += B[o * K + k] * h[k];
        sum += 0.5 * error[o] ** 2;
      }
      if (family === 'reward') {
        explore.fillNormal(xi);
        signalFromRewards(error, xi, tau);
      }
      for (let k = 0; k < K; k++) {
        let back = 0;
        for (let o = 0; o < SIZE; o++) {
          back += B[o * K + k] * error[o];
          dB[o * K + k] += error[o] * h[k];
        }
        for (let i = 0; i < SIZE; i++) dA[k * SIZE + i] += back * X[at + i];
      }
    }
    if (!Number.isFinite(sum)) throw new DivergenceError('A', `step ${step}`, 'the learning rate is too large');
    if (step === looks[seen]) value[seen++] = family === 'reward' ? -sum / M - 0.5 * SIZE * tau * tau : sum / M;
    if (step === steps) break;
    for (let p = 0; p < A.length; p++) A[p] -= (rate * dA[p]) / M;
    for (let p = 0; p < B.length; p++) B[p] -= (rate * dB[p]) / M;
    await progress((step + 1) / steps);
  }
  const map = new Float64Array(SIZE * SIZE);
  for (let o = 0; o < SIZE; o++)
    for (let i = 0; i < SIZE; i++) for (let k = 0; k < K; k++) map[o * SIZE + i] += B[o * K + k] * A[k * SIZE + i];
  return { value, map };
}
