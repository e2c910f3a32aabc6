/** A number that a correct reproduction must show. */
export interface Landmark {
  /** what is measured, in a few words, e.g. `half-time of mode 1` */
  readonly name: string;
  /** what the theory or the paper gives */
  readonly theory: number;
  /** what this computation gave */
  readonly measured: number;
  /** standard error of `measured`, where it is an average over random trials */
  readonly se?: number;
  /** largest |measured − theory| that passes */
  readonly tolerance: number;
  /** where `theory` comes from: a reference key, or `closed form`, `identity`, … */
  readonly source: string;
  readonly unit?: string;
  /** what `theory` is called where it is no theory, e.g. `numpy` for a number of an independent program */
  readonly called?: string;
}

/** A landmark after the comparison. */
export interface JudgedLandmark extends Landmark {
  readonly pass: boolean;
}

/** Compares. A landmark with a number that is not finite fails, an endless tolerance included. */
export function judge(landmark: Landmark): JudgedLandmark {
  const { theory, measured, tolerance } = landmark;
  return { ...landmark, pass: Number.isFinite(tolerance) && Math.abs(measured - theory) <= tolerance };
}

/** One landmark as a sentence: `alignment with v1: theory 1, here 0.998 ± 0.001`. */
export function landmarkText(l: JudgedLandmark): string {
  const unit = l.unit ? ` ${l.unit}` : '';
  const se = l.se === undefined ? '' : ` ± ${short(l.se)}`;
  const verdict = l.pass ? '' : ` (off by more than ${short(l.tolerance)})`;
  return `${l.name}: ${l.called ?? 'theory'} ${printed(l.theory)}${unit}, here ${printed(l.measured)}${se}${unit}${verdict}`;
}

/** As `short`, with a minus sign in place of the hyphen. */
const printed = (x: number): string => short(x).replace(/^-/, '−');

/** Four significant digits, without trailing zeros. */
export function short(x: number): string {
  return x === 0 ? '0' : String(Number(x.toPrecision(4)));
}
