import { DivergenceError, ParameterError } from '../math/errors';

/** What went wrong in a trial, in a form that can be sent between threads. */
export interface Failure {
  readonly trial: number;
  readonly name: string;
  readonly message: string;
  /** where it was thrown: the lines of the stack below the message */
  readonly frames?: string;
  /** of a DivergenceError */
  readonly variable?: string;
  readonly time?: string;
}

/** An error of `parallel`. */
export interface TrialError extends Error {
  /** the trial that failed */
  readonly trial: number;
}

export function packFailure(trial: number, thrown: unknown): Failure {
  if (!isError(thrown)) return { trial, name: 'Error', message: String(thrown) };
  const { name, message, stack } = thrown;
  const frames = stack?.match(/(\n\s+at .*)+$/)?.[0];
  const { variable, time } = thrown as Partial<DivergenceError>;
  return { trial, name, message, frames, ...(name === 'DivergenceError' ? { variable, time } : {}) };
}

/** By its looks, not its class: an error from a notebook's cell has a class of its own. */
function isError(thrown: unknown): thrown is Error {
  return typeof thrown === 'object' && thrown !== null && 'message' in thrown && 'name' in thrown;
}

/** The error that the caller of `parallel` gets: of the same class, saying which trial it was. */
export function unpackFailure({ trial, name, message, frames, variable, time }: Failure): TrialError {
  const error =
    name === 'ParameterError'
      ? new ParameterError()
      : name === 'DivergenceError'
        ? new DivergenceError(variable ?? '', time ?? '', '')
        : named(name);
  error.message = `trial ${trial}: ${message}`;
  if (frames !== undefined) error.stack = `${name}: ${error.message}${frames}`;
  return Object.assign(error, { trial });
}

function named(name: string): Error {
  const error = new Error();
  if (name !== error.name) Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
  return error;
}
