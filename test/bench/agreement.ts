import type { Check } from './row';

/** In what the two sides' numbers differ more than they may; empty where they agree. */
export function disagreements(checks: readonly Check[], ours: readonly number[], theirs: readonly number[]): string[] {
  for (const [who, numbers] of [
    ['ours', ours],
    ['the peer', theirs],
  ] as const)
    if (numbers.length !== checks.length)
      return [`${who} gave ${numbers.length} numbers, the row has ${checks.length} checks`];
  return checks.flatMap((check, i) => {
    const [a, b] = [ours[i]!, theirs[i]!];
    if (Number.isFinite(a) && Number.isFinite(b) && Math.abs(a - b) <= tolerance(check, a, b)) return [];
    const allowed =
      check.within === 'exact' ? 'they must be equal' : `${tolerance(check, a, b).toPrecision(3)} apart at most`;
    return [`${check.name}: ours ${a}, the peer ${b}; ${allowed} (${check.why})`];
  });
}

function tolerance({ within }: Check, a: number, b: number): number {
  if (within === 'exact') return 0;
  return 'absolute' in within ? within.absolute : within.relative * Math.max(Math.abs(a), Math.abs(b));
}
