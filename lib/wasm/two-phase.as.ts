/** A phase of lib/credit/two-phase.ts: spiking layers of three compartments, 16 units at a time. */
import { exp4x } from './shared/exp.as';

// Where a layer's record holds what, in words; two-phase.layer.ts writes it.
const UNITS: i32 = 0;
const STRIDE: i32 = 1;
const WEIGHTS: i32 = 2;
const BIAS: i32 = 3;
const FEEDBACK: i32 = 4;
const BASAL_LONG: i32 = 5;
const BASAL_SHORT: i32 = 6;
const APICAL_LONG: i32 = 7;
const APICAL_SHORT: i32 = 8;
const SOMA: i32 = 9;
const TEACH: i32 = 10;
const SUM_BASAL: i32 = 11;
const SUM_APICAL: i32 = 12;
const SUM_SOMA: i32 = 13;
const SUM_RATE: i32 = 14;
const SPIKES: i32 = 15;
const COUNT: i32 = 16;
const PSP: i32 = 17;
const BASAL_SHARE: i32 = 18;
const APICAL_SHARE: i32 = 19;
const KEPT: i32 = 20;
const RECORD: i32 = 24;

// What is the same for all layers, in singles.
const LONG_LEFT: i32 = 0;
const SHORT_LEFT: i32 = 1;
const SCALE: i32 = 2;
const HIGHEST: i32 = 3;

// @ts-ignore: decorator
@inline
function word(record: usize, at: i32): i32 {
  return load<i32>(record + (<usize>at << 2));
}

// @ts-ignore: decorator
@inline
function splat(record: usize, at: i32): v128 {
  return v128.load32_splat(record + (<usize>at << 2));
}

// The four generators, one in each lane.
let g0 = i32x4.splat(0);
let g1 = i32x4.splat(0);
let g2 = i32x4.splat(0);
let g3 = i32x4.splat(0);

// @ts-ignore: decorator
@inline
function rotl4(x: v128, by: i32): v128 {
  return v128.or(i32x4.shl(x, by), i32x4.shr_u(x, 32 - by));
}

/** Four numbers in [0, 1) of 24 bits: one step of xoshiro128++ in each lane. */
// @ts-ignore: decorator
@inline
function chances(): v128 {
  const result = i32x4.add(rotl4(i32x4.add(g0, g3), 7), g0);
  const c = v128.xor(g2, g0);
  const d = v128.xor(g3, g1);
  const b = g1;
  g1 = v128.xor(b, c);
  g0 = v128.xor(g0, d);
  g2 = v128.xor(c, i32x4.shl(b, 9));
  g3 = rotl4(d, 11);
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(result, 8)), f32x4.splat(5.9604644775390625e-8));
}

/** Room for 16 units: what the spikes of a millisecond bring, basal and apical potentials. */
const brought = memory.data(64, 16);
const basals = memory.data(64, 16);
const apicals = memory.data(64, 16);

/** The rows of those who spiked, summed for the 16 units from `at` on: four sums that don't wait for each other. */
// @ts-ignore: decorator
@inline
function bring(rows: usize, row: usize, at: usize, who: usize, count: i32): void {
  let a = f32x4.splat(0);
  let b = f32x4.splat(0);
  let c = f32x4.splat(0);
  let d = f32x4.splat(0);
  const column = rows + at;
  for (const end = who + (<usize>count << 2); who < end; who += 4) {
    const from = column + <usize>load<i32>(who) * row;
    a = f32x4.add(a, v128.load(from));
    b = f32x4.add(b, v128.load(from, 16));
    c = f32x4.add(c, v128.load(from, 32));
    d = f32x4.add(d, v128.load(from, 48));
  }
  v128.store(brought, a);
  v128.store(brought, b, 16);
  v128.store(brought, c, 32);
  v128.store(brought, d, 48);
}

/** Long and short sums of four units decay and take what was brought. Their difference. */
// @ts-ignore: decorator
@inline
function potential(long: usize, short: usize, at: usize, longLeft: v128, shortLeft: v128): v128 {
  const drive = v128.load(brought + (at & 63));
  const a = f32x4.add(f32x4.mul(v128.load(long + at), longLeft), drive);
  const b = f32x4.add(f32x4.mul(v128.load(short + at), shortLeft), drive);
  v128.store(long + at, a);
  v128.store(short + at, b);
  return f32x4.sub(a, b);
}

// @ts-ignore: decorator
@inline
function addTo(sum: usize, x: v128): void {
  v128.store(sum, f32x4.add(v128.load(sum), x));
}

function step(
  record: usize, shared: usize, who: usize, count: i32, above: usize, returned: i32, recording: bool,
): void {
  const units = word(record, UNITS);
  const row = <usize>word(record, STRIDE) << 2;
  const weights = <usize>word(record, WEIGHTS);
  const bias = <usize>word(record, BIAS);
  const feedback = <usize>word(record, FEEDBACK);
  const basalLong = <usize>word(record, BASAL_LONG);
  const basalShort = <usize>word(record, BASAL_SHORT);
  const apicalLong = <usize>word(record, APICAL_LONG);
  const apicalShort = <usize>word(record, APICAL_SHORT);
  const soma = <usize>word(record, SOMA);
  const teach = <usize>word(record, TEACH);
  const spikes = <usize>word(record, SPIKES);
  const longLeft = splat(shared, LONG_LEFT);
  const shortLeft = splat(shared, SHORT_LEFT);
  const scale = splat(shared, SCALE);
  const highest = splat(shared, HIGHEST);
  const basalShare = splat(record, BASAL_SHARE);
  const apicalShare = splat(record, APICAL_SHARE);
  const kept = splat(record, KEPT);
  const one = f32x4.splat(1);
  let spiked = 0;
  for (let block: usize = 0; block < row; block += 64) {
    bring(weights, row, block, who, count);
    for (let at = block; at < block + 64; at += 16) {
      const difference = potential(basalLong, basalShort, at, longLeft, shortLeft);
      v128.store(basals + (at & 63), f32x4.add(f32x4.mul(difference, scale), v128.load(bias + at)));
    }
    if (feedback) {
      bring(feedback, row, block, above, returned);
      for (let at = block; at < block + 64; at += 16) {
        v128.store(apicals + (at & 63), f32x4.mul(potential(apicalLong, apicalShort, at, longLeft, shortLeft), scale));
      }
    }
    for (let at = block; at < block + 64; at += 16) {
      const basal = v128.load(basals + (at & 63));
      const apical = feedback ? v128.load(apicals + (at & 63)) : f32x4.splat(0);
      const rest = f32x4.add(
        f32x4.add(f32x4.mul(basalShare, basal), f32x4.mul(apicalShare, apical)), v128.load(teach + at),
      );
      const v = f32x4.add(rest, f32x4.mul(kept, f32x4.sub(v128.load(soma + at), rest)));
      v128.store(soma + at, v);
      const chance = chances();
      // where all four are above every rate, the rates are not needed
      if (!recording && !v128.any_true(f32x4.lt(chance, highest))) continue;
      const rate = f32x4.div(highest, f32x4.add(one, exp4x(f32x4.neg(v))));
      let below = i32x4.bitmask(f32x4.lt(chance, rate));
      while (below) {
        const i = <i32>(at >> 2) + <i32>ctz(below);
        if (i < units) {
          store<i32>(spikes + (<usize>spiked << 2), i);
          spiked++;
        }
        below &= below - 1;
      }
      if (recording) {
        addTo(<usize>word(record, SUM_BASAL) + at, basal);
        addTo(<usize>word(record, SUM_APICAL) + at, apical);
        addTo(<usize>word(record, SUM_SOMA) + at, v);
        addTo(<usize>word(record, SUM_RATE) + at, rate);
      }
    }
  }
  store<i32>(record + (<usize>COUNT << 2), spiked);
}

/**
 * Runs a phase.
 * @param records of the layers, one after another
 * @param lanes states of the four generators, word by word: [4, 4]
 * @param active pixels that are not black, and `rates` their spikes a millisecond, filled up to a multiple of 4 with 0
 * @param senders takes who spiked among the inputs
 * @param shares what a spike at each millisecond adds to the mean PSP of its sender; 0 where that is not asked for
 */
export function phase(
  records: usize, layers: i32, shared: usize, lanes: usize, active: usize, rates: usize, shown: i32, senders: usize,
  duration: i32, settle: i32, shares: usize,
): void {
  g0 = v128.load(lanes);
  g1 = v128.load(lanes, 16);
  g2 = v128.load(lanes, 32);
  g3 = v128.load(lanes, 48);
  const output = records + <usize>((layers - 1) * RECORD) * 4;
  for (let t = 0; t < duration; t++) {
    let count = 0;
    for (let k = 0; k < shown; k += 4) {
      let below = i32x4.bitmask(f32x4.lt(chances(), v128.load(rates + (<usize>k << 2))));
      while (below) {
        store<i32>(senders + (<usize>count << 2), load<i32>(active + (<usize>(k + <i32>ctz(below)) << 2)));
        count++;
        below &= below - 1;
      }
    }
    let who = senders;
    const returned = word(output, COUNT);
    for (let l = 0; l < layers; l++) {
      const record = records + <usize>(l * RECORD) * 4;
      if (shares) {
        const psp = <usize>word(record, PSP);
        const share = load<f32>(shares + (<usize>t << 2));
        for (let s = 0; s < count; s++) {
          const at = psp + (<usize>load<i32>(who + (<usize>s << 2)) << 2);
          store<f32>(at, load<f32>(at) + share);
        }
      }
      step(record, shared, who, count, <usize>word(output, SPIKES), returned, t >= settle);
      who = <usize>word(record, SPIKES);
      count = word(record, COUNT);
    }
  }
  v128.store(lanes, g0);
  v128.store(lanes, g1, 16);
  v128.store(lanes, g2, 32);
  v128.store(lanes, g3, 48);
}

/** Rows of weights of inputs that were active: + PSP times the change. */
export function change(weights: usize, stride: i32, inputs: i32, psp: usize, by: usize): void {
  const row = <usize>stride << 2;
  for (let j = 0; j < inputs; j++, weights += row) {
    const x = load<f32>(psp + (<usize>j << 2));
    if (x == 0) continue;
    const xs = f32x4.splat(x);
    for (let at: usize = 0; at < row; at += 16) {
      v128.store(weights + at, f32x4.add(v128.load(weights + at), f32x4.mul(xs, v128.load(by + at))));
    }
  }
}
