import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { currents, type Membrane, simulate, speedUp, spikeTimes, squid } from 'lecture-lab/neurons/hodgkin-huxley';
import { fires, firing, pulseThreshold, threshold } from 'lecture-lab/neurons/hodgkin-huxley.experiments';
import { equilibrium, gates, hopfPoints, steadyCurrent } from 'lecture-lab/neurons/hodgkin-huxley.stability';

const file = join(__dirname, '..', '..', 'notebooks', '2-learning-in-real-networks', '10-biophysics.ipynb');
const notebook = JSON.parse(readFileSync(file, 'utf8')) as { cells: { cell_type: string; source: string[] }[] };
const text = notebook.cells
  .filter((cell) => cell.cell_type === 'markdown')
  .map((cell) => cell.source.join(''))
  .join('\n\n');

/** Wants a phrase in the notebook, and the number that stands in it at `#` to be `value`, rounded as it is written. */
function says(phrase: string, value: number): void {
  const pattern = phrase.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace('#', '(−?[0-9]+(?:\\.[0-9]+)?)');
  const found = new RegExp(pattern).exec(text);
  if (!found) throw new Error(`the notebook does not say: ${phrase}`);
  const number = found[1].replace('−', '-');
  expect(value.toFixed(number.split('.')[1]?.length ?? 0), phrase).to.equal(number);
}

const rest = equilibrium(0);
const highest = async (factor: number): Promise<number> => {
  const pulse = { duration: 0.5, current: factor * (await pulseThreshold(0.5)) };
  return Math.max(...(await simulate(rest, [pulse, { duration: 20, current: 0 }])).voltage);
};

describe('10-biophysics: the numbers in its words', () => {
  it('about rest', () => {
    const { sodium, potassium, leak } = currents(rest);
    says('Potassium flows out with #', potassium);
    says('sodium (#)', -sodium);
    says('leak (#) flow in', -leak);
    says('the rest moves up to # mV', equilibrium(0, { ...squid, gL: 0.6 }).V);
    says('at rest is only # of its 120', squid.gNa * rest.m ** 3 * rest.h);
  });

  it('about gates', () => {
    const { tauM, tauH, tauN } = gates(rest.V);
    says('that is # ms for $m$', tauM);
    says('but # ms for $n$', tauN);
    says('and # ms for $h$', tauH);
  });

  it('about the train and single spikes', async () => {
    const d = await simulate(rest, [{ duration: 200, current: 10 }]);
    says('the same crossing, # ms', spikeTimes(d)[0]);
    for (const [current, spikes] of [
      [4, 1],
      [2.2, 0],
      [2.3, 1],
    ])
      expect(spikeTimes(await simulate(rest, [{ duration: 200, current }]))).to.have.length(spikes);
  });

  it('about pulses', async () => {
    says('a pulse of 0.5 ms needs # µA/cm²', await pulseThreshold(0.5));
    says('0.25 ms needs # µA/cm²', await pulseThreshold(0.25));
    says('and 5 ms needs #,', await pulseThreshold(5));
    says('the rheobase of #.', await pulseThreshold(60));
    says('one percent decides between # mV', (await highest(0.99)) - rest.V);
    let most = 0;
    for (const duration of [0.2, 0.5, 1, 2, 3, 3.5, 4, 5, 10]) {
      const charge = 6.505;
      const lapicque = 2.24 / (1 - Math.exp((-duration * 2.24) / charge));
      most = Math.max(most, 100 * (1 - (await pulseThreshold(duration)) / lapicque));
    }
    says('up to # %', most);
  });

  it('about the anode break', async () => {
    const held = await simulate(rest, [{ duration: 20, current: -10 }]);
    const last = held.time.length - 1;
    says('free $h$ from #', rest.h);
    says(`free $h$ from ${rest.h.toFixed(2)} to #`, held.h[last]);
    says('shut $n$ from #', rest.n);
    says(`shut $n$ from ${rest.n.toFixed(2)} to #`, held.n[last]);
    const weakest = (duration: number): Promise<number> =>
      threshold(
        (current) =>
          fires([
            { duration, current: -current },
            { duration: 40, current: 0 },
          ]),
        0,
        10,
      );
    says('has # µA/cm² for 20 ms', await weakest(20));
    says('and # for 5 ms', await weakest(5));
    expect(await weakest(100)).to.be.closeTo(await weakest(20), 0.02);
    expect(await weakest(20)).to.be.within(2, 3);
  });

  it('about firing rates', async () => {
    const [first, second] = hopfPoints();
    says('names two Hopf points, # and', first.current);
    says('and # µA/cm²; between them rest is unstable', second.current);
    const onset = await threshold(async (current) => (await firing(current)).rate > 0, 5, 8, 1e-4);
    says('fire from # on', onset);
    expect((await firing(onset + 0.01)).rate).to.be.above(50);
    says('gates # times as fast', speedUp(20));
    const warm: Membrane = { ...squid, temperature: 20 };
    const start = await threshold(async (current) => (await firing(current, { membrane: warm })).rate > 0, 5, 20, 1e-4);
    expect(start).to.be.above(onset + 2);
    expect((await firing(10, { membrane: warm })).rate).to.be.above(150);
  });

  it('about synapses', () => {
    const steady = (g: number, drive: number): number => -65 + (g * drive) / 0.3;
    says('*hyperpolarises* to # mV', steady(0.1, -65));
    says('it excites (# mV)', steady(0.1, 65));
    expect(steady(0.1, -40)).to.be.below(-65);
    expect(steady(1, 65)).to.be.above(100);
    says('The corrected one settles at # mV', (0.3 * -65 + 0.1 * 0) / 0.4);
  });

  it('about the exercise', () => {
    says('gives 0 at # mV', rest.V);
    says('# at −59.654 mV', steadyCurrent(-59.654));
    says('−59.654 mV (where is that in the figure above?) and # at −40 mV', steadyCurrent(-40));
    expect(hopfPoints()[0].V).to.be.closeTo(-59.654, 5e-4);
  });
});
