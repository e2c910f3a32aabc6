import { tanhInPlace } from '../math/activation';
import { ParameterError } from '../math/errors';
import { gemm } from '../math/linear-algebra';
import { rng } from '../math/rng';
import { countExamples, type Examples, needLength, type Student } from './student';
import { estimateTrace, exactTrace } from './trace';

export interface SigmoidTask extends Examples {
  /** units of every layer of neurons: inputs, hidden layers, outputs */
  readonly sizes: readonly number[];
}

/** Synapses up to which `hessianTrace` is exact. */
export const EXACT_TRACE = 500;
/** Probes of the estimate beyond, and the seed that they are drawn from. */
const [PROBES, PROBE_SEED] = [64, 1];

/** N of such a network: every unit has a weight from every unit before it, and a bias. */
export function sigmoidSynapses(sizes: readonly number[]): number {
  return sizes.slice(1).reduce((sum, units, k) => sum + units * (sizes[k] + 1), 0);
}

/**
 * What a network answers: the activities of its last layer, P x outputs, row-major. For a teacher; layout as in
 * `sigmoidStudent`.
 */
export function sigmoidAnswers(sizes: readonly number[], w: Float64Array, x: Float64Array): Float64Array {
  needSizes(sizes);
  const outputs = sizes[sizes.length - 1];
  const count = x.length / sizes[0];
  const target = new Float64Array(Number.isInteger(count) ? count * outputs : 0);
  const net = network({ sizes, x, target });
  needLength('w', w, net.synapses);
  net.forward(w);
  return flip(net.answers, outputs, net.count);
}

/**
 * A student of logistic units, h^k = σ(W^k [h^(k−1); 1]) with h^0 = x and y = h^K. Each W^k is
 * units x (units before + 1), row-major, its last column the bias; w holds them one after the other.
 *
 * Products with the Hessian are exact (the R-operator of Pearlmutter 1994), as many flops as two gradients. The trace is
 * exact up to 500 synapses (one product a synapse); beyond, it is Hutchinson's estimate with 64 probes, the same ones at
 * every call, and `estimateTrace` says its standard error.
 *
 * What was computed at the last weights is kept: a gradient and products at the same w pass the inputs through once.
 * @throws {ParameterError} for sizes or arrays that don't fit each other
 */
export function sigmoidStudent(task: SigmoidTask): Student {
  needSizes(task.sizes);
  const net = network(task);
  const { synapses } = net;
  const student: Student = {
    synapses,
    error: (w) => {
      needLength('w', w, synapses);
      return net.forward(w);
    },
    gradient: (w, out) => {
      needLength('w', w, synapses);
      needLength('out', out, synapses);
      const F = net.forward(w);
      net.backward();
      out.set(net.slope);
      return F;
    },
    hessianVector: (w, v, out) => {
      needLength('w', w, synapses);
      needLength('v', v, synapses);
      needLength('out', out, synapses);
      net.forward(w);
      net.backward();
      net.alongDirection(v);
      out.set(net.slopeChange);
    },
    hessianTrace: (w) =>
      synapses <= EXACT_TRACE ? exactTrace(student, w) : estimateTrace(student, w, PROBES, rng(PROBE_SEED)).trace,
  };
  return student;
}

function needSizes(sizes: readonly number[]): void {
  if (sizes.length < 2 || sizes.some((units) => !Number.isInteger(units) || units < 1))
    throw new ParameterError(`sizes must be two or more whole numbers from 1 on (got ${sizes.join(', ') || 'none'})`);
}

/** One layer of weights and the units after it. Arrays over examples are units x P: a unit's numbers stand together. */
interface Layer {
  readonly units: number;
  /** units before, without the bias */
  readonly before: number;
  readonly W: Float64Array;
  /** where the direction V of a Hessian product is, in the place of W */
  readonly V: Float64Array;
  /** ∂F/∂W, and its change along V */
  readonly dW: Float64Array;
  readonly RdW: Float64Array;
  /** h of the layer before, and below it a row of ones for the bias: (before + 1) x P */
  readonly input: Float64Array;
  /** h of this layer: the first rows of the next layer's input */
  readonly h: Float64Array;
  /** σ′ = h(1 − h) */
  readonly slope: Float64Array;
  /** e = ∂F/∂h, then δ = e σ′ */
  readonly e: Float64Array;
  readonly delta: Float64Array;
  /** the changes of h, e and δ along V */
  readonly Rh: Float64Array;
  readonly Re: Float64Array;
  readonly Rdelta: Float64Array;
}

interface Network {
  readonly synapses: number;
  readonly count: number;
  /** outputs x P */
  readonly answers: Float64Array;
  readonly slope: Float64Array;
  readonly slopeChange: Float64Array;
  /** Passes the inputs through, unless these weights were the last ones. Returns F. */
  forward(w: Float64Array): number;
  /** The gradient at the weights of `forward`, into `slope`. */
  backward(): void;
  /** The Hessian at the weights of `backward` times v, into `slopeChange`. */
  alongDirection(v: Float64Array): void;
}

function network({ sizes, x, target }: SigmoidTask): Network {
  const last = sizes.length - 1;
  const P = countExamples({ x, target }, sizes[0], sizes[last]);
  const synapses = sigmoidSynapses(sizes);
  const [weights, direction, slope, slopeChange] = Array.from({ length: 4 }, () => new Float64Array(synapses));
  const inputs = sizes.map((units) => new Float64Array((units + 1) * P).fill(1, units * P));
  inputs[0].set(flip(x, P, sizes[0]));
  const wanted = flip(target, P, sizes[last]);
  let from = 0;
  const layers = sizes.slice(1).map((units, k): Layer => {
    const [start, end] = [from, (from += units * (sizes[k] + 1))];
    const part = (of: Float64Array): Float64Array => of.subarray(start, end);
    const [derivative, e, delta, Rh, Re, Rdelta] = Array.from({ length: 6 }, () => new Float64Array(units * P));
    return {
      units,
      before: sizes[k],
      W: part(weights),
      V: part(direction),
      dW: part(slope),
      RdW: part(slopeChange),
      input: inputs[k],
      h: inputs[k + 1].subarray(0, units * P),
      slope: derivative,
      e,
      delta,
      Rh,
      Re,
      Rdelta,
    };
  });
  const top = layers[last - 1];
  let F = 0;
  let passed = false;
  let returned = false;

  const forward = (w: Float64Array): number => {
    if (passed && same(w, weights)) return F;
    weights.set(w);
    for (const { units, before, W, input, h } of layers) {
      // σ(z) = ½ + ½ tanh(z/2)
      gemm(units, P, before + 1, 0.5, W, false, input, false, 0, h);
      tanhInPlace(h);
      for (let i = 0; i < h.length; i++) h[i] = 0.5 + 0.5 * h[i];
    }
    const { h, e } = top;
    F = 0;
    for (let i = 0; i < h.length; i++) {
      e[i] = h[i] - wanted[i];
      F += 0.5 * e[i] * e[i];
    }
    [passed, returned] = [true, false];
    return F;
  };

  const backward = (): void => {
    if (returned) return;
    for (let k = layers.length - 1; k >= 0; k--) {
      const { units, before, W, dW, input, h, slope, e, delta } = layers[k];
      for (let i = 0; i < h.length; i++) {
        slope[i] = h[i] * (1 - h[i]);
        delta[i] = e[i] * slope[i];
      }
      gemm(units, before + 1, P, 1, delta, false, input, true, 0, dW);
      // without the column of biases: nothing stands behind a bias
      if (k > 0) gemm(before, P, units, 1, W, true, delta, false, 0, layers[k - 1].e, before + 1);
    }
    returned = true;
  };

  const alongDirection = (v: Float64Array): void => {
    direction.set(v);
    for (let k = 0; k < layers.length; k++) {
      const { units, before, W, V, input, slope, Rh } = layers[k];
      gemm(units, P, before + 1, 1, V, false, input, false, 0, Rh);
      if (k > 0) gemm(units, P, before, 1, W, false, layers[k - 1].Rh, false, 1, Rh, before + 1);
      for (let i = 0; i < Rh.length; i++) Rh[i] *= slope[i];
    }
    top.Re.set(top.Rh);
    for (let k = layers.length - 1; k >= 0; k--) {
      const { units, before, W, V, RdW, input, h, slope, e, delta, Rh, Re, Rdelta } = layers[k];
      // the change of σ′ is σ″ times that of z, and σ″ = σ′ (1 − 2h)
      for (let i = 0; i < h.length; i++) Rdelta[i] = Re[i] * slope[i] + e[i] * (1 - 2 * h[i]) * Rh[i];
      gemm(units, before + 1, P, 1, Rdelta, false, input, true, 0, RdW);
      if (k === 0) continue;
      const below = layers[k - 1];
      gemm(units, before, P, 1, delta, false, below.Rh, true, 1, RdW, P, P, before + 1);
      gemm(before, P, units, 1, V, true, delta, false, 0, below.Re, before + 1);
      gemm(before, P, units, 1, W, true, Rdelta, false, 1, below.Re, before + 1);
    }
  };

  return { synapses, count: P, answers: top.h, slope, slopeChange, forward, backward, alongDirection };
}

/** rows x columns, row-major, into columns x rows. */
function flip(a: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = a[i * columns + j];
  return out;
}

function same(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
