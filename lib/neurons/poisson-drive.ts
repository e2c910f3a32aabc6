import { ParameterError } from '../math/errors';
import type { Rng } from '../math/rng';

/**
 * Poisson counts of one fixed mean, drawn with one random word each by Walker's alias method (ACM Trans Math Softw 3:253,
 * 1977): the word's low bits choose a cell, its high bits decide between the cell's own number and its alias.
 */
export interface PoissonTable {
  /** log2 of the number of cells */
  readonly bits: number;
  /** 2 × cells: of each cell how far its own number reaches, in 2^−(32 − bits), and its alias */
  readonly cells: Uint32Array;
}

/** What the table leaves out of the tail. */
const TAIL = 1e-12;
/** Largest mean of a table; above it the tables outgrow the fastest memory. */
export const LARGEST_MEAN = 200;

/**
 * The table of a mean. Probabilities are rounded to multiples of 2^−32.
 * @param mean 0 to 200
 */
export function poissonTable(mean: number): PoissonTable {
  if (!(mean >= 0 && mean <= LARGEST_MEAN))
    throw new ParameterError(`the mean count of a step must be between 0 and ${LARGEST_MEAN} (got ${mean})`);
  const p: number[] = [];
  let total = 0;
  for (let k = 0, next = Math.exp(-mean); k <= mean || total < 1 - TAIL; next *= mean / ++k) {
    if (next === 0 && k > mean) break;
    p.push(next);
    total += next;
  }
  const bits = Math.max(5, Math.ceil(Math.log2(p.length)));
  const n = 2 ** bits;
  const scale = 2 ** (32 - bits);
  const share = Float64Array.from({ length: n }, (_, k) => ((p[k] ?? 0) * n) / total);
  const cells = new Uint32Array(2 * n);
  const poor: number[] = [];
  const rich: number[] = [];
  for (let k = 0; k < n; k++) (share[k] < 1 ? poor : rich).push(k);
  while (poor.length > 0 && rich.length > 0) {
    // a poor cell is filled up by a rich one, which may become poor by it
    const k = poor.pop()!;
    const from = rich[rich.length - 1];
    cells[2 * k] = Math.round(share[k] * scale);
    cells[2 * k + 1] = from;
    share[from] -= 1 - share[k];
    if (share[from] < 1) poor.push(rich.pop()!);
  }
  for (const k of [...poor, ...rich]) {
    cells[2 * k] = scale;
    cells[2 * k + 1] = k;
  }
  return { bits, cells };
}

/** How many generators run side by side. */
export const LANES = 4;

/**
 * Random words from four xoshiro128++ generators (Blackman and Vigna 2021) side by side: word number i is the next one of
 * generator i mod 4. Four lanes because WebAssembly computes four at once.
 * @returns the state: four words of the first kind, one a lane, then four of the second, third and fourth
 */
export function lanes(random: Rng): Int32Array {
  const state = new Int32Array(4 * LANES);
  for (let lane = 0; lane < LANES; lane++) {
    const source = random.stream(`lane ${lane}`);
    for (let word = 0; word < 4; word++) state[word * LANES + lane] = source.bits();
  }
  return state;
}

/**
 * Adds weight × a Poisson count to each of out, one random word a neuron. All lanes move on equally, by ⌈length/4⌉.
 * @param state of `lanes`, moved on
 * @param out input of a population
 */
export function addPoisson({ bits, cells }: PoissonTable, state: Int32Array, weight: number, out: Float64Array): void {
  const mask = 2 ** bits - 1;
  const n = out.length;
  for (let first = 0; first < n; first += LANES)
    for (let lane = 0; lane < LANES; lane++) {
      const a = state[lane];
      const d = state[3 * LANES + lane];
      const sum = (a + d) | 0;
      const word = (((sum << 7) | (sum >>> 25)) + a) | 0;
      const b = state[LANES + lane];
      const c = state[2 * LANES + lane] ^ a;
      const e = d ^ b;
      state[LANES + lane] = b ^ c;
      state[lane] = a ^ e;
      state[2 * LANES + lane] = c ^ (b << 9);
      state[3 * LANES + lane] = (e << 11) | (e >>> 21);
      const i = first + lane;
      const cell = word & mask;
      if (i < n) out[i] += weight * (word >>> bits < cells[2 * cell] ? cell : cells[2 * cell + 1]);
    }
}
