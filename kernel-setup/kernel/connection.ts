import { readFileSync } from 'node:fs';

/** What Jupyter writes into the connection file of a kernel. */
export interface Connection {
  readonly transport: 'tcp' | 'ipc';
  readonly ip: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
  /** shared secret of the signatures; empty: messages are not signed */
  readonly key: string;
  readonly signature_scheme: string;
}

const PORTS = ['shell_port', 'iopub_port', 'stdin_port', 'control_port', 'hb_port'] as const;

/**
 * Reads a Jupyter connection file.
 * @throws Error with one line that says what is wrong with the file
 */
export function readConnection(file: string): Connection {
  let found: Partial<Connection>;
  try {
    found = JSON.parse(readFileSync(file, 'utf8')) as Partial<Connection>;
  } catch (error) {
    throw new Error(`cannot read the connection file ${file}: ${(error as Error).message}`);
  }
  for (const port of PORTS) {
    if (!Number.isInteger(found[port])) throw new Error(`the connection file ${file} has no ${port}`);
  }
  const scheme = found.signature_scheme ?? 'hmac-sha256';
  if (!scheme.startsWith('hmac-'))
    throw new Error(`the connection file ${file} asks for the unknown signature scheme ${scheme}`);
  return {
    ...(found as Connection),
    transport: found.transport ?? 'tcp',
    ip: found.ip ?? '127.0.0.1',
    key: found.key ?? '',
    signature_scheme: scheme,
  };
}

/** The address of one channel in ZeroMQ's notation. */
export function address({ transport, ip }: Connection, port: number): string {
  return transport === 'ipc' ? `ipc://${ip}-${port}` : `tcp://${ip}:${port}`;
}
