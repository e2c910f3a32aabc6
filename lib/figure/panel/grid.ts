import type { IntegerParameter, NumberParameter } from '../parameters';

/** About so many stops of a slider: a stop is a pixel or two, and a press of an arrow key is a small step. */
const STOPS = 200;
/** Stops of a logarithmic slider for each factor of ten. */
const STOPS_A_DECADE = 50;

/**
 * The values that a slider stops at, rising, from the least allowed one to the largest: round numbers between them,
 * evenly spaced, or by equal factors where the scale is logarithmic.
 */
export function gridOf(p: NumberParameter | IntegerParameter): readonly number[] {
  const values = p.scale === 'log' ? byFactors(p) : bySteps(p);
  return values.filter((value, i) => i === 0 || value > values[i - 1]!);
}

/** The stop nearest to a value, as the slider measures distance. */
export function stopOf(p: NumberParameter | IntegerParameter, grid: readonly number[], value: number): number {
  const at = p.scale === 'log' ? Math.log : (x: number): number => x;
  let best = 0;
  for (let i = 1; i < grid.length; i++)
    if (Math.abs(at(grid[i]!) - at(value)) < Math.abs(at(grid[best]!) - at(value))) best = i;
  return best;
}

function bySteps({ kind, min, max }: NumberParameter | IntegerParameter): number[] {
  const step = Math.max(roundStep((max - min) / STOPS), kind === 'integer' ? 1 : 0);
  if (step === 0) return [min];
  const first = Math.floor(min / step);
  const count = Math.ceil(max / step) - first;
  return Array.from({ length: count + 1 }, (_, i) => within(min, max, clean((first + i) * step)));
}

function byFactors({ kind, min, max }: NumberParameter | IntegerParameter): number[] {
  const count = Math.max(20, Math.round(STOPS_A_DECADE * Math.log10(max / min)));
  const rounded = kind === 'integer' ? Math.round : (x: number): number => x;
  return Array.from({ length: count + 1 }, (_, i) =>
    i === 0
      ? min
      : i === count
        ? max
        : within(min, max, rounded(Number((min * (max / min) ** (i / count)).toPrecision(3)))),
  );
}

/** The largest of 1, 2, 5, 10, … that is not above a step. */
function roundStep(step: number): number {
  if (!(step > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(step));
  const digit = step / power;
  return clean(power * (digit >= 5 ? 5 : digit >= 2 ? 2 : 1));
}

const within = (min: number, max: number, x: number): number => Math.min(max, Math.max(min, x));
/** 0.3 and not 0.30000000000000004. */
const clean = (x: number): number => Number(x.toPrecision(12));
