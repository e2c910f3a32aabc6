import { choice, defineFigure, integer, seed } from 'lecture-lab/figure';
import { ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import { defineTask, parallel } from 'lecture-lab/parallel/parallel';

/** The end of a random walk, and its way: what a page's worker and its own workers compute alike. */
const walk = defineTask('page', 'walk', async (trial, random, { steps, way }: { steps: number; way: string }, run) => {
  if (way === 'stuck') for (;;);
  if (way === 'failing' && trial === 5) throw new ParameterError('the walk must not be the fifth');
  const path = new Float64Array(steps);
  for (let i = 1; i < steps; i++) {
    path[i] = path[i - 1]! + random.normal();
    await run.progress(i / steps);
  }
  return { path, place: (globalThis as { name?: string }).name ?? '' };
});

/** A figure whose trials run side by side. */
export const walks = defineFigure({
  id: 'example/walks',
  title: 'Random walks',
  source: { lecture: 'learning-in-real-networks', where: 'nowhere: an example' },
  params: {
    trials: integer({ default: 20, min: 1, max: 100, doc: 'number of walks' }),
    steps: integer({ default: 30, min: 2, max: 1000, doc: 'length of a walk' }),
    way: choice({ default: 'plain', values: ['plain', 'failing', 'stuck', 'places'], doc: 'what the trials do' }),
    workers: integer({ default: 2, min: 1, max: 2, doc: 'number of workers' }),
    seed: seed(),
  },
  compute: ({ trials, steps, way, workers, seed }, run) =>
    parallel(trials, walk, { seedStream: rng(seed).stream('walks'), args: { steps, way }, run, workers }),
  table: (walked, { way }) =>
    way === 'places'
      ? walked.map(({ place }, trial) => ({ trial, place }))
      : walked.flatMap(({ path }, trial) => [...path].map((x, step) => ({ trial, step, x }))),
  draw: () => ({
    description: 'Walks that spread.',
    mark: 'line',
    encoding: { x: { field: 'step', type: 'quantitative' }, y: { field: 'x', type: 'quantitative' } },
  }),
  landmarks: () => [],
});
