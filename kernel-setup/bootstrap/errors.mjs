/** Something that the reader can mend: what is wrong, and the exact fix. */
export class SetupError extends Error {
  constructor(message, fix) {
    super(message);
    this.name = 'SetupError';
    this.fix = fix;
  }
}

/** Ctrl-C, or an end asked for from outside. */
export class Interrupted extends Error {
  constructor(signal) {
    super('interrupted');
    this.name = 'Interrupted';
    // what a shell says of a program that a signal ended
    this.exitCode = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }[signal];
  }
}
