import { ParameterError } from '../math/errors';
import { matrix, eigenvalues as spectrum } from '../math/linear-algebra';
import { linoid, type Membrane, rates, type State, speedUp, squid } from './hodgkin-huxley';

/*
 * What the equations say without being simulated: where the membrane can stand still, and whether it stays there.
 */

/** Where the gates go when V is held (0 to 1), and how fast at 6.3 °C (ms). */
export interface Gates {
  readonly m: number;
  readonly h: number;
  readonly n: number;
  readonly tauM: number;
  readonly tauH: number;
  readonly tauN: number;
}

/** Steady values and time constants of the gates at V (mV): x∞ = α/(α + β), τ = 1/(α + β). */
export function gates(V: number): Gates {
  const r = rates(V);
  const tauM = 1 / (r.alphaM + r.betaM);
  const tauH = 1 / (r.alphaH + r.betaH);
  const tauN = 1 / (r.alphaN + r.betaN);
  return { m: r.alphaM * tauM, h: r.alphaH * tauH, n: r.alphaN * tauN, tauM, tauH, tauN };
}

/** The state at V (mV) with all gates at their steady values. */
export function steadyState(V: number): State {
  const { m, h, n } = gates(V);
  return { V, m, h, n };
}

/** The current (µA/cm²) that holds the membrane at V (mV) for ever. */
export function steadyCurrent(V: number, membrane: Membrane = squid): number {
  const { m, h, n } = gates(V);
  return (
    membrane.gNa * m ** 3 * h * (V - membrane.ENa) +
    membrane.gK * n ** 4 * (V - membrane.EK) +
    membrane.gL * (V - membrane.EL)
  );
}

/**
 * The state in which nothing changes under a constant current (µA/cm²), stable or not; at current 0, the rest.
 * Found by bisection. For the squid's membrane `steadyCurrent` rises with V, so there is exactly one; for a membrane
 * with several this returns one of them.
 * @throws {ParameterError} if there is none between −1000 and 1000 mV
 */
export function equilibrium(current: number, membrane: Membrane = squid): State {
  let low = -1000;
  let high = 1000;
  if (!(steadyCurrent(low, membrane) < current && steadyCurrent(high, membrane) > current))
    throw new ParameterError(`current ${current} µA/cm² has no equilibrium between ${low} and ${high} mV`);
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return steadyState(middle);
    if (steadyCurrent(middle, membrane) < current) low = middle;
    else high = middle;
  }
}

/** Derivative of `linoid`. */
function linoidSlope(u: number): number {
  if (Math.abs(u) < 1e-3) return 1 / 2 + u / 6 - u ** 3 / 180;
  const f = linoid(u);
  return (f * (1 - f * Math.exp(-u))) / u;
}

/**
 * The Jacobian of the right-hand side at a state, 4 × 4, row-major, in the order V, m, h, n.
 */
export function jacobian({ V, m, h, n }: State, membrane: Membrane = squid): Float64Array {
  const { gNa, gK, gL, ENa, EK, C } = membrane;
  const phi = speedUp(membrane.temperature);
  const r = rates(V);
  // each rate differentiated by V
  const alphaM = linoidSlope((V + 40) / 10) / 10;
  const betaM = -r.betaM / 18;
  const alphaH = -r.alphaH / 20;
  const betaH = (r.betaH * (1 - r.betaH)) / 10;
  const alphaN = (0.1 * linoidSlope((V + 55) / 10)) / 10;
  const betaN = -r.betaN / 80;
  return Float64Array.of(
    -(gNa * m ** 3 * h + gK * n ** 4 + gL) / C,
    (-3 * gNa * m ** 2 * h * (V - ENa)) / C,
    (-gNa * m ** 3 * (V - ENa)) / C,
    (-4 * gK * n ** 3 * (V - EK)) / C,
    phi * (alphaM * (1 - m) - betaM * m),
    -phi * (r.alphaM + r.betaM),
    0,
    0,
    phi * (alphaH * (1 - h) - betaH * h),
    0,
    -phi * (r.alphaH + r.betaH),
    0,
    phi * (alphaN * (1 - n) - betaN * n),
    0,
    0,
    -phi * (r.alphaN + r.betaN),
  );
}

/** One eigenvalue, 1/ms: `re` is the rate of growth, `im` the angular frequency. */
export interface Eigenvalue {
  readonly re: number;
  readonly im: number;
}

/** The four eigenvalues of the Jacobian at a state, the fastest growing first. */
export function eigenvalues(state: State, membrane: Membrane = squid): Eigenvalue[] {
  const { re, im } = spectrum(matrix(4, 4, jacobian(state, membrane)));
  return Array.from(re, (growth, i) => ({ re: growth, im: im[i] }));
}

/** A current at which the equilibrium gains or loses its stability through an oscillation. */
export interface HopfPoint {
  /** µA/cm² */
  readonly current: number;
  /** the equilibrium there, mV */
  readonly V: number;
  /** of the oscillation that neither grows nor fades there, Hz */
  readonly frequency: number;
  /** what happens to the equilibrium when the current rises through this point */
  readonly becomes: 'unstable' | 'stable';
}

/**
 * All Hopf points with the equilibrium between −80 and −20 mV, in the order of V. The equilibrium is scanned by its
 * voltage, for which gates and current are closed forms; where the largest real part changes sign and its eigenvalue is
 * one of a complex pair, bisection finds the place.
 */
export function hopfPoints(membrane: Membrane = squid): HopfPoint[] {
  const leading = (V: number): Eigenvalue => eigenvalues(steadyState(V), membrane)[0];
  const out: HopfPoint[] = [];
  for (let V = -80; V < -20; V += SCAN) {
    const before = leading(V);
    const after = leading(V + SCAN);
    if (before.re < 0 === after.re < 0) continue;
    let low = V;
    let high = V + SCAN;
    for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2)
      if (leading(middle).re < 0 === before.re < 0) low = middle;
      else high = middle;
    const { im } = leading(low);
    if (im === 0) continue;
    out.push({
      current: steadyCurrent(low, membrane),
      V: low,
      frequency: (1000 * Math.abs(im)) / (2 * Math.PI),
      becomes: before.re < 0 ? 'unstable' : 'stable',
    });
  }
  return out;
}

/** mV between two looks at the eigenvalues. */
const SCAN = 0.5;
