import { inspect } from 'node:util';

export type Bundle = Record<string, unknown>;

/** A value with a method of this name says itself how it is shown: the method returns a MIME bundle, or a promise of one. */
export const DISPLAY: unique symbol = Symbol.for('Jupyter.display') as never;

const INSPECT = { depth: 4, maxArrayLength: 100, maxStringLength: 10_000, breakLength: 100 };

/** How a value is shown; undefined when it shows itself as nothing. */
export async function bundleOf(value: unknown): Promise<Bundle | undefined> {
  const own = (value as { [DISPLAY]?: unknown } | null | undefined)?.[DISPLAY];
  if (typeof own !== 'function') return { 'text/plain': inspect(value, INSPECT) };
  const bundle: unknown = await own.call(value);
  return bundle === undefined || bundle === null ? undefined : checkedBundle(bundle);
}

/** Whether an object is a MIME bundle: every key is a MIME type. */
export function isBundle(value: unknown): value is Bundle {
  if (typeof value !== 'object' || value === null) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => /^[\w.+-]+\/[\w.+-]+/.test(key));
}

/**
 * The bundle as Jupyter takes it: bytes become base64.
 * @throws TypeError when it is not an object with MIME types for keys
 */
export function checkedBundle(bundle: unknown): Bundle {
  if (!isBundle(bundle)) {
    throw new TypeError(
      `a MIME bundle is an object such as { 'text/html': '…' } (got ${inspect(bundle, { depth: 0 })})`,
    );
  }
  return Object.fromEntries(
    Object.entries(bundle).map(([type, data]) => [
      type,
      data instanceof Uint8Array ? Buffer.from(data).toString('base64') : data,
    ]),
  );
}
