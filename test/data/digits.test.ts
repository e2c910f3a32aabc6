import { expect } from 'chai';
import { decodeDigits, encodeDigits, oneHot, pixels, selectDigits, splitDigits } from 'lecture-lab/data/digits';
import { ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';

/** Random images, sorted by label, `each` of every digit but 3. */
function sample(each: number) {
  const labels = Uint8Array.from({ length: 9 * each }, (_, i) => [0, 1, 2, 4, 5, 6, 7, 8, 9][Math.floor(i / each)]);
  const random = rng(1);
  const images = Uint8Array.from({ length: labels.length * 784 }, () => random.integer(0, 255));
  return { count: labels.length, images, labels };
}

describe('digits', () => {
  it('come back from their packed form as they were, a digit without images included', () => {
    const digits = sample(3);
    expect(decodeDigits(encodeDigits(digits))).to.deep.equal(digits);
    const none = { count: 0, images: new Uint8Array(0), labels: new Uint8Array(0) };
    expect(decodeDigits(encodeDigits(none))).to.deep.equal(none);
  });

  it('pack to the same bytes each time', () => {
    expect(encodeDigits(sample(2))).to.deep.equal(encodeDigits(sample(2)));
  });

  it('refuse to be packed unsorted or with sizes that do not fit', () => {
    const digits = sample(1);
    expect(() => encodeDigits({ ...digits, labels: digits.labels.slice().reverse() })).to.throw(
      ParameterError,
      'labels must ascend from 0 to 9 (image 1 is a 8)',
    );
    expect(() => encodeDigits({ ...digits, count: 8 })).to.throw(ParameterError, '8 images need 8 labels');
    expect(() => encodeDigits({ ...digits, labels: digits.labels.map(() => 10) })).to.throw(ParameterError, 'is a 10');
  });

  it('refuse bytes of another kind, too few and too many', () => {
    const bytes = encodeDigits(sample(1));
    expect(() => decodeDigits(new Uint8Array(10))).to.throw('it is not a file of digits');
    expect(() => decodeDigits(bytes.map((b, i) => (i === 3 ? b + 1 : b)))).to.throw('it is not a file of digits');
    expect(() => decodeDigits(bytes.subarray(0, bytes.length - 1))).to.throw(`should hold ${bytes.length} bytes`);
    expect(() => decodeDigits(Uint8Array.of(...bytes, 0))).to.throw(`should hold ${bytes.length} bytes`);
  });

  it('split by class, first part first, whole images, nothing lost or doubled', () => {
    const digits = sample(4);
    digits.images.forEach((_, i) => {
      digits.images[i] = Math.floor(i / 784); // every image is its own number
    });
    const { train, test } = splitDigits(digits, 0.8); // 3.2 of 4 go to training: 3
    expect(train.count).to.equal(27);
    expect(test.count).to.equal(9);
    for (let digit = 0; digit < 9; digit++) {
      expect([0, 1, 2].map((i) => train.images[(3 * digit + i) * 784])).to.deep.equal(
        [0, 1, 2].map((i) => 4 * digit + i),
      );
      expect(test.images[digit * 784 + 783]).to.equal(4 * digit + 3);
    }
    expect(Array.from(train.labels)).to.deep.equal(Array.from(digits.labels).filter((_, i) => i % 4 < 3));
  });

  it('are selected in the order asked for', () => {
    const digits = sample(1);
    const two = selectDigits(digits, [8, 0]);
    expect(Array.from(two.labels)).to.deep.equal([9, 0]);
    expect(two.images.subarray(0, 784)).to.deep.equal(digits.images.subarray(8 * 784));
    for (const bad of [-1, 9, 0.5, NaN]) {
      expect(() => selectDigits(digits, [bad])).to.throw(ParameterError, `below 9 (got ${bad})`);
    }
  });

  it('become numbers from 0 to 1, and rows with a single 1', () => {
    const digits = { count: 1, images: new Uint8Array(784).fill(255).fill(0, 1), labels: Uint8Array.of(7) };
    expect(pixels(digits)[0]).to.equal(1);
    expect(pixels(digits)[783]).to.equal(0);
    expect(Array.from(oneHot(digits))).to.deep.equal([0, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
  });
});
