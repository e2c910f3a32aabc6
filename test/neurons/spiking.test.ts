import { expect } from 'chai';
import { DivergenceError, ParameterError } from 'lecture-lab/math/errors';
import { integrateAdaptive } from 'lecture-lab/math/ode';
import { rng } from 'lecture-lab/math/rng';
import { createRun } from 'lecture-lab/math/run';
import {
  fixedInDegree,
  fromTriplets,
  type Pattern,
  randomPattern,
  transposed,
  weighted,
} from 'lecture-lab/math/sparse';
import { mean, standardError } from 'lecture-lab/math/statistics';
import { diffusionInput, type ShotNoise, selfConsistentRate, thresholdShift } from 'lecture-lab/neurons/diffusion';
import { brunelNeuron, interval, type Leaky, relaxation } from 'lecture-lab/neurons/leaky';
import { addPoisson, lanes, poissonTable } from 'lecture-lab/neurons/poisson-drive';
import {
  conductancePopulation,
  currentPopulation,
  jumpPopulation,
  type PopulationModel,
} from 'lecture-lab/neurons/populations';
import {
  countRecorder,
  createNetwork,
  type Network,
  type NetworkParts,
  recorders,
  spikeRecorder,
} from 'lecture-lab/neurons/spiking';
import { withoutWasm } from 'lecture-lab/wasm/instantiate';

/** A membrane that never spikes. */
const passive: Leaky = { tau: 20, rest: -70, threshold: 1e9, reset: -70, refractory: 0 };
/** One that does not even leak: V adds up all that arrives. */
const counter: Leaky = { tau: 1e12, rest: 0, threshold: 1e9, reset: 0, refractory: 0 };
const one = (model: PopulationModel, dt: number, parts: Partial<NetworkParts> = {}): Network =>
  createNetwork({ dt, populations: [model], ...parts });
const all = (senders: number, receivers: number): Pattern =>
  transposed(fixedInDegree(receivers, senders, senders, rng(1)));

/** A small network of excitation and inhibition with two delays. */
function mixed(seed: number, { sizes = [200, 50], weights = false } = {}): Network {
  const r = rng(seed);
  const W = (from: number, to: number): Pattern =>
    transposed(fixedInDegree(sizes[to], sizes[from], Math.ceil(sizes[from] / 10), r.stream(`${from}${to}`)));
  const projection = (from: number, to: number, weight: number, delay: number) => ({
    from,
    to,
    weight,
    delay,
    targets: weights ? weighted(W(from, to), (i, j) => 1 + ((i + 2 * j) % 7) / 7) : W(from, to),
  });
  return createNetwork({
    dt: 0.1,
    populations: sizes.map((size) => jumpPopulation({ size, neuron: brunelNeuron })),
    projections: [
      projection(0, 0, 0.3, 1.5),
      projection(0, 1, 0.3, 1.5),
      projection(1, 0, -1.2, 0.8),
      projection(1, 1, -1.2, 0.8),
    ],
    drives: sizes.map((_, to) => ({ to, rate: 12_000, weight: 0.1, random: r.stream(`drive ${to}`) })),
  });
}

describe('spiking populations: single neurons', () => {
  for (const dt of [0.1, 1, 7])
    it(`V is exact after steps of ${dt} ms`, () => {
      const net = one(jumpPopulation({ size: 3, neuron: passive, current: 11, start: -61 }), dt);
      for (let s = 1; s <= 20; s++) {
        net.step();
        for (const V of net.populations[0].V) expect(V).to.be.closeTo(relaxation(passive, -61, 11, s * dt), 1e-12);
      }
    });

  it('spikes come at the first step after the exact times, again and again', () => {
    for (const dt of [0.1, 0.5]) {
      const currents = Float64Array.of(20.5, 22, 30, 100, 19.9);
      const recorder = spikeRecorder();
      const net = one(jumpPopulation({ size: 5, neuron: brunelNeuron, current: currents, start: 10 }), dt);
      for (let s = 0; s < 3000; s++) net.step(recorder);
      const { step, neuron } = recorder.raster();
      for (const [i, mu] of currents.entries()) {
        const times = [...step].filter((_, k) => neuron[k] === i);
        if (mu < 20) {
          expect(times).to.deep.equal([]);
          continue;
        }
        const free = Math.ceil((interval(brunelNeuron, mu) - brunelNeuron.refractory) / dt);
        const period = free + Math.round(brunelNeuron.refractory / dt);
        expect(times[0]).to.equal(free);
        for (let k = 1; k < times.length; k++) expect(times[k] - times[k - 1]).to.equal(period);
      }
    }
  });

  it('exponential currents: the response is exact at any step, equal time constants included', () => {
    const neuron = { ...passive, tau: 10 };
    for (const tau of [2, 10, 10.000001, 30])
      for (const dt of [0.1, 2]) {
        // one spike of weight 3 that arrives at the end of the first step, through a projection from a neuron that fires once
        const population = currentPopulation({ size: 1, neuron }, [tau]).create(dt);
        population.step([Float64Array.of(3)], new Int32Array(1));
        for (let s = 1; s <= 15; s++) {
          population.step([new Float64Array(1)], new Int32Array(1));
          const t = s * dt;
          const exact =
            tau === 10 ? (t / 10) * Math.exp(-t / 10) : (tau / (tau - 10)) * (Math.exp(-t / tau) - Math.exp(-t / 10));
          expect(population.V[0]).to.be.closeTo(-70 + 3 * exact, tau === 10.000001 ? 1e-6 : 1e-12);
        }
      }
  });

  it('conductances: steady V under a constant one, second order for one that decays', () => {
    const neuron = { ...passive, tau: 10 };
    const at = (dt: number): number => {
      const population = conductancePopulation({ size: 1, neuron }, [
        { tau: 3, reversal: 0 },
        { tau: 8, reversal: -80 },
      ]).create(dt);
      population.step([Float64Array.of(2), Float64Array.of(1.5)], new Int32Array(1));
      for (let s = 1; s * dt < 12 + dt / 2; s++)
        population.step([new Float64Array(1), new Float64Array(1)], new Int32Array(1));
      return population.V[0];
    };
    const { y } = integrateAdaptive(
      (t, V, dV) => {
        dV[0] = (-70 - V[0] - 2 * Math.exp(-t / 3) * V[0] - 1.5 * Math.exp(-t / 8) * (V[0] + 80)) / 10;
      },
      [-70],
      { to: 12, at: [12], relative: 1e-12, absolute: 1e-12 },
    );
    const error = (dt: number): number => Math.abs(at(dt) - y[0]);
    expect(error(1) / error(0.5)).to.be.closeTo(4, 0.2);
    expect(error(0.1)).to.be.below(1e-3);

    const lasting = conductancePopulation({ size: 1, neuron }, [{ tau: 1e12, reversal: 0 }]).create(5);
    lasting.step([Float64Array.of(3)], new Int32Array(1));
    for (let s = 0; s < 100; s++) lasting.step([new Float64Array(1)], new Int32Array(1));
    expect(lasting.V[0]).to.be.closeTo(-70 / 4, 1e-7); // (gL EL + g E)/(gL + g); g has lost 5e-10 of itself
  });

  it('a conductance at rest of the membrane shunts: no change of V, a smaller response', () => {
    const response = (shunt: number): number => {
      const population = conductancePopulation({ size: 1, neuron: passive }, [
        { tau: 1e9, reversal: passive.rest },
        { tau: 5, reversal: 0 },
      ]).create(0.1);
      population.step([Float64Array.of(shunt), new Float64Array(1)], new Int32Array(1));
      for (let s = 0; s < 50; s++) population.step([new Float64Array(1), new Float64Array(1)], new Int32Array(1));
      expect(population.V[0]).to.be.closeTo(passive.rest, 1e-9);
      population.step([new Float64Array(1), Float64Array.of(0.5)], new Int32Array(1));
      for (let s = 0; s < 50; s++) population.step([new Float64Array(1), new Float64Array(1)], new Int32Array(1));
      return population.V[0] - passive.rest;
    };
    expect(response(4)).to.be.within(0, response(0) / 1.5);
  });

  it('what arrives while a neuron is refractory is lost; currents flow on', () => {
    const neuron: Leaky = { tau: 10, rest: 0, threshold: 10, reset: 0, refractory: 3 };
    const spikes = new Int32Array(1);
    const jump = jumpPopulation({ size: 1, neuron }).create(1);
    expect(jump.step([Float64Array.of(11)], spikes)).to.equal(1);
    for (let s = 0; s < 3; s++) expect(jump.step([Float64Array.of(11)], spikes)).to.equal(0);
    expect(jump.V[0]).to.equal(0);
    expect(jump.step([Float64Array.of(11)], spikes)).to.equal(1);

    const current = currentPopulation({ size: 1, neuron, start: 9.9, current: 30 }, [20]).create(1);
    expect(current.step([Float64Array.of(5)], spikes)).to.equal(1);
    for (let s = 0; s < 3; s++) current.step([new Float64Array(1)], spikes);
    expect(current.V[0]).to.equal(0);
    current.step([new Float64Array(1)], spikes);
    // 30 mV for one step, and what the synapse has left after three steps
    const left = 5 * Math.exp(-3 / 20);
    const response = (20 / (20 - 10)) * (Math.exp(-1 / 20) - Math.exp(-1 / 10));
    expect(current.V[0]).to.be.closeTo(30 * (1 - Math.exp(-0.1)) + left * response, 1e-12);
  });
});

describe('spiking networks: delivery', () => {
  it('each spike arrives after its delay, to the step', () => {
    for (const delay of [0.1, 1.5, 7.3]) {
      const net = createNetwork({
        dt: 0.1,
        populations: [
          jumpPopulation({ size: 1, neuron: brunelNeuron, current: 100, start: 19.9 }),
          jumpPopulation({ size: 2, neuron: counter }),
        ],
        projections: [{ from: 0, to: 1, targets: all(1, 2), weight: 0.5, delay }],
      });
      net.step();
      expect(net.spikes[0]).to.equal(1);
      const steps = Math.round(delay / 0.1);
      for (let s = 1; s < steps; s++) net.step();
      expect([...net.populations[1].V]).to.deep.equal([0, 0]);
      net.step();
      expect([...net.populations[1].V]).to.deep.equal([0.5, 0.5]);
    }
  });

  it('nothing is lost and nothing invented: what arrives is spikes × synapses × weight', async () => {
    const [senders, receivers] = [40, 30];
    const targets = transposed(randomPattern(receivers, senders, 0.2, rng(3)));
    const out = Int32Array.from({ length: senders }, (_, i) => targets.start[i + 1] - targets.start[i]);
    const current = Float64Array.from({ length: senders }, (_, i) => 20.2 + i / 4);
    const net = createNetwork({
      dt: 0.1,
      populations: [
        jumpPopulation({ size: senders, neuron: brunelNeuron, current }),
        jumpPopulation({ size: receivers, neuron: counter }),
      ],
      projections: [
        { from: 0, to: 1, targets, weight: 0.25, delay: 0.3 },
        { from: 0, to: 1, targets, weight: -0.125, delay: 2 },
      ],
    });
    const recorder = spikeRecorder();
    await net.run(300, recorder);
    const { step, neuron } = recorder.raster();
    let expected = 0;
    for (let k = 0; k < step.length; k++) {
      if (step[k] + 3 <= 3000) expected += 0.25 * out[neuron[k]];
      if (step[k] + 20 <= 3000) expected -= 0.125 * out[neuron[k]];
    }
    expect(expected).to.be.above(100);
    const arrived = net.populations[1].V.reduce((a, b) => a + b, 0);
    // the leak of 300 ms in 1e12 ms
    expect(arrived).to.be.closeTo(expected, 1e-8 * expected);
  });

  it('weights of single synapses are used, and add up where two neurons have two', () => {
    const W = fromTriplets(3, 2, [0, 1, 1, 2], [0, 0, 1, 1], [1, 2, 3, 4]);
    const net = createNetwork({
      dt: 1,
      populations: [
        jumpPopulation({ size: 2, neuron: brunelNeuron, current: Float64Array.of(500, 0), start: 10 }),
        jumpPopulation({ size: 3, neuron: counter }),
      ],
      projections: [{ from: 0, to: 1, targets: transposed(W), weight: 0.5, delay: 1 }],
    });
    net.step();
    net.step();
    expect([...net.populations[1].V].map((V) => Math.round(V * 1e9) / 1e9)).to.deep.equal([0.5, 1, 0]);
  });

  it('one long run is many short ones', async () => {
    const [long, short] = [mixed(5), mixed(5)];
    await long.run(120);
    for (const ms of [0.1, 19.9, 30, 70]) await short.run(ms);
    expect(long.spikes[0]).to.be.above(100);
    expect(short.steps).to.equal(long.steps);
    expect(short.spikes).to.deep.equal(long.spikes);
    for (const p of [0, 1]) expect(short.populations[p].V).to.deep.equal(long.populations[p].V);
  });

  it('a second trial starts like the first, with new noise, and like a new network without noise', async () => {
    const quiet = (): Network =>
      createNetwork({
        dt: 0.1,
        populations: [
          jumpPopulation({
            size: 9,
            neuron: brunelNeuron,
            current: 30,
            start: Float64Array.from({ length: 9 }, (_, i) => i),
          }),
          currentPopulation({ size: 4, neuron: brunelNeuron, current: 10 }, [5]),
          conductancePopulation({ size: 4, neuron: brunelNeuron, current: 10 }, [{ tau: 5, reversal: 70 }]),
        ],
        projections: [
          { from: 0, to: 1, targets: all(9, 4), weight: 6, delay: 2 },
          { from: 0, to: 2, targets: all(9, 4), weight: 0.1, delay: 2 },
        ],
      });
    const [again, fresh] = [quiet(), quiet()];
    await again.run(123.4);
    again.restart();
    expect([again.steps, ...again.spikes]).to.deep.equal([0, 0, 0, 0]);
    await again.run(100);
    await fresh.run(100);
    expect(again.spikes).to.deep.equal(fresh.spikes);
    expect(Math.min(...again.spikes)).to.be.above(0);
    for (const p of [0, 1, 2]) expect(again.populations[p].V).to.deep.equal(fresh.populations[p].V);

    const noisy = mixed(5);
    await noisy.run(50);
    const [first] = noisy.spikes;
    noisy.restart();
    await noisy.run(50);
    expect(noisy.spikes[0]).to.not.equal(first);
  });

  it('depends on the seed alone', async () => {
    const count = async (seed: number): Promise<readonly number[]> => {
      const net = mixed(seed);
      await net.run(50);
      return net.spikes;
    };
    expect(await count(1)).to.deep.equal(await count(1));
    expect(await count(1)).to.not.deep.equal(await count(2));
  });
});

describe('spiking networks: compiled and not', () => {
  const same = (make: () => Network, steps: number): Network => {
    const [fast, plain] = [make(), withoutWasm(make)];
    const recorder = [spikeRecorder(), spikeRecorder()];
    for (let s = 0; s < steps; s++) {
      fast.step(recorder[0]);
      plain.step(recorder[1]);
    }
    expect(fast.spikes).to.deep.equal(plain.spikes);
    expect(recorder[0].raster()).to.deep.equal(recorder[1].raster());
    fast.populations.forEach(({ V, waiting }, p) => {
      expect(V).to.deep.equal(plain.populations[p].V);
      expect(waiting).to.deep.equal(plain.populations[p].waiting);
    });
    return fast;
  };

  it('are the same bits: sizes of every remainder, patterns and weights', () => {
    for (const sizes of [
      [200, 50],
      [101, 30],
      [63, 9],
      [6, 1],
    ])
      for (const weights of [false, true]) {
        const net = same(() => mixed(7, { sizes, weights }), 1500);
        if (sizes[0] > 60) expect(net.spikes[0]).to.be.above(50);
      }
  });

  it('without refractory time, with a threshold below 0, each neuron with its own input', () => {
    const neuron: Leaky = { tau: 12, rest: -70, threshold: -50, reset: -62, refractory: 0 };
    const current = Float64Array.from({ length: 7 }, (_, i) => 10 + 5 * i);
    const net = same(() => one(jumpPopulation({ size: 7, neuron, current }), 0.5), 500);
    expect(net.spikes[0]).to.be.above(50);
  });

  it('with more receivers than 16 bits count', () => {
    const size = 70_001;
    const targets = transposed(fixedInDegree(size, 3, 1, rng(2)));
    const make = (data: boolean) => () =>
      createNetwork({
        dt: 0.1,
        populations: [
          jumpPopulation({ size: 3, neuron: brunelNeuron, current: 40 }),
          jumpPopulation({ size, neuron: counter }),
        ],
        projections: [{ from: 0, to: 1, targets: data ? weighted(targets, 0.3) : targets, weight: 2, delay: 0.1 }],
      });
    expect(targets.index).to.be.instanceOf(Uint32Array);
    for (const data of [false, true]) {
      const net = same(make(data), 400);
      expect(net.spikes[0]).to.be.above(3);
      expect(net.populations[1].V[size - 1]).to.be.above(0);
    }
  });

  it('other kinds of synapses in the same network', () => {
    const r = rng(9);
    const make = (): Network =>
      createNetwork({
        dt: 0.1,
        populations: [
          currentPopulation({ size: 21, neuron: brunelNeuron }, [2, 10]),
          conductancePopulation({ size: 13, neuron: { ...brunelNeuron, rest: -65, reset: -65, threshold: -50 } }, [
            { tau: 5, reversal: 0 },
          ]),
        ],
        projections: [{ from: 0, to: 1, targets: all(21, 13), weight: 0.3, delay: 1 }],
        drives: [{ to: 0, channel: 1, rate: 2000, weight: 1.2, random: r.stream('drive') }],
      });
    const net = same(make, 3000);
    expect(net.spikes[0]).to.be.above(20);
    expect(net.spikes[1]).to.be.above(5);
  });
});

describe('Poisson drive', () => {
  it('has the probabilities of the distribution, to 2^−32 a cell', () => {
    for (const m of [0, 0.3, 2, 17.5, 200]) {
      const { bits, cells } = poissonTable(m);
      const n = 2 ** bits;
      const p = new Float64Array(n);
      for (let k = 0; k < n; k++) {
        const own = cells[2 * k] / 2 ** (32 - bits);
        p[k] += own / n;
        p[cells[2 * k + 1]] += (1 - own) / n;
      }
      let expected = Math.exp(-m);
      for (let k = 0; k < n; k++) {
        expect(p[k], `${k} of ${m}`).to.be.closeTo(expected, 1e-9);
        expected *= m / (k + 1);
      }
    }
  });

  it('draws counts of the right mean and variance, neurons and steps independent', () => {
    const [n, steps, m] = [1003, 200, 2.5];
    const table = poissonTable(m);
    const state = lanes(rng(4));
    const counts: Float64Array[] = [];
    for (let s = 0; s < steps; s++) {
      const out = new Float64Array(n);
      addPoisson(table, state, 1, out);
      counts.push(out);
    }
    const flat = counts.flatMap((c) => [...c]);
    const total = n * steps;
    expect(mean(flat)).to.be.closeTo(m, 3 * Math.sqrt(m / total));
    const squares = flat.map((k) => (k - m) ** 2);
    expect(mean(squares)).to.be.closeTo(m, 3 * standardError(squares));
    // neighbours in the same step (other lanes), the neuron four further (same lane), the same neuron a step later
    for (const lag of [1, 4, n]) {
      const products = flat.slice(lag).map((k, i) => (k - m) * (flat[i] - m));
      expect(mean(products), `lag ${lag}`).to.be.closeTo(0, 3 * standardError(products));
    }
  });

  it('adds to what is there, weighted, and refuses means out of range', () => {
    const out = Float64Array.of(1, 2, 3);
    addPoisson(poissonTable(0), lanes(rng(1)), 5, out);
    expect([...out]).to.deep.equal([1, 2, 3]);
    expect(() => poissonTable(-1)).to.throw(ParameterError, /between 0 and 200/);
    expect(() => poissonTable(201)).to.throw(ParameterError);
  });
});

describe('spiking networks: a balanced network', () => {
  it('fires at the rate of mean-field theory', async () => {
    // Brunel's network in the asynchronous irregular state, a fifth of its size with as many inputs
    const [E, I, CE, CI] = [1600, 400, 400, 100];
    const [jump, g, external] = [0.1, 5, 1.8];
    const r = rng(21);
    const outside: ShotNoise = { inputs: CE, rate: (external * 20_000) / (jump * CE * brunelNeuron.tau), jump };
    const W = (to: number, from: number, degree: number): Pattern =>
      transposed(fixedInDegree(to, from, degree, r.stream(`${to} ${from} ${degree}`)));
    const net = createNetwork({
      dt: 0.1,
      populations: [E, I].map((size) => jumpPopulation({ size, neuron: brunelNeuron })),
      projections: [
        { from: 0, to: 0, targets: W(E, E, CE), weight: jump, delay: 1.5 },
        { from: 0, to: 1, targets: W(I, E, CE), weight: jump, delay: 1.5 },
        { from: 1, to: 0, targets: W(E, I, CI), weight: -g * jump, delay: 1.5 },
        { from: 1, to: 1, targets: W(I, I, CI), weight: -g * jump, delay: 1.5 },
      ],
      drives: [0, 1].map((to) => ({
        to,
        rate: outside.inputs * outside.rate,
        weight: jump,
        random: r.stream(`drive ${to}`),
      })),
    });
    const input = (hz: number): ShotNoise[] => [
      { inputs: CE, rate: hz, jump },
      { inputs: CI, rate: hz, jump: -g * jump },
      outside,
    ];
    let theory = selfConsistentRate(brunelNeuron, input);
    for (let k = 0; k < 20; k++) {
      const shift = thresholdShift(diffusionInput(brunelNeuron.tau, input(theory)).sigma, 0.1, brunelNeuron.tau);
      theory = selfConsistentRate({ ...brunelNeuron, threshold: brunelNeuron.threshold + shift }, input);
    }
    await net.run(200);
    const [blocks, width] = [10, 1000];
    const before = net.steps;
    const counter = countRecorder(width, blocks + before / width);
    await net.run((blocks * width) / 10, counter);
    const rates = [...counter.counts].slice(before / width).map((n) => n / E / 0.1);
    expect(rates).to.have.length(blocks);
    // a spike is late by half a step, up to one
    const late = theory * theory * (0.1 / 1000);
    expect(mean(rates)).to.be.closeTo(theory, late + 3 * standardError(rates));
  }).timeout(30_000);
});

describe('spiking networks: recording', () => {
  it('spikes and counts agree with the totals', async () => {
    const net = mixed(3);
    const raster = spikeRecorder();
    const few = spikeRecorder(1, 10);
    const counts = countRecorder(100, 3, 0);
    await net.run(30, recorders(raster, few, counts));
    const { step, neuron } = raster.raster();
    expect(step).to.have.length(net.spikes[0]);
    expect(counts.counts.reduce((a, b) => a + b, 0)).to.equal(net.spikes[0]);
    for (let k = 1; k < step.length; k++)
      expect(step[k] > step[k - 1] || (step[k] === step[k - 1] && neuron[k] > neuron[k - 1])).to.equal(true);
    expect(few.raster().neuron.every((i) => i < 10)).to.equal(true);
    // the list has grown on the way
    const long = spikeRecorder();
    for (let s = 1; s <= 3000; s++) long.record(s, 0, Int32Array.of(s % 7), 1);
    expect([...long.raster().step]).to.deep.equal(Array.from({ length: 3000 }, (_, s) => s + 1));
  });
});

describe('spiking networks: errors', () => {
  const sizes = (n: number): PopulationModel => jumpPopulation({ size: n, neuron: brunelNeuron });
  const connect =
    (change: object): (() => Network) =>
    () =>
      createNetwork({
        dt: 0.1,
        populations: [sizes(4), sizes(3)],
        projections: [{ from: 0, to: 1, targets: all(4, 3), weight: 1, delay: 1, ...change }],
      });

  it('name what does not fit and the range', () => {
    expect(connect({})).to.not.throw();
    for (const [change, message] of [
      [{ delay: 0 }, /delay must be at least one time step of 0.1 ms/],
      [{ delay: 0.25 }, /delay must be a multiple of the time step of 0.1 ms \(got 0.25 ms\)/],
      [{ delay: -1 }, /delay must be a multiple/],
      [{ delay: Number.NaN }, /delay must be a multiple/],
      [{ targets: all(3, 4) }, /targets must be 4 senders x 3 receivers \(got 3 x 4\)/],
      [{ from: 2 }, /from must be a whole number between 0 and 1 \(got 2\)/],
      [{ to: -1 }, /to must be a whole number between 0 and 1/],
      [{ channel: 1 }, /channel must be a whole number between 0 and 0/],
      [{ weight: Infinity }, /weight must be finite/],
      [
        { targets: { ...all(4, 3), index: new Uint16Array(12).fill(9) } },
        /column must be a whole number between 0 and 2/,
      ],
      [{ targets: { ...all(4, 3), start: Int32Array.of(0, 9, 3, 6, 12) } }, /start, index and data/],
      [{ targets: { ...all(4, 3), start: Int32Array.of(0, 9, 10, 11, 99) } }, /start, index and data/],
    ] as const)
      expect(connect(change), message.source).to.throw(ParameterError, message);
    expect(() => createNetwork({ dt: 0.1, populations: [] })).to.throw(ParameterError, /populations must not be empty/);
    expect(() => one(sizes(1), 0)).to.throw(ParameterError, /dt must be a positive number of ms/);
    expect(() => one(sizes(1), 0.3)).to.throw(ParameterError, /refractory must be a multiple of the time step/);
    expect(() => sizes(0)).to.throw(ParameterError, /size must be a whole number/);
    expect(() => jumpPopulation({ size: 2, neuron: brunelNeuron, current: new Float64Array(3) })).to.throw(
      ParameterError,
      /current must be one number or one for each of the 2 neurons \(got 3\)/,
    );
    expect(() => jumpPopulation({ size: 1, neuron: brunelNeuron, start: Number.NaN })).to.throw(
      ParameterError,
      /start/,
    );
    expect(() => one(sizes(1), 0.1, { drives: [{ to: 0, rate: -1, weight: 1, random: rng(1) }] })).to.throw(
      ParameterError,
      /rate must be at least 0 Hz/,
    );
  });

  it('a potential that is no number is told with its population and time', async () => {
    const net = one(jumpPopulation({ size: 2, neuron: passive }), 1);
    net.populations[0].V[1] = Number.NaN;
    let caught: unknown;
    try {
      await net.run(10);
    } catch (error) {
      caught = error;
    }
    expect(caught).to.be.instanceOf(DivergenceError);
    expect((caught as Error).message).to.match(/V of population 0 is no longer finite at 10 ms/);
  });

  it('stops when told to', async () => {
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    let message = '';
    try {
      await mixed(1).run(1000, undefined, createRun(controller.signal));
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).to.equal('enough');
  });
});
