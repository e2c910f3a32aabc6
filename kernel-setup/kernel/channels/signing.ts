import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Connection } from '../connection';

/** Signs and verifies the four JSON parts of a message with the connection's key. */
export class Signer {
  readonly #key: string;
  readonly #hash: string;

  constructor({ key, signature_scheme }: Pick<Connection, 'key' | 'signature_scheme'>) {
    this.#key = key;
    this.#hash = signature_scheme.replace(/^hmac-/, '');
  }

  /** The signature in hexadecimal; empty without a key. */
  sign(parts: readonly (string | Uint8Array)[]): string {
    if (this.#key === '') return '';
    const hmac = createHmac(this.#hash, this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  }

  verify(signature: string, parts: readonly Uint8Array[]): boolean {
    if (this.#key === '') return true;
    const wanted = Buffer.from(this.sign(parts));
    const given = Buffer.from(signature);
    return wanted.length === given.length && timingSafeEqual(wanted, given);
  }
}
