import { expect } from 'chai';
import { untitledAxes } from './axes';
import { corners } from './corners';
import { decay, slow } from './example.figures';
import { firstDifference, snapshot } from './snapshot';

// the checks of all-figures.test.ts are themselves checked: each must be able to fail
describe('the checks on every figure', () => {
  it('find axes without a title, in layers and in plots side by side', () => {
    const [bare, titled] = [{ field: 'a' }, { field: 'a', title: 'a (mV)' }];
    expect(untitledAxes({ mark: 'point', encoding: { x: titled, y: bare } })).to.deep.equal(['view: y']);
    expect(untitledAxes({ mark: 'point', encoding: { x: titled, y: { value: 1 } } })).to.deep.equal([]);
    expect(untitledAxes({ encoding: { x: titled }, layer: [{ encoding: { y: bare } }] })).to.deep.equal([
      'view.layer[0]: y',
    ]);
    const layered = { encoding: { x: titled }, layer: [{ encoding: { y: bare } }, { encoding: { y: titled } }] };
    expect(untitledAxes(layered), 'one layer gives the title for all').to.deep.equal([]);
    expect(
      untitledAxes({ hconcat: [layered, { encoding: { x: { field: 'a', axis: null }, y: bare } }] }),
    ).to.deep.equal(['view.hconcat[1]: y']);
    expect(untitledAxes({ facet: { field: 'b' }, spec: { encoding: { x: bare } } })).to.deep.equal(['view.spec: x']);
  });

  it('take both ends of every range, every choice, and long lists', () => {
    const names = corners(decay).map(({ name }) => name);
    expect(names).to.deep.equal([
      'tau=1',
      'tau=100',
      'points=2',
      'points=1000',
      'starts=0',
      'starts=10',
      `starts=0,${10 / 3},6.66666666666666…`,
      'shape=exponential',
      'shape=linear',
      'noisy=false',
      'noisy=true',
      'seed=0',
      'seed=2147483647',
      'every parameter at its lower end',
      'every parameter at its upper end',
    ]);
    for (const { settings } of corners(decay)) expect(() => decay.values(settings)).to.not.throw();
  });

  it('spare a figure with quick settings the long ends', () => {
    const quick = { ...slow, quick: { seconds: 1 } };
    expect(corners(quick)).to.deep.equal([
      { name: 'seconds=0', settings: { seconds: 0 } },
      { name: 'loud=false', settings: { seconds: 1, loud: false } },
      { name: 'loud=true', settings: { seconds: 1, loud: true } },
    ]);
  });

  it('see a change in a number, a word, a row, and let the last of four digits pass', async () => {
    const before = snapshot(await decay.evaluate(), true);
    expect(firstDifference(before, snapshot(await decay.evaluate(), true), 'it')).to.equal(undefined);
    expect(firstDifference(before, snapshot(await decay.evaluate({ tau: 10.00001 }), true), 'it')).to.equal(undefined);
    expect(firstDifference(before, snapshot(await decay.evaluate({ tau: 11 }), true), 'it')).to.match(/^it\.rows\.\d/);
    expect(firstDifference(before, snapshot(await decay.evaluate({ starts: [1, 2] }), true), 'it')).to.match(/spec/);
    const [{ count: _, ...less }] = [before as Record<string, unknown>];
    expect(firstDifference(before, less, 'it')).to.match(/^it\.count was 126/);
  });

  it('keep only the form where numbers depend on the machine', async () => {
    const form = JSON.stringify(snapshot(await decay.evaluate({ tau: 11 }), false));
    expect(form).to.equal(JSON.stringify(snapshot(await decay.evaluate(), false)));
    expect(form).to.not.match(/\d\.\d/);
  });
});
