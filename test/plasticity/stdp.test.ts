import { expect } from 'chai';
import { ParameterError } from 'lecture-lab/math/errors';
import { gaussLegendre } from 'lecture-lab/math/quadrature';
import { rng } from 'lecture-lab/math/rng';
import { mean, standardError } from 'lecture-lab/math/statistics';
import {
  areas,
  biPoo,
  changeByPairs,
  changeByTraces,
  drift,
  motifs,
  onePairing,
  type Pairing,
  pairChange,
  protocol,
  protocolChange,
} from 'lecture-lab/plasticity/stdp';
import { pairing, window } from 'lecture-lab/plasticity/stdp.figures';

/** Poisson spikes up to a time, ms. */
function poisson(seed: number, name: string, rate: number, duration: number): Float64Array {
  const noise = rng(seed).stream(name);
  const times: number[] = [];
  for (let t = noise.exponential(1000 / rate); t < duration; t += noise.exponential(1000 / rate)) times.push(t);
  return Float64Array.from(times);
}

describe('stdp: the window', () => {
  it('has the values of the fit at ±10 ms', () => {
    expect(pairChange(biPoo, 10)).to.be.closeTo(0.428, 0.0006);
    expect(pairChange(biPoo, -10)).to.be.closeTo(-0.203, 0.0006);
  });

  it('tends to A₊ and −A₋ at 0, decays to 0, and is 0 at 0', () => {
    expect(pairChange(biPoo, 2e-6)).to.be.closeTo(0.777, 1e-6);
    expect(pairChange(biPoo, -2e-6)).to.be.closeTo(-0.273, 1e-6);
    expect(pairChange(biPoo, 0)).to.equal(0);
    expect(Math.abs(pairChange(biPoo, -1000))).to.be.below(1e-12);
  });

  it('ends at a cut-off, which belongs to it', () => {
    const cut = { ...biPoo, cutOff: 50 };
    expect(pairChange(cut, 50)).to.equal(pairChange(biPoo, 50));
    expect(pairChange(cut, -50.0001)).to.equal(0);
  });

  it('has the areas that quadrature finds, with and without a cut-off', () => {
    for (const cutOff of [50, Infinity]) {
      const { nodes, weights } = gaussLegendre(200, 0, Math.min(cutOff, 1500));
      const half = (side: number): number =>
        nodes.reduce((sum, t, i) => sum + weights[i] * pairChange({ ...biPoo, cutOff }, side * t), 0);
      const { potentiation, depression } = areas({ ...biPoo, cutOff });
      expect(potentiation).to.be.closeTo(half(1), 1e-9);
      expect(depression).to.be.closeTo(-half(-1), 1e-9);
    }
    expect(areas(biPoo).potentiation).to.be.closeTo(13.05, 0.005);
    expect(areas(biPoo).depression).to.be.closeTo(9.2, 0.005);
  });
});

describe('stdp: traces', () => {
  it('of a single pair give the window', () => {
    for (const dt of [-40, -3, 3, 40])
      expect(changeByTraces(biPoo, { pre: Float64Array.of(100), post: Float64Array.of(100 + dt) })).to.be.closeTo(
        pairChange(biPoo, dt),
        1e-15,
      );
  });

  it('give the sum over the pairs for random trains, all and nearest, spikes at the same time included', () => {
    const pre = poisson(1, 'pre', 30, 3000).map(Math.round);
    const post = poisson(1, 'post', 30, 3000).map(Math.round);
    const unique = (times: Float64Array): Float64Array => Float64Array.from(new Set(times));
    const trains = { pre: unique(pre), post: unique(post) };
    expect([...trains.pre].filter((t) => trains.post.includes(t))).not.to.deep.equal([]);
    for (const pairs of ['all', 'nearest'] as const)
      expect(changeByTraces(biPoo, trains, pairs)).to.be.closeTo(changeByPairs(biPoo, trains, pairs), 1e-10);
    expect(changeByPairs(biPoo, trains, 'nearest')).not.to.be.closeTo(changeByPairs(biPoo, trains, 'all'), 0.1);
  });

  it('change sides with the trains: what potentiates one way depresses the other', () => {
    const [pre, post] = [poisson(2, 'pre', 20, 2000), poisson(2, 'post', 20, 2000)];
    const mirrored = {
      aPlus: biPoo.aMinus,
      tauPlus: biPoo.tauMinus,
      aMinus: biPoo.aPlus,
      tauMinus: biPoo.tauPlus,
      cutOff: Infinity,
    };
    expect(changeByTraces(biPoo, { pre, post })).to.be.closeTo(
      -changeByTraces(mirrored, { pre: post, post: pre }),
      1e-10,
    );
  });

  it('of one long train equal those of its parts when the parts are far apart', () => {
    const part = { pre: Float64Array.of(0, 12, 40), post: Float64Array.of(5, 30) };
    const later = (times: Float64Array): Float64Array => Float64Array.of(...times, ...times.map((t) => t + 5000));
    expect(changeByTraces(biPoo, { pre: later(part.pre), post: later(part.post) })).to.be.closeTo(
      2 * changeByTraces(biPoo, part),
      1e-12,
    );
  });

  it('do nothing without spikes, and refuse a cut-off and disorder', () => {
    const none = new Float64Array();
    expect(changeByTraces(biPoo, { pre: none, post: none })).to.equal(0);
    expect(changeByTraces(biPoo, { pre: Float64Array.of(1, 2), post: none })).to.equal(0);
    expect(() => changeByTraces({ ...biPoo, cutOff: 50 }, { pre: none, post: none })).to.throw(
      ParameterError,
      'cutOff must be Infinity',
    );
    expect(() => changeByTraces(biPoo, { pre: Float64Array.of(2, 1), post: none })).to.throw(ParameterError, 'order');
    expect(() => changeByTraces(biPoo, { pre: Float64Array.of(Number.NaN), post: none })).to.throw(ParameterError);
  });
});

describe('stdp: protocols', () => {
  const single = onePairing(biPoo);

  it('in closed form equal the sum over their spikes, fast and slow, longer than their period too', () => {
    for (const motif of motifs)
      for (const frequency of [1, 17, 50])
        for (const dt of [-70, -10, 5, 33]) {
          const repeated: Pairing = { motif, dt, gap: 12.5, repeats: 60, frequency };
          const closed = protocolChange(single, repeated);
          expect(changeByPairs(single, protocol(repeated))).to.be.closeTo(closed, 1e-12);
          expect(changeByTraces(single, protocol(repeated))).to.be.closeTo(closed, 1e-12);
        }
  });

  it('of 60 pairs at 1 Hz give the fitted window', () => {
    for (const dt of [-30, 10])
      expect(protocolChange(single, { motif: 'pair', dt, gap: 1, repeats: 60, frequency: 1 })).to.be.closeTo(
        pairChange(biPoo, dt),
        1e-12,
      );
  });

  it('do not tell two triplets with equal intervals apart', () => {
    const triplet = (motif: Pairing['motif']): number =>
      protocolChange(single, { motif, dt: 10, gap: 10, repeats: 60, frequency: 1 });
    expect(triplet('pre–post–pre')).to.be.closeTo(triplet('post–pre–post'), 1e-12);
    expect(triplet('pre–post–pre')).to.be.closeTo(pairChange(biPoo, 10) + pairChange(biPoo, -10), 1e-12);
  });

  it('in a long fast train do what the areas say: the order no longer matters', () => {
    // a periodic train samples the window every T; at 200 Hz the sum is near the integral
    const long = (dt: number): number =>
      protocolChange(single, { motif: 'pair', dt, gap: 1, repeats: 4000, frequency: 200 }) / 4000;
    const { potentiation, depression } = areas(single);
    for (const dt of [-2.5, 2.5]) expect(long(dt)).to.be.closeTo((potentiation - depression) / 5, (0.01 * 13) / 300);
  });
});

describe('stdp: independent spikes', () => {
  it('change the strength by the difference of the areas', () => {
    const single = onePairing(biPoo);
    const seconds = 100;
    const trials = Array.from({ length: 60 }, (_, i) => {
      const [pre, post] = [poisson(i, 'pre', 8, 1000 * seconds), poisson(i, 'post', 14, 1000 * seconds)];
      return changeByTraces(single, { pre, post }) / seconds;
    });
    // the pairs that the ends cut off are τ/100 s of all: far below the error of the mean
    expect(mean(trials)).to.be.closeTo(drift(single, 8, 14), 4 * standardError(trials));
    expect(drift(single, 8, 14)).to.be.above(10 * standardError(trials));
  });
});

describe('stdp figures', () => {
  it('keep their landmarks at defaults and elsewhere', async () => {
    for (const evaluation of [
      await window.evaluate(),
      await window.evaluate({ hardWindow: true }),
      await window.evaluate({ aPlus: 0, tauMinus: 2 }),
      await pairing.evaluate(),
      await pairing.evaluate({ pairs: 'nearest', frequency: 40 }),
      await pairing.evaluate({ frequency: 50, gap: 50, repeats: 300 }),
    ])
      expect(evaluation.landmarks.filter((l) => !l.pass)).to.deep.equal([]);
  });

  it('with a hard window show nothing beyond 50 ms', async () => {
    const { rows } = await window.evaluate({ hardWindow: true });
    for (const { dt, change } of rows) expect(change === 0, String(dt)).to.equal(Math.abs(dt as number) > 50);
  });
});
