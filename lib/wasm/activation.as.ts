import { exp2x, exp4x, tanh2x, tanh4x } from './shared/exp.as';

/** n is padded to whole vectors by the caller's arrays. */
export function exp64(from: usize, to: usize, n: i32): void {
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) v128.store(to + i, exp2x(v128.load(from + i)));
}

export function tanh64(from: usize, to: usize, n: i32): void {
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) v128.store(to + i, tanh2x(v128.load(from + i)));
}

export function exp32(from: usize, to: usize, n: i32): void {
  for (let i: usize = 0, end = <usize>n << 2; i < end; i += 16) v128.store(to + i, exp4x(v128.load(from + i)));
}

export function tanh32(from: usize, to: usize, n: i32): void {
  for (let i: usize = 0, end = <usize>n << 2; i < end; i += 16) v128.store(to + i, tanh4x(v128.load(from + i)));
}
