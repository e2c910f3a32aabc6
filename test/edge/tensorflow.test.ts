import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { TensorFlow } from 'lecture-lab/edge/edge';

const BINARY = 'tfjs-backend-wasm-simd.wasm';

/** Products with every combination of transposes, and of a batch of matrices, against their sums. */
function multiplies(tf: TensorFlow): void {
  tf.tidy(() => {
    const plain = (rows: number, cols: number, k: number): number[][] =>
      Array.from({ length: rows }, (_, i) => Array.from({ length: cols }, (_, j) => Math.sin(k + i * cols + j)));
    const flip = (m: number[][]): number[][] => m[0].map((_, j) => m.map((row) => row[j]));
    const [a, b] = [plain(3, 5, 1), plain(5, 4, 2)];
    const wanted = a.flatMap((row) => b[0].map((_, j) => row.reduce((sum, v, k) => sum + v * b[k][j], 0)));
    for (const ta of [false, true])
      for (const tb of [false, true]) {
        const left = tf.tensor2d(ta ? flip(a) : a);
        const right = tf.tensor2d(tb ? flip(b) : b);
        for (const product of [
          tf.matMul(left, right, ta, tb),
          tf.matMul(tf.stack([left, left]), tf.stack([right, right]), ta, tb),
        ])
          product.dataSync().forEach((v, i) => {
            expect(v).to.be.closeTo(wanted[i % 12], 1e-6);
          });
      }
  });
}

describe('TensorFlow', function () {
  this.timeout(60_000);

  it('multiplies in Node', async () => {
    const { tensorflow } = await import('lecture-lab/edge/tensorflow-node');
    multiplies(await tensorflow());
  });

  it('multiplies as in a page, with the binary that the page carries, and leaves no tensor behind', async () => {
    const { tensorflow: native } = await import('lecture-lab/edge/tensorflow-node');
    const backend = (await native()).getBackend();
    const { tensorflow } = await import('lecture-lab/edge/tensorflow-browser');
    const carried = globalThis as { lectureLabData?: Record<string, string> };
    const file = require.resolve(`@tensorflow/tfjs-backend-wasm/dist/${BINARY}`);
    carried.lectureLabData = { [BINARY]: readFileSync(file).toString('base64') };
    const tf = await tensorflow();
    try {
      expect(tf.getBackend()).to.equal('wasm');
      const before = tf.memory().numTensors;
      multiplies(tf);
      expect(tf.memory().numTensors).to.equal(before);
    } finally {
      delete carried.lectureLabData;
      await tf.setBackend(backend);
    }
  });
});
