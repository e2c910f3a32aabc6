import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';

export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** A JSON file's value, or undefined if it is missing or damaged. */
export function readJson(file: string): unknown {
  const text = readText(file);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The checksum of a file of any size, read in pieces. */
export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/**
 * A stamp says that a thing was finished, and for which inputs. It stands inside the thing, so it goes when the thing is deleted, and it is
 * written last, so a thing that was cut off has none.
 */
export function stampHolds(file: string, key: string): boolean {
  return (readJson(file) as { key?: unknown } | undefined)?.key === key;
}
