/** A line on the terminal that the next one overwrites; only for people who watch. */
export function status(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
}

/**
 * Runs a command to its end and leaves with its exit status. Ctrl-C and SIGTERM abort the signal that it is given, so
 * that it can end what it started.
 */
export function runCommand(command: (signal: AbortSignal) => Promise<number>): void {
  const controller = new AbortController();
  const interrupt = (): void => controller.abort(new Error('interrupted'));
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  command(controller.signal).then(
    (exitStatus) => process.exit(exitStatus),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
}
