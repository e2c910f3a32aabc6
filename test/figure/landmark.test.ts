import { expect } from 'chai';
import { judge, landmarkText, short } from 'lecture-lab/figure/landmark';

describe('landmarks', () => {
  const landmark = { name: 'alignment with v1', theory: 1, measured: 0.998, tolerance: 0.01, source: 'oja1982' };

  it('pass within the tolerance, its end included, and fail beyond', () => {
    expect(judge(landmark).pass).to.equal(true);
    expect(judge({ ...landmark, theory: 0, measured: 0.25, tolerance: 0.25 }).pass).to.equal(true);
    expect(judge({ ...landmark, theory: 0, measured: -0.2500001, tolerance: 0.25 }).pass).to.equal(false);
  });

  it('fail when a number is not finite', () => {
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(judge({ ...landmark, measured: wrong }).pass, `measured ${wrong}`).to.equal(false);
      expect(judge({ ...landmark, theory: wrong }).pass, `theory ${wrong}`).to.equal(false);
      expect(judge({ ...landmark, theory: wrong, measured: wrong }).pass, `both ${wrong}`).to.equal(false);
    }
    for (const tolerance of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(judge({ ...landmark, tolerance }).pass, `tolerance ${tolerance}`).to.equal(false);
  });

  it('read as a sentence, and say in words that they fail', () => {
    expect(landmarkText(judge({ ...landmark, se: 0.00123 }))).to.equal(
      'alignment with v1: theory 1, here 0.998 ± 0.00123',
    );
    expect(landmarkText(judge({ ...landmark, measured: 0.9, unit: 'mV' }))).to.equal(
      'alignment with v1: theory 1 mV, here 0.9 mV (off by more than 0.01)',
    );
    expect(landmarkText(judge({ ...landmark, theory: -2, measured: -2 }))).to.include('theory −2, here −2');
  });

  it('name a number of an independent program as such', () => {
    const compared = judge({ ...landmark, called: 'numpy', measured: 1 });
    expect(landmarkText(compared)).to.equal('alignment with v1: numpy 1, here 1');
  });

  it('show four digits', () => {
    expect([0, -0, 1 / 3, 123456, 1e-7 / 3, -2].map(short)).to.deep.equal([
      '0',
      '0',
      '0.3333',
      '123500',
      '3.333e-8',
      '-2',
    ]);
  });
});
