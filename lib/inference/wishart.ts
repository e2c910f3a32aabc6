import { ParameterError } from '../math/errors';
import { inverse, matrix } from '../math/linear-algebra';
import { gaussLegendre, type Rule } from '../math/quadrature';
import { logGamma } from '../math/special';

/** Nodes of a panel, and its width in units of a singular value. */
const [NODES, WIDTH] = [16, 0.5];
/** Singular values farther than this beyond the edges: probability below e^−32, as they are Lipschitz in normal entries. */
const BEYOND = 8;

/**
 * The eigenvalues of XᵀX for an m x n matrix X of independent standard normal numbers, as a rule of quadrature:
 * E Σᵢ f(xᵢ) = Σₖ weights[k] f(nodes[k]), exact in m and n, without simulation. The eigenvalues have the density
 * ∏|xᵢ − xⱼ| ∏ xᵢ^((m−n−1)/2) e^(−xᵢ/2); its integral over products of one function is a Pfaffian (de Bruijn 1955; Forrester 2010), and the
 * derivative of that by the function is the density of one eigenvalue.
 * @param m rows, at least n
 * @param n columns, ≥ 1; m and n at most 400
 */
export function wishartEigenvalues(m: number, n: number): Rule {
  if (!(Number.isInteger(n) && Number.isInteger(m) && 1 <= n && n <= m && m <= 400))
    throw new ParameterError(`wishartEigenvalues: whole numbers 1 ≤ n ≤ m ≤ 400 are needed (got ${m} x ${n})`);
  const { u, weights } = grid(Math.max(0, Math.sqrt(m) - Math.sqrt(n) - BEYOND), Math.sqrt(m) + Math.sqrt(n) + BEYOND);
  const G = u.length;
  const g = orthogonalFunctions(u, m - n, n);
  // (ε g)(u): what lies above u minus what lies below
  const above = g.map((values) => differences(values, weights));
  const order = n + (n % 2);
  const A = new Float64Array(order * order);
  for (let j = 0; j < n; j++)
    for (let k = 0; k < j; k++) {
      let sum = 0;
      for (let q = 0; q < G; q++) sum += weights[q] * g[j][q] * above[k][q];
      A[j * order + k] = sum;
      A[k * order + j] = -sum;
    }
  if (order > n)
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let q = 0; q < G; q++) sum += weights[q] * g[j][q];
      A[j * order + n] = sum;
      A[n * order + j] = -sum;
    }
  const B = inverse(matrix(order, order, A)).data;
  const density = new Float64Array(G);
  for (let j = 0; j < n; j++)
    for (let k = 0; k < order; k++) {
      const b = B[k * order + j];
      for (let q = 0; q < G; q++) density[q] += b * g[j][q] * (k < n ? above[k][q] : 1);
    }
  return { nodes: u.map((v) => v * v), weights: density.map((d, q) => d * weights[q]) };
}

/** Gauss–Legendre nodes and weights in panels from low to high. */
function grid(low: number, high: number): { u: Float64Array; weights: Float64Array } {
  const panels = Math.ceil((high - low) / WIDTH);
  const width = (high - low) / panels;
  const rule = gaussLegendre(NODES);
  const u = new Float64Array(panels * NODES);
  const weights = new Float64Array(panels * NODES);
  for (let p = 0; p < panels; p++)
    for (let q = 0; q < NODES; q++) {
      u[p * NODES + q] = low + width * (p + 0.5 * (1 + rule.nodes[q]));
      weights[p * NODES + q] = 0.5 * width * rule.weights[q];
    }
  return { u, weights };
}

/**
 * Orthonormal Laguerre polynomials in x = u², times the weight x^((m−n−1)/2) e^(−x/2) dx/du: any polynomials would do, these
 * keep the Pfaffian's matrix well conditioned.
 * @param alpha m − n
 */
function orthogonalFunctions(u: Float64Array, alpha: number, count: number): Float64Array[] {
  const first = u.map((v) => Math.exp(alpha * Math.log(v) - (v * v) / 2 - logGamma(alpha + 1) / 2));
  const g = [first];
  for (let j = 0; j + 1 < count; j++) {
    const scale = Math.sqrt((j + 1) * (j + 1 + alpha));
    const back = Math.sqrt(j * (j + alpha));
    g.push(u.map((v, q) => ((2 * j + 1 + alpha - v * v) * g[j][q] - (j > 0 ? back * g[j - 1][q] : 0)) / scale));
  }
  return g;
}

/** Within a panel from −1 to 1: the integral up to node q of the polynomial through the values at the nodes, NODES x NODES. */
const toNode = (() => {
  const { nodes, weights } = gaussLegendre(NODES);
  const P = (k: number, x: number): number => {
    let [before, now] = [0, 1];
    for (let i = 0; i < k; i++) [before, now] = [now, ((2 * i + 1) * x * now - i * before) / (i + 1)];
    return now;
  };
  const out = new Float64Array(NODES * NODES);
  for (let q = 0; q < NODES; q++)
    for (let r = 0; r < NODES; r++) {
      let sum = 0.5 * (nodes[q] + 1);
      for (let k = 1; k < NODES; k++) sum += 0.5 * P(k, nodes[r]) * (P(k + 1, nodes[q]) - P(k - 1, nodes[q]));
      out[q * NODES + r] = weights[r] * sum;
    }
  return out;
})();

/** ∫ sgn(v − u) g(v) dv at every node. */
function differences(g: Float64Array, weights: Float64Array): Float64Array {
  const below = new Float64Array(g.length);
  const rule = gaussLegendre(NODES);
  let done = 0;
  for (let p = 0; p < g.length; p += NODES) {
    const half = weights[p] / rule.weights[0];
    for (let q = 0; q < NODES; q++) {
      let sum = 0;
      for (let r = 0; r < NODES; r++) sum += toNode[q * NODES + r] * g[p + r];
      below[p + q] = done + half * sum;
    }
    for (let q = 0; q < NODES; q++) done += weights[p + q] * g[p + q];
  }
  return below.map((part) => done - 2 * part);
}
