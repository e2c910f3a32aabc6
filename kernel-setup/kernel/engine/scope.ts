type Live = Record<string, readonly [() => unknown, (value: unknown) => void]>;

/**
 * The variables that cells share. tslab keeps them as plain properties of one object; `let` variables become accessors of
 * the cell's own variable once the cell has run, so that a later assignment reaches the functions of the cell.
 */
export class Scope {
  readonly #locals: Record<string, unknown>;
  readonly #live = Object.create(null) as Record<string, unknown>;

  constructor(locals: Record<string, unknown>) {
    this.#locals = locals;
    Object.setPrototypeOf(locals, this.#live);
    (globalThis as unknown as { __tslab__: { live: (variables: Live) => void } }).__tslab__.live = (variables) =>
      this.#link(variables);
  }

  /** Makes room for what a cell declares; the result puts everything back. */
  enter(declared: readonly string[]): () => void {
    const before = declared.map((name) => ({
      name,
      live: Object.getOwnPropertyDescriptor(this.#live, name),
      own: Object.hasOwn(this.#locals, name) ? { value: this.#locals[name] } : undefined,
    }));
    this.forget(declared);
    return () => {
      this.forget(declared);
      for (const { name, live, own } of before) {
        if (live) Object.defineProperty(this.#live, name, live);
        if (own) this.#locals[name] = own.value;
      }
    };
  }

  forget(declared: readonly string[]): void {
    for (const name of declared) {
      delete this.#live[name];
      delete this.#locals[name];
    }
  }

  #link(variables: Live): void {
    for (const [name, [get, set]] of Object.entries(variables)) {
      delete this.#locals[name];
      Object.defineProperty(this.#live, name, { get, set, configurable: true, enumerable: true });
    }
  }
}
