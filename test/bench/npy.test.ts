import { expect } from 'chai';
import { npy } from './npy';

/** The header of a .npy file of version 1.0, read by its specification: where the numbers begin, and the dictionary before them. */
function header(file: Uint8Array): { text: string; data: number } {
  const bytes = Buffer.from(file);
  expect(bytes.subarray(0, 8)).to.deep.equal(Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]));
  const data = 10 + bytes.readUInt16LE(8);
  return { text: bytes.toString('latin1', 10, data), data };
}

describe('arrays in files for numpy', () => {
  it('have the header of the format, padded so that the numbers are aligned', () => {
    for (const length of [0, 1, 7, 1000]) {
      const { text, data } = header(npy(new Uint8Array(length)));
      expect(data % 64).to.equal(0);
      expect(text).to.match(
        new RegExp(`^\\{'descr': '\\|u1', 'fortran_order': False, 'shape': \\(${length},\\), \\} *\\n$`),
      );
    }
  });

  it('hold the numbers of their own part of a buffer, little-endian', () => {
    const whole = Float64Array.of(1, -2.5, Math.PI, 0);
    const file = npy(whole.subarray(1, 3));
    const { text, data } = header(file);
    expect(text).to.contain("'<f8'").and.contain('(2,)');
    const view = new DataView(file.buffer, file.byteOffset + data, file.byteLength - data);
    expect([view.byteLength, view.getFloat64(0, true), view.getFloat64(8, true)]).to.deep.equal([16, -2.5, Math.PI]);
    for (const [array, kind] of [
      [new Float32Array(1), '<f4'],
      [new Int32Array(1), '<i4'],
      [new Uint16Array(1), '<u2'],
      [new Int8Array(1), '|i1'],
    ] as const)
      expect(header(npy(array)).text).to.contain(`'${kind}'`);
  });
});
