import { rng } from 'lecture-lab/math/rng';
import { fixedInDegree, type Sparse } from 'lecture-lab/math/sparse';
import { mean, variance } from 'lecture-lab/math/statistics';
import { createSparseRates, responseOf } from 'lecture-lab/networks/sparse-rates';
import { defineRow, prepared, twin } from '../row';

const [inputs, patterns, steps] = [250, 30, 400];
const response = { kind: 'logistic', most: 76.2178, slope: 0.823561, centre: 2.462552 } as const;
/** The learning rule: strength, steepness and threshold of both factors, their offsets. */
const rule = { strength: 3.550594, steepness: 0.281824, threshold: 26.594968, post: 0.827488, pre: 0.950998 };
const phi = responseOf(response);
const factor = (rate: number, offset: number): number =>
  (2 * offset - 1 + Math.tanh(rule.steepness * (rate - rule.threshold))) / 2;

const within = { relative: 1e-3 };
const why = 'single precision in ours and in torch, over 400 steps';

export const row = defineRow({
  name: 'sparse-rates',
  words: 'rate network with sparse Hebbian connections, N = 20,000, K = 250, 400 steps',
  size: { name: 'units', value: 20_000, growth: [2500, 5000, 10_000, 20_000] },
  checks: [
    { name: 'mean rate', within, why },
    { name: 'overlap with the pattern', within, why },
  ],
  peers: [
    { name: 'scipy', role: 'typical', target: 4 },
    { name: 'torch', role: 'best', target: 1.5, needs: 'torch' },
    twin,
  ],
  note: 'single precision, 16-bit columns in blocks',

  inputs(size) {
    const r = rng(7);
    const columns = Int32Array.from(fixedInDegree(size, size, inputs, r.stream('connections')).index);
    const stream = r.stream('patterns');
    const currents = Array.from({ length: patterns }, () => stream.fillNormal(new Float64Array(size)));
    // unit by unit, so that a weight reads two short stretches of memory
    const [post, pre] = [rule.post, rule.pre].map((offset) => {
      const out = new Float64Array(size * patterns);
      for (let m = 0; m < patterns; m++)
        for (let i = 0; i < size; i++) out[i * patterns + m] = factor(phi(currents[m]![i]!), offset);
      return out;
    });
    const weights = new Float32Array(columns.length);
    for (let e = 0; e < columns.length; e++) {
      const [i, j] = [Math.floor(e / inputs) * patterns, columns[e]! * patterns];
      let sum = 0;
      for (let m = 0; m < patterns; m++) sum += post![i + m]! * pre![j + m]!;
      weights[e] = (sum * rule.strength) / inputs;
    }
    return {
      columns,
      weights,
      start: r.stream('start').fillNormal(new Float64Array(size)),
      input: currents[0]!,
      pattern: currents[0]!.map((h) => factor(phi(h), rule.pre)),
    };
  },

  ours(size, { columns, weights, start, input, pattern }) {
    const matrix: Sparse = {
      rows: size,
      cols: size,
      start: Int32Array.from({ length: size + 1 }, (_, i) => i * inputs),
      index: Uint16Array.from(columns!),
      data: Float64Array.from(weights!),
    };
    const network = createSparseRates(
      { weights: matrix, response, tau: 20, input: input! },
      { dt: 0.5, start: start!, method: 'euler' },
    );
    return prepared(
      async () => {
        network.r.set(start!);
        await network.run(steps);
        return network.r;
      },
      (rates) => {
        const square = mean(pattern!.map((g) => g * g));
        const overlap = mean(Float64Array.from(rates, (rate, i) => rate * pattern![i]!));
        return [mean(rates), overlap / Math.sqrt(square * variance(rates))];
      },
    );
  },
});
