import { parseArgs } from 'node:util';
import type { Tools } from './tools';

export interface StartOptions {
  readonly browser: boolean;
  /** the port asked for, or undefined: 8888 or the next free one */
  readonly port: number | undefined;
  readonly setupOnly: boolean;
  readonly retryNative: boolean;
}

/** Reads the options of `npm start`. Throws a `SetupError` with one line for anything it does not know. */
export function startOptions(args: readonly string[], SetupError: Tools['SetupError']): StartOptions {
  const known = 'the options are --no-browser, --port N, --setup-only, --retry-native and --help';
  let values: { [name: string]: string | boolean | undefined };
  try {
    values = parseArgs({
      args: [...args],
      options: {
        'no-browser': { type: 'boolean' },
        port: { type: 'string' },
        'setup-only': { type: 'boolean' },
        'retry-native': { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new SetupError((error as Error).message.split('. ')[0]!, known);
  }
  const text = values['port'] as string | undefined;
  const port = text === undefined ? undefined : Number(text);
  if (port !== undefined && !(/^\d+$/.test(text!) && port >= 1024 && port <= 65535)) {
    throw new SetupError(
      `--port must be a whole number between 1024 and 65535 (got ${text})`,
      'e.g. npm start -- --port 8900',
    );
  }
  return {
    browser: values['no-browser'] !== true,
    port,
    setupOnly: values['setup-only'] === true,
    retryNative: values['retry-native'] === true,
  };
}
