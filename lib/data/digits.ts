import { ParameterError } from '../math/errors';

/** Labelled images of digits, 28 x 28 pixels. The arrays are shared by everybody who loads them: copy before you change them. */
export interface Digits {
  /** Number of images. */
  readonly count: number;
  /** count x 784, row-major: 0 (background) to 255 (ink). */
  readonly images: Uint8Array;
  /** What each image shows, 0 to 9, length count. */
  readonly labels: Uint8Array;
}

/** Pixels of one image. */
export const imageSize = 784;

const classes = 10;
const magic = 'LECTURE-LAB DIGITS 1';
const headerSize = magic.length + 4 * classes;

/**
 * Packs images that are sorted by label: the magic text, ten little-endian uint32 with the number of images of each
 * digit, and the pixels as they are. (Row deltas, column deltas and pixel planes are larger after gzip.)
 * @throws ParameterError when labels don't ascend or sizes don't fit
 */
export function encodeDigits({ count, images, labels }: Digits): Uint8Array {
  if (labels.length !== count || images.length !== count * imageSize) {
    throw new ParameterError(
      `digits: ${count} images need ${count} labels and ${count * imageSize} pixels (got ${labels.length} and ${images.length})`,
    );
  }
  const out = new Uint8Array(headerSize + images.length);
  for (let i = 0; i < magic.length; i++) out[i] = magic.charCodeAt(i);
  const counts = new Uint32Array(classes);
  for (let i = 0; i < count; i++) {
    if (labels[i] >= classes || (i > 0 && labels[i] < labels[i - 1])) {
      throw new ParameterError(`digits: labels must ascend from 0 to ${classes - 1} (image ${i} is a ${labels[i]})`);
    }
    counts[labels[i]]++;
  }
  const view = new DataView(out.buffer);
  for (let digit = 0; digit < classes; digit++) view.setUint32(magic.length + 4 * digit, counts[digit], true);
  out.set(images, headerSize);
  return out;
}

/**
 * Unpacks what `encodeDigits` packed.
 * @throws Error which says what is wrong with the bytes
 */
export function decodeDigits(bytes: Uint8Array): Digits {
  if (bytes.length < headerSize || String.fromCharCode(...bytes.subarray(0, magic.length)) !== magic) {
    throw new Error('it is not a file of digits');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const counts = Array.from({ length: classes }, (_, digit) => view.getUint32(magic.length + 4 * digit, true));
  const count = counts.reduce((sum, n) => sum + n, 0);
  const size = headerSize + count * imageSize;
  if (bytes.length !== size) throw new Error(`it should hold ${size} bytes for ${count} images, not ${bytes.length}`);
  const labels = new Uint8Array(count);
  let start = 0;
  counts.forEach((n, digit) => {
    labels.fill(digit, start, start + n);
    start += n;
  });
  return { count, images: bytes.slice(headerSize), labels };
}

/**
 * Splits images that are sorted by label: the first part of each digit for training, the rest for testing.
 * @param share share of each digit that is for training, rounded down to whole images
 */
export function splitDigits(all: Digits, share: number): { train: Digits; test: Digits } {
  const train: number[] = [];
  const test: number[] = [];
  for (let start = 0; start < all.count; ) {
    let end = start;
    while (end < all.count && all.labels[end] === all.labels[start]) end++;
    const border = start + Math.floor(share * (end - start));
    for (let i = start; i < end; i++) (i < border ? train : test).push(i);
    start = end;
  }
  return { train: selectDigits(all, train), test: selectDigits(all, test) };
}

/** The images at these positions, in this order: a shuffled or smaller set. */
export function selectDigits(from: Digits, positions: ArrayLike<number>): Digits {
  const count = positions.length;
  const images = new Uint8Array(count * imageSize);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const at = positions[i];
    if (!(Number.isInteger(at) && at >= 0 && at < from.count)) {
      throw new ParameterError(`digits: positions must be whole numbers below ${from.count} (got ${at})`);
    }
    images.set(from.images.subarray(at * imageSize, (at + 1) * imageSize), i * imageSize);
    labels[i] = from.labels[at];
  }
  return { count, images, labels };
}

/** The pixels as numbers from 0 to 1, count x 784. */
export function pixels(digits: Digits): Float32Array {
  const out = new Float32Array(digits.images.length);
  for (let i = 0; i < out.length; i++) out[i] = digits.images[i] / 255; // a plain loop: Float32Array.from takes a second
  return out;
}

/** The labels as rows with a single 1, count x 10. */
export function oneHot(digits: Digits): Float32Array {
  const out = new Float32Array(digits.count * classes);
  for (let i = 0; i < digits.count; i++) out[i * classes + digits.labels[i]] = 1;
  return out;
}
