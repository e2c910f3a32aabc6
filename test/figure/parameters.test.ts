import { expect } from 'chai';
import {
  choice,
  flag,
  formatValue,
  integer,
  number,
  numbers,
  parseText,
  parseValues,
  seed,
} from 'lecture-lab/figure/parameters';
import { ParameterError } from 'lecture-lab/math/errors';

describe('figure parameters', () => {
  const schema = {
    eta: number({ default: 0.01, min: 1e-4, max: 0.1, scale: 'log', doc: 'learning rate' }),
    steps: integer({ default: 100, min: 1, max: 1000, doc: 'steps' }),
    loads: numbers({ default: [0.1, 0.2], min: 0, max: 1, minLength: 2, maxLength: 5, doc: 'loads' }),
    sizes: numbers({ default: [10], min: 1, max: 50, integer: true, doc: 'sizes' }),
    rule: choice({ default: 'oja', values: ['oja', 'plain hebb'], doc: 'rule' }),
    noisy: flag({ default: false, doc: 'noise' }),
    seed: seed(),
  };
  const parse = (values: Record<string, unknown>) => parseValues('oja/convergence', schema, values);
  const refused = (values: Record<string, unknown>, message: string) =>
    expect(() => parse(values), JSON.stringify(values)).to.throw(ParameterError, `oja/convergence: ${message}`);

  it('fills in defaults, also for undefined', () => {
    const defaults = {
      eta: 0.01,
      steps: 100,
      loads: [0.1, 0.2],
      sizes: [10],
      rule: 'oja',
      noisy: false,
      seed: 1,
    };
    expect(parse({})).to.deep.equal(defaults);
    expect(parse({ eta: undefined, rule: undefined })).to.deep.equal(defaults);
  });

  it('gives values that no one can change', () => {
    const loads = [0.3, 0.4];
    const values = parse({ loads });
    loads[0] = 9;
    expect(values.loads).to.deep.equal([0.3, 0.4]);
    expect(Object.isFrozen(values) && Object.isFrozen(values.loads)).to.equal(true);
  });

  it('accepts both ends of a range', () => {
    for (const eta of [1e-4, 0.1]) expect(parse({ eta }).eta).to.equal(eta);
    for (const steps of [1, 1000]) expect(parse({ steps }).steps).to.equal(steps);
  });

  it('names figure, parameter, range and value when a value is out of range', () => {
    refused({ eta: -1 }, 'eta must be between 0.0001 and 0.1 (got -1)');
    refused({ eta: 0.11 }, 'eta must be between 0.0001 and 0.1 (got 0.11)');
    refused({ steps: 0 }, 'steps must be a whole number between 1 and 1000 (got 0)');
    refused({ seed: 2 ** 31 }, 'seed must be a whole number between 0 and 2147483647 (got 2147483648)');
  });

  it('refuses what is not a finite number', () => {
    for (const eta of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, '0.01', null, true, [0.01], {}])
      refused({ eta }, 'eta must be between');
    refused({ steps: 1.5 }, 'steps must be a whole number between 1 and 1000 (got 1.5)');
    refused({ steps: '7' }, 'steps must be a whole number between 1 and 1000 (got "7")');
  });

  it('refuses unknown names, inherited ones too, and lists the known ones', () => {
    for (const name of ['etta', 'toString', 'constructor', 'hasOwnProperty'])
      refused({ [name]: 1 }, `unknown parameter ${name} (it has eta, steps, loads, sizes, rule, noisy, seed)`);
  });

  it('checks each element and the length of a list', () => {
    refused({ loads: 0.1 }, 'loads must be a list of numbers between 0 and 1 (got 0.1)');
    refused({ loads: [0.1] }, 'loads must hold 2 to 5 numbers (got 1)');
    refused({ loads: [1, 2] }, 'loads must hold numbers between 0 and 1 (got 2)');
    refused({ loads: [0.1, Number.NaN] }, 'loads must hold numbers between 0 and 1 (got NaN)');
    refused({ loads: [0.1, undefined] }, 'loads must hold numbers between 0 and 1 (got undefined)');
    refused({ loads: [0.1, '0.2'] }, 'loads must hold numbers between 0 and 1 (got "0.2")');
    refused({ sizes: [2.5] }, 'sizes must hold whole numbers between 1 and 50 (got 2.5)');
    refused({ sizes: [] }, 'sizes must hold 1 to 100 whole numbers (got 0)');
  });

  it('takes only the names of a choice, and only booleans for a flag', () => {
    refused({ rule: 'Oja' }, 'rule must be one of oja, plain hebb (got "Oja")');
    refused({ rule: 1 }, 'rule must be one of oja, plain hebb (got 1)');
    for (const noisy of ['true', 1, null]) refused({ noisy }, 'noisy must be true or false');
  });

  it('refuses a declaration whose default is not allowed', () => {
    expect(() => number({ default: 2, min: 0, max: 1, doc: '' })).to.throw(ParameterError, 'between 0 and 1 (got 2)');
    expect(() => number({ default: 0, min: 0, max: 1, scale: 'log', doc: '' })).to.throw(ParameterError, 'min > 0');
    expect(() => choice({ default: 'c' as string, values: ['a', 'b'], doc: '' })).to.throw(ParameterError, 'a, b');
  });

  describe('as text', () => {
    const read = (name: keyof typeof schema, text: string) => parseText('f', name, schema[name], text);

    it('reads numbers strictly', () => {
      expect(read('eta', '2e-2')).to.equal(0.02);
      expect(read('eta', ' 0.02 ')).to.equal(0.02);
      for (const text of ['', 'abc', '0.02x', 'NaN', 'Infinity', '-Infinity', '1e999', '0,02'])
        expect(() => read('eta', text), text).to.throw(ParameterError, 'f: eta must be between 0.0001 and 0.1 (got');
      expect(() => read('steps', '1.5')).to.throw(ParameterError, 'f: steps must be a whole number');
    });

    it('reads lists and ranges with both ends', () => {
      expect(read('loads', '0.12, 0.13')).to.deep.equal([0.12, 0.13]);
      expect(read('loads', '0:1:5')).to.deep.equal([0, 0.25, 0.5, 0.75, 1]);
      expect(read('loads', '1:0:3')).to.deep.equal([1, 0.5, 0]);
      expect(read('sizes', '7')).to.deep.equal([7]);
    });

    it('refuses lists that are not', () => {
      for (const text of ['', '0.1', '0.1,', '0.1,x', '0:1', '0:1:x', '0:1:2.5', '0:1:1', '0:1:-3', '0:1:6', '0:1:1e9'])
        expect(() => read('loads', text), text).to.throw(ParameterError, 'f: loads must');
    });

    it('reads choices and flags', () => {
      expect(read('rule', 'plain hebb')).to.equal('plain hebb');
      expect(read('noisy', 'true')).to.equal(true);
      expect(read('noisy', 'false')).to.equal(false);
      for (const text of ['', '1', 'yes', 'TRUE'])
        expect(() => read('noisy', text), text).to.throw(ParameterError, 'noisy must be true or false');
    });

    it('reads back what formatValue writes', () => {
      const values = parse({ eta: 1 / 30, loads: [0, 1 / 3, 1], noisy: true });
      for (const [name, value] of Object.entries(values))
        expect(read(name as keyof typeof schema, formatValue(value)), name).to.deep.equal(value);
    });
  });
});
