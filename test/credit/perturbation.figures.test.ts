import { expect } from 'chai';
import { rules } from 'lecture-lab/credit/perturbation';
import { windows } from 'lecture-lab/credit/perturbation.curves';
import { learning, variance } from 'lecture-lab/credit/perturbation.figures';

describe('the figures of perturbation learning', function () {
  this.timeout(120_000);

  it('variance at its defaults: theory and simulation of both rules', async () => {
    const { rows, landmarks } = await variance.evaluate();
    expect(rows.map(({ rule, kind }) => `${rule}, ${kind}`)).to.deep.equal([
      'node perturbation, theory',
      'node perturbation, simulation',
      'weight perturbation, theory',
      'weight perturbation, simulation',
    ]);
    expect(rows[0]!['ratio']).to.be.closeTo(5 + 1, 1e-3);
    expect(rows[2]!['ratio']).to.be.closeTo(5 * 20 + 1, 1e-2);
    expect(landmarks.filter((l) => !l.pass)).to.deep.equal([]);
    expect(landmarks).to.have.length(2);
  });

  it('learning at its defaults: a curve for each rule, its factor and what is left', async () => {
    const { rows, landmarks } = await learning.evaluate();
    for (const rule of rules) expect(rows.filter((row) => row['rule'] === rule)).to.have.length.above(20);
    expect(Object.keys(rows[0]!)).to.deep.equal(['trial', 'error', 'rule', 'kind', 'se']);
    expect(landmarks.filter((l) => !l.pass)).to.deep.equal([]);
    expect(landmarks.map(({ name }) => name).filter((name) => name.endsWith('error left'))).to.have.length(2);
  });

  it('do not say what is left where learning has not ended', async () => {
    const { landmarks } = await learning.evaluate({ trials: 400 });
    expect(landmarks.filter((l) => !l.pass)).to.deep.equal([]);
    expect(landmarks).to.have.length(3);
  });

  it('average over windows that cover every trial once', () => {
    for (const trials of [1, 2, 17, 5000]) {
      const over = windows(trials);
      expect(over[0]!.from).to.equal(0);
      expect(over.at(-1)!.to).to.equal(trials);
      for (const [i, { from, to }] of over.entries()) {
        expect(to).to.be.above(from);
        if (i > 0) expect(from).to.equal(over[i - 1]!.to);
      }
    }
  });
});
