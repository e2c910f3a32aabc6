/**
 * The three inner loops of a network of spiking neurons. Arrays are padded to whole vectors of four neurons: what is
 * computed for the neurons past the end is not used. The same numbers, bit for bit, as the TypeScript in lib/neurons.
 */

/**
 * out[i] += weight * Poisson count, one random word each from four xoshiro128++ generators side by side.
 * @param state 16 words, as `lanes` makes them
 * @param cells alias table of 2^bits cells: threshold and alias
 */
export function addPoisson(state: usize, cells: usize, bits: i32, weight: f64, out: usize, n: i32): void {
  let a = v128.load(state);
  let b = v128.load(state, 16);
  let c = v128.load(state, 32);
  let d = v128.load(state, 48);
  const mask: u32 = (1 << bits) - 1;
  for (let to = out, end = out + ((<usize>n) << 3); to < end; to += 32) {
    const sum = i32x4.add(a, d);
    const word = i32x4.add(v128.or(i32x4.shl(sum, 7), i32x4.shr_u(sum, 25)), a);
    const e = v128.xor(c, a);
    const f = v128.xor(d, b);
    const shifted = i32x4.shl(b, 9);
    b = v128.xor(b, e);
    a = v128.xor(a, f);
    c = v128.xor(e, shifted);
    d = v128.or(i32x4.shl(f, 11), i32x4.shr_u(f, 21));
    const low = f64x2(
      count(cells, bits, mask, i32x4.extract_lane(word, 0)),
      count(cells, bits, mask, i32x4.extract_lane(word, 1)),
    );
    const high = f64x2(
      count(cells, bits, mask, i32x4.extract_lane(word, 2)),
      count(cells, bits, mask, i32x4.extract_lane(word, 3)),
    );
    v128.store(to, f64x2.add(v128.load(to), f64x2.mul(f64x2.splat(weight), low)));
    v128.store(to, f64x2.add(v128.load(to, 16), f64x2.mul(f64x2.splat(weight), high)), 16);
  }
  v128.store(state, a);
  v128.store(state, b, 16);
  v128.store(state, c, 32);
  v128.store(state, d, 48);
}

// @ts-ignore: decorator
@inline
function count(cells: usize, bits: i32, mask: u32, word: u32): f64 {
  const cell = word & mask;
  const at = cells + ((<usize>cell) << 3);
  return <f64>select<u32>(cell, load<u32>(at, 4), word >> bits < load<u32>(at));
}

/**
 * One step of leaky neurons whose input makes V jump.
 * @returns how many of the first n spiked; their numbers are in `spikes`
 */
export function jumpStep(
  V: usize,
  waiting: usize,
  target: usize,
  input: usize,
  spikes: usize,
  n: i32,
  decay: f64,
  threshold: f64,
  reset: f64,
  pause: i32,
): i32 {
  let found = 0;
  const keep = f64x2.splat(decay);
  const edge = f64x2.splat(threshold);
  const zero = i64x2.splat(0);
  for (let i = 0; i < n; i += 4) {
    const at = (<usize>i) << 3;
    const half = (<usize>i) << 2;
    const w = v128.load(waiting + half);
    const waits = i32x4.gt_s(w, zero);
    v128.store(waiting + half, i32x4.add(w, waits));
    const held0 = i64x2.extend_low_i32x4_s(waits);
    const held1 = i64x2.extend_high_i32x4_s(waits);
    const old0 = v128.load(V + at);
    const old1 = v128.load(V + at, 16);
    const to0 = v128.load(target + at);
    const to1 = v128.load(target + at, 16);
    const v0 = f64x2.add(f64x2.add(to0, f64x2.mul(f64x2.sub(old0, to0), keep)), v128.load(input + at));
    const v1 = f64x2.add(f64x2.add(to1, f64x2.mul(f64x2.sub(old1, to1), keep)), v128.load(input + at, 16));
    v128.store(input + at, zero);
    v128.store(input + at, zero, 16);
    v128.store(V + at, v128.bitselect(old0, v0, held0));
    v128.store(V + at, v128.bitselect(old1, v1, held1), 16);
    const over0 = v128.andnot(f64x2.ge(v0, edge), held0);
    const over1 = v128.andnot(f64x2.ge(v1, edge), held1);
    if (v128.any_true(v128.or(over0, over1))) {
      const which = i64x2.bitmask(over0) | (i64x2.bitmask(over1) << 2);
      for (let k = 0; k < 4; k++)
        if (which & (1 << k)) {
          store<f64>(V + at + ((<usize>k) << 3), reset);
          store<i32>(waiting + half + ((<usize>k) << 2), pause);
          if (i + k < n) store<i32>(spikes + (<usize>(found++) << 2), i + k);
        }
    }
  }
  return found;
}

/**
 * Adds rows of a sparse matrix with 16-bit columns to out.
 * @param data 0 for a pattern without values
 */
export function addRows16(list: usize, n: i32, start: usize, index: usize, data: usize, factor: f64, out: usize): void {
  for (let s = 0; s < n; s++) {
    const row = start + ((<usize>load<i32>(list + ((<usize>s) << 2))) << 2);
    const from = <usize>load<i32>(row);
    const to = <usize>load<i32>(row, 4);
    if (data) {
      let value = data + (from << 3);
      for (let p = index + (from << 1), end = index + (to << 1); p < end; p += 2, value += 8)
        add(out, <u32>load<u16>(p), factor * load<f64>(value));
    } else {
      let p = index + (from << 1);
      const end = index + (to << 1);
      for (; p + 8 <= end; p += 8) {
        const four = load<u64>(p);
        add(out, <u32>four & 0xffff, factor);
        add(out, <u32>(four >> 16) & 0xffff, factor);
        add(out, <u32>(four >> 32) & 0xffff, factor);
        add(out, <u32>(four >> 48), factor);
      }
      for (; p < end; p += 2) add(out, <u32>load<u16>(p), factor);
    }
  }
}

/** The same with 32-bit columns. */
export function addRows32(list: usize, n: i32, start: usize, index: usize, data: usize, factor: f64, out: usize): void {
  for (let s = 0; s < n; s++) {
    const row = start + ((<usize>load<i32>(list + ((<usize>s) << 2))) << 2);
    const from = <usize>load<i32>(row);
    const to = <usize>load<i32>(row, 4);
    let value = data + (from << 3);
    for (let p = index + (from << 2), end = index + (to << 2); p < end; p += 4, value += 8)
      add(out, load<u32>(p), data ? factor * load<f64>(value) : factor);
  }
}

// @ts-ignore: decorator
@inline
function add(out: usize, column: u32, value: f64): void {
  const at = out + ((<usize>column) << 3);
  store<f64>(at, load<f64>(at) + value);
}
