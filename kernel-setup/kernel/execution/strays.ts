import type { Failures } from '../output/failures';
import type { Output } from '../output/output';
import { type Context, Interrupted } from './context';
import type { Runner } from './runner';

/**
 * Failures that nobody awaited, in promises and callbacks. While their cell runs they become its error; afterwards they
 * are printed under it, and mentioned under the cell that runs by then.
 */
export function catchStrays(runner: Runner, output: Output, failures: Failures): void {
  const onFailure = (error: unknown): void => {
    const context = runner.context;
    if (!context || context.state === 'stopped' || error instanceof Interrupted) return;
    if (context.state === 'running') context.strays.push(error);
    else printLate(context, error);
  };
  const printLate = (context: Context, error: unknown): void => {
    const { traceback, ename, evalue } = failures.describe(error);
    output.stream(
      'stderr',
      `Not awaited, failed after ${context.label} had finished:\n${traceback.join('\n')}\n`,
      context,
    );
    const { running } = runner;
    if (running && running !== context)
      output.stream(
        'stderr',
        `Something that ${context.label} started and did not await has failed: ${ename}: ${evalue}\n`,
        running,
      );
  };
  process.on('unhandledRejection', onFailure);
  process.on('uncaughtException', onFailure);
}

/** Lets failures that happened in this turn of the event loop come up. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
