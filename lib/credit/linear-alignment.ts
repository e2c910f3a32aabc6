import { DivergenceError } from '../math/errors';
import { add, type Matrix, matrix, matvec, multiply, norm, outer, trace, transpose } from '../math/linear-algebra';
import { rng } from '../math/rng';
import type { Run } from '../math/run';
import { angle } from './angle';

/** Feedback alignment in the smallest network that shows it: y = W² W¹ x learns y* = T x (Lillicrap et al. 2016, Fig. 1). */
export interface LinearSettings {
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
  /** learning rate η */
  readonly eta: number;
  /** examples, one a step */
  readonly steps: number;
  readonly seed: number;
}

/** One look at the network. */
export interface LinearSample {
  readonly step: number;
  /** |T − W² W¹|² / |T|² (Frobenius): the expected loss for white inputs, as a share of that of a silent network */
  readonly error: number;
  /** angle between W²ᵀ and the feedback A, both read as one long vector, degrees */
  readonly degrees: number;
  /** the same angle from the conserved quantity: arccos(½|W¹|²/(|A| |W²|)) for small steps and a start near zero */
  readonly theory: number;
  /** tr(A W²) */
  readonly overlap: number;
  /** what tr(A W²) must be: ½|W¹|² + C − ½η² Σ |A e|²|x|², with C of the start and the sum over all steps so far */
  readonly implied: number;
}

export interface LinearNetwork {
  /** [hidden, inputs] */
  readonly W1: Matrix;
  /** [outputs, hidden] */
  readonly W2: Matrix;
}

/**
 * One example: e = y* − y, ΔW² = η e hᵀ, ΔW¹ = η A e xᵀ. With A = W²ᵀ this is gradient descent on ½|e|².
 * @param A feedback, [hidden, outputs]
 */
export function linearStep(
  net: LinearNetwork,
  A: Matrix,
  x: ArrayLike<number>,
  target: ArrayLike<number>,
  eta: number,
): LinearNetwork {
  const h = matvec(net.W1, x);
  const y = matvec(net.W2, h);
  const e = y.map((v, i) => target[i] - v);
  return { W1: add(net.W1, outer(matvec(A, e), x), eta), W2: add(net.W2, outer(e, h), eta) };
}

/**
 * The quantity that feedback alignment conserves as η → 0: C = tr(A W²) − ½|W¹|², because both halves change by
 * η (A e)·(W¹ x). From a start near zero tr(A W²) = ½|W¹|² > 0: W²ᵀ must point into A's half of the space. (The
 * argument is that of the supplement of Lillicrap et al. 2016; one step of size η adds −½η²|A e|²|x|².)
 */
export function conserved(net: LinearNetwork, A: Matrix): number {
  return trace(multiply(A, net.W2)) - 0.5 * norm(net.W1.data) ** 2;
}

/** Looks at the network this often in one run. */
const LOOKS = 200;

/** Trains the linear network with feedback alignment on fresh white inputs. */
export async function alignLinear(s: LinearSettings, run: Run): Promise<readonly LinearSample[]> {
  const random = rng(s.seed);
  const draw = (rows: number, cols: number, sd: number, name: string): Matrix =>
    matrix(rows, cols, random.stream(name).fillNormal(new Float64Array(rows * cols), 0, sd));
  const T = draw(s.outputs, s.inputs, 1 / Math.sqrt(s.inputs), 'target');
  const A = draw(s.hidden, s.outputs, 1 / Math.sqrt(s.outputs), 'feedback');
  const inputs = random.stream('inputs');
  let net: LinearNetwork = {
    W1: draw(s.hidden, s.inputs, 0.01, 'W1'),
    W2: draw(s.outputs, s.hidden, 0.01, 'W2'),
  };
  const start = conserved(net, A);
  let lost = 0;
  const samples: LinearSample[] = [];
  for (let step = 0; step <= s.steps; step++) {
    if (step === s.steps || step % Math.ceil(s.steps / LOOKS) === 0) samples.push(look(net, A, T, step, start - lost));
    if (step % 50 === 0) await run.progress(step / s.steps);
    const x = inputs.fillNormal(new Float64Array(s.inputs));
    const target = matvec(T, x);
    const y = matvec(net.W2, matvec(net.W1, x));
    lost +=
      0.5 *
      (s.eta *
        norm(
          matvec(
            A,
            y.map((v, i) => target[i] - v),
          ),
        ) *
        norm(x)) **
        2;
    net = linearStep(net, A, x, target, s.eta);
    if (!Number.isFinite(lost)) throw new DivergenceError('|W|', `step ${step}`, 'the learning rate is too large');
  }
  return samples;
}

function look(net: LinearNetwork, A: Matrix, T: Matrix, step: number, constant: number): LinearSample {
  const missing = add(T, multiply(net.W2, net.W1), -1);
  const half = 0.5 * norm(net.W1.data) ** 2;
  const cosine = half / (norm(A.data) * norm(net.W2.data));
  return {
    step,
    error: (norm(missing.data) / norm(T.data)) ** 2,
    degrees: angle(transpose(net.W2).data, A.data),
    theory: (180 / Math.PI) * Math.acos(Math.min(1, cosine)),
    overlap: trace(multiply(A, net.W2)),
    implied: half + constant,
  };
}
