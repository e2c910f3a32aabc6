import { gemm, gram, leastSquares, matrix, trace, transpose } from '../math/linear-algebra';
import { countExamples, type Examples, needLength, type Student } from './student';

export interface LinearTask extends Examples {
  readonly inputs: number;
  readonly outputs: number;
}

/**
 * A linear student y = W x, with w = W row by row (outputs x inputs).
 *
 * Only XᵀX and the best weights W° (least squares) are kept, so that the cost does not depend on P:
 * F = F° + ½ Tr (W − W°) XᵀX (W − W°)ᵀ, with the error F° that no linear student avoids. Around its minimum this is exact,
 * where ½ Σ |y* − y|² expanded into Gram matrices would cancel. The Hessian I ⊗ XᵀX is the same everywhere, and F quadratic.
 * @throws {ParameterError} for arrays that don't fit each other
 */
export function linearStudent({ inputs, outputs, x, target }: LinearTask): Student {
  const count = countExamples({ x, target }, inputs, outputs);
  const [X, Y] = [matrix(count, inputs, x), matrix(count, outputs, target)];
  const moments = gram(X).data;
  // of rank-deficient inputs the shortest solution: any other has the same F
  const best = transpose(leastSquares(X, Y)).data;
  const rest = leftOver(x, target, best, inputs, outputs);
  const exactTrace = outputs * trace(matrix(inputs, inputs, moments));
  const synapses = inputs * outputs;
  const off = new Float64Array(synapses);
  const own = new Float64Array(synapses);

  const gradient = (w: Float64Array, out: Float64Array): number => {
    needLength('w', w, synapses);
    needLength('out', out, synapses);
    for (let i = 0; i < synapses; i++) off[i] = w[i] - best[i];
    gemm(outputs, inputs, inputs, 1, off, false, moments, false, 0, out);
    let sum = 0;
    for (let i = 0; i < synapses; i++) sum += off[i] * out[i];
    return rest + sum / 2;
  };
  return {
    synapses,
    error: (w) => gradient(w, own),
    gradient,
    hessianVector: (w, v, out) => {
      needLength('w', w, synapses);
      needLength('v', v, synapses);
      needLength('out', out, synapses);
      gemm(outputs, inputs, inputs, 1, v, false, moments, false, 0, out);
    },
    hessianTrace: (w) => {
      needLength('w', w, synapses);
      return exactTrace;
    },
  };
}

/** ½ Σ |y* − W° x|²: what the best linear student leaves, number by number. */
function leftOver(x: Float64Array, target: Float64Array, best: Float64Array, inputs: number, outputs: number): number {
  let sum = 0;
  for (let row = 0; row * inputs < x.length; row++)
    for (let o = 0; o < outputs; o++) {
      let y = 0;
      for (let i = 0; i < inputs; i++) y += best[o * inputs + i] * x[row * inputs + i];
      sum += (target[row * outputs + o] - y) ** 2;
    }
  return sum / 2;
}
