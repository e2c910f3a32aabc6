import type { Rng } from '../math/rng';
import { arrayBytes, instantiate, wasmRuns } from '../wasm/instantiate';
import kernel from '../wasm/two-phase.wasm';
import {
  type Conductances,
  changeWeights,
  HIGHEST,
  type Layer,
  LONG_LEFT,
  layerSizes,
  makeLayer,
  plainRoom,
  SCALE,
  SHORT_LEFT,
  type Spikes,
  stepLayer,
} from './two-phase.layer';

/* What runs the phases of a network: WebAssembly where that runs, or else the readable twin. Same draws, same spikes. */

/** Input to a phase. */
export interface Shown {
  /** pixels that are not black, and their spikes a millisecond: the first `count`, filled up to a multiple of 4 with rates of 0 */
  readonly active: Int32Array;
  readonly rates: Float32Array;
  count: number;
}

export interface Engine {
  readonly layers: readonly Layer[];
  readonly shown: Shown;
  /** Begins to draw from these: number k comes from generator k mod 4. */
  setNoise(noise: Rng): void;
  /**
   * Runs a phase over the layers as they stand.
   * @param g of each layer
   * @param shares what a spike at each millisecond adds to the mean PSP of its sender; undefined: PSPs are not asked for
   */
  phase(g: readonly Conductances[], duration: number, settle: number, shares: Float32Array | undefined): void;
  /** Weights of a layer take its `change`. */
  learn(layer: Layer): void;
}

const LANES = 4;
const lanesOf = (noise: Rng): Rng[] => Array.from({ length: LANES }, (_, i) => noise.stream(`lane ${i}`));

/**
 * @param sizes inputs, hidden layers, output
 * @param longest most milliseconds of a phase
 */
export function makeEngine(sizes: readonly number[], longest: number): Engine {
  return wasmRuns() ? compiled(sizes, longest) : plain(sizes);
}

/** Layers and whether they get feedback: all but the last. */
const plan = (sizes: readonly number[]): [inputs: number, units: number, classes: number][] =>
  sizes.slice(1).map((units, l) => [sizes[l], units, l < sizes.length - 2 ? sizes[sizes.length - 1] : 0]);

const NOBODY: Spikes = { who: new Int32Array(0), count: 0 };

/** The readable form. */
export function plain(sizes: readonly number[]): Engine {
  const layers = plan(sizes).map(([inputs, units, classes]) => makeLayer(plainRoom, inputs, units, classes));
  const [inputs] = sizes;
  const shown: Shown = { active: new Int32Array(inputs + 3), rates: new Float32Array(inputs + 3), count: 0 };
  const senders = new Int32Array(inputs);
  let lanes: readonly Rng[] = [];
  let drawn = 0;
  const dice = { next: (): number => (lanes[drawn++ % LANES].bits() >>> 8) / 2 ** 24 };
  return {
    layers,
    shown,
    setNoise(noise) {
      lanes = lanesOf(noise);
      drawn = 0;
    },
    phase(g, duration, settle, shares) {
      const output = layers[layers.length - 1];
      const above = { who: new Int32Array(output.stride), count: 0 };
      for (let t = 0; t < duration; t++) {
        let count = 0;
        for (let k = 0; k < 4 * Math.ceil(shown.count / 4); k++)
          if (dice.next() < shown.rates[k]) senders[count++] = shown.active[k];
        above.who.set(output.spikes);
        above.count = output.count[0];
        let below: Spikes = { who: senders, count };
        for (const [l, layer] of layers.entries()) {
          if (shares) for (let s = 0; s < below.count; s++) layer.psp[below.who[s]] += shares[t];
          stepLayer(layer, g[l], below, layer === output ? NOBODY : above, dice, t >= settle);
          below = { who: layer.spikes, count: layer.count[0] };
        }
      }
    },
    learn: changeWeights,
  };
}

/** Words of a layer’s record in the kernel. */
const RECORD = 24;

function compiled(sizes: readonly number[], longest: number): Engine {
  const shapes = plan(sizes);
  const [inputs] = sizes;
  const room = 4 * (inputs + 3);
  const bytes = arrayBytes(
    ...shapes.flatMap(([i, u, c]) => layerSizes(i, u, c)),
    ...[room, room, room, 4 * longest, 16, 64, 4 * RECORD * shapes.length],
  );
  const { call, float32, int32 } = instantiate(kernel, { bytes });
  const layers = shapes.map(([i, u, c]) => makeLayer({ float32, int32 }, i, u, c));
  const shown: Shown = { active: int32(inputs + 3), rates: float32(inputs + 3), count: 0 };
  const [senders, shareRoom, shared, lanes] = [int32(inputs + 3), float32(longest), float32(4), int32(4 * LANES)];
  shared.set([LONG_LEFT, SHORT_LEFT, SCALE, HIGHEST]);
  const records = int32(RECORD * layers.length);
  const singles = new Float32Array(records.buffer, records.byteOffset, records.length);
  for (const [l, layer] of layers.entries()) {
    const { weights, bias, feedback, basalLong, basalShort, apicalLong, apicalShort, soma, teach } = layer;
    const { sumBasal, sumApical, sumSoma, sumRate, spikes, psp } = layer;
    const before = [weights, bias, feedback, basalLong, basalShort, apicalLong, apicalShort, soma, teach];
    const at = [...before, sumBasal, sumApical, sumSoma, sumRate, spikes].map((a) => a.byteOffset);
    if (feedback.length === 0) at[2] = 0;
    records.set([layer.units, layer.stride, ...at, 0, psp.byteOffset], l * RECORD);
  }
  return {
    layers,
    shown,
    setNoise(noise) {
      for (const [lane, random] of lanesOf(noise).entries())
        for (const [word, value] of random.state().entries()) lanes[word * LANES + lane] = value;
    },
    phase(g, duration, settle, shares) {
      for (const [l, layer] of layers.entries()) {
        records[l * RECORD + 16] = layer.count[0];
        singles.set([g[l].basal, g[l].apical, g[l].kept], l * RECORD + 18);
      }
      if (shares) shareRoom.set(shares);
      call.phase(
        records.byteOffset,
        layers.length,
        shared.byteOffset,
        lanes.byteOffset,
        shown.active.byteOffset,
        shown.rates.byteOffset,
        shown.count,
        senders.byteOffset,
        duration,
        settle,
        shares ? shareRoom.byteOffset : 0,
      );
      for (const [l, layer] of layers.entries()) layer.count[0] = records[l * RECORD + 16];
    },
    learn: ({ weights, stride, inputs, psp, change }) =>
      call.change(weights.byteOffset, stride, inputs, psp.byteOffset, change.byteOffset),
  };
}
