import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { expInPlace, tanhInPlace } from 'lecture-lab/math/activation';
import { ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import { wasmRuns, withoutWasm } from 'lecture-lab/wasm/instantiate';
import { closeRelative } from '../math/golden';

type Pairs = [x: number, y: number][];
const golden = JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', 'wasm', 'activation.json'), 'utf8')) as Record<
  'exp' | 'expDenormal' | 'tanh',
  Pairs
>;

const DOUBLE = 1e-15;
/** three roundings of a single */
const SINGLE = 3 * 2 ** -24;

function compare(pairs: Pairs, f: (x: Float64Array) => Float64Array): void {
  const y = f(Float64Array.from(pairs, ([x]) => x));
  pairs.forEach(([x, expected], i) => {
    closeRelative(y[i], expected, DOUBLE, `at ${x}`);
  });
}

for (const [name, run] of [
  ['the kernel', <T>(task: () => T) => task()],
  ['its twin', withoutWasm],
] as const)
  describe(`exp and tanh of arrays: ${name}`, () => {
    before(function () {
      if (name === 'the kernel' && !wasmRuns()) this.skip(); // switched off: the twin is all there is
    });

    it('runs what it says', () => expect(run(wasmRuns)).to.equal(name === 'the kernel'));

    it('agree with an independent implementation, to 1e-15', () => {
      run(() => compare(golden.exp, expInPlace));
      run(() => compare(golden.tanh, tanhInPlace));
    });

    it('denormal results are right to their last bit or its neighbour', () => {
      const y = run(() => expInPlace(Float64Array.from({ length: 16 }, (_, i) => golden.expDenormal[i % 7]![0])));
      for (let i = 0; i < 16; i++) expect(Math.abs(y[i] - golden.expDenormal[i % 7]![1])).to.be.at.most(5e-324);
    });

    it('the ends of the range, zeros of both signs, infinities and NaN', () => {
      const special = [
        0,
        -0,
        Infinity,
        -Infinity,
        NaN,
        709.7827128933841,
        -745.1332191019412,
        1e308,
        -1e308,
        19.5,
        -20,
      ];
      const x = Float64Array.from([...special, ...special]); // long enough for the kernel
      const e = run(() => expInPlace(x.slice()));
      const t = run(() => tanhInPlace(x.slice()));
      const small = run(() => [expInPlace(Float32Array.from(x)), tanhInPlace(Float32Array.from(x))] as const);
      const exps = [1, 1, Infinity, 0, NaN, Infinity, 0, Infinity, 0];
      exps.forEach((expected, i) => {
        expect(e[i], `exp(${x[i]})`).to.be.deep.equal(expected);
        expect(small[0][i], `single exp(${x[i]})`).to.be.deep.equal(expected);
      });
      const tanhs = [0, -0, 1, -1, NaN, 1, -1, 1, -1, 1, -1];
      tanhs.forEach((expected, i) => {
        expect(Object.is(t[i], expected), `tanh(${x[i]}) = ${t[i]}`).to.equal(true);
        expect(Object.is(small[1][i], expected), `single tanh(${x[i]}) = ${small[1][i]}`).to.equal(true);
      });
    });

    it('in single precision, to three roundings', () => {
      const x = rng(1).fillUniform(new Float32Array(20_000), -87, 88);
      const near = rng(2).fillUniform(new Float32Array(20_000), -1, 1);
      for (const values of [x, near]) {
        const e = run(() => expInPlace(values.slice()));
        const t = run(() => tanhInPlace(values.slice()));
        values.forEach((v, i) => {
          closeRelative(e[i], Math.exp(v), SINGLE, `exp(${v})`);
          closeRelative(t[i], Math.tanh(v), SINGLE, `tanh(${v})`);
        });
      }
      // denormal results: to their smallest step
      const low = run(() => expInPlace(new Float32Array(32).fill(-95)));
      expect(Math.abs(low[31] - Math.exp(-95))).to.be.below(1.5e-45);
      expect(low[31]).to.be.above(0);
    });
  });

describe('exp and tanh of arrays: kernel and twin', () => {
  for (const Floats of [Float64Array, Float32Array]) {
    const tolerance = Floats === Float64Array ? DOUBLE : SINGLE;
    const draw = (n: number): Float64Array | Float32Array => rng(n).fillNormal(new Floats(n));
    const alike = (a: ArrayLike<number>, b: ArrayLike<number>): void => {
      expect(a.length).to.equal(b.length);
      for (let i = 0; i < a.length; i++) closeRelative(a[i], b[i], tolerance, `[${i}]`);
    };

    it(`${Floats.name}: agree at every length, in place, and touch nothing beside`, () => {
      for (const n of [0, 1, 15, 16, 17, 18, 19, 100, 4095, 4096, 4097, 9000]) {
        const room = draw(n + 8);
        for (const f of [expInPlace, tanhInPlace]) {
          const there = room.slice();
          const part = there.subarray(3, 3 + n);
          expect(f(part)).to.equal(part);
          alike(
            part,
            withoutWasm(() => f(room.slice(3, 3 + n))),
          );
          expect([...there.subarray(0, 3), ...there.subarray(3 + n)]).to.deep.equal([
            ...room.subarray(0, 3),
            ...room.subarray(3 + n),
          ]);
        }
      }
    });

    it(`${Floats.name}: agree with a bias for each column, whatever the shape`, () => {
      for (const [rows, columns] of [
        [1, 1],
        [40, 1],
        [7, 3],
        [5, 4],
        [9, 5],
        [33, 6],
        [4, 7],
        [20, 500],
        [3, 4096],
        [3, 5001],
        [0, 5],
      ] as const) {
        const x = draw(rows * columns);
        const b = rng(9).fillNormal(new Floats(columns));
        const expected = x.map((v, i) =>
          Math.tanh(Floats === Float32Array ? Math.fround(v + b[i % columns]) : v + b[i % columns]),
        );
        alike(tanhInPlace(x.slice(), b), expected);
      }
    });
  }

  it('refuses rows that the bias does not fit', () => {
    expect(() => tanhInPlace(new Float64Array(20), new Float64Array(3))).to.throw(
      ParameterError,
      'x must hold rows of 3 numbers, as many as bias has (got 20 in all)',
    );
    expect(() => tanhInPlace(new Float64Array(20), new Float64Array(0))).to.throw(ParameterError);
  });
});
