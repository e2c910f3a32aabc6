import { expect } from 'chai';
import { number, parseText, parseValues } from 'lecture-lab/figure/parameters';
import { ParameterError } from 'lecture-lab/math/errors';

describe('figure parameters', () => {
  const schema = { eta: number({ default: 0.01, min: 1e-4, max: 0.1, scale: 'log', doc: 'learning rate' }) };

  it('fills in defaults', () => {
    expect(parseValues('oja/convergence', schema, {})).to.deep.equal({ eta: 0.01 });
  });

  it('names figure, parameter, range and value when a value is out of range', () => {
    expect(() => parseValues('oja/convergence', schema, { eta: -1 })).to.throw(
      ParameterError,
      'oja/convergence: eta must be between 0.0001 and 0.1 (got -1)',
    );
  });

  it('reads text strictly', () => {
    expect(parseText('f', 'eta', schema.eta, '2e-2')).to.equal(0.02);
    for (const text of ['', 'abc', '0.02x', 'NaN', 'Infinity'])
      expect(() => parseText('f', 'eta', schema.eta, text), text).to.throw(ParameterError, 'eta must be between');
  });
});
