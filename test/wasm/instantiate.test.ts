import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import kernel from 'lecture-lab/wasm/activation.wasm';
import { arrayBytes, instantiate, wasmRuns, withoutWasm } from 'lecture-lab/wasm/instantiate';
import sparseRates from 'lecture-lab/wasm/sparse-rates.wasm';
import { closeRelative } from '../math/golden';

describe('an instance of a kernel', () => {
  it('gives arrays of zeros on 64-byte boundaries that do not overlap, and its functions work on them', () => {
    const k = instantiate(kernel, { bytes: arrayBytes(8 * 3, 4 * 5, 4, 2, 2, 1, 1, 4) });
    const arrays = [
      k.float64(3),
      k.float32(5),
      k.int32(1),
      k.uint32(1),
      k.int16(1),
      k.uint16(1),
      k.int8(1),
      k.uint8(1),
    ];
    arrays.forEach((a, i) => {
      expect(a.byteOffset % 64).to.equal(0);
      expect(a.buffer).to.equal(k.memory.buffer);
      expect(Array.from(a)).to.deep.equal(Array.from(a, () => 0));
      expect(a.byteOffset).to.be.at.least(i === 0 ? 1024 : arrays[i - 1]!.byteOffset + arrays[i - 1]!.byteLength);
    });
    const x = k.float64(4);
    x.set([0, 1, 2, 3]);
    k.call.exp64(x.byteOffset, 4);
    for (let i = 0; i < 4; i++) closeRelative(x[i], Math.exp(i), 1e-15);
  });

  it('does not write its own constants over: arrays begin after them', () => {
    const a = instantiate(kernel, { bytes: 1000 });
    a.float64(100).fill(1e300);
    const x = a.float64(2);
    x[0] = 1;
    a.call.tanh64(x.byteOffset, 2);
    expect(x[0]).to.be.closeTo(Math.tanh(1), 1e-15);
  });

  it('has a memory of its own, of the size that was asked for, which stays', () => {
    const one = instantiate(kernel, { bytes: 0 });
    const other = instantiate(kernel, { bytes: 1e6 });
    expect(one.memory.buffer).to.not.equal(other.memory.buffer);
    expect(other.memory.buffer.byteLength).to.be.within(1e6, 1e6 + 2 * 65_536);
    const x = other.float64(100_000);
    expect(x.length).to.equal(100_000);
  });

  it('shares its memory if it is made for that', () => {
    const { memory, module, call, float32 } = instantiate(sparseRates, { bytes: 64 * 3, shared: true });
    expect(memory.buffer).to.be.instanceOf(SharedArrayBuffer);
    const [r, field, input] = [float32(4), float32(4), float32(4)];
    // a second instance on the same memory: what another thread makes
    const { Instance } = (globalThis as unknown as { WebAssembly: { Instance: new (...all: object[]) => object } })
      .WebAssembly;
    const other = new Instance(module, { env: { memory, abort: () => undefined } }) as { exports: typeof call };
    input.fill(1);
    other.exports.relaxTanh(r.byteOffset, field.byteOffset, input.byteOffset, 4, 0.5, 1);
    for (const rate of r) expect(rate).to.be.closeTo(Math.tanh(1) / 2, 1e-7);
    expect(() => instantiate(kernel, { bytes: 0, shared: true })).to.throw(
      ParameterError,
      'shared: the kernel activation',
    );
  });

  it('refuses what does not fit, and wrong sizes, by name', () => {
    const k = instantiate(kernel, { bytes: 100 });
    expect(() => k.float64(1e6)).to.throw(ParameterError, 'bytes must be larger: the kernel activation has 100');
    for (const n of [-1, 1.5, Number.NaN])
      expect(() => k.int32(n)).to.throw(ParameterError, 'n must be a whole number');
    for (const bytes of [-1, Number.NaN, 2 ** 33])
      expect(() => instantiate(kernel, { bytes })).to.throw(ParameterError, 'bytes must be between 0 and');
  });

  it('is made from code that is compiled once', () => {
    const Module = WebAssembly.Module;
    let compiled = 0;
    WebAssembly.Module = class extends Module {
      constructor(bytes: BufferSource) {
        super(bytes);
        compiled++;
      }
    } as typeof Module;
    try {
      const fresh = { ...kernel };
      instantiate(fresh, { bytes: 0 });
      instantiate(fresh, { bytes: 0 });
    } finally {
      WebAssembly.Module = Module;
    }
    expect(compiled).to.equal(1);
  });
});

describe('whether kernels run', () => {
  before(function () {
    if (process.env['LECTURE_LAB_WASM'] === 'off') this.skip(); // these tests switch them off themselves
  });

  it('here they do, and tests can switch them off, also where the task throws', () => {
    expect(wasmRuns()).to.equal(true);
    expect(withoutWasm(wasmRuns)).to.equal(false);
    expect(() =>
      withoutWasm(() => {
        throw new Error('from the task');
      }),
    ).to.throw('from the task');
    expect(wasmRuns()).to.equal(true);
  });

  /** What another process says of them, and the random numbers that it makes. */
  function elsewhere(before: string, env: NodeJS.ProcessEnv = {}): { runs: boolean; numbers: number[] } {
    const script = `${before}
      const { wasmRuns } = require('lecture-lab/wasm/instantiate');
      const { rng } = require('lecture-lab/math/rng');
      console.log(JSON.stringify({ runs: wasmRuns(), numbers: [...rng(1).fillNormal(new Float64Array(100))] }));`;
    const options = { env: { ...process.env, ...env }, encoding: 'utf8', cwd: __dirname } as const;
    return JSON.parse(execFileSync(process.execPath, ['-e', script], options));
  }
  const numbers = Array.from(rng(1).fillNormal(new Float64Array(100)));

  it('LECTURE_LAB_WASM=off switches them off, and the twin gives the same random numbers', () => {
    expect(elsewhere('')).to.deep.equal({ runs: true, numbers });
    expect(elsewhere('', { LECTURE_LAB_WASM: 'off' })).to.deep.equal({ runs: false, numbers });
  });

  it('where there is no WebAssembly, no SIMD, or a policy forbids it, the twin runs', () => {
    expect(elsewhere('delete globalThis.WebAssembly;')).to.deep.equal({ runs: false, numbers });
    const forbidden = "WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError('no'); } };";
    expect(elsewhere(forbidden)).to.deep.equal({ runs: false, numbers });
  });
});
