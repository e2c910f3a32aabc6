import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Quadruple = readonly [number, number, number, number];
type Oscillation = { readonly rate: number; readonly low: number; readonly high: number };

/** What scipy and numpy computed from the same equations; hodgkin-huxley.py stands beside it. */
export interface Golden {
  readonly rest: Quadruple;
  readonly rates: Readonly<Record<string, readonly number[]>>;
  readonly hopf: readonly [number, number];
  readonly eigenvalues: Readonly<Record<string, readonly (readonly [number, number])[]>>;
  readonly fixedPoints: Readonly<Record<string, Quadruple>>;
  readonly step10: {
    readonly firstCrossing: number;
    readonly firstPeak: number;
    readonly steadyPeak: number;
    readonly trough: number;
    readonly spikes: number;
    readonly times: readonly number[];
    readonly states: readonly Quadruple[];
  };
  readonly rates_hz: Readonly<Record<string, number>>;
  readonly oscillations: Readonly<Record<string, Oscillation>>;
  readonly 'at18.5': Oscillation;
  readonly rheobaseSingle: number;
  readonly rheobaseRepetitive: number;
  readonly pulseThreshold: Readonly<Record<string, number>>;
  readonly displacementThreshold: number;
  readonly anodeBreak: readonly number[];
}

export const golden: Golden = JSON.parse(
  readFileSync(join(__dirname, '..', 'fixtures', 'neurons', 'hodgkin-huxley.json'), 'utf8'),
);
