import { randomUUID } from 'node:crypto';
import type { Signer } from './signing';

/** The version of the Jupyter messaging protocol that the kernel speaks. */
export const PROTOCOL = '5.4';

const DELIMITER = Buffer.from('<IDS|MSG>');

export type Content = Readonly<Record<string, unknown>>;

export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session?: string;
  readonly username?: string;
  readonly date?: string;
  readonly version?: string;
}

/** A message as it came in. `headerText` is the header as it was sent: answers carry it as their parent header. */
export interface Incoming {
  readonly ids: readonly Uint8Array[];
  readonly header: Header;
  readonly headerText: string;
  readonly content: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
}

/** Reads the frames of one message; undefined when it is malformed or its signature is wrong. */
export function decode(frames: readonly Buffer[], signer: Signer): Incoming | undefined {
  const at = frames.findIndex((frame) => frame.equals(DELIMITER));
  const parts = frames.slice(at + 2, at + 6);
  if (at < 0 || parts.length < 4 || !signer.verify(String(frames[at + 1]), parts)) return undefined;
  try {
    const [header, , metadata, content] = parts.map((part) => JSON.parse(String(part)) as Record<string, unknown>);
    if (typeof header?.['msg_id'] !== 'string' || typeof header['msg_type'] !== 'string') return undefined;
    return {
      ids: frames.slice(0, at),
      header: header as unknown as Header,
      headerText: String(parts[0]),
      metadata: metadata ?? {},
      content: content ?? {},
    };
  } catch {
    return undefined;
  }
}

const session = randomUUID();

/**
 * The frames of a message.
 * @param ids routing prefix: the receiver's identities, or the topic on iopub
 * @param content the content as JSON text
 * @param parent the header of the request that this answers, as JSON text; empty for none
 */
export function encode(
  ids: readonly (string | Uint8Array)[],
  type: string,
  content: string,
  parent: string,
  metadata: string,
  signer: Signer,
): (string | Uint8Array)[] {
  const header = JSON.stringify({
    msg_id: randomUUID(),
    session,
    username: 'kernel',
    date: new Date().toISOString(),
    msg_type: type,
    version: PROTOCOL,
  });
  const body = [header, parent || '{}', metadata || '{}', content];
  return [...ids, DELIMITER, signer.sign(body), ...body];
}
