/**
 * The equations of Hodgkin and Huxley for four patches of membrane at once: two pairs, which don't wait for each other.
 * The same steps as in lib/neurons/hodgkin-huxley.ts, with all exponentials as powers of one.
 */

// @ts-ignore: decorator
@inline
function all(x: f64): v128 {
  return f64x2.splat(x);
}

// @ts-ignore: decorator
@inline
function square(x: v128): v128 {
  return f64x2.mul(x, x);
}

/** a + b x */
// @ts-ignore: decorator
@inline
function line(a: f64, b: f64, x: v128): v128 {
  return f64x2.add(all(a), f64x2.mul(all(b), x));
}

/** Within this range (mV) the voltages of the rates are used as they are, beyond it they stay at its end. */
// @ts-ignore: decorator
@inline
const largest: f64 = 249;

/** e^x for |x| <= 249/720, eleven terms beyond the first: error 6e-15 at the ends, 3e-17 at 150 mV. */
// @ts-ignore: decorator
@inline
function exponential(x: v128): v128 {
  const x2 = square(x);
  const x4 = square(x2);
  const a = f64x2.add(line(1, 1, x), f64x2.mul(x2, line(0.5, 1.0 / 6, x)));
  const b = f64x2.add(line(1.0 / 24, 1.0 / 120, x), f64x2.mul(x2, line(1.0 / 720, 1.0 / 5040, x)));
  const c = f64x2.add(line(1.0 / 40320, 1.0 / 362880, x), f64x2.mul(x2, line(1.0 / 3628800, 1.0 / 39916800, x)));
  return f64x2.add(a, f64x2.mul(x4, f64x2.add(b, f64x2.mul(x4, c))));
}

/** u/(1 - e^-u) for |u| < 0.1, by the series up to u^6: error 8e-15. */
// @ts-ignore: decorator
@inline
function series(u: v128): v128 {
  const u2 = square(u);
  const even = f64x2.add(all(1.0 / 12), f64x2.mul(u2, line(-1.0 / 720, 1.0 / 30240, u2)));
  return f64x2.add(line(1, 0.5, u), f64x2.mul(u2, even));
}

/* One pair in memory: 0 state V, m, h, n; 64 the state that the next slope is taken at; 128 the sum of slopes. */

/**
 * One stage of a Runge-Kutta step of a pair.
 * @param weight of this slope in the sum
 * @param ahead how far the next trial state lies from the start of the step, ms
 * @param kind 0 first, 1 middle, 2 last: then the step is done, of length `ahead`
 */
// @ts-ignore: decorator
@inline
function stage(p: usize, I: v128, weight: f64, ahead: f64, kind: i32, membrane: usize): void {
  const from = kind == 0 ? p : p + 64;
  const V = v128.load(from);
  const m = v128.load(from, 16);
  const h = v128.load(from, 32);
  const n = v128.load(from, 48);

  // every exponential of V is a power of w = e^(-V/720)
  const bounded = f64x2.pmax(f64x2.pmin(V, all(largest)), all(-largest));
  const w = exponential(f64x2.mul(bounded, all(-1.0 / 720)));
  const w8 = square(square(square(w)));
  const e80 = f64x2.mul(w8, w);
  const e20 = square(square(e80));
  const e10 = square(e20);
  const e18 = f64x2.mul(square(square(w8)), w8);

  // three quotients by one division; where 1 - e^-u is too small for it, by the series
  const um = line(4, 0.1, bounded);
  const un = line(5.5, 0.1, bounded);
  const smallM = f64x2.lt(f64x2.abs(um), all(0.1));
  const smallN = f64x2.lt(f64x2.abs(un), all(0.1));
  const a = v128.bitselect(all(1), line(1, -0.01831563888873418, e10), smallM); // e^-4
  const b = v128.bitselect(all(1), line(1, -0.004086771438464067, e10), smallN); // e^-5.5
  const c = line(1, 0.0301973834223185, e10); // e^-3.5
  const ab = f64x2.mul(a, b);
  const one = f64x2.div(all(1), f64x2.mul(ab, c));
  const oneC = f64x2.mul(one, c);
  const alphaM = v128.bitselect(series(um), f64x2.mul(um, f64x2.mul(oneC, b)), smallM);
  const alphaN = f64x2.mul(all(0.1), v128.bitselect(series(un), f64x2.mul(un, f64x2.mul(oneC, a)), smallN));
  const betaH = f64x2.mul(ab, one);
  const betaM = f64x2.mul(all(0.10808722380483625), e18); // 4 e^(-65/18)
  const alphaH = f64x2.mul(all(0.002714194548220541), e20); // 0.07 e^(-65/20)
  const betaN = f64x2.mul(all(0.055468413760134984), e80); // 0.125 e^(-65/80)

  const gNa = v128.load64_splat(membrane);
  const gK = v128.load64_splat(membrane, 8);
  const gL = v128.load64_splat(membrane, 16);
  const ENa = v128.load64_splat(membrane, 24);
  const EK = v128.load64_splat(membrane, 32);
  const EL = v128.load64_splat(membrane, 40);
  const perC = v128.load64_splat(membrane, 48);
  const phi = v128.load64_splat(membrane, 56);
  const sodium = f64x2.mul(f64x2.mul(gNa, f64x2.mul(f64x2.mul(square(m), m), h)), f64x2.sub(V, ENa));
  const potassium = f64x2.mul(f64x2.mul(gK, square(square(n))), f64x2.sub(V, EK));
  const leak = f64x2.mul(gL, f64x2.sub(V, EL));
  const dV = f64x2.mul(f64x2.sub(I, f64x2.add(f64x2.add(sodium, potassium), leak)), perC);
  const dm = f64x2.mul(phi, f64x2.sub(alphaM, f64x2.mul(f64x2.add(alphaM, betaM), m)));
  const dh = f64x2.mul(phi, f64x2.sub(alphaH, f64x2.mul(f64x2.add(alphaH, betaH), h)));
  const dn = f64x2.mul(phi, f64x2.sub(alphaN, f64x2.mul(f64x2.add(alphaN, betaN), n)));
  finish(p, 0, dV, weight, ahead, kind);
  finish(p, 16, dm, weight, ahead, kind);
  finish(p, 32, dh, weight, ahead, kind);
  finish(p, 48, dn, weight, ahead, kind);
}

// @ts-ignore: decorator
@inline
function finish(p: usize, at: usize, slope: v128, weight: f64, ahead: f64, kind: i32): void {
  const y = v128.load(p + at);
  if (kind == 0) v128.store(p + at, slope, 128);
  else {
    const sum = f64x2.add(v128.load(p + at, 128), f64x2.mul(all(weight), slope));
    if (kind == 1) v128.store(p + at, sum, 128);
    else {
      v128.store(p + at, f64x2.add(y, f64x2.mul(all(ahead / 6), sum)));
      return;
    }
  }
  v128.store(p + at, f64x2.add(y, f64x2.mul(all(ahead), slope)), 64);
}

/**
 * Classical Runge-Kutta steps of four patches.
 * @param pairs two pairs of 24 doubles each: V, m, h, n of both patches, then room for 16 more
 * @param currents of the four, µA/cm²
 * @param membrane gNa, gK, gL, ENa, EK, EL, 1/C, phi
 * @param voltages receives V after each step, steps x 4
 */
export function steps(pairs: usize, currents: usize, membrane: usize, voltages: usize, n: i32, dt: f64): void {
  const second = pairs + 192;
  const I0 = v128.load(currents);
  const I1 = v128.load(currents, 16);
  const half = dt / 2;
  for (let to = voltages, end = voltages + ((<usize>n) << 5); to < end; to += 32) {
    stage(pairs, I0, 1, half, 0, membrane);
    stage(second, I1, 1, half, 0, membrane);
    stage(pairs, I0, 2, half, 1, membrane);
    stage(second, I1, 2, half, 1, membrane);
    stage(pairs, I0, 2, dt, 1, membrane);
    stage(second, I1, 2, dt, 1, membrane);
    stage(pairs, I0, 1, dt, 2, membrane);
    stage(second, I1, 1, dt, 2, membrane);
    v128.store(to, v128.load(pairs));
    v128.store(to, v128.load(second), 16);
  }
}
