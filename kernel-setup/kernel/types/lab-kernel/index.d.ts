// What the kernel itself offers to cells.

/**
 * Shows data by MIME type under the running cell: `display({ 'text/html': '<b>bold</b>' })`. Any other value is shown as
 * it would be as the last line of a cell.
 * @param options.displayId names the output, so that a later call with `update: true` replaces it
 */
declare function display(
  value: unknown,
  options?: {
    readonly metadata?: Readonly<Record<string, unknown>>;
    readonly displayId?: string;
    readonly update?: boolean;
  },
): Promise<void>;

/** Removes what the running cell has shown; with `wait`, only when the next output comes. */
declare function clearOutput(wait?: boolean): void;

/** Not available: set a constant in the cell instead. */
declare function input(question?: string): never;
