import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { loadDigits, mnist10k } from 'lecture-lab/data/mnist';
import { readData as readCarried } from 'lecture-lab/edge/browser';
import { readData as readFile } from 'lecture-lab/edge/node';
import { mean, standardError } from 'lecture-lab/math/statistics';

const path = join(__dirname, '..', '..', 'lib', 'data', 'mnist-10k.bin.gz');
const bytes = readFileSync(path);
const remedy = 'restore it with: git checkout -- lib/data/mnist-10k.bin.gz';

async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('should have failed');
}

describe('MNIST-10k', () => {
  it('is the content that make-mnist.mjs makes, in less than 2 MB', () => {
    const digest = createHash('sha256').update(gunzipSync(bytes)).digest('hex');
    expect(digest).to.equal('2287626ba6b4626e285de70e0eb43fc84a8cb421be021aed591c9977a1a04d74');
    expect(bytes.length).to.be.below(2_000_000);
  });

  it('has 7,996 images for training and 2,004 for testing, 80 % of each digit', async () => {
    const { train, test } = await mnist10k();
    expect([train.count, test.count]).to.deep.equal([7996, 2004]);
    const count = (labels: Uint8Array) => Array.from({ length: 10 }, (_, d) => labels.filter((l) => l === d).length);
    const all = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978];
    expect(count(train.labels)).to.deep.equal(all.map((n) => Math.floor(0.8 * n)));
    expect(count(test.labels)).to.deep.equal(all.map((n) => n - Math.floor(0.8 * n)));
  });

  it('has 10,000 different images: none is in both parts', async () => {
    const { train, test } = await mnist10k();
    const seen = new Set<string>();
    for (const part of [train, test]) {
      for (let i = 0; i < part.count; i++) {
        seen.add(Buffer.from(part.images.buffer, i * 784, 784).toString('latin1'));
      }
    }
    expect(seen.size).to.equal(10_000);
  });

  it('looks like digits: ink in the middle, hardly any at the border, as dark as the 60,000 images of MNIST', async () => {
    const { train } = await mnist10k();
    const means: number[] = []; // of each image
    const squares: number[] = [];
    let border = 0;
    let middle = 0;
    for (let i = 0; i < train.count; i++) {
      let m = 0;
      let s = 0;
      for (let p = 0; p < 784; p++) {
        const v = train.images[i * 784 + p] / 255;
        const row = Math.floor(p / 28);
        const column = p % 28;
        m += v / 784;
        s += (v * v) / 784;
        if (Math.min(row, column, 27 - row, 27 - column) === 0) border += v / (train.count * 108);
        if (row > 7 && row < 20 && column > 7 && column < 20) middle += v / (train.count * 144);
      }
      means.push(m);
      squares.push(s);
    }
    expect(border).to.be.below(0.001);
    expect(middle).to.be.above(0.3);
    // the well-known mean 0.1307 and standard deviation 0.3081 of all 60,000 images
    expect(mean(means)).to.be.closeTo(0.1307, 4 * standardError(means));
    expect(mean(squares)).to.be.closeTo(0.3081 ** 2 + 0.1307 ** 2, 4 * standardError(squares));
  });

  it('is loaded once and shared', async () => {
    expect(await mnist10k()).to.equal(await mnist10k());
  });

  it('says which file is missing and what to do', async () => {
    expect(await failure(loadDigits(() => readFile('no-such-file.gz')))).to.equal(
      "the data file lib/data/no-such-file.gz can't be read; restore it with: git checkout -- lib/data/no-such-file.gz",
    );
  });

  it('says that the file is damaged when a byte changed, its end is missing, or it holds something else', async () => {
    const flipped = Uint8Array.from(bytes);
    flipped[800_000] ^= 1;
    const cut = bytes.subarray(0, bytes.length - 1000);
    const other = gzipSync('hello');
    for (const damaged of [flipped, cut, other, new Uint8Array(0), Buffer.from('<html>not found</html>')]) {
      const message = await failure(loadDigits(async () => damaged));
      expect(message).to.match(/^the data file lib\/data\/mnist-10k\.bin\.gz is damaged \(.+\); /);
      expect(message).to.contain(remedy);
    }
  });

  it('works in a page: the page’s reader decodes what the exporter embeds', async () => {
    const page = globalThis as { lectureLabData?: Record<string, string> };
    try {
      page.lectureLabData = { 'mnist-10k.bin.gz': bytes.toString('base64') };
      expect((await loadDigits(readCarried)).train.count).to.equal(7996);
      page.lectureLabData = {};
      expect(await failure(loadDigits(readCarried))).to.contain('does not carry the data file mnist-10k.bin.gz');
    } finally {
      delete page.lectureLabData;
    }
  });
});
