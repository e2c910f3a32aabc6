/** Learning by perturbation of a linear network: the loop of lib/credit/perturbation.ts, two numbers at a time. */
import { fillNormal4 } from './shared/random.as';

/*
 * A trial changes the weights when it ends, and the next one reads them all: both are done in one go, so that the weights are
 * read and written once a trial. `step` and `last` are what is still to be added.
 */

// @ts-ignore: decorator
@inline
function sum(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/** a += factor b */
// @ts-ignore: decorator
@inline
function add(a: usize, factor: f64, b: usize, n: i32): void {
  const factors = f64x2.splat(factor);
  const end = a + (<usize>(n & ~1) << 3);
  for (; a < end; a += 16, b += 16) v128.store(a, f64x2.add(v128.load(a), f64x2.mul(factors, v128.load(b))));
  if (n & 1) store<f64>(a, load<f64>(a) + factor * load<f64>(b));
}

/** a += factor b; then a . x */
// @ts-ignore: decorator
@inline
function addThenDot(a: usize, factor: f64, b: usize, x: usize, n: i32): f64 {
  const factors = f64x2.splat(factor);
  let product = f64x2.splat(0);
  const end = a + (<usize>(n & ~1) << 3);
  for (; a < end; a += 16, b += 16, x += 16) {
    const added = f64x2.add(v128.load(a), f64x2.mul(factors, v128.load(b)));
    v128.store(a, added);
    product = f64x2.add(product, f64x2.mul(added, v128.load(x)));
  }
  if (!(n & 1)) return sum(product);
  const added = load<f64>(a) + factor * load<f64>(b);
  store<f64>(a, added);
  return sum(product) + added * load<f64>(x);
}

// @ts-ignore: decorator
@inline
function dot(a: usize, b: usize, n: i32): f64 {
  let product = f64x2.splat(0);
  const end = a + (<usize>(n & ~1) << 3);
  for (; a < end; a += 16, b += 16) product = f64x2.add(product, f64x2.mul(v128.load(a), v128.load(b)));
  return n & 1 ? sum(product) + load<f64>(a) * load<f64>(b) : sum(product);
}

/** Weight perturbation; each trial's draws are the inputs, then the weights' perturbations. */
function byWeights(
  r: usize, inputs: i32, outputs: i32, eta: f64, sigma: f64, draws: usize, errors: usize, trials: i32,
): void {
  const row = <usize>inputs << 3;
  const weights = inputs * outputs;
  let step = 0.0;
  let last = draws + row;
  for (const end = errors + (<usize>trials << 3); errors < end; errors += 8) {
    const xi = draws + row;
    let before = 0.0;
    let after = 0.0;
    let at: usize = 0;
    for (let i = 0; i < outputs; i++, at += row) {
      const error = addThenDot(r + at, step, last + at, draws, inputs);
      const nudged = error + sigma * dot(xi + at, draws, inputs);
      before += 0.5 * error * error;
      after += 0.5 * nudged * nudged;
    }
    step = (-eta * (after - before)) / sigma;
    last = xi;
    store<f64>(errors, before);
    draws = xi + (<usize>weights << 3);
  }
  add(r, step, last, weights);
}

/** Node perturbation; each trial's draws are the inputs, then the outputs' perturbations. */
function byNodes(
  r: usize, inputs: i32, outputs: i32, eta: f64, sigma: f64, draws: usize, errors: usize, trials: i32,
): void {
  const row = <usize>inputs << 3;
  let step = 0.0;
  let last = draws;
  for (const end = errors + (<usize>trials << 3); errors < end; errors += 8) {
    const xi = draws + row;
    let before = 0.0;
    let after = 0.0;
    for (let i = 0; i < outputs; i++) {
      const node = row + (<usize>i << 3);
      const error = addThenDot(r + <usize>i * row, step * load<f64>(last + node), last, draws, inputs);
      const nudged = error + sigma * load<f64>(draws + node);
      before += 0.5 * error * error;
      after += 0.5 * nudged * nudged;
    }
    step = (-eta * (after - before)) / sigma;
    last = draws;
    store<f64>(errors, before);
    draws = xi + (<usize>outputs << 3);
  }
  for (let i = 0; i < outputs; i++) {
    add(r + <usize>i * row, step * load<f64>(last + row + (<usize>i << 3)), last, inputs);
  }
}

/** The exact gradient; each trial's draws are the inputs. */
function byGradient(
  r: usize, inputs: i32, outputs: i32, eta: f64, sigma: f64, draws: usize, errors: usize, trials: i32,
): void {
  const row = <usize>inputs << 3;
  for (const end = errors + (<usize>trials << 3); errors < end; errors += 8) {
    let before = 0.0;
    for (let i = 0; i < outputs; i++) {
      const at = r + <usize>i * row;
      const error = dot(at, draws, inputs);
      before += 0.5 * error * error;
      add(at, -eta * error, draws, inputs);
    }
    store<f64>(errors, before);
    draws += row;
  }
}

/**
 * Learns for some trials.
 * @param rule 0 the gradient, 1 nodes, 2 weights
 * @param lanes states of the noise's four generators, as `fillNormal4` takes them
 * @param r W less the teacher, [outputs, inputs]
 * @param draws room for the normal numbers of `atOnce` trials, a multiple of 4
 * @param errors takes the error of each trial
 */
export function learn(
  rule: i32, lanes: usize, r: usize, inputs: i32, outputs: i32, eta: f64, sigma: f64,
  draws: usize, atOnce: i32, errors: usize, trials: i32,
): void {
  const each = inputs + (rule == 0 ? 0 : rule == 1 ? outputs : inputs * outputs);
  for (let left = trials; left > 0; left -= atOnce) {
    const n = min(left, atOnce);
    fillNormal4(lanes, draws, (n * each + 3) & ~3);
    if (rule == 0) byGradient(r, inputs, outputs, eta, sigma, draws, errors, n);
    else if (rule == 1) byNodes(r, inputs, outputs, eta, sigma, draws, errors, n);
    else byWeights(r, inputs, outputs, eta, sigma, draws, errors, n);
    errors += <usize>n << 3;
  }
}
