import { expect } from 'chai';
import { accuracy, angle } from 'lecture-lab/credit/credit.figures';
import { linearAlignment } from 'lecture-lab/credit/linear-alignment.figures';
import { mirror } from 'lecture-lab/credit/mirror.figures';
import { ruleNames } from 'lecture-lab/credit/rules/index';
import { ParameterError } from 'lecture-lab/math/errors';

describe('credit figures', function () {
  this.timeout(300_000);

  it('accuracy at its defaults: one row an epoch and rule, and every landmark holds', async () => {
    const { rows, landmarks } = await accuracy.evaluate();
    expect(rows).to.have.length(7 * 11);
    expect(Object.keys(rows[0])).to.deep.equal(['epoch', 'rule', 'accuracy']);
    expect([...new Set(rows.map((r) => r['rule']))]).to.deep.equal([...ruleNames]);
    expect(landmarks.filter((l) => !l.pass)).to.deep.equal([]);
    expect(landmarks).to.have.length(8);
  });

  it('angle at its defaults: rows for every layer, and every landmark holds', async () => {
    const { rows, landmarks } = await angle.evaluate();
    expect(rows).to.have.length(6 * 2 * 11);
    expect(Object.keys(rows[0])).to.deep.equal(['epoch', 'rule', 'layer', 'degrees']);
    expect(landmarks.filter((l) => !l.pass)).to.deep.equal([]);
    expect(landmarks).to.have.length(15);
  });

  it('landmarks of the reference are left out where other settings make them meaningless', async () => {
    const settings = { epochs: 1, batch: 512 };
    expect((await accuracy.evaluate(settings)).landmarks).to.have.length(1);
    expect((await angle.evaluate(settings)).landmarks).to.have.length(4);
  });

  it('refuse what is out of range, by name', () => {
    expect(() => accuracy.values({ epochs: 0 })).to.throw(ParameterError, 'credit/accuracy: epochs must be a whole');
    expect(() => angle.values({ rate: 0 })).to.throw(ParameterError, 'credit/angle: rate must be between');
    expect(() => mirror.values({ decays: [0] })).to.throw(ParameterError, 'credit/mirror: decays');
    expect(() => linearAlignment.values({ eta: 1 })).to.throw(ParameterError, 'credit/linear-alignment: eta');
  });

  it('the linear network and the mirror: at defaults and elsewhere every landmark holds', async () => {
    for (const evaluation of [
      await linearAlignment.evaluate(),
      await linearAlignment.evaluate({ eta: 0.002, steps: 500, hidden: 2, seed: 9 }),
      await mirror.evaluate(),
      await mirror.evaluate({ decays: [1, 0.1], batch: 16, inputs: 32, outputs: 16, steps: 50, seed: 4 }),
    ])
      expect(evaluation.landmarks.filter((l) => !l.pass)).to.deep.equal([]);
  });
});
