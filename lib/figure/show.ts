import type { Figure, Settings } from './define';
import type { Schema } from './parameters';

/** Computes a figure and shows it under the cell. */
export async function show<S extends Schema>(figure: Figure<S>, settings: Settings<S> = {}): Promise<void> {
  await figure.evaluate(settings);
}
