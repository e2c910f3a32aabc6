import { wasmRuns } from '../wasm/instantiate';
import { binomialCounts, binomialTable, type Counts, invert, poissonCounts, poissonTable } from './count-table';
import * as draws from './draws';
import { ParameterError } from './errors';
import { exp, log } from './reproducible';

/**
 * A seeded source of random numbers. The same seed and stream name give the same numbers, bit for bit, on every machine:
 * everything below is integer arithmetic and IEEE 754 basic operations (the square root is one), never `Math.log` and its kin.
 *
 * Give each condition of a simulation its own stream, so that adding one doesn't move the others:
 * `const noise = r.stream('noise')`.
 */
export interface Rng {
  /**
   * A new generator that depends on this one's seed and on the name alone: not on what was drawn before, nor on which
   * other streams exist. Asking twice for the same name gives the same numbers twice.
   */
  stream(name: string): Rng;
  /** What `rngFrom` makes this generator of again, as it was before its first draw: a few numbers, to send to a worker. */
  origin(): Int32Array;
  /** 32 random bits, 0 to 2^32 - 1. */
  bits(): number;
  /** Uniform in [low, high), by default in [0, 1), with 53 random bits. */
  uniform(low?: number, high?: number): number;
  /** A whole number from low to high, both included; high - low < 2^32. */
  integer(low: number, high: number): number;
  /** True with probability p. */
  bernoulli(p: number): boolean;
  /** Normal (Gaussian), by default with mean 0 and standard deviation 1. */
  normal(mean?: number, sd?: number): number;
  /** Exponential with the given mean, by default 1. */
  exponential(mean?: number): number;
  /** Poisson count with the given mean, 0 to 2^30. */
  poisson(mean: number): number;
  /** Number of successes in n trials (0 to 2^30) of probability p. */
  binomial(n: number, p: number): number;
  /** The numbers 0 to n - 1 in random order. */
  permutation(n: number): Int32Array;
  /** Puts an array into random order, in place, and returns it. */
  shuffle<T extends Shufflable>(items: T): T;
  /**
   * Fills an array with uniform numbers, and returns it. This and the other fills give the same numbers, bit for bit, as so many
   * single calls, several times faster.
   */
  fillUniform<T extends Float64Array | Float32Array>(out: T, low?: number, high?: number): T;
  /** Fills an array with normal numbers, and returns it. */
  fillNormal<T extends Float64Array | Float32Array>(out: T, mean?: number, sd?: number): T;
  /** Fills an array with exponential numbers, and returns it. */
  fillExponential<T extends Float64Array | Float32Array>(out: T, mean?: number): T;
  /** Fills an array with Poisson counts, and returns it. */
  fillPoisson<T extends NumberArray>(out: T, mean: number): T;
  /** Fills an array with binomial counts, and returns it. */
  fillBinomial<T extends NumberArray>(out: T, n: number, p: number): T;
  /** The state, four 32-bit words: for a WebAssembly kernel that goes on drawing from this stream (lib/wasm/shared/random). */
  state(): Int32Array;
  /** Goes on from a state, such as the one that a kernel left. */
  resume(state: Int32Array): void;
}

export type NumberArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Uint8Array;
export type Shufflable = NumberArray | unknown[];

/**
 * The generator of a seed.
 * @param seed whole number, 0 to 2^53 - 1
 * @throws ParameterError for any other seed
 */
export function rng(seed: number): Rng {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new ParameterError(`seed must be a whole number between 0 and 2^53 - 1 (got ${seed})`);
  }
  const origin = Int32Array.of(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344); // digits of pi
  absorb(origin, seed >>> 0);
  absorb(origin, Math.floor(seed / two32));
  finish(origin);
  return new Xoshiro(origin);
}

/**
 * The generator with this origin, at its first draw.
 * @param origin what `origin()` of another generator gave
 */
export function rngFrom(origin: Int32Array): Rng {
  return new Xoshiro(origin.slice());
}

/** One round of SipHash's mixing on four 32-bit words (Aumasson and Bernstein 2012, HalfSipHash). It is a bijection. */
function mix(v: Int32Array): void {
  let [a, b, c, d] = v as unknown as [number, number, number, number];
  a = (a + b) | 0;
  b = rotate(b, 5) ^ a;
  a = rotate(a, 16);
  c = (c + d) | 0;
  d = rotate(d, 8) ^ c;
  a = (a + d) | 0;
  d = rotate(d, 7) ^ a;
  c = (c + b) | 0;
  b = rotate(b, 13) ^ c;
  c = rotate(c, 16);
  v[0] = a;
  v[1] = b;
  v[2] = c;
  v[3] = d;
}

function absorb(v: Int32Array, word: number): void {
  v[3] ^= word;
  mix(v);
  mix(v);
  v[0] ^= word;
}

function finish(v: Int32Array): void {
  v[2] ^= 0xff;
  for (let i = 0; i < 4; i++) mix(v);
  if ((v[0] | v[1] | v[2] | v[3]) === 0) v[0] = 1; // the one state that xoshiro can't leave
}

function rotate(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}

// written out, because the language leaves the last bits of the power operator to the engine too
const two21 = 0x200000;
const two32 = 0x100000000;
const to53Bits = 1 / 0x20000000000000;

/** xoshiro128++ (Blackman and Vigna 2021): 32-bit operations only, which JavaScript and WebAssembly do fast; period 2^128 - 1. */
class Xoshiro implements Rng {
  private readonly s: Int32Array;

  constructor(private readonly start: Int32Array) {
    this.s = start.slice();
  }

  origin(): Int32Array {
    return this.start.slice();
  }

  stream(name: string): Rng {
    const origin = this.start.slice();
    for (let i = 0; i < name.length; i++) absorb(origin, name.charCodeAt(i));
    absorb(origin, 0x10000 + name.length);
    finish(origin);
    return new Xoshiro(origin);
  }

  /** 32 random bits as a signed integer. */
  private next(): number {
    const s = this.s;
    const a = s[0];
    const b = s[1];
    const sum = (a + s[3]) | 0;
    const result = (((sum << 7) | (sum >>> 25)) + a) | 0;
    const c = s[2] ^ a;
    const d = s[3] ^ b;
    s[1] = b ^ c;
    s[0] = a ^ d;
    s[2] = c ^ (b << 9);
    s[3] = (d << 11) | (d >>> 21);
    return result;
  }

  bits(): number {
    return this.next() >>> 0;
  }

  uniform(low = 0, high = 1): number {
    const top = this.next() >>> 0;
    return low + (high - low) * ((top * two21 + (this.next() >>> 11)) * to53Bits);
  }

  integer(low: number, high: number): number {
    const n = high - low + 1;
    if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || n < 1 || n > two32) {
      throw new ParameterError(
        `low and high must be whole numbers with low <= high < low + 2^32 (got ${low} and ${high})`,
      );
    }
    return low + this.below(n);
  }

  /** A whole number from 0 to n - 1. The numbers above the last multiple of n are drawn again: no value is favoured. */
  private below(n: number): number {
    let x = this.next() >>> 0;
    if (x >= two32 - n) {
      const end = two32 - (two32 % n);
      while (x >= end) x = this.next() >>> 0;
    }
    return x % n;
  }

  bernoulli(p: number): boolean {
    checkProbability(p);
    return this.uniform() < p;
  }

  normal(mean = 0, sd = 1): number {
    return mean + sd * this.standardNormal();
  }

  /** The ziggurat of Marsaglia and Tsang (2000); layer, sign and 53-bit abscissa come from separate bits (Doornik 2005). */
  private standardNormal(): number {
    for (;;) {
      const top = this.next() >>> 0;
      const bits = this.next();
      const layer = bits & 0xff;
      const x = (top * two21 + (bits >>> 11)) * to53Bits * bell.edge[layer];
      if (x < bell.edge[layer + 1] || (layer > 0 && this.heightIn(bell, layer) < exp(-0.5 * x * x))) {
        return bits & 0x100 ? -x : x;
      }
      if (layer === 0) {
        const y = this.tail();
        return bits & 0x100 ? -y : y;
      }
    }
  }

  /** Beyond the last layer (Marsaglia 1964). */
  private tail(): number {
    const start = bell.edge[1];
    for (;;) {
      const x = -log(1 - this.uniform()) / start;
      if (-2 * log(1 - this.uniform()) > x * x) return start + x;
    }
  }

  exponential(mean = 1): number {
    return mean * this.standardExponential();
  }

  /** The ziggurat under exp(-x). Beyond its last layer it begins anew, because the exponential distribution has no memory. */
  private standardExponential(): number {
    for (let passed = 0; ; ) {
      const top = this.next() >>> 0;
      const bits = this.next();
      const layer = bits & 0xff;
      const x = (top * two21 + (bits >>> 11)) * to53Bits * wait.edge[layer];
      if (x < wait.edge[layer + 1]) return passed + x;
      if (layer === 0) passed += wait.edge[1];
      else if (this.heightIn(wait, layer) < exp(-x)) return passed + x;
    }
  }

  /** A random height within a layer. */
  private heightIn({ height }: Ziggurat, layer: number): number {
    return height[layer] + this.uniform() * (height[layer + 1] - height[layer]);
  }

  poisson(mean: number): number {
    checkPoissonMean(mean);
    return mean < 10 ? this.byInversion(poissonCounts(mean)) : this.poissonByRejection(mean);
  }

  private byInversion(counts: Counts): number {
    for (;;) {
      const k = invert(this.uniform(), counts);
      if (k < counts.classes) return k;
    }
  }

  /** Transformed rejection, PTRS (Hörmann 1993), for means of 10 and more. */
  private poissonByRejection(mean: number): number {
    const logMean = log(mean);
    const b = 0.931 + 2.53 * Math.sqrt(mean);
    const a = -0.059 + 0.02483 * b;
    const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
    const vr = 0.9277 - 3.6224 / (b - 2);
    for (;;) {
      const u = this.uniform() - 0.5;
      const v = this.uniform();
      const us = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
      if (us >= 0.07 && v <= vr) return k;
      if (k < 0 || (us < 0.013 && v > us)) continue;
      if (log((v * inverseAlpha) / (a / (us * us) + b)) <= k * logMean - mean - logFactorial(k)) return k;
    }
  }

  binomial(n: number, p: number): number {
    checkTrials(n);
    checkProbability(p);
    if (p > 0.5) return n - this.successes(n, 1 - p);
    return this.successes(n, p);
  }

  /** p is at most 1/2 */
  private successes(n: number, p: number): number {
    if (n === 0 || p === 0) return 0;
    return n * p < 10 ? this.byInversion(binomialCounts(n, p)) : this.binomialByRejection(n, p);
  }

  /** Transformed rejection, BTRS (Hörmann 1993), for n p of 10 and more and p up to 1/2. */
  private binomialByRejection(n: number, p: number): number {
    const q = 1 - p;
    const spread = Math.sqrt(n * p * q);
    const b = 1.15 + 2.53 * spread;
    const a = -0.0873 + 0.0248 * b + 0.01 * p;
    const c = n * p + 0.5;
    const vr = 0.92 - 4.2 / b;
    const alpha = (2.83 + 5.1 / b) * spread;
    const logOdds = log(p / q);
    const mode = Math.floor((n + 1) * p);
    const h = logFactorial(mode) + logFactorial(n - mode);
    for (;;) {
      const u = this.uniform() - 0.5;
      const v = this.uniform();
      const us = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * a) / us + b) * u + c);
      if (us >= 0.07 && v <= vr) return k;
      if (k < 0 || k > n) continue;
      if (log((v * alpha) / (a / (us * us) + b)) <= h - logFactorial(k) - logFactorial(n - k) + (k - mode) * logOdds) {
        return k;
      }
    }
  }

  permutation(n: number): Int32Array {
    if (!Number.isInteger(n) || n < 0 || n > 2 ** 31 - 1) {
      throw new ParameterError(`n must be a whole number between 0 and 2^31 - 1 (got ${n})`);
    }
    const a = new Int32Array(n);
    for (let i = 0; i < n; i++) a[i] = i;
    return this.shuffle(a);
  }

  /** Fisher and Yates. */
  shuffle<T extends Shufflable>(items: T): T {
    const n = items.length;
    if (inBulk(n)) {
      draws.eachFalling(this.s, n, (partners, from) => exchange(items, n - 1 - from, partners));
      return items;
    }
    const a = items as unknown[];
    for (let i = n - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const x = a[i];
      a[i] = a[j];
      a[j] = x;
    }
    return items;
  }

  fillUniform<T extends Float64Array | Float32Array>(out: T, low = 0, high = 1): T {
    if (inBulk(out.length)) draws.fillUniform(this.s, out, low, high - low);
    else for (let i = 0; i < out.length; i++) out[i] = this.uniform(low, high);
    return out;
  }

  fillNormal<T extends Float64Array | Float32Array>(out: T, mean = 0, sd = 1): T {
    if (inBulk(out.length)) draws.fillNormal(this.s, out, mean, sd);
    else for (let i = 0; i < out.length; i++) out[i] = mean + sd * this.standardNormal();
    return out;
  }

  fillExponential<T extends Float64Array | Float32Array>(out: T, mean = 1): T {
    if (inBulk(out.length)) draws.fillExponential(this.s, out, mean);
    else for (let i = 0; i < out.length; i++) out[i] = this.exponential(mean);
    return out;
  }

  fillPoisson<T extends NumberArray>(out: T, mean: number): T {
    checkPoissonMean(mean);
    if (mean < 10 && inBulk(out.length / TABLE_COST)) {
      draws.fillFromTable(this.s, out, poissonTable(mean));
    } else if (mean >= 10 && inBulk(out.length)) {
      draws.fillPoisson(this.s, out, mean, log(mean));
    } else for (let i = 0; i < out.length; i++) out[i] = this.poisson(mean);
    return out;
  }

  fillBinomial<T extends NumberArray>(out: T, n: number, p: number): T {
    checkTrials(n);
    checkProbability(p);
    const mirror = p > 0.5 ? n : -1;
    const q = p > 0.5 ? 1 - p : p;
    if (n > 0 && q > 0 && n * q < 10 && inBulk(out.length / TABLE_COST)) {
      draws.fillFromTable(this.s, out, binomialTable(n, q), mirror);
    } else if (n * q >= 10 && inBulk(out.length)) {
      draws.fillBinomial(this.s, out, n, q, log(q / (1 - q)), mirror);
    } else for (let i = 0; i < out.length; i++) out[i] = this.binomial(n, p);
    return out;
  }

  state(): Int32Array {
    return this.s.slice();
  }

  resume(state: Int32Array): void {
    if (state.length !== 4 || state.every((word) => word === 0)) {
      throw new ParameterError(`state must be four numbers, not all 0 (got ${state.join(', ')})`);
    }
    this.s.set(state);
  }
}

/** Whether so many numbers are worth the call of a kernel. */
const inBulk = (n: number): boolean => n >= 32 && wasmRuns();
/** Making a table costs as much as so many calls of a kernel. */
const TABLE_COST = 10;

/** Exchanges items[top] and the ones below it with their partners. */
function exchange(items: Shufflable, top: number, partners: Uint32Array): void {
  const a = items as unknown[];
  for (let c = 0, i = top; c < partners.length; c++, i--) {
    const j = partners[c];
    const x = a[i];
    a[i] = a[j];
    a[j] = x;
  }
}

function checkTrials(n: number): void {
  if (!Number.isInteger(n) || n < 0 || n > 2 ** 30) {
    throw new ParameterError(`n must be a whole number between 0 and 2^30 (got ${n})`);
  }
}

function checkProbability(p: number): void {
  if (!(p >= 0 && p <= 1)) throw new ParameterError(`p must be between 0 and 1 (got ${p})`);
}

function checkPoissonMean(mean: number): void {
  if (!(mean >= 0 && mean <= 2 ** 30)) throw new ParameterError(`mean must be between 0 and 2^30 (got ${mean})`);
}

/** ln k!, by Stirling's series from 16 on (error below 1e-15 relative). */
function logFactorial(k: number): number {
  if (k < 16) {
    let product = 1;
    for (let i = 2; i <= k; i++) product *= i;
    return log(product);
  }
  const x = k + 1;
  const z = 1 / (x * x);
  const series = (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z / 1188)))) / x;
  return (x - 0.5) * log(x) - x + 0.5 * logTwoPi + series;
}

const logTwoPi = 1.8378770664093453;

/**
 * A ziggurat: 256 layers of equal area under a falling curve. `edge[i]` is where layer i ends to the right, falling to
 * `edge[256]` = 0; `height[i]` is the curve there. Layer 0 holds the tail, and its edge is that of the rectangle of the same area.
 */
interface Ziggurat {
  readonly edge: Float64Array;
  readonly height: Float64Array;
}

/**
 * @param start of the tail
 * @param atStart the curve there
 * @param area of each layer
 * @param inverse where the curve has a height
 */
function ziggurat(start: number, atStart: number, area: number, inverse: (height: number) => number): Ziggurat {
  const edge = new Float64Array(257);
  const height = new Float64Array(257);
  edge[1] = start;
  height[1] = atStart;
  edge[0] = area / height[1];
  for (let i = 1; i < 255; i++) {
    height[i + 1] = height[i] + area / edge[i];
    edge[i + 1] = inverse(height[i + 1]);
  }
  height[256] = 1;
  return { edge, height };
}

/** Under exp(-x^2 / 2). */
const bell = ziggurat(3.654152885361009, exp(-0.5 * 3.654152885361009 * 3.654152885361009), 0.004928673233974655, (h) =>
  Math.sqrt(-2 * log(h)),
);
/** Under exp(-x). */
const wait = ziggurat(7.69711747013105, exp(-7.69711747013105), 0.003949659822581572, (h) => -log(h));
