import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { expect } from 'chai';
import { allFigures } from 'lecture-lab/cli/catalogue';
import type { Evaluation, Figure } from 'lecture-lab/figure';
import { MOST_MARKS } from 'lecture-lab/figure/define';
import { landmarkText } from 'lecture-lab/figure/landmark';
import { renderSvg } from 'lecture-lab/figure/render';
import { zoomable } from 'lecture-lab/figure/zoom';
import { DivergenceError, ParameterError } from 'lecture-lab/math/errors';
import * as labs from 'vega-lite-in-jupyterlab';
import { untitledAxes } from './axes';
import { contract } from './contract';
import { corners } from './corners';
import { compareWithSnapshot, snapshot } from './snapshot';

// the two schemas that a specification must satisfy: of the Vega-Lite that draws here and of JupyterLab's, which is older
const schemas = ['vega-lite', 'vega-lite-in-jupyterlab'].map((name) => {
  const file = require.resolve(`${name}/build/vega-lite-schema.json`);
  const ajv = new Ajv({ strict: false, validateFormats: false });
  return { name, validate: ajv.compile(JSON.parse(readFileSync(file, 'utf8'))) };
});

/** What a schema of many alternatives complains of, the deepest first: that is where the mistake is. */
function complaints(errors: typeof Ajv.prototype.errors): string[] {
  return [...(errors ?? [])]
    .sort((a, b) => b.instancePath.length - a.instancePath.length)
    .slice(0, 6)
    .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
}

/** Everything that must hold at any settings. */
async function check({ rows, spec, landmarks }: Evaluation): Promise<void> {
  expect(rows.length).to.be.within(1, MOST_MARKS);
  const alive = zoomable(spec);
  for (const { name, validate } of schemas)
    for (const form of [spec, alive])
      expect(validate(form) ? [] : complaints(validate.errors), `schema of ${name}`).to.deep.equal([]);
  const warnings: string[] = [];
  const svg = await renderSvg(spec, { onWarning: (message) => warnings.push(message), interpret: false });
  const warn = (...parts: unknown[]) => void warnings.push(parts.join(' '));
  const logger = { level: () => logger, error: warn, warn, info: () => logger, debug: () => logger };
  for (const form of [spec, alive]) labs.compile(form as never, { logger: logger as never });
  expect(warnings, 'warnings').to.deep.equal([]);
  expect(svg, 'a coordinate that is no number').to.not.match(/NaN|Infinity|undefined/);
  expect(landmarks.filter(({ pass }) => !pass).map(landmarkText), 'landmarks that fail').to.deep.equal([]);
}

describe('every figure', () => {
  const figures = [...allFigures().values()];

  it('of the catalogue is here', () => {
    expect(figures.map(({ id }) => id)).to.include.members(Object.keys(contract));
  });

  for (const figure of figures) describe(figure.id, () => checkFigure(figure));
});

function checkFigure(figure: Figure): void {
  let atDefaults: Evaluation;

  it('at its defaults', async function () {
    this.timeout(180_000);
    atDefaults = await figure.evaluate();
    await check(atDefaults);
    expect(atDefaults.landmarks, 'landmarks at the defaults').to.not.be.empty;
  });

  it('says what it shows', () => {
    const { spec } = atDefaults;
    expect(spec.description.length, 'description').to.be.at.least(40);
    expect(untitledAxes(spec), 'axes without a title').to.deep.equal([]);
    expect(JSON.stringify({ ...spec, data: undefined }), 'tooltips').to.include('"tooltip"');
    for (const [name, { doc }] of Object.entries(figure.params)) expect(doc, name).to.not.equal('');
  });

  it('keeps the names that others rely on', () => {
    const { params = [], columns = [] } = contract[figure.id] ?? {};
    expect(Object.keys(figure.params)).to.include.members([...params]);
    for (const column of columns)
      expect(
        atDefaults.rows.some((row) => column in row),
        `column ${column}`,
      ).to.equal(true);
  });

  it('looks as it did', async function () {
    this.timeout(60_000);
    // long figures train networks, whose last digits depend on the machine
    const current = figure.quick ? snapshot(await figure.evaluate(figure.quick), false) : snapshot(atDefaults, true);
    const difference = compareWithSnapshot(figure.id, current);
    if (difference !== undefined) expect.fail(difference);
  });

  for (const { name, settings } of corners(figure))
    it(`at ${name}`, async function () {
      this.timeout(120_000);
      let evaluation: Evaluation;
      try {
        evaluation = await figure.evaluate(settings);
      } catch (error) {
        const announced = error instanceof ParameterError || error instanceof DivergenceError;
        if (announced && figure.limits !== undefined) return;
        throw error;
      }
      await check(evaluation);
    });
}
