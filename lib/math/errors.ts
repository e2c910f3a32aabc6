/** A parameter that is unknown, missing, of the wrong type or outside its range. The message names it and what is allowed. */
export class ParameterError extends Error {
  override readonly name: string = 'ParameterError';
}

/** A simulation that left the finite numbers. The message names the variable, the time and the likely cause. */
export class DivergenceError extends Error {
  override readonly name: string = 'DivergenceError';
  /**
   * @param variable what stopped being finite, e.g. `V`
   * @param time when, in the simulation's own unit, e.g. `12.5 ms` or `step 40`
   * @param cause the likely reason, in words, e.g. `the time step is too long`
   */
  constructor(
    readonly variable: string,
    readonly time: string,
    cause: string,
  ) {
    super(`${variable} is no longer finite at ${time}: ${cause}`);
  }
}
