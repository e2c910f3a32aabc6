import { createRun } from '../math/run';
import type { Figure, Settings } from './define';
import { kernelHost } from './host';
import type { Schema } from './parameters';
import { figureBundle, origin, ProgressBar, show } from './show';

/** Not `import()`: see show.ts. */
declare const require: (name: '#widget') => typeof import('#widget');

/**
 * Shows a figure with controls for its parameters. Whatever the reader moves is computed in the kernel, and the picture
 * and its landmarks follow. A saved notebook keeps the still picture. Without a kernel it prints the figure, as `show`
 * does.
 * @param settings where the controls stand at first: values to change, and `preset` to start from a named set
 * @throws {ParameterError} naming the parameter and what is allowed; and whatever the model throws at these settings.
 * Later errors stand in the panel
 */
export async function explore<S extends Schema>(figure: Figure<S>, settings: Settings<S> = {}): Promise<void> {
  const host = kernelHost();
  if (!host) return show(figure, settings);
  const bar = new ProgressBar(host, figure.title);
  try {
    const evaluation = await figure.evaluate(settings, createRun(host.signal, bar.report));
    const { Widget } = require('#widget');
    const widget = await Widget.open(host, figure as unknown as Figure, evaluation);
    bar.replace({ ...widget.view, ...(await figureBundle(evaluation)) }, origin(evaluation));
  } catch (error) {
    bar.stop();
    throw error;
  }
}
