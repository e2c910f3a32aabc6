import { countSweep } from 'lecture-lab/neurons/hodgkin-huxley.sweep';
import { defineRow, prepared, twin } from '../row';

const rest = { V: -64.9964, m: 0.05296, h: 0.59599, n: 0.31773 };
const why = 'the same deterministic equations and steps';

export const row = defineRow({
  name: 'hodgkin-huxley',
  words: 'Hodgkin–Huxley f–I curve, 60 currents for 1 s',
  size: { name: 'currents', value: 60, growth: [8, 16, 32, 60] },
  checks: [
    { name: 'spikes', within: 'exact', why },
    { name: 'spikes a third of the way up', within: 'exact', why },
  ],
  peers: [
    { name: 'Brian2', role: 'typical', target: 3.3, needs: 'brian2', programs: ['g++'] },
    { name: 'numba', role: 'best', target: 1.9 },
    twin,
  ],
  note: 'one exponential for all six rates',

  ours(size) {
    const currents = Array.from({ length: size }, (_, i) => 0.5 * (i + 1) * (60 / size));
    return prepared(
      () => countSweep(currents, 1000, { dt: 0.01, from: rest }),
      (spikes) => [spikes.reduce((sum, n) => sum + n, 0), spikes[Math.floor(size / 3) - 1]!],
    );
  },
});
