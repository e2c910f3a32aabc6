import { add, type Matrix, matrix, multiply, norm, scale, transpose } from '../math/linear-algebra';
import { rng } from '../math/rng';
import type { Run } from '../math/run';
import { angle } from './angle';

/** The weight mirror on one fixed layer of linear neurons driven with white noise (Akrout et al. 2019). */
export interface MirrorLayer {
  /** units before and after the layer */
  readonly inputs: number;
  readonly outputs: number;
  /** standard deviation s of the noise */
  readonly noise: number;
  /** gain η of the Hebbian term */
  readonly gain: number;
  /** share ε of the feedback forgotten in one step */
  readonly decay: number;
  /** noise patterns averaged in one step, N */
  readonly batch: number;
}

/** Angle between the feedback and the transposed weights, degrees, and |A|/|W|, after each of the asked numbers of steps. */
export interface MirrorCurve {
  readonly steps: readonly number[];
  readonly degrees: readonly number[];
  readonly ratio: readonly number[];
}

/**
 * What the averages say. With q = 1 − ε, after t steps from a random A of the size of W and orthogonal to it,
 *
 *     A_t = (1 − qᵗ)(ηs²/ε) Wᵀ + qᵗ A_0 + noise,   E|noise|² = (ηs²/ε)² |W|² v (1 − q²ᵗ),   v = (n + 1) ε/(N (2 − ε))
 *
 * because the entries of ⟨x yᵀ⟩ have the variance s⁴(|w_j|² + w_ji²)/N: n inputs besides the right one disturb each
 * entry. So the mirror never becomes perfect: its angle settles at arctan √v.
 */
export function mirrorTheory(layer: MirrorLayer, steps: readonly number[]): MirrorCurve {
  const parts = steps.map((t) => components(layer, t));
  return {
    steps,
    degrees: parts.map(({ along, across }) => (180 / Math.PI) * Math.atan2(across, along)),
    ratio: parts.map(({ along, across }) => Math.hypot(along, across)),
  };
}

/** Noise in an entry of the mirror relative to the mean square of an entry: v above, once the start is forgotten. */
const disturbance = ({ inputs, decay, batch }: MirrorLayer): number => ((inputs + 1) * decay) / (batch * (2 - decay));

/** The part of A_t along Wᵀ and the part across, both in units of |W|. */
function components(layer: MirrorLayer, t: number): { along: number; across: number } {
  const q = 1 - layer.decay;
  const fixedPoint = (layer.gain * layer.noise ** 2) / layer.decay;
  return {
    along: (1 - q ** t) * fixedPoint,
    across: Math.hypot(q ** t, fixedPoint * Math.sqrt(disturbance(layer) * (1 - q ** (2 * t)))),
  };
}

/**
 * Standard deviation over seeds of the angle after t steps, degrees, to first order, for layers of some dozens of units:
 * the length of the noise varies by √((m + n + 1)/(n² m)) of itself, because the noise is a symmetric n × n fluctuation
 * seen through W; its share along W by √(2 (m + n + 1) v/(n m (n + 1))); the start's by 1/√(n m).
 */
export function mirrorSpread(layer: MirrorLayer, t: number): number {
  const { inputs: n, outputs: m, decay } = layer;
  const { along, across } = components(layer, t);
  const spread = (m + n + 1) / (n * m);
  const length = across * Math.sqrt(spread / n);
  const share = Math.hypot(
    along * Math.sqrt((2 * spread * disturbance(layer)) / (n + 1)),
    (1 - decay) ** t / Math.sqrt(n * m),
  );
  return ((180 / Math.PI) * Math.hypot(along * length, across * share)) / (along ** 2 + across ** 2);
}

/** The same by simulation. @param steps ascending */
export async function mirrorSimulation(
  layer: MirrorLayer,
  steps: readonly number[],
  seed: number,
  run: Run,
): Promise<MirrorCurve> {
  const { inputs, outputs, noise, gain, decay, batch } = layer;
  const random = rng(seed);
  const draw = (rows: number, cols: number, name: string): Matrix =>
    matrix(rows, cols, random.stream(name).fillNormal(new Float64Array(rows * cols), 0, 1 / Math.sqrt(inputs)));
  const W = draw(outputs, inputs, 'weights');
  const target = transpose(W);
  const patterns = random.stream('noise');
  let A = draw(inputs, outputs, 'feedback');
  const degrees: number[] = [];
  const ratio: number[] = [];
  const last = steps.at(-1) ?? 0;
  for (let step = 0; step <= last; step++) {
    if (step === steps[degrees.length]) {
      degrees.push(angle(A.data, target.data));
      ratio.push(norm(A.data) / norm(W.data));
    }
    await run.progress(step / Math.max(1, last));
    const x = matrix(batch, inputs, patterns.fillNormal(new Float64Array(batch * inputs), 0, noise));
    const y = multiply(x, W, { transposeB: true });
    A = add(scale(A, 1 - decay), multiply(x, y, { transposeA: true }), gain / batch);
  }
  return { steps, degrees, ratio };
}
