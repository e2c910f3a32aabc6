import { expect } from 'chai';
import {
  type Activation,
  activations,
  countWeights,
  differences,
  gradient,
  type Layers,
  learnWith,
  makePass,
  passBack,
  passForward,
  randomLayers,
  relativeError,
  slopeAt,
} from 'lecture-lab/credit/backprop';
import { derivatives, exponential, reciprocal } from 'lecture-lab/credit/taylor';
import { ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import { golden } from './backprop.golden';

const near = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void => {
  expect(actual.length).to.equal(expected.length);
  const scale = Math.max(...Array.from(expected, Math.abs));
  for (let i = 0; i < expected.length; i++)
    expect(actual[i], `number ${i}`).to.be.closeTo(expected[i], tolerance * scale);
};

/** Layers that all differ in size. */
function problem(activation: Activation): { layers: Layers; x: Float64Array; d: Float64Array } {
  const random = rng(4);
  const sizes = [6, 5, 4, 3];
  return {
    layers: randomLayers(sizes, activation, random.stream('w')),
    x: random.stream('x').fillNormal(new Float64Array(6)),
    d: random.stream('d').fillNormal(new Float64Array(3)),
  };
}

describe('backpropagation in the slide’s symbols', () => {
  for (const g of golden.derivatives) {
    const layers: Layers = { sizes: g.sizes, activation: g.activation, w: g.w.map((w) => Float64Array.from(w)) };
    const [x, d] = [Float64Array.from(g.x), Float64Array.from(g.d)];

    it(`${g.activation}: error and gradient are those of a 40-digit computation`, () => {
      expect(passForward(layers, x, d, makePass(layers))).to.be.closeTo(g.E, 1e-15);
      near(gradient(layers, x, d), g.derivatives[0], 1e-14);
    });

    it(`${g.activation}: automatic differentiation gives the same five derivatives`, () => {
      derivatives(layers, x, d, 5).forEach((found, n) => {
        near(found, g.derivatives[n], 1e-13);
      });
    });
  }

  for (const activation of activations)
    it(`${activation}: recursion, automatic differentiation and differences agree`, () => {
      const { layers, x, d } = problem(activation);
      const exact = gradient(layers, x, d);
      expect(exact.length).to.equal(6 * 5 + 5 * 4 + 4 * 3);
      expect(countWeights(layers)).to.equal(exact.length);
      const [first, second, third] = derivatives(layers, x, d, 3);
      near(exact, first, 1e-14);
      const size = Math.hypot(...exact);
      const s = 1e-3;
      for (const [scheme, leading, next] of [
        ['central', Math.hypot(...third) / 6, s ** 4],
        ['forward', Math.hypot(...second) / 2, s ** 2],
      ] as const) {
        const error = relativeError(differences(layers, x, d, s, scheme), exact) * size;
        const expected = leading * s ** (scheme === 'central' ? 2 : 1);
        // next terms have derivatives of the order of ten; rounding: 1e-16 over the step, summed over the weights
        expect(error, scheme).to.be.closeTo(expected, 10 * next + 1e-11);
      }
    });

  it('e_j is what E gains for each unit that μ_j gains', () => {
    const { layers, x, d } = problem('tanh');
    const pass = makePass(layers);
    passForward(layers, x, d, pass);
    passBack(layers, d, pass);
    // a further input of 1 with weight 0 adds its weight to μ_j of the first hidden layer
    const widened: Layers = {
      ...layers,
      sizes: [7, 5, 4, 3],
      w: [Float64Array.from([...layers.w[0], 0, 0, 0, 0, 0]), ...layers.w.slice(1)],
    };
    near(gradient(widened, Float64Array.from([...x, 1]), d).subarray(30, 35), pass.e[0], 1e-14);
  });

  it('at the output e is the error times the slope, and the minus of the change stands outside', () => {
    const { layers, x, d } = problem('logistic');
    const pass = makePass(layers);
    passForward(layers, x, d, pass);
    passBack(layers, d, pass);
    near(
      pass.e[2],
      Array.from(d, (t, j) => (pass.h[3][j] - t) * pass.h[3][j] * (1 - pass.h[3][j])),
      1e-15,
    );
    const before = passForward(layers, x, d, pass);
    const g = gradient(layers, x, d);
    let at = 0;
    const after: Layers = { ...layers, w: layers.w.map((w) => w.map((v) => v - 1e-3 * g[at++])) };
    const gained = passForward(after, x, d, pass) - before;
    expect(gained / -1e-3).to.be.closeTo(
      g.reduce((sum, v) => sum + v * v, 0),
      1e-3,
    );
  });

  it('a network whose output is right has no gradient', () => {
    const { layers, x, d } = problem('tanh');
    const pass = makePass(layers);
    passForward(layers, x, d, pass);
    expect(Math.max(...gradient(layers, x, pass.h[3].slice()).map(Math.abs))).to.equal(0);
  });

  it('learnWith: one step by e is one step against the gradient, and nothing taught is nothing learned', () => {
    const { layers, x, d } = problem('tanh');
    const g = gradient(layers, x, d);
    const before = layers.w.map((w) => w.slice());
    learnWith(layers, [{ x, d }], { rate: 0.1, epochs: 1 }, (p, l, j) => p.e[l][j]);
    let at = 0;
    for (const [l, w] of layers.w.entries())
      for (const [i, v] of w.entries()) expect(v).to.be.closeTo(before[l][i] - 0.1 * g[at++], 1e-15);
    const kept = layers.w.map((w) => w.slice());
    const E = learnWith(layers, [{ x, d }], { rate: 0.1, epochs: 3 }, () => 0);
    expect(layers.w).to.deep.equal(kept);
    expect(E).to.equal(passForward(layers, x, d, makePass(layers)));
  });

  it('a linear network has the gradient of the matrix product', () => {
    const layers: Layers = { sizes: [1, 1, 1], activation: 'linear', w: [Float64Array.of(3), Float64Array.of(5)] };
    // E = ½ (w2 w1 x − d)²
    expect([...gradient(layers, Float64Array.of(2), Float64Array.of(10))]).to.deep.equal([20 * 5 * 2, 20 * 3 * 2]);
  });

  it('the slope from the activation is the slope', () => {
    for (const u of [-2, 0, 0.7]) {
      expect(slopeAt('tanh', Math.tanh(u))).to.be.closeTo(1 / Math.cosh(u) ** 2, 1e-15);
      const p = 1 / (1 + Math.exp(-u));
      expect(slopeAt('logistic', p)).to.be.closeTo(Math.exp(-u) / (1 + Math.exp(-u)) ** 2, 1e-15);
    }
  });

  it('power series: 1/(1 − s) and e^s have their known coefficients', () => {
    expect([...reciprocal(Float64Array.of(1, -1, 0, 0, 0))]).to.deep.equal([1, 1, 1, 1, 1]);
    near(exponential(Float64Array.of(0, 1, 0, 0, 0)), [1, 1, 1 / 2, 1 / 6, 1 / 24], 1e-16);
  });

  it('leaves the weights as they were, and draws the same for the same seed', () => {
    const { layers, x, d } = problem('tanh');
    const kept = layers.w.map((w) => w.slice());
    differences(layers, x, d, 1e-3, 'central');
    derivatives(layers, x, d, 2);
    expect(layers.w).to.deep.equal(kept);
    expect(problem('tanh').layers.w).to.deep.equal(kept);
  });

  it('refuses what does not fit, by name', () => {
    const { layers, x, d } = problem('tanh');
    expect(() => gradient(layers, x.subarray(1), d)).to.throw(ParameterError, 'gradient: x needs 6 numbers (got 5)');
    expect(() => derivatives(layers, x, x, 1)).to.throw(ParameterError, 'd needs 3 numbers (got 6)');
    for (const step of [0, -1, NaN])
      expect(() => differences(layers, x, d, step, 'central')).to.throw(ParameterError, 'step must be above 0');
    for (const sizes of [[], [3], [3, 0], [3, 1.5]])
      expect(() => randomLayers(sizes, 'tanh', rng(1))).to.throw(ParameterError, 'two or more whole numbers');
  });
});
