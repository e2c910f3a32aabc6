import { createRun } from '../../math/run';
import { isHand } from '../../parallel/page-job';
import { type HandPort, serveTrials } from '../../parallel/page-worker';
import type { Figure } from '../define';
import { Painter } from '../painter';
import type { PanelValues } from '../panel/engine';
import type { Answer, Port, Request } from './protocol';

/**
 * Answers a page's requests: what runs in the page's worker. Jobs may run side by side (each breathes at its
 * `run.progress`), and a stopped job ends at its next breath. A worker that this one started to have trials run answers
 * its requests instead.
 * @param figures those that the page shows
 */
export function serveFigures(figures: readonly Figure[], port: Port<Answer, Request>): void {
  if (isHand()) {
    serveTrials(port as unknown as HandPort);
    return;
  }
  const byId = new Map(figures.map((figure) => [figure.id, figure]));
  const running = new Map<number, AbortController>();
  const painters = new Map<string, Painter>();

  async function compute(job: number, id: string, values: PanelValues): Promise<void> {
    const controller = new AbortController();
    running.set(job, controller);
    const answer = (message: Distributive<Answer>): void => port.postMessage({ job, ...message } as Answer);
    try {
      const figure = byId.get(id);
      if (!figure) throw new Error(`this page does not carry the figure ${id}: export it again`);
      const report = (fraction: number, note?: string): void => answer({ kind: 'progress', fraction, note });
      const { params, landmarks, rows, spec } = await figure.evaluate(values, createRun(controller.signal, report));
      const painter = painters.get(id) ?? new Painter({ ink: 'inherit' });
      painters.set(id, painter);
      const picture = await painter.picture(spec);
      answer({ kind: 'result', result: { values: params, landmarks, rows, ...picture } });
    } catch (error) {
      if (controller.signal.aborted) answer({ kind: 'stopped' });
      else answer({ kind: 'error', message: error instanceof Error ? error.message : String(error) });
    } finally {
      running.delete(job);
    }
  }

  port.onmessage = ({ data }) => {
    if (data.kind === 'files') (globalThis as { lectureLabData?: typeof data.files }).lectureLabData = data.files;
    else if (data.kind === 'stop') running.get(data.job)?.abort(new Error('stopped'));
    else void compute(data.job, data.figure, data.values);
  };
  port.postMessage({ kind: 'ready' });
}

/** An answer before it has its job. */
type Distributive<T> = T extends { job: number } ? Omit<T, 'job'> : never;
