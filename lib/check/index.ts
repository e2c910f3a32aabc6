import type { MimeBundle } from '../figure/host';

/** What a self-check says of an attempt. It displays itself as the last value of a cell. */
export interface Verdict {
  readonly right: boolean;
  /** `right`, or the kind of mistake in a sentence */
  readonly message: string;
}

/** A wrong answer that readers are likely to give, and what to tell them. */
export interface Mistake<T> {
  readonly attempt: T;
  readonly hint: string;
}

export interface ExerciseDefinition<T> {
  /** as the stub names it, e.g. `Exercise 2` */
  readonly name: string;
  readonly solution: T;
  /** whether two answers give the same numbers, within the tolerance that the exercise asks for */
  readonly agree: (attempt: T, answer: T) => boolean;
  /** anticipated mistakes; the tests hand each one in and want its own hint back */
  readonly mistakes: readonly Mistake<T>[];
  /** said when the attempt is none of them: where to look, with an expected number */
  readonly otherwise: string;
}

/** A self-check: hand in an attempt, get a verdict. */
export interface Exercise<T> {
  (attempt: T): Verdict;
  readonly definition: ExerciseDefinition<T>;
}

/** Makes a self-check from its solution and the mistakes that it recognises. */
export function defineExercise<T>(definition: ExerciseDefinition<T>): Exercise<T> {
  const { name, solution, agree, mistakes, otherwise } = definition;
  const judge = (attempt: T): Verdict => {
    try {
      if (agree(attempt, solution)) return verdict(name, true, 'right');
      const mistake = mistakes.find((m) => agree(attempt, m.attempt));
      return verdict(name, false, mistake ? mistake.hint : otherwise);
    } catch (error) {
      const message = error instanceof Error || isErrorLike(error) ? error.message : String(error);
      return verdict(
        name,
        false,
        message.includes('not implemented') ? 'not implemented yet' : `your code threw: ${message}`,
      );
    }
  };
  return Object.assign(judge, { definition });
}

/** Errors thrown in a notebook cell come from another realm, so `instanceof Error` may be false for them. */
function isErrorLike(value: unknown): value is { message: string } {
  return typeof value === 'object' && value !== null && typeof (value as { message?: unknown }).message === 'string';
}

/** A verdict on an exercise. @param name as the stub names it */
export function verdict(name: string, right: boolean, message: string): Verdict {
  const shown: Verdict & { [key: symbol]: () => MimeBundle } = {
    right,
    message,
    [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': `${name}: ${message}` }),
  };
  return shown;
}

/** Whether two numbers agree within a relative tolerance (absolute below 1). */
export function close(a: number, b: number, tolerance: number = 1e-6): boolean {
  return Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b));
}
