import type { Algebra } from './algebra';

/** A page has no native library. */
export function native(): Algebra | undefined {
  return undefined;
}
