import { address, type Connection } from '../connection';

/** The part of zeromq that the kernel needs. */
export type ZeroMq = typeof import('zeromq');

export interface Sockets {
  readonly shell: InstanceType<ZeroMq['Router']>;
  readonly control: InstanceType<ZeroMq['Router']>;
  readonly stdin: InstanceType<ZeroMq['Router']>;
  readonly iopub: InstanceType<ZeroMq['XPublisher']>;
  readonly heartbeat: InstanceType<ZeroMq['Reply']>;
}

/**
 * Loads the messaging library.
 * @throws Error with one clear line when its native part is missing or does not fit this machine
 */
export function loadZeroMq(): ZeroMq {
  try {
    return require('zeromq') as ZeroMq;
  } catch (error) {
    const first = String((error as Error).message).split('\n')[0];
    throw new Error(
      `the messaging library zeromq does not load on ${process.platform} ${process.arch} with Node ${process.versions.node} (${first}); ` +
        '`npm run doctor` says how to repair it',
    );
  }
}

/** Without these, zeromq.js refuses the second message of a turn once 512 of them wait: output would be lost. */
const UNLIMITED = { sendTimeout: 0, sendHighWaterMark: 0 };

/** Makes and binds the five sockets of a kernel. */
export async function openSockets(zmq: ZeroMq, connection: Connection): Promise<Sockets> {
  const sockets: Sockets = {
    shell: new zmq.Router(UNLIMITED),
    control: new zmq.Router(UNLIMITED),
    stdin: new zmq.Router(UNLIMITED),
    iopub: new zmq.XPublisher(UNLIMITED),
    heartbeat: new zmq.Reply(UNLIMITED),
  };
  await Promise.all([
    sockets.iopub.bind(address(connection, connection.iopub_port)),
    sockets.shell.bind(address(connection, connection.shell_port)),
    sockets.control.bind(address(connection, connection.control_port)),
    sockets.stdin.bind(address(connection, connection.stdin_port)),
    sockets.heartbeat.bind(address(connection, connection.hb_port)),
  ]);
  return sockets;
}
