/** The kicks of lib/plasticity/calcium.simulation.ts, two synapses at a time: the same numbers, bit for bit. */
import * as random from './shared/random.as';

/**
 * @param state of the random numbers; left where it is afterwards
 * @param v distances from the ridge, n of them rounded up to 2
 * @param z room for as many random numbers
 * @param wells, gain, shift, noise one number for each kick
 */
export function kick(
  state: usize, v: usize, z: usize, n: i32, wells: usize, gain: usize, shift: usize, noise: usize, kicks: i32,
): void {
  random.restore(state);
  const size = <usize>((n + 1) & ~1) << 3;
  const one = f64x2.splat(1);
  const four = f64x2.splat(4);
  for (let k: usize = 0, end = <usize>kicks << 3; k < end; k += 8) {
    random.fillNormal(z, n, 0, 1);
    const w = f64x2.splat(load<f64>(wells + k));
    const a = f64x2.splat(load<f64>(gain + k));
    const c = f64x2.splat(load<f64>(shift + k));
    const s = f64x2.splat(load<f64>(noise + k));
    for (let i: usize = 0; i < size; i += 16) {
      const x = v128.load(v + i);
      const q = f64x2.mul(f64x2.mul(four, x), x);
      const root = f64x2.sqrt(f64x2.add(q, f64x2.mul(f64x2.sub(one, q), w)));
      const pulled = f64x2.add(f64x2.div(f64x2.mul(a, x), root), c);
      v128.store(v + i, f64x2.add(pulled, f64x2.mul(s, v128.load(z + i))));
    }
  }
  random.save(state);
}
