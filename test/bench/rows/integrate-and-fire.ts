import { rng } from 'lecture-lab/math/rng';
import { fixedInDegree, transposed } from 'lecture-lab/math/sparse';
import { brunelNeuron } from 'lecture-lab/neurons/leaky';
import { jumpPopulation } from 'lecture-lab/neurons/populations';
import { createNetwork } from 'lecture-lab/neurons/spiking';
import { defineRow, prepared, twin } from '../row';

const [excitatory, inhibitory] = [800, 200];
const [jump, g, delay, dt] = [0.1, 5, 1.5, 0.1];
/** Hz, twice what brings the mean input to threshold */
const external = (2 * 1000 * brunelNeuron.threshold) / (jump * brunelNeuron.tau);

export const row = defineRow({
  name: 'integrate-and-fire',
  words: 'integrate-and-fire network, 10,000 neurons with 1,000 inputs each, 1 s',
  size: { name: 'neurons', value: 10_000, growth: [1250, 2500, 5000, 10_000] },
  checks: [
    {
      name: 'mean rate',
      within: { absolute: 5 * Math.SQRT2 * 0.2 },
      why: '5 standard errors of the difference; over networks and noise the rate of one second varies by 0.2 Hz',
    },
  ],
  peers: [
    { name: 'Brian2', role: 'typical', target: 9, needs: 'brian2', programs: ['g++'] },
    { name: 'numba', role: 'best', target: 4 },
    twin,
  ],
  note: 'Poisson counts from an alias table, one random word each',

  ours(size) {
    const r = rng(1);
    const sizes = [(size * 4) / 5, size / 5] as const;
    const targets = [excitatory, inhibitory].map((inputs, from) =>
      sizes.map((receivers, to) =>
        transposed(fixedInDegree(receivers, sizes[from]!, inputs, r.stream(`${from} to ${to}`), { repeats: true })),
      ),
    );
    const network = createNetwork({
      dt,
      populations: sizes.map((n) => jumpPopulation({ size: n, neuron: brunelNeuron })),
      projections: [jump, -g * jump].flatMap((weight, from) =>
        sizes.map((_, to) => ({ from, to, targets: targets[from]![to]!, weight, delay })),
      ),
      drives: sizes.map((_, to) => ({ to, rate: external, weight: jump, random: r.stream(`drive ${to}`) })),
    });
    return prepared(
      async () => {
        network.restart();
        await network.run(1000);
        return network.spikes.reduce((sum, n) => sum + n, 0);
      },
      (spikes) => [spikes / size],
    );
  },
});
