import { tanh4x } from './shared/exp.as';

/** x <- tanh x, for n singles rounded up to whole vectors. */
export function tanhAll(x: usize, n: i32): void {
  for (let at = x, end = x + ((<usize>n) << 2); at < end; at += 16) v128.store(at, tanh4x(v128.load(at)));
}

/** delta <- (1 - x²) delta, for n singles rounded up to whole vectors. */
export function timesSlope(delta: usize, x: usize, n: i32): void {
  const one = f32x4.splat(1);
  for (let at: usize = 0, end = (<usize>n) << 2; at < end; at += 16) {
    const y = v128.load(x + at);
    v128.store(delta + at, f32x4.mul(v128.load(delta + at), f32x4.sub(one, f32x4.mul(y, y))));
  }
}
