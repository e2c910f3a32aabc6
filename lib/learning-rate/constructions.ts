import { type Matrix, matrix, multiply, symmetricEigen } from '../math/linear-algebra';
import { rng } from '../math/rng';
import { mean } from '../math/statistics';
import { enlarge, enlargeAtRandom, expansion, readOut } from './embedding';
import { localShape } from './lesson';
import { linearStudent } from './linear-student';
import type { Student } from './student';
import { exactTrace } from './trace';

/** The ways to a larger network: (a) read out through Dᵀ, (b) all outputs have to be right; W′ = DWBᵀ, or any with DᵀW′B = W. */
export const constructions = ['a, W′ = DWBᵀ', 'a, random W′', 'b, W′ = DWBᵀ', 'b, random W′'] as const;
export const quantities = ['F', '|∇F|', 'Tr H', 'ĝᵀHĝ'] as const;

/** A quantity before and after. */
export interface Comparison {
  readonly construction: (typeof constructions)[number];
  readonly quantity: (typeof quantities)[number];
  /** in the task's own network */
  readonly original: number;
  /** in the larger one */
  readonly embedded: number;
  /** embedded / original as theory has it; a mean, where W′ is random */
  readonly expected: number;
  /** standard error of embedded / original over random W′ by theory, known for F; 0 where nothing is random */
  readonly se: number;
}

export interface Setting {
  readonly inputs: number;
  readonly outputs: number;
  /** c1 and c2, whole numbers from 1 on */
  readonly inputsTimes: number;
  readonly outputsTimes: number;
  /** standard deviation of what is random in W′ */
  readonly spread: number;
  /** random W′ to be averaged over, 1 or more */
  readonly draws: number;
  /** number of inputs P, at least `inputs` */
  readonly examples: number;
  readonly seed: number;
}

/** Measures all four quantities in all four constructions, for normal inputs and weights of variance 1. */
export function compareConstructions(setting: Setting): Comparison[] {
  const { inputs, outputs, inputsTimes, outputsTimes, spread, draws, examples, seed } = setting;
  const random = rng(seed);
  const normal = (name: string, rows: number, cols: number): Matrix =>
    matrix(rows, cols, random.stream(name).fillNormal(new Float64Array(rows * cols)));
  const [x, teacher, W] = [
    normal('inputs', examples, inputs),
    normal('teacher', outputs, inputs),
    normal('student', outputs, inputs),
  ];
  const target = multiply(x, teacher, { transposeB: true });
  const way = expansion(inputs, outputs, { inputs: inputsTimes, outputs: outputsTimes }, random.stream('expansion'));
  const own = linearStudent({ inputs, outputs, x: x.data, target: target.data });
  // (b) from its definition: a linear student of the inputs Bx and the answers Dy*
  const all = linearStudent({
    inputs: inputsTimes * inputs,
    outputs: outputsTimes * outputs,
    x: multiply(x, way.B, { transposeB: true }).data,
    target: multiply(target, way.D, { transposeB: true }).data,
  });
  const exact = [enlarge(way, W)];
  const drawn = random.stream('random W′');
  const any = Array.from({ length: draws }, () => enlargeAtRandom(way, W, drawn, spread));
  const before = measure(own, W);
  const expected = expectedRatios(setting, x, multiply(x, W, { transposeB: true }), target);
  const same = [1, 1, 1, 1];
  return (
    [
      ['a, W′ = DWBᵀ', readOut(own, way), exact, same, 0],
      ['a, random W′', readOut(own, way), any, same, 0],
      ['b, W′ = DWBᵀ', all, exact, [1, 1, outputsTimes, 1], 0],
      ['b, random W′', all, any, expected.ratios, expected.sd / Math.sqrt(draws)],
    ] as const
  ).flatMap(([construction, student, networks, ratios, se]) => {
    const after = networks.map((weights) => measure(student, weights));
    return quantities.map((quantity, i) => ({
      construction,
      quantity,
      original: before[i],
      embedded: mean(after.map((values) => values[i])),
      expected: ratios[i],
      se: quantity === 'F' ? se : 0,
    }));
  });
}

/** F, |∇F|, Tr H and ĝᵀHĝ. */
function measure(student: Student, W: Matrix): readonly number[] {
  const { error, gradientNorm, gradientCurvature } = localShape(student, W.data);
  // by products with the Hessian: what a student says of its trace is what is to be shown
  return [error, gradientNorm, exactTrace(student, W.data), gradientCurvature];
}

/**
 * What (b) gives on average over W′ = DWBᵀ + Z − DDᵀZBBᵀ. Its answers err by (I − DDᵀ)ZBx besides: (c2 − 1)·outputs directions, in
 * each of which the weights are `inputs` normal numbers. These add to e of W − W* in every eigenvector of Σ x xᵀ.
 */
function expectedRatios(
  { outputs, outputsTimes, spread }: Setting,
  x: Matrix,
  answers: Matrix,
  target: Matrix,
): { readonly ratios: readonly number[]; readonly sd: number } {
  const { values, vectors } = symmetricEigen(multiply(x, x, { transposeA: true }));
  // squared deviation along each eigenvector: the answers' error, from x back to weights
  const error = matrix(
    answers.rows,
    answers.cols,
    answers.data.map((y, i) => y - target.data[i]),
  );
  const slope = multiply(multiply(error, x, { transposeA: true }), vectors);
  const own = Array.from(values, (lambda, k) => {
    let sum = 0;
    for (let o = 0; o < outputs; o++) sum += (slope.data[o * values.length + k] / lambda) ** 2;
    return sum;
  });
  const more = (outputsTimes - 1) * outputs * spread ** 2;
  const form = (power: number, extra: number): number =>
    values.reduce((sum, lambda, k) => sum + lambda ** power * (own[k] + extra), 0);
  const along = (extra: number): number => form(3, extra) / form(2, extra);
  const squares = values.reduce((sum, lambda) => sum + lambda ** 2, 0);
  return {
    ratios: [form(1, more) / form(1, 0), Math.sqrt(form(2, more) / form(2, 0)), outputsTimes, along(more) / along(0)],
    // F adds ½ Σ λ z²; each z² has variance 2 spread⁴
    sd: (spread ** 2 * Math.sqrt(((outputsTimes - 1) * outputs * squares) / 2)) / (form(1, 0) / 2),
  };
}
