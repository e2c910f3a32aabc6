import { expect } from 'chai';
import { burstProbability, expectedChange, runningAverage, type Synapse } from 'lecture-lab/credit/burst-rule';
import { exercise2 } from 'lecture-lab/credit/burst-rule.check';
import { cableAttenuation } from 'lecture-lab/credit/dendrites.cable';
import { divider, simulateNeuron } from 'lecture-lab/credit/dendrites.compartments';
import { twoPhase } from 'lecture-lab/credit/two-phase.figures';

/* Numbers in the words of the lesson on dendrites. */
describe('what the lesson on dendrites says', () => {
  const share = (length: number, frequency: number): number => cableAttenuation({ length, tau: 20 }, length, frequency);
  const neuron = { coupling: 0.05, calcium: 0.08 };
  const run = (apical: number, delay?: number, changes: Partial<typeof neuron> = {}) =>
    simulateNeuron(
      { ...neuron, ...changes },
      { apical, ...(delay === undefined ? {} : { pulse: 20 + delay }) },
      150,
      0.02,
    );

  it('of what arrives', () => {
    expect(share(1.5, 0)).to.be.closeTo(0.43, 0.005);
    expect(share(1.5, 100)).to.be.closeTo(0.04, 0.005);
    expect(share(1, 0)).to.be.closeTo(0.65, 0.005);
    expect(share(1, 100)).to.be.closeTo(0.15, 0.005);
    expect(divider(neuron)).to.be.closeTo(1 / 3, 1e-12);
    expect(Math.acosh(10)).to.be.closeTo(2.99, 0.005);
    expect(share(2.99, 0)).to.be.closeTo(0.1, 1e-3);
  });

  it('of the plateau', () => {
    expect(Math.max(...run(3.5).apical)).to.be.closeTo(15, 1);
    expect(Math.max(...run(0, 5).apical)).to.be.closeTo(19, 1);
    const both = run(3.5, 5);
    expect(both.spikes.length).to.equal(5);
    expect(both.plateau).to.be.closeTo(40, 5);
  });

  it('of the window', () => {
    for (let delay = -10; delay <= 30; delay++)
      expect(run(3.5, delay).spikes.length > 1, `${delay} ms`).to.equal(delay >= 2 && delay <= 14);
    expect(run(7).spikes.length).to.be.above(1);
    expect(run(6).spikes.length).to.equal(0);
    expect(run(3.5, 5, { calcium: 0 }).spikes.length).to.equal(1);
  });

  it('of segregation that is complete', () => {
    for (const [coupling, percent, spikes] of [
      [0.005, 5, 1],
      [0.02, 17, 1],
      [0.05, 33, 5],
    ] as const) {
      const { plateau, spikes: found } = run(3.5, 5, { coupling });
      expect(100 * divider({ coupling })).to.be.closeTo(percent, 0.5);
      expect(found.length).to.equal(spikes);
      expect(plateau).to.be.above(35);
    }
  });

  it('of bursts', () => {
    const synapse = (duration: number): Synapse => ({
      ...{ slope: 2, middle: 1, usual: 0.6, eta: 0.01, receiver: 10, sender: 10 },
      ...{ tauTrace: 0.1, tauAverage: 10, duration },
    });
    const ratio = expectedChange(synapse(20), 3) / expectedChange(synapse(2), 3);
    expect(ratio).to.be.within(4.5, 5);
    expect(runningAverage(synapse(200), 3, 200)).to.be.closeTo(burstProbability(synapse(2), 3), 1e-6);
    expect(expectedChange(synapse(2), -20)).to.be.below(0);
    const strong = { ...synapse(2), usual: 2.5 };
    expect(burstProbability(strong, 2.5)).to.be.closeTo(0.95, 0.005);
    expect(expectedChange(strong, 2.5)).to.equal(0);
  });

  it('of the networks', async function () {
    this.timeout(120_000);
    const { rows, params } = await twoPhase.evaluate();
    const end = rows.filter(({ epoch }) => epoch === params['epochs']);
    const error = (network: string): number => end.find((r) => r['network'] === network)!['error'] as number;
    for (const name of ['no hidden layer', 'one hidden layer', 'two hidden layers'])
      expect(error(name), name).to.be.within(12, 16);
    expect(error('one, plateaus shuffled')).to.be.above(80);
    const angles = end.filter((r) => 'layer' in r);
    expect(angles.length).to.equal(3);
    for (const { degrees, spiking } of angles) {
      expect(degrees).to.be.within(45, 60);
      expect(spiking).to.be.within(60, 80);
    }
  });

  it('of its exercise: a share P̄ of bursts changes nothing, and the example of its hint', () => {
    const { solution, otherwise } = exercise2.definition;
    expect(solution([true, false, false, false], [1, 1, 1, 1], 0.25, 1)).to.be.closeTo(0, 1e-15);
    expect(solution([true, false], [1, 1], 0.3, 0.1)).to.be.closeTo(0.04, 1e-12);
    expect(otherwise).to.include('0.04');
  });
});
