// The rows that wait for their model. Whoever writes rows/<name>.ts deletes the line here; a test holds that no name is in both.
import type { Role } from './row';

export interface Waiting {
  readonly name: string;
  readonly words: string;
  readonly peers: readonly (readonly [name: string, role: Role, target: number])[];
}

export const WAITING: readonly Waiting[] = [
  {
    name: 'hopfield-synchronous',
    words: 'Hopfield network, N = 3000, P = 410, synchronous updates to a fixed point',
    peers: [
      ['numpy', 'typical', 17],
      ['numpy low rank', 'best', 1],
    ],
  },
  {
    name: 'hopfield-asynchronous',
    words: 'Hopfield network, N = 3000, P = 410, one unit at a time to a fixed point',
    peers: [
      ['numpy', 'typical', 30],
      ['numba', 'best', 1.1],
    ],
  },
  {
    name: 'mean-field',
    words: 'mean-field phase diagram of a deep network, 41 × 41 points',
    peers: [
      ['numpy', 'typical', 60],
      ['numba', 'best', 6],
    ],
  },
  {
    name: 'circle-single',
    words: 'a circle through a tanh network, width 1000, depth 10, 1000 points, single precision',
    peers: [['numpy', 'both', 1.4]],
  },
  {
    name: 'circle-double',
    words: 'a circle through a tanh network, width 1000, depth 10, 1000 points, double precision',
    peers: [['numpy', 'both', 1]],
  },
  {
    name: 'lasso',
    words: 'LASSO, 8 α × 20 λ, P = 1000',
    peers: [
      ['scikit-learn', 'typical', 2.8],
      ['scikit-learn precomputed', 'best', 1.5],
    ],
  },
  {
    name: 'synaptic-chains',
    words: 'memory curves of 2,000 synaptic chains, for the frontier',
    peers: [
      ['numpy', 'typical', 10],
      ['scipy tridiagonal', 'best', 4],
    ],
  },
  {
    name: 'branching',
    words: 'branching process and its multistep estimator',
    peers: [
      ['numpy', 'typical', 5],
      ['numba and FFT', 'best', 4.5],
    ],
  },
  {
    name: 'recurrent-step',
    words: 'one training step of a recurrent network, 100 units × 75 steps × 64 sequences',
    peers: [
      ['torch autograd', 'typical', 3.7],
      ['torch nn.RNN', 'best', 2],
    ],
  },
];
