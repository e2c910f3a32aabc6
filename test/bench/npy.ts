import type { TypedArray } from './row';

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  Float64Array: '<f8',
  Float32Array: '<f4',
  Int32Array: '<i4',
  Uint16Array: '<u2',
  Uint8Array: '|u1',
  Int8Array: '|i1',
};

/** A flat array as a file that `numpy.load` reads (NEP 1, version 1.0). */
export function npy(array: TypedArray): Uint8Array {
  const kind = DESCRIPTIONS[array.constructor.name];
  if (kind === undefined) throw new Error(`numpy's files are not written from a ${array.constructor.name}`);
  const text = `{'descr': '${kind}', 'fortran_order': False, 'shape': (${array.length},), }`;
  // magic, version and length take 10 bytes; the header ends with a newline, and with it the numbers begin at a multiple of 64
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const header = Buffer.alloc(10 + length, ' ');
  header.write('\u0093NUMPY\u0001\u0000', 0, 'latin1');
  header.writeUInt16LE(length, 8);
  header.write(text, 10, 'latin1');
  header.write('\n', header.length - 1, 'latin1');
  return Buffer.concat([header, Buffer.from(array.buffer, array.byteOffset, array.byteLength)]);
}
