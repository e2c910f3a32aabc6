import { countWeights, type Layers, needExample } from './backprop';

/**
 * Automatic differentiation, forwards: a computation carried out with power series in place of numbers. If one weight is
 * the series w + s, every result comes out as a series in s, and its coefficients are derivatives. With two coefficients
 * such a series is a dual number; with more they are exact higher derivatives too.
 *
 * It knows nothing of errors that travel backwards, nor that σ′ can be had from σ: σ is put together from exponentials
 * and quotients.
 */

/** c_0 + c_1 s + c_2 s² + …, all of the same length. */
type Series = Float64Array;

const constant = (value: number, length: number): Series => {
  const out = new Float64Array(length);
  out[0] = value;
  return out;
};

function plus(a: Series, b: Series): Series {
  return a.map((v, n) => v + b[n]);
}

function times(a: Series, b: Series): Series {
  return a.map((_, n) => {
    let sum = 0;
    for (let m = 0; m <= n; m++) sum += a[m] * b[n - m];
    return sum;
  });
}

/** e^u, from (e^u)′ = u′ e^u. */
export function exponential(u: Series): Series {
  const out = new Float64Array(u.length);
  out[0] = Math.exp(u[0]);
  for (let n = 1; n < u.length; n++) {
    for (let m = 1; m <= n; m++) out[n] += (m * u[m] * out[n - m]) / n;
  }
  return out;
}

/** 1/u, from u · 1/u = 1. */
export function reciprocal(u: Series): Series {
  const out = new Float64Array(u.length);
  out[0] = 1 / u[0];
  for (let n = 1; n < u.length; n++) {
    for (let m = 1; m <= n; m++) out[n] -= (u[m] * out[n - m]) / u[0];
  }
  return out;
}

/** 1/(1 + e^(−u)). */
function logistic(u: Series): Series {
  const grown = exponential(u.map((v) => -v));
  grown[0] += 1;
  return reciprocal(grown);
}

/** tanh u = 2/(1 + e^(−2u)) − 1. */
function hyperbolicTangent(u: Series): Series {
  const out = logistic(u.map((v) => 2 * v)).map((v) => 2 * v);
  out[0] -= 1;
  return out;
}

const sigmas = { linear: (u: Series): Series => u, logistic, tanh: hyperbolicTangent };

/**
 * Derivatives of E = ½ Σ_j (h_j − d_j)² by each weight alone.
 * @param order how many, 1 or more
 * @returns E′, E″ … for all weights, in the order of `gradient`
 * @throws {ParameterError} if x or d don't fit the network
 */
export function derivatives(layers: Layers, x: Float64Array, d: Float64Array, order: number): Float64Array[] {
  needExample(layers, x, d);
  const out = Array.from({ length: order }, () => new Float64Array(countWeights(layers)));
  let at = 0;
  layers.w.forEach((layer, l) => {
    for (let i = 0; i < layer.length; i++) {
      const E = errorSeries(layers, x, d, order + 1, l, i);
      let factorial = 1;
      for (let n = 1; n <= order; n++) out[n - 1][at] = (factorial *= n) * E[n];
      at++;
    }
  });
  return out;
}

/** E as a series in the step s of one weight. */
function errorSeries(
  { sizes, activation, w }: Layers,
  x: Float64Array,
  d: Float64Array,
  length: number,
  layer: number,
  weight: number,
): Series {
  let h: Series[] = Array.from(x, (v) => constant(v, length));
  w.forEach((matrix, l) => {
    const after = sizes[l + 1];
    h = Array.from({ length: after }, (_, j) => {
      let mu = constant(0, length);
      for (const [i, hi] of h.entries()) {
        const wij = constant(matrix[i * after + j], length);
        if (l === layer && i * after + j === weight) wij[1] = 1;
        mu = plus(mu, times(wij, hi));
      }
      return sigmas[activation](mu);
    });
  });
  return h.reduce(
    (E, hj, j) => {
      const far = plus(hj, constant(-d[j], length));
      return plus(
        E,
        times(far, far).map((v) => v / 2),
      );
    },
    constant(0, length),
  );
}
