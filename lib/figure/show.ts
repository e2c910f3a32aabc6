import { createRun } from '../math/run';
import type { Evaluation, Figure, Settings } from './define';
import { type KernelHost, kernelHost, type MimeBundle } from './host';
import { type JudgedLandmark, landmarkText } from './landmark';
import type { Schema } from './parameters';
import { evaluationText } from './text';

/** Not `import()`: Node never lets go of what that has loaded, and a kernel must when the library is compiled anew. */
declare const require: (name: '#render') => typeof import('#render');

/**
 * Computes a figure and shows it under the cell, with its landmarks below. Work of more than a second shows a progress
 * bar, which the figure then replaces. Without a kernel (in a script) it prints the figure in words.
 * @param settings values to change, and `preset` to start from a named set
 * @throws {ParameterError} naming the parameter and what is allowed; and whatever the model throws. Interrupting the
 * cell stops the computation
 */
export async function show<S extends Schema>(figure: Figure<S>, settings: Settings<S> = {}): Promise<void> {
  const host = kernelHost();
  if (!host) {
    console.log(evaluationText(await figure.evaluate(settings)));
    return;
  }
  const bar = new ProgressBar(host, figure.title);
  try {
    const evaluation = await figure.evaluate(settings, createRun(host.signal, bar.report));
    bar.replace(await figureBundle(evaluation), origin(evaluation));
    if (evaluation.landmarks.length > 0) host.display(landmarkBundle(evaluation.landmarks));
  } catch (error) {
    bar.stop();
    throw error;
  }
}

/** The picture, alive where Vega-Lite is understood, still where SVG is, and in words elsewhere. */
export async function figureBundle(evaluation: Evaluation): Promise<MimeBundle> {
  // loading Vega takes longer than most figures, so it is left to the first that is shown
  const { renderSvg } = require('#render');
  const onWarning = (message: string): void => console.warn(`${evaluation.id}: ${message}`);
  return {
    'application/vnd.vegalite.v5+json': evaluation.spec,
    'image/svg+xml': await renderSvg(evaluation.spec, { onWarning, interpret: false }),
    'text/plain': evaluationText(evaluation),
  };
}

/** Which figure an output is, and its parameters: an exported page can compute it anew from this. */
export function origin({ id, params }: Evaluation): MimeBundle {
  return { 'lecture-lab': { figure: id, settings: params } };
}

/** The landmarks as a small list. A sign and words say which ones fail, not colour. */
function landmarkBundle(landmarks: readonly JudgedLandmark[]): MimeBundle {
  const sign = ({ pass }: JudgedLandmark): string => (pass ? '✓' : '✗');
  const items = landmarks.map((l) => {
    const text = `${sign(l)} ${escapeHtml(landmarkText(l))}`;
    return `<li class="landmark">${l.pass ? text : `<strong>${text}</strong>`}</li>`;
  });
  return {
    'text/html': `<ul class="landmarks" style="list-style: none; margin: 0; padding: 0; font-size: 0.9em">${items.join('')}</ul>`,
    'text/plain': landmarks.map((l) => `${sign(l)} ${landmarkText(l)}`).join('\n'),
  };
}

/** Work that takes less than this shows no bar, in ms. */
const PATIENCE = 1000;
/** Time between two looks of the bar, in ms. */
const PAUSE = 200;

let displays = 0;
/** Never the same twice in a page, not even after the kernel restarted. */
const newDisplayId = (): string => `figure-${Date.now().toString(36)}-${displays++}`;

/** A bar in the output area that ends as the figure, so that nothing of it is left in the notebook. */
export class ProgressBar {
  private readonly displayId = newDisplayId();
  private readonly start = performance.now();
  private last = Number.NEGATIVE_INFINITY;
  private fraction: number | undefined;

  constructor(
    private readonly host: KernelHost,
    private readonly title: string,
  ) {}

  readonly report = (fraction: number, note?: string): void => {
    const now = performance.now();
    if (now - this.start < PATIENCE || now - this.last < PAUSE) return;
    this.last = now;
    const text = `${Math.floor(100 * fraction)} %${remaining(fraction, now - this.start)}${note ? `, ${note}` : ''}`;
    this.put({
      'text/html': `<div class="figure-progress"><progress value="${fraction}" max="1"></progress> ${escapeHtml(text)}</div>`,
      'text/plain': `${this.title}: ${text}`,
    });
    this.fraction = fraction;
  };

  replace(bundle: MimeBundle, metadata: MimeBundle): void {
    if (this.fraction === undefined) this.host.display(bundle, { metadata });
    else this.put(bundle, metadata);
  }

  stop(): void {
    if (this.fraction !== undefined)
      this.put({ 'text/plain': `${this.title}: stopped at ${Math.floor(100 * this.fraction)} %` });
  }

  private put(bundle: MimeBundle, metadata: MimeBundle = {}): void {
    this.host.display(bundle, { metadata, displayId: this.displayId, update: this.fraction !== undefined });
  }
}

/** What is left of the time, once there is enough of it to say. */
function remaining(fraction: number, elapsed: number): string {
  if (fraction < 0.02 || fraction >= 1) return '';
  const seconds = ((elapsed / 1000) * (1 - fraction)) / fraction;
  return seconds < 1
    ? ''
    : `, about ${seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`} left`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escapeHtml = (text: string): string => text.replace(/[&<>]/g, (c) => ENTITIES[c]!);
