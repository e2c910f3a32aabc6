/**
 * The generator of lib/math/rng.ts inside a kernel: the same numbers, bit for bit, in the order of the calls. A kernel takes the
 * state of a stream over (`restore`), draws, and gives it back (`save`).
 */
import { exp2xBounded } from './exp.as';
import { exp, log } from './log.as';

let s0: i32 = 1;
let s1: i32 = 0;
let s2: i32 = 0;
let s3: i32 = 0;

/** Goes on from a state of four 32-bit words. */
export function restore(state: usize): void {
  restoreWords(state);
  if (load<f64>(edge, 8) == 0) makeLayers();
}

function restoreWords(state: usize): void {
  s0 = load<i32>(state);
  s1 = load<i32>(state, 4);
  s2 = load<i32>(state, 8);
  s3 = load<i32>(state, 12);
}

export function save(state: usize): void {
  store<i32>(state, s0);
  store<i32>(state, s1, 4);
  store<i32>(state, s2, 8);
  store<i32>(state, s3, 12);
}

/** 32 random bits: xoshiro128++. */
// @ts-ignore: decorator
@inline
export function bits(): u32 {
  const a = s0;
  const b = s1;
  const c = s2 ^ a;
  const d = s3 ^ b;
  const result = rotl<i32>(a + s3, 7) + a;
  s1 = b ^ c;
  s0 = a ^ d;
  s2 = c ^ (b << 9);
  s3 = rotl<i32>(d, 11);
  return <u32>result;
}

/** 53 random bits of two draws, as a whole number. */
// @ts-ignore: decorator
@inline
function whole(top: u32, low: u32): f64 {
  return <f64>(((<i64>top) << 21) | <i64>(low >>> 11));
}

// @ts-ignore: decorator
@inline
const to53Bits: f64 = 1.0 / 9007199254740992.0;

/** Uniform in [0, 1). */
// @ts-ignore: decorator
@inline
export function uniform(): f64 {
  const top = bits();
  return whole(top, bits()) * to53Bits;
}

/** A whole number from 0 to n - 1, n at least 1. The numbers above the last multiple of n are drawn again. */
// @ts-ignore: decorator
@inline
export function below(n: u32): u32 {
  let x = bits();
  // 2^32 mod n is less than n: few draws need it
  if (x > u32.MAX_VALUE - n) {
    const last = u32.MAX_VALUE - (0 - n) % n;
    while (x > last) x = bits();
  }
  return x % n;
}

/** The ziggurats under exp(-x^2 / 2) and under exp(-x), 257 numbers each: see rng.ts. */
const edge = memory.data(257 * 8, 16);
const height = memory.data(257 * 8, 16);
const waitEdge = memory.data(257 * 8, 16);
const waitHeight = memory.data(257 * 8, 16);
/** For each layer on either side, by the lowest 9 bits of a draw: its edge in units of 2^-53, with the sign, and the next layer's edge. */
const layers = memory.data(512 * 16, 16);
/** The same for the exponential, which has one side: by the lowest 8 bits. */
const waitLayers = memory.data(256 * 16, 16);
/** For blocks, where the next layer's edge is better a whole number: the smallest of 53 bits that reaches it. */
const limits = memory.data(512 * 16, 16);
const waitLimits = memory.data(256 * 16, 16);

function makeLayers(): void {
  const start: f64 = 3.654152885361009;
  makeZiggurat(edge, height, start, exp(-0.5 * start * start), 0.004928673233974655, true);
  makeZiggurat(waitEdge, waitHeight, 7.69711747013105, exp(-7.69711747013105), 0.003949659822581572, false);
  for (let i: usize = 0; i < 512; i++) {
    const layer = edge + ((i & 0xff) << 3);
    store<f64>(layers + (i << 4), load<f64>(layer) * (i < 256 ? to53Bits : -to53Bits));
    store<f64>(layers + (i << 4), load<f64>(layer, 8), 8);
  }
  for (let i: usize = 0; i < 256; i++) {
    const layer = waitEdge + (i << 3);
    store<f64>(waitLayers + (i << 4), load<f64>(layer) * to53Bits);
    store<f64>(waitLayers + (i << 4), load<f64>(layer, 8), 8);
  }
  for (let i: usize = 0; i < 512 * 16; i += 16) makeLimit(limits + i, layers + i);
  for (let i: usize = 0; i < 256 * 16; i += 16) makeLimit(waitLimits + i, waitLayers + i);
}

function makeLimit(limit: usize, layer: usize): void {
  const unit = load<f64>(layer);
  const next = load<f64>(layer, 8);
  let k = <i64>(next / abs<f64>(unit));
  while (k > 0 && <f64>(k - 1) * abs<f64>(unit) >= next) k--;
  while (<f64>k * abs<f64>(unit) < next) k++;
  store<f64>(limit, unit);
  store<i64>(limit, k, 8);
}

function makeZiggurat(edge: usize, height: usize, start: f64, atStart: f64, area: f64, bell: bool): void {
  store<f64>(edge, start, 8);
  store<f64>(height, atStart, 8);
  store<f64>(edge, area / load<f64>(height, 8));
  for (let i: usize = 8; i < 255 * 8; i += 8) {
    const h = load<f64>(height + i) + area / load<f64>(edge + i);
    store<f64>(height + i, h, 8);
    store<f64>(edge + i, bell ? sqrt<f64>(-2 * log(h)) : -log(h), 8);
  }
  store<f64>(height, 1, 256 * 8);
}

/** Standard normal. */
// @ts-ignore: decorator
@inline
export function normal(): f64 {
  const top = bits();
  const low = bits();
  const layer = layers + (<usize>(low & 0x1ff) << 4);
  const x = whole(top, low) * load<f64>(layer);
  return abs<f64>(x) < load<f64>(layer, 8) ? x : normalOutside(x, low);
}

/** Words that were drawn in advance, and where they end. */
let at: usize = 0;
let until: usize = 0;

/** The next 32 random bits, from what was drawn in advance if there is something left. */
function word(): u32 {
  if (at >= until) return bits();
  at += 4;
  return load<u32>(at - 4);
}

function uniformWord(): f64 {
  const top = word();
  return whole(top, word()) * to53Bits;
}

/** Outside a layer's rectangle: a point in the wedge under the curve, one in the tail, or another try. */
function normalOutside(x0: f64, low0: u32): f64 {
  let x = x0;
  let low = low0;
  for (;;) {
    const i = <usize>(low & 0xff) << 3;
    if (i == 0) return copysign<f64>(tail(), x);
    if (isUnder(heightIn(height + i), -0.5 * x * x)) return x;
    const top = word();
    low = word();
    const layer = layers + (<usize>(low & 0x1ff) << 4);
    x = whole(top, low) * load<f64>(layer);
    if (abs<f64>(x) < load<f64>(layer, 8)) return x;
  }
  return 0;
}

/** A random height within a layer. */
// @ts-ignore: decorator
@inline
function heightIn(layer: usize): f64 {
  const h = load<f64>(layer);
  return h + uniformWord() * (load<f64>(layer, 8) - h);
}

/** y < exp(z), decided by the quick exponential unless it is so close that the last bits matter, which they never do in practice. */
// @ts-ignore: decorator
@inline
function isUnder(y: f64, z: f64): bool {
  const difference = y - f64x2.extract_lane(exp2xBounded(f64x2.splat(z)), 0);
  return abs<f64>(difference) > 1e-12 ? difference < 0 : y < exp(z);
}

function tail(): f64 {
  const start = load<f64>(edge, 8);
  for (;;) {
    const x = (0 - log(1 - uniformWord())) / start;
    if (2 * (0 - log(1 - uniformWord())) > x * x) return start + x;
  }
  return 0;
}

/** Fills n doubles with mean + sd times a standard normal number. Faster than `normal` by a third from 4096 numbers on. */
export function fillNormal(out: usize, n: i32, mean: f64, sd: f64): void {
  while (n >= 2 * PART) {
    const made = normalsOfBlock(out, mean, sd);
    out += <usize>made << 3;
    n -= made;
  }
  // the rest with the state in registers
  let a = s0;
  let b = s1;
  let c = s2;
  let d = s3;
  for (const end = out + (<usize>n << 3); out < end; out += 8) {
    const top = rotl<i32>(a + d, 7) + a;
    c ^= a;
    d ^= b;
    let e = b << 9;
    b ^= c;
    a ^= d;
    c ^= e;
    d = rotl<i32>(d, 11);
    const low = rotl<i32>(a + d, 7) + a;
    c ^= a;
    d ^= b;
    e = b << 9;
    b ^= c;
    a ^= d;
    c ^= e;
    d = rotl<i32>(d, 11);
    const layer = layers + (<usize>(low & 0x1ff) << 4);
    let x = whole(top, low) * load<f64>(layer);
    if (!(abs<f64>(x) < load<f64>(layer, 8))) {
      s0 = a;
      s1 = b;
      s2 = c;
      s3 = d;
      x = normalOutside(x, low);
      a = s0;
      b = s1;
      c = s2;
      d = s3;
    }
    store<f64>(out, mean + sd * x);
  }
  s0 = a;
  s1 = b;
  s2 = c;
  s3 = d;
}

/**
 * Normal numbers of a block of bits, written over them: a number takes two words or more, so it never reaches those that are still
 * to be read. Returns how many numbers there are, 2 PART or fewer.
 */
function normalsOfBlock(out: usize, mean: f64, sd: f64): i32 {
  fillBlock(out);
  const start = out;
  const end = out + 4 * PART * 4;
  let p = out;
  while (p < end) {
    const words = load<u64>(p);
    const low = <u32>(words >>> 32);
    const layer = limits + (<usize>(low & 0x1ff) << 4);
    // the number of `whole`, from both words at once
    const k = <i64>(rotl<u64>(words, 21) & 0x1fffffffffffff);
    let x = <f64>k * load<f64>(layer);
    p += 8;
    if (k >= load<i64>(layer, 8)) {
      at = p;
      until = end;
      x = normalOutside(x, low);
      p = at;
    }
    store<f64>(out, mean + sd * x);
    out += 8;
  }
  at = until = 0;
  return <i32>((out - start) >>> 3);
}

/**
 * A count by a table of count-table.ts: the smallest k below whose threshold the draw lies.
 * @param thresholds of the classes, then Infinity
 * @param guide 1024 bytes: where to begin, by the highest 10 bits of the draw
 * @param classes how many counts there are; a draw beyond the last one is drawn again
 */
// @ts-ignore: decorator
@inline
export function count(thresholds: usize, guide: usize, classes: i32): i32 {
  let k: i32;
  do {
    const top = bits();
    const w = whole(top, bits());
    k = load<u8>(guide + <usize>(top >>> 22));
    while (w >= load<f64>(thresholds + (<usize>k << 3))) k++;
  } while (k >= classes);
  return k;
}

const logTwoPi: f64 = 1.8378770664093453;
/** ln k! for k < 16 */
const logFactorials = memory.data(16 * 8, 16);

function logFactorial(k: f64): f64 {
  if (k < 16) {
    const at = logFactorials + (<usize>k << 3);
    if (k > 1 && load<f64>(at) == 0) {
      let product = 1.0;
      for (let i = 2.0; i <= k; i++) product *= i;
      store<f64>(at, log(product));
    }
    return load<f64>(at);
  }
  return stirling(k + 1, log(k + 1));
}

// @ts-ignore: decorator
@inline
function stirling(x: f64, logX: f64): f64 {
  const z = 1 / (x * x);
  const series = (1.0 / 12 - z * (1.0 / 360 - z * (1.0 / 1260 - z * (1.0 / 1680 - z / 1188)))) / x;
  return (x - 0.5) * logX - x + 0.5 * logTwoPi + series;
}

/** A Poisson count of a mean of 10 and more, by transformed rejection: see rng.ts. */
export function poissonByRejection(mean: f64, logMean: f64): f64 {
  const b = 0.931 + 2.53 * sqrt<f64>(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const vr = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = uniform() - 0.5;
    const v = uniform();
    const us = 0.5 - abs<f64>(u);
    const k = floor<f64>(((2 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= vr) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (log((v * inverseAlpha) / (a / (us * us) + b)) <= k * logMean - mean - logFactorial(k)) return k;
  }
  return 0;
}

/** A binomial count with n p of 10 and more and p up to 1/2, by transformed rejection: see rng.ts. */
export function binomialByRejection(n: f64, p: f64, logOdds: f64): f64 {
  const q = 1 - p;
  const spread = sqrt<f64>(n * p * q);
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const c = n * p + 0.5;
  const vr = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * spread;
  const mode = floor<f64>((n + 1) * p);
  for (;;) {
    const u = uniform() - 0.5;
    const v = uniform();
    const us = 0.5 - abs<f64>(u);
    const k = floor<f64>(((2 * a) / us + b) * u + c);
    if (us >= 0.07 && v <= vr) return k;
    if (k < 0 || k > n) continue;
    const h = logFactorial(mode) + logFactorial(n - mode);
    if (log((v * alpha) / (a / (us * us) + b)) <= h - logFactorial(k) - logFactorial(n - k) + (k - mode) * logOdds) {
      return k;
    }
  }
  return 0;
}

/**
 * Bits are made in blocks of four parts side by side, one in each lane of a vector, twice as fast as one after another. The state
 * where a part begins is known in advance: the generator's step is linear in the bits of its state, and so is any number of steps.
 */
const PART = 2048;
/** What that many steps make of each of the 128 bits. */
const jump = memory.data(128 * 16, 16);
const jumpBefore = memory.data(128 * 16, 16);

/** The sum without carry of the table's rows where the state has ones. */
function jumped(table: usize, state: v128): v128 {
  let sum = rowsOf(table, i32x4.extract_lane(state, 0));
  sum = v128.xor(sum, rowsOf(table + 32 * 16, i32x4.extract_lane(state, 1)));
  sum = v128.xor(sum, rowsOf(table + 64 * 16, i32x4.extract_lane(state, 2)));
  return v128.xor(sum, rowsOf(table + 96 * 16, i32x4.extract_lane(state, 3)));
}

function rowsOf(table: usize, word: i32): v128 {
  let sum = i32x4.splat(0);
  for (let i = 0; i < 32; i++, table += 16) {
    sum = v128.xor(sum, v128.and(v128.load(table), i32x4.splat(-((word >>> i) & 1))));
  }
  return sum;
}

/** One step of the table's rows, and then its square, eleven times. */
function makeJump(): void {
  const a = s0;
  const b = s1;
  const c = s2;
  const d = s3;
  for (let i: usize = 0; i < 128; i++) {
    const row = jump + (i << 4);
    store<i32>(row + ((i >> 5) << 2), 1 << (<i32>i & 31));
    restoreWords(row);
    bits();
    save(row);
  }
  for (let k = 1; k < PART; k *= 2) {
    memory.copy(jumpBefore, jump, 128 * 16);
    for (let i: usize = 0; i < 128 * 16; i += 16) {
      v128.store(jump + i, jumped(jumpBefore, v128.load(jumpBefore + i)));
    }
  }
  s0 = a;
  s1 = b;
  s2 = c;
  s3 = d;
}

/** Fills n words with random bits. */
function fillBits(out: usize, n: i32): void {
  for (; n >= 4 * PART; n -= 4 * PART, out += 4 * PART * 4) fillBlock(out);
  let a = s0;
  let b = s1;
  let c = s2;
  let d = s3;
  for (const end = out + (<usize>n << 2); out < end; out += 4) {
    store<i32>(out, rotl<i32>(a + d, 7) + a);
    c ^= a;
    d ^= b;
    const e = b << 9;
    b ^= c;
    a ^= d;
    c ^= e;
    d = rotl<i32>(d, 11);
  }
  s0 = a;
  s1 = b;
  s2 = c;
  s3 = d;
}

/** What xoshiro128++ gives of four states. */
// @ts-ignore: decorator
@inline
function scrambled(a: v128, d: v128): v128 {
  return i32x4.add(rotl4(i32x4.add(a, d), 7), a);
}

/** A block: 4 PART words. */
function fillBlock(out: usize): void {
  if (!v128.any_true(v128.load(jump))) makeJump();
  const first = i32x4(s0, s1, s2, s3);
  const second = jumped(jump, first);
  const third = jumped(jump, second);
  const fourth = jumped(jump, third);
  // from four states to the four words of each
  const ab = v128.shuffle<i32>(first, second, 0, 4, 1, 5);
  const cd = v128.shuffle<i32>(first, second, 2, 6, 3, 7);
  const ef = v128.shuffle<i32>(third, fourth, 0, 4, 1, 5);
  const gh = v128.shuffle<i32>(third, fourth, 2, 6, 3, 7);
  let a = v128.shuffle<i64>(ab, ef, 0, 2);
  let b = v128.shuffle<i64>(ab, ef, 1, 3);
  let c = v128.shuffle<i64>(cd, gh, 0, 2);
  let d = v128.shuffle<i64>(cd, gh, 1, 3);
  let e: v128;
  for (const end = out + PART * 4; out < end; out += 16) {
    const r0 = scrambled(a, d);
    c = v128.xor(c, a);
    d = v128.xor(d, b);
    e = i32x4.shl(b, 9);
    b = v128.xor(b, c);
    a = v128.xor(a, d);
    c = v128.xor(c, e);
    d = rotl4(d, 11);
    const r1 = scrambled(a, d);
    c = v128.xor(c, a);
    d = v128.xor(d, b);
    e = i32x4.shl(b, 9);
    b = v128.xor(b, c);
    a = v128.xor(a, d);
    c = v128.xor(c, e);
    d = rotl4(d, 11);
    const r2 = scrambled(a, d);
    c = v128.xor(c, a);
    d = v128.xor(d, b);
    e = i32x4.shl(b, 9);
    b = v128.xor(b, c);
    a = v128.xor(a, d);
    c = v128.xor(c, e);
    d = rotl4(d, 11);
    const r3 = scrambled(a, d);
    c = v128.xor(c, a);
    d = v128.xor(d, b);
    e = i32x4.shl(b, 9);
    b = v128.xor(b, c);
    a = v128.xor(a, d);
    c = v128.xor(c, e);
    d = rotl4(d, 11);
    // from four lanes of four steps to four words of each part
    const low01 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5);
    const low23 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
    const high01 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
    const high23 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
    v128.store(out, v128.shuffle<i64>(low01, low23, 0, 2));
    v128.store(out, v128.shuffle<i64>(low01, low23, 1, 3), PART * 4);
    v128.store(out, v128.shuffle<i64>(high01, high23, 0, 2), PART * 8);
    v128.store(out, v128.shuffle<i64>(high01, high23, 1, 3), PART * 12);
  }
  s0 = i32x4.extract_lane(a, 3);
  s1 = i32x4.extract_lane(b, 3);
  s2 = i32x4.extract_lane(c, 3);
  s3 = i32x4.extract_lane(d, 3);
}

/** Two uniform numbers from four words. */
// @ts-ignore: decorator
@inline
function uniform2x(words: v128): v128 {
  const top = f64x2.convert_low_i32x4_u(v128.shuffle<i32>(words, words, 0, 2, 0, 2));
  const low = f64x2.convert_low_i32x4_u(i32x4.shr_u(v128.shuffle<i32>(words, words, 1, 3, 1, 3), 11));
  return f64x2.mul(f64x2.add(f64x2.mul(top, f64x2.splat(2097152)), low), f64x2.splat(to53Bits));
}

/** Fills n doubles with low + width times a uniform number. Where n is odd, there is room for one more, which is overwritten. */
export function fillUniform(out: usize, n: i32, low: f64, width: f64): void {
  fillBits(out, 2 * n);
  for (const end = out + (<usize>n << 3); out < end; out += 16) {
    const x = f64x2.mul(f64x2.splat(width), uniform2x(v128.load(out)));
    v128.store(out, f64x2.add(f64x2.splat(low), x));
  }
}

/** Fills n doubles with mean times an exponential number of mean 1. */
export function fillExponential(out: usize, n: i32, mean: f64): void {
  while (n >= 2 * PART) {
    const made = waitsOfBlock(out, mean);
    out += <usize>made << 3;
    n -= made;
  }
  for (const end = out + (<usize>n << 3); out < end; out += 8) {
    const top = bits();
    const low = bits();
    const layer = waitLayers + (<usize>(low & 0xff) << 4);
    const x = whole(top, low) * load<f64>(layer);
    store<f64>(out, mean * (x < load<f64>(layer, 8) ? x : waitOutside(x, low)));
  }
}

/** Exponential numbers of a block of bits, as `normalsOfBlock`. */
function waitsOfBlock(out: usize, mean: f64): i32 {
  fillBlock(out);
  const start = out;
  const end = out + 4 * PART * 4;
  let p = out;
  while (p < end) {
    const words = load<u64>(p);
    const low = <u32>(words >>> 32);
    const layer = waitLimits + (<usize>(low & 0xff) << 4);
    const k = <i64>(rotl<u64>(words, 21) & 0x1fffffffffffff);
    let x = <f64>k * load<f64>(layer);
    p += 8;
    if (k >= load<i64>(layer, 8)) {
      at = p;
      until = end;
      x = waitOutside(x, low);
      p = at;
    }
    store<f64>(out, mean * x);
    out += 8;
  }
  at = until = 0;
  return <i32>((out - start) >>> 3);
}

/** Outside a layer's rectangle: a point in the wedge under the curve, or another try, which begins at the tail if that was hit. */
function waitOutside(x0: f64, low0: u32): f64 {
  let x = x0;
  let low = low0;
  let passed: f64 = 0;
  for (;;) {
    const i = <usize>(low & 0xff) << 3;
    if (i == 0) passed += load<f64>(waitEdge, 8);
    else if (isUnder(heightIn(waitHeight + i), -x)) return passed + x;
    const top = word();
    low = word();
    const layer = waitLayers + (<usize>(low & 0xff) << 4);
    x = whole(top, low) * load<f64>(layer);
    if (x < load<f64>(layer, 8)) return passed + x;
  }
  return 0;
}

/** Room for the words of four lanes. */
const words4 = memory.data(16, 16);

// @ts-ignore: decorator
@inline
function rotl4(x: v128, by: i32): v128 {
  return v128.or(i32x4.shl(x, by), i32x4.shr_u(x, 32 - by));
}

/**
 * Fills n doubles, a multiple of 4, with standard normal numbers of four generators side by side: number k is the next one of
 * generator k mod 4. Twice as fast as from one generator, each of whose draws waits for the one before.
 * @param lanes 16 words: the first one of each generator's state, then the second, third and fourth; moved on
 */
export function fillNormal4(lanes: usize, out: usize, n: i32): void {
  if (load<f64>(edge, 8) == 0) makeLayers();
  let a = v128.load(lanes);
  let b = v128.load(lanes, 16);
  let c = v128.load(lanes, 32);
  let d = v128.load(lanes, 48);
  const two21 = f64x2.splat(2097152);
  for (const end = out + (<usize>n << 3); out < end; out += 32) {
    const top = i32x4.add(rotl4(i32x4.add(a, d), 7), a);
    c = v128.xor(c, a);
    d = v128.xor(d, b);
    let e = i32x4.shl(b, 9);
    b = v128.xor(b, c);
    a = v128.xor(a, d);
    c = v128.xor(c, e);
    d = rotl4(d, 11);
    const low = i32x4.add(rotl4(i32x4.add(a, d), 7), a);
    c = v128.xor(c, a);
    d = v128.xor(d, b);
    e = i32x4.shl(b, 9);
    b = v128.xor(b, c);
    a = v128.xor(a, d);
    c = v128.xor(c, e);
    d = rotl4(d, 11);
    const at = i32x4.shl(v128.and(low, i32x4.splat(0x1ff)), 4);
    const layer0 = v128.load(layers + <usize>i32x4.extract_lane(at, 0));
    const layer1 = v128.load(layers + <usize>i32x4.extract_lane(at, 1));
    const layer2 = v128.load(layers + <usize>i32x4.extract_lane(at, 2));
    const layer3 = v128.load(layers + <usize>i32x4.extract_lane(at, 3));
    const rest = i32x4.shr_u(low, 11);
    const whole01 = f64x2.add(f64x2.mul(f64x2.convert_low_i32x4_u(top), two21), f64x2.convert_low_i32x4_u(rest));
    const top23 = f64x2.convert_low_i32x4_u(v128.shuffle<i64>(top, top, 1, 1));
    const whole23 = f64x2.add(f64x2.mul(top23, two21), f64x2.convert_low_i32x4_u(v128.shuffle<i64>(rest, rest, 1, 1)));
    const x01 = f64x2.mul(whole01, v128.shuffle<i64>(layer0, layer1, 0, 2));
    const x23 = f64x2.mul(whole23, v128.shuffle<i64>(layer2, layer3, 0, 2));
    v128.store(out, x01);
    v128.store(out, x23, 16);
    const inside01 = f64x2.lt(f64x2.abs(x01), v128.shuffle<i64>(layer0, layer1, 1, 3));
    const inside23 = f64x2.lt(f64x2.abs(x23), v128.shuffle<i64>(layer2, layer3, 1, 3));
    if (!i64x2.all_true(v128.and(inside01, inside23))) {
      v128.store(lanes, a);
      v128.store(lanes, b, 16);
      v128.store(lanes, c, 32);
      v128.store(lanes, d, 48);
      v128.store(words4, low);
      for (let i: usize = 0; i < 4; i++) outside(lanes + (i << 2), load<u32>(words4 + (i << 2)), out + (i << 3));
      a = v128.load(lanes);
      b = v128.load(lanes, 16);
      c = v128.load(lanes, 32);
      d = v128.load(lanes, 48);
    }
  }
  v128.store(lanes, a);
  v128.store(lanes, b, 16);
  v128.store(lanes, c, 32);
  v128.store(lanes, d, 48);
}

/** Puts the number of one lane right if it lies outside its layer's rectangle. */
function outside(lane: usize, low: u32, out: usize): void {
  const x = load<f64>(out);
  if (abs<f64>(x) < load<f64>(layers + (<usize>(low & 0x1ff) << 4), 8)) return;
  s0 = load<i32>(lane);
  s1 = load<i32>(lane, 16);
  s2 = load<i32>(lane, 32);
  s3 = load<i32>(lane, 48);
  store<f64>(out, normalOutside(x, low));
  store<i32>(lane, s0);
  store<i32>(lane, s1, 16);
  store<i32>(lane, s2, 32);
  store<i32>(lane, s3, 48);
}
