import { ParameterError } from './errors';

/** Points and weights: the integral of f is about sum_i weights[i] f(nodes[i]). Nodes ascend. Don't change the arrays: rules are shared. */
export interface Rule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

const hermite = new Map<number, Rule>();
const legendre = new Map<number, Rule>();

/**
 * Gauss–Hermite for an expectation over a standard normal variable: E f(z) is about sum_i w_i f(z_i), exact for
 * polynomials up to degree 2 n - 1; the weights sum to 1. Computed once per n.
 * @param n number of nodes, 1 to 256
 */
export function gaussHermite(n: number): Rule {
  return cached(hermite, n, () => gauss(n, (k) => Math.sqrt(k), 2 * Math.sqrt(n) + 1));
}

/**
 * Gauss–Legendre on [low, high], by default [-1, 1]: exact for polynomials up to degree 2 n - 1. Computed once per n.
 * @param n number of nodes, 1 to 256
 */
export function gaussLegendre(n: number, low = -1, high = 1): Rule {
  const rule = cached(legendre, n, () => gauss(n, (k) => k / Math.sqrt(4 * k * k - 1), 1));
  const half = (high - low) / 2;
  return {
    nodes: rule.nodes.map((x) => low + half * (1 + x)),
    weights: rule.weights.map((w) => 2 * half * w),
  };
}

/**
 * E f(x) for x normal, by Gauss–Hermite. For smooth f; a kink costs accuracy (error about 1 / n).
 * @param f integrand
 * @param mean mean of x
 * @param variance variance of x, at least 0
 * @param n number of nodes, default 64
 */
export function expectation(f: (x: number) => number, mean = 0, variance = 1, n = 64): number {
  if (!(variance >= 0)) throw new ParameterError(`variance must be at least 0 (got ${variance})`);
  const { nodes, weights } = gaussHermite(n);
  const sd = Math.sqrt(variance);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += weights[i] * f(mean + sd * nodes[i]);
  return sum;
}

/**
 * E f(x, y) for x and y jointly normal with mean 0, by a product of two Gauss–Hermite rules.
 * @param f integrand
 * @param varianceX variance of x, at least 0
 * @param varianceY variance of y, at least 0
 * @param covariance of x and y, at most sqrt(varianceX varianceY) in size
 * @param n number of nodes per axis, default 64
 */
export function expectation2(
  f: (x: number, y: number) => number,
  varianceX: number,
  varianceY: number,
  covariance: number,
  n = 64,
): number {
  const limit = Math.sqrt(varianceX * varianceY);
  if (!(varianceX >= 0 && varianceY >= 0 && Math.abs(covariance) <= limit * (1 + 1e-12))) {
    throw new ParameterError(
      `variances must be at least 0 and the covariance at most their geometric mean (got ${varianceX}, ${varianceY}, ${covariance})`,
    );
  }
  const { nodes, weights } = gaussHermite(n);
  const sd = Math.sqrt(varianceX);
  const slope = sd > 0 ? covariance / sd : 0;
  const rest = Math.sqrt(Math.max(0, varianceY - slope * slope));
  let sum = 0;
  for (let i = 0; i < n; i++) {
    let inner = 0;
    for (let j = 0; j < n; j++) inner += weights[j] * f(sd * nodes[i], slope * nodes[i] + rest * nodes[j]);
    sum += weights[i] * inner;
  }
  return sum;
}

function cached(rules: Map<number, Rule>, n: number, make: () => Rule): Rule {
  if (!Number.isInteger(n) || n < 1 || n > 256) {
    throw new ParameterError(`n must be a whole number between 1 and 256 (got ${n})`);
  }
  let rule = rules.get(n);
  if (!rule) rules.set(n, (rule = make()));
  return rule;
}

/**
 * The Gauss rule of a symmetric probability measure whose orthonormal polynomials obey
 * x p_k = b(k + 1) p_{k+1} + b(k) p_{k-1}. Nodes are the zeros of p_n, found by bisection on the number of sign
 * changes of p_0 … p_n (a Sturm sequence) and polished by Newton; weights are 1 / sum_k p_k(x)^2 (Christoffel).
 * @param b off-diagonal of the Jacobi matrix, b(1), b(2), …
 * @param reach all nodes lie in [-reach, reach]
 */
function gauss(n: number, b: (k: number) => number, reach: number): Rule {
  const off = Float64Array.from({ length: n + 1 }, (_, k) => (k === 0 ? 0 : b(k)));
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);

  const zerosAbove = (x: number): number => {
    let changes = 0;
    let before = 0;
    let p = 1;
    for (let k = 0; k < n; k++) {
      const next = (x * p - off[k] * before) / off[k + 1];
      if (next < 0 !== p < 0) changes++;
      before = p;
      p = next;
    }
    return changes;
  };

  const half = Math.floor(n / 2);
  for (let i = 0; i < n - half; i++) {
    // the (i + 1)-th zero from the right; 0 itself for the middle of an odd rule
    let x = 0;
    if (i < half) {
      let low = 0;
      let high = reach;
      while (high - low > (1e-3 * reach) / n) {
        const middle = (low + high) / 2;
        if (zerosAbove(middle) > i) low = middle;
        else high = middle;
      }
      x = (low + high) / 2;
      for (let pass = 0; pass < 8; pass++) {
        const step = newton(n, off, x);
        x -= step;
        if (Math.abs(step) <= 1e-15 * reach) break;
      }
    }
    const w = 1 / squares(n, off, x);
    nodes[n - 1 - i] = x;
    nodes[i] = 0 - x;
    weights[n - 1 - i] = w;
    weights[i] = w;
  }
  return { nodes, weights };
}

/** p_n(x) / p_n'(x). */
function newton(n: number, off: Float64Array, x: number): number {
  let before = 0;
  let p = 1;
  let slopeBefore = 0;
  let slope = 0;
  for (let k = 0; k < n; k++) {
    const next = (x * p - off[k] * before) / off[k + 1];
    const nextSlope = (p + x * slope - off[k] * slopeBefore) / off[k + 1];
    before = p;
    p = next;
    slopeBefore = slope;
    slope = nextSlope;
  }
  return p / slope;
}

/** The sum of p_k(x)^2 over k < n. */
function squares(n: number, off: Float64Array, x: number): number {
  let before = 0;
  let p = 1;
  let sum = 0;
  for (let k = 0; k < n; k++) {
    sum += p * p;
    const next = (x * p - off[k] * before) / off[k + 1];
    before = p;
    p = next;
  }
  return sum;
}
