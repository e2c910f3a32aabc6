import { expect } from 'chai';
import { objectiveFamilies } from 'lecture-lab/credit/objectives.figures';
import { drawObjective, expectedExcess, momentMap } from 'lecture-lab/inference/descent';
import { gradientDescent } from 'lecture-lab/inference/descent.figures';
import { bestPenalty, expectedSpectrum, ridgeRisk } from 'lecture-lab/inference/ridge';
import { fixedRisk, minimisedRisk } from 'lecture-lab/inference/risk';
import { rng } from 'lecture-lab/math/rng';

/* Numbers in the words of the lesson on objectives and risk. */
describe('what the lesson on objectives and risk says', () => {
  it('of the three families', async () => {
    const { rows } = await objectiveFamilies.evaluate();
    const end = (objective: string, kind: string): number =>
      rows.filter((r) => r['objective'] === objective && r['what'] === 'value' && r['kind'] === kind).at(-1)![
        'value'
      ] as number;
    expect(end('autoencoder', 'theory')).to.equal(1.75);
    expect(end('reward', 'theory')).to.be.closeTo(-0.18, 1e-12);
    const share = (objective: string, input: number): number =>
      rows.find((r) => r['objective'] === objective && r['kind'] === 'simulation' && r['input'] === input)![
        'share'
      ] as number;
    expect([share('supervised', 3), share('autoencoder', 1), share('reward', 4)].every((v) => v > 0.99)).to.equal(true);
    const two = await objectiveFamilies.evaluate({ hidden: 2 });
    expect(two.landmarks.map(({ theory }) => theory)).to.deep.equal([0.75]);
    // of 7.5 in all
    expect([1 / 7.5, 0.5 / 7.5]).to.deep.equal([2 / 15, 1 / 15]);
  });

  it('of the two risks', () => {
    const teacher = { inputs: 10, noise: 1, length: 1.5 };
    const { empirical, true: risk } = minimisedRisk(teacher, 20);
    expect(empirical).to.equal(0.25);
    expect(risk).to.be.closeTo(1.056, 5e-4);
    expect(empirical / risk).to.be.below(1 / 4);
    expect(fixedRisk(teacher, 1.5, 20).mean).to.equal(1.625);
    for (const inputs of [10, 100, 1000])
      expect(minimisedRisk({ ...teacher, inputs }, 11 * inputs + 1).true).to.be.closeTo(0.55, 1e-12);
    // with little noise there is a dip at seven examples
    const quiet = (M: number): number => minimisedRisk({ ...teacher, noise: 0.3 }, M).true;
    expect(quiet(7)).to.be.closeTo(0.54, 0.005);
    for (const M of [1, 2, 3, 4, 5, 6, 8]) expect(quiet(M)).to.be.above(quiet(7));
    const gap = (M: number): number => minimisedRisk(teacher, M).true - minimisedRisk(teacher, M).empirical;
    expect(gap(105)).to.be.above(0.1);
    expect(gap(106)).to.be.below(0.1);
  });

  it('of the penalty', () => {
    const lesson = { inputs: 20, samples: 25, noise: 1, length: 1.5 };
    const [spectrum, best] = [expectedSpectrum(20, 25), bestPenalty(lesson)];
    const at = (factor: number): number => ridgeRisk(lesson, spectrum, factor * best).true;
    expect(at(1)).to.be.closeTo(0.961, 5e-4);
    expect(at(0.5)).to.be.closeTo(1.002, 5e-4);
    expect(at(2)).to.be.closeTo(0.998, 5e-4);
    expect(at(1) - 0.5).to.be.closeTo(0.46, 0.005);
    expect((at(0.1) - 0.5) / (at(1) - 0.5)).to.be.closeTo(2, 0.02);
    // below that of a silent network at any number of examples, above it for hardly any penalty
    for (const samples of [1, 10, 20, 21, 100]) {
      const few = { ...lesson, samples };
      expect(ridgeRisk(few, expectedSpectrum(20, samples), bestPenalty(few)).true).to.be.below(1.625);
    }
    expect(ridgeRisk(lesson, spectrum, 1e-4).true).to.be.above(1.625);
    const least = (samples: number): number =>
      ridgeRisk({ ...lesson, samples }, expectedSpectrum(20, samples), bestPenalty({ ...lesson, samples })).true;
    expect(least(10)).to.be.closeTo(1.29, 0.005);
    expect(least(20)).to.be.closeTo(1.05, 0.005);
    expect(minimisedRisk(lesson, 20).true).to.equal(Number.POSITIVE_INFINITY);
  });

  it('of gradient descent', async () => {
    const descent = drawObjective({ inputs: 5, noise: 1, length: 1.5 }, 50, 0.1, rng(3));
    const [quick, slow] = [0.05, 0.025].map((rate) => momentMap(descent, 1, rate));
    const halved = expectedExcess(descent, slow!.stationary()) / expectedExcess(descent, quick!.stationary());
    expect(halved).to.be.within(0.4, 0.5);
    expect(Math.log(quick!.radius) / Math.log(slow!.radius)).to.be.closeTo(2, 0.05);
    const { rows, landmarks } = await gradientDescent.evaluate();
    const floor = (words: string): number => landmarks.find(({ name }) => name === `${words}: left in the end`)!.theory;
    const [one, ten] = [floor('one example a step'), floor('10 examples a step')];
    expect(ten / one).to.be.closeTo(0.1, 0.02);
    const row = (what: string, series: string) =>
      rows.filter((r) => r['what'] === what && r['series'] === series && r['kind'] === 'theory');
    // on its floor when the whole gradient has taken two steps of fifty
    const soon = row('excess', 'one example a step').find((r) => Number(r['examples']) >= 100)!;
    expect(Number(soon['value']) / one).to.be.within(1, 1.05);
    expect(Number(row('excess', 'all examples a step').find((r) => r['examples'] === 100)!['value'])).to.be.above(0.5);
    // what ten a step adds to the true risk is small beside what the minimum itself misses
    const minimum = Number(row('risk', 'all examples a step').at(-1)!['value']);
    const added = Number(row('risk', '10 examples a step').at(-1)!['value']) - minimum;
    expect(added / (minimum - 0.5)).to.be.within(0, 0.1);
  });
});
