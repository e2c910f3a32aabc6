/** Self-checks of the lesson on objectives and risk. */
import { close, defineExercise, type Exercise } from '../check';
import { bestPenalty } from './ridge';

/** Exercise 2: the best λ of (1/M) Σ ½ (y − y*)² + ½ λ |w|². */
type Penalty = (inputs: number, samples: number, noise: number, length: number) => number;

const cases: readonly (readonly [number, number, number, number])[] = [
  [20, 25, 1, 1.5],
  [5, 40, 0.5, 3],
  [30, 10, 2, 0.7],
];
const solution: Penalty = (inputs, samples, noise, length) => bestPenalty({ inputs, samples, noise, length });

export const exercise2: Exercise<Penalty> = defineExercise<Penalty>({
  name: 'Exercise 2',
  solution,
  agree: (attempt, answer) => cases.every((c) => close(attempt(...c) / answer(...c), 1, 1e-9)),
  mistakes: [
    {
      attempt: (N, M, sigma, length) => M * solution(N, M, sigma, length),
      hint: 'this belongs to the sum of the losses: the empirical risk is their mean, so M is missing',
    },
    {
      attempt: (N, M, sigma, length) => solution(N, M, sigma, length) / N,
      hint: '|w*|² is shared by N weights: along one direction the signal is |w*|²/N',
    },
    {
      attempt: (N, M, sigma, length) => solution(N, M, sigma, length) / 2,
      hint: 'half of it: right for a penalty λ|w|², without the ½ that the loss has',
    },
    {
      attempt: (N, M, sigma, length) => 2 * solution(N, M, sigma, length),
      hint: 'twice: right for a loss (y − y*)², without the ½ that the penalty has',
    },
    {
      attempt: (N, M, sigma, length) => solution(N, M, sigma, length) / sigma,
      hint: 'the variance of the noise is σ², not σ',
    },
    {
      attempt: (N, M, sigma, length) => solution(N, M, sigma, length) * length,
      hint: 'the squared length of w* belongs here, not the length',
    },
    {
      attempt: (N, M, sigma, length) => 1 / solution(N, M, sigma, length),
      hint: 'upside down: more noise asks for a larger penalty, more signal for a smaller one',
    },
  ],
  otherwise: 'not yet: for N = 20, M = 25, σ = 1 and |w*| = 1.5 it is 0.3556',
});
