import { choice, defineFigure, flag, integer, number, numbers, seed } from 'lecture-lab/figure';
import { linesBy, pointsOver } from 'lecture-lab/figure/theme';
import { DivergenceError, ParameterError } from 'lecture-lab/math/errors';

/** A figure with every kind of parameter, for testing what is made of figures. */
export const decay = defineFigure({
  id: 'example/decay',
  title: 'Charge leaks away exponentially',
  source: { lecture: 'learning-in-real-networks', where: 'nowhere: an example' },
  params: {
    tau: number({ default: 10, min: 1, max: 100, scale: 'log', unit: 'ms', doc: 'time constant' }),
    points: integer({ default: 21, min: 2, max: 1000, doc: 'number of points' }),
    starts: numbers({ default: [1, 2, 4], min: 0, max: 10, maxLength: 4, doc: 'starting voltages' }),
    shape: choice({ default: 'exponential', values: ['exponential', 'linear'], doc: 'form of the decay' }),
    noisy: flag({ default: false, doc: 'adds measurement noise' }),
    seed: seed(),
  },
  presets: { paper: { points: 101, tau: 20 }, sparse: { points: 5 } },
  compute: async (p, run) => {
    await run.progress(0.5, 'half way');
    if (p.noisy && p.shape === 'linear') throw new ParameterError('example/decay: noisy needs shape exponential');
    const at = (start: number, t: number) => start * (p.shape === 'linear' ? 1 - t / 50 : Math.exp(-t / p.tau));
    const times = Array.from({ length: p.points }, (_, i) => (50 * i) / (p.points - 1));
    return { at, times };
  },
  table: ({ at, times }, p) =>
    p.starts.flatMap((start) =>
      times.flatMap((time) => [
        { time, voltage: at(start, time), start: `${start} mV`, kind: 'theory' },
        { time, voltage: at(start, time) + 0.05, start: `${start} mV`, kind: 'simulation' },
      ]),
    ),
  draw: (_, p) => {
    const names = p.starts.map((start) => `${start} mV`);
    const encoding = {
      x: { field: 'time', type: 'quantitative', title: 'time (ms)' },
      y: { field: 'voltage', type: 'quantitative', title: 'voltage (mV)' },
      tooltip: [{ field: 'time' }, { field: 'voltage', format: '.3f' }, { field: 'start', title: 'τ at 100 %' }],
    };
    return {
      description: 'Voltage against time: three curves that fall & flatten, the "highest" start on top.',
      encoding,
      layer: [
        {
          transform: [{ filter: "datum.kind == 'theory'" }],
          mark: 'line',
          encoding: linesBy('start', names, 'starting voltage'),
        },
        {
          transform: [{ filter: "datum.kind == 'simulation'" }],
          mark: 'point',
          encoding: pointsOver('start', names),
        },
      ],
    };
  },
  landmarks: ({ at }, p) => [
    ...(p.shape === 'exponential'
      ? [
          {
            name: 'left after one time constant',
            theory: Math.exp(-1),
            measured: at(1, p.tau),
            tolerance: 1e-12,
            source: 'closed form',
          },
        ]
      : []),
  ],
});

/** Works for `seconds`, in small steps, and then shows one point. */
export const slow = defineFigure({
  id: 'example/slow',
  title: 'Takes its time',
  source: { lecture: 'learning-in-real-networks', where: 'nowhere: an example' },
  params: {
    seconds: number({ default: 60, min: 0, max: 60, unit: 's', doc: 'time to take' }),
    loud: flag({ default: false, doc: 'says when it starts' }),
  },
  compute: async (p, run) => {
    if (p.loud) console.log('started');
    const start = performance.now();
    for (let done = 0; done < 1; done = (performance.now() - start) / (1000 * p.seconds || 1))
      await run.progress(done, 'counting <sheep>');
    return 1;
  },
  table: (x) => [{ x, y: x }],
  draw: () => ({
    description: 'One point.',
    mark: 'point',
    encoding: {
      x: { field: 'x', type: 'quantitative', title: 'x' },
      y: { field: 'y', type: 'quantitative', title: 'y' },
    },
  }),
  landmarks: () => [],
});

/** Fails in the way that it is asked to. */
export const broken = defineFigure({
  id: 'example/broken',
  title: 'Goes wrong',
  source: { lecture: 'learning-in-real-networks', where: 'nowhere: an example' },
  params: {
    how: choice({
      default: 'diverges',
      values: ['diverges', 'throws', 'not a number', 'empty', 'too many', 'off', 'unknown mark', 'warns', 'chatty'],
      doc: 'what goes wrong',
    }),
  },
  compute: (p) => {
    if (p.how === 'diverges') throw new DivergenceError('V', '12.5 ms', 'the time step is too long');
    if (p.how === 'throws') throw new Error('a mistake\nof two lines');
    if (p.how === 'chatty') console.log('the model talks');
    return p.how;
  },
  table: (how) =>
    Array.from({ length: how === 'empty' ? 0 : how === 'too many' ? 5001 : 1 }, () => ({
      x: 1,
      y: how === 'not a number' ? Number.NaN : 2,
      name: 'a, "b"\nc',
    })),
  draw: (how) => ({
    description: 'One point.',
    mark: how === 'unknown mark' ? 'blob' : 'point',
    encoding: {
      x: { field: 'x', type: 'quantitative', title: 'x' },
      y: { field: 'y', type: 'quantitative', title: 'y' },
      ...(how === 'warns' ? { strokeDash: { field: 'y', type: 'quantitative' }, theta2: { field: 'x' } } : {}),
    },
  }),
  landmarks: (how) => [
    {
      name: 'a < b & c',
      theory: 1,
      measured: how === 'off' ? 2 : 1.0004,
      se: 0.01,
      tolerance: 0.05,
      source: 'identity',
      unit: 'mV',
    },
  ],
});
