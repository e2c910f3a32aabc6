import { close, defineExercise, type Exercise } from '../check';
import { add, type Matrix, matrix, outer, scale } from '../math/linear-algebra';
import { rng } from '../math/rng';

/**
 * One step of both paths.
 * @param W forward weights, [after, before]
 * @param A feedback, [before, after]
 * @param delta error signal of the layer after, length after
 * @param x activity of the layer before, length before
 * @param eta learning rate η
 * @param lambda share λ that both forget
 */
export type TwoWayStep = (
  W: Matrix,
  A: Matrix,
  delta: Float64Array,
  x: Float64Array,
  eta: number,
  lambda: number,
) => { W: Matrix; A: Matrix };

/** A step with learning rates and forgetting of its own for each path: the solution, and the mistakes, are of this form. */
const step =
  (
    rates: (eta: number, lambda: number) => { W: readonly [number, number]; A: readonly [number, number] },
  ): TwoWayStep =>
  (W, A, delta, x, eta, lambda) => {
    const r = rates(eta, lambda);
    return {
      W: add(scale(W, 1 - r.W[1]), outer(delta, x), -r.W[0]),
      A: add(scale(A, 1 - r.A[1]), outer(x, delta), -r.A[0]),
    };
  };

/** Kolen and Pollack (1994): the same change for W and Aᵀ, and both forget, so that what they started with fades. */
export const exercise2: Exercise<TwoWayStep> = defineExercise({
  name: 'Exercise 2',
  solution: step((eta, lambda) => ({ W: [eta, lambda], A: [eta, lambda] })),
  agree: (attempt, answer) => same(play(attempt), play(answer)),
  mistakes: [
    {
      attempt: step((eta, lambda) => ({ W: [eta, lambda], A: [0, 0] })),
      hint: 'A stays as it is: that is feedback alignment. Give A the transpose of the change of W.',
    },
    {
      attempt: step((eta, lambda) => ({ W: [eta, lambda], A: [eta, 0] })),
      hint: 'A learns but does not forget: what it started with stays in it for ever.',
    },
    {
      attempt: step((eta, lambda) => ({ W: [eta, 0], A: [eta, lambda] })),
      hint: 'W does not forget: W − Aᵀ shrinks only if both do.',
    },
    {
      attempt: step((eta) => ({ W: [eta, 0], A: [eta, 0] })),
      hint: 'Nothing is forgotten, so W − Aᵀ never changes. Where does λ go?',
    },
    {
      attempt: step((eta, lambda) => ({ W: [eta, lambda], A: [0, lambda] })),
      hint: 'A forgets but does not learn: it goes to zero and carries nothing.',
    },
    {
      attempt: step((eta, lambda) => ({ W: [eta, eta * lambda], A: [eta, eta * lambda] })),
      hint: 'λ is multiplied by η here. In the exercise W − Aᵀ shrinks by 1 − λ in one step, whatever η is.',
    },
    {
      attempt: step((eta, lambda) => ({ W: [-eta, lambda], A: [-eta, lambda] })),
      hint: 'The sign of the change: δ is the derivative of the loss, so weights move against it.',
    },
  ],
  otherwise:
    'not yet. In one step with λ = 0.5 and δ = 0 both W and A must be halved; with λ = 0, W must lose η δ xᵀ and A must lose η x δᵀ.',
});

/** Three steps from fixed matrices: all entries of W and A. */
function play(attempt: TwoWayStep): number[] {
  const r = rng(2);
  const draw = (n: number): Float64Array => r.fillNormal(new Float64Array(n));
  let W = matrix(3, 4, draw(12));
  let A = matrix(4, 3, draw(12));
  for (let k = 0; k < 3; k++) ({ W, A } = attempt(W, A, draw(3), draw(4), 0.2, 0.1));
  if (W.rows !== 3 || W.cols !== 4 || A.rows !== 4 || A.cols !== 3)
    throw new Error(`W should stay 3 x 4 and A 4 x 3 (they are ${W.rows} x ${W.cols} and ${A.rows} x ${A.cols})`);
  return [...W.data, ...A.data];
}

const same = (a: readonly number[], b: readonly number[]): boolean => a.every((v, i) => close(v, b[i], 1e-9));
