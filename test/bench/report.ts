import type { AbsentPeer, PeerResult, RowResult } from './measure';
import type { Role } from './row';
import { geometricMean, spread } from './statistics';
import { columns, digits, size, time } from './words';

export const isAbsent = (peer: PeerResult | AbsentPeer): peer is AbsentPeer => 'unavailable' in peer;

/** What the terminal shows of a row. */
export function describeRow(row: RowResult): string {
  const table = [
    ['', 'median', '(all rounds)', 'peak memory', 'peer / ours', '(all rounds)', 'wanted', 'processor', 'peer / ours'],
  ];
  const times = (seconds: readonly number[]): string[] => {
    const { median, low, high } = spread(seconds);
    return [time(median), `(${time(low)} – ${time(high)})`];
  };
  const processor = row.ours.processor;
  table.push(['ours', ...times(row.ours.seconds), size(row.ours.memory), '', '', '', processorTime(processor)]);
  for (const peer of row.peers) {
    if (isAbsent(peer)) continue;
    const { median, low, high } = peer.ratio;
    table.push([
      `${peer.name}${roleMark(peer.role)}`,
      ...times(peer.seconds),
      size(peer.memory),
      digits(median),
      `(${digits(low)} – ${digits(high)})`,
      `${peer.target}${median >= peer.target ? '' : ', not reached'}`,
      processorTime(peer.processor),
      peer.processor === null || !processor ? '' : digits(peer.processor / processor),
    ]);
  }
  const lines = [`${row.name}: ${row.words}`, `  ${row.size.value.toLocaleString('en')} ${row.size.name}`];
  lines.push(...columns(table).map((line) => `  ${line}`));
  for (const peer of row.peers) {
    if (isAbsent(peer)) lines.push(`  peer not available: ${peer.name}: ${peer.unavailable}`);
    else if (peer.disagreements.length > 0)
      lines.push(...peer.disagreements.map((what) => `  ${peer.name} COMPUTES SOMETHING ELSE: ${what}`));
    else if (peer.extrapolates)
      lines.push(`  ${peer.name} extrapolates: ${peer.extrapolates}; its numbers are not compared`);
    else lines.push(`  ${peer.name} agrees on: ${row.checks.join(', ')}`);
  }
  if (row.growth) {
    const { exponent, error, sizes } = row.growth;
    const [from, to] = [sizes[0]!, sizes.at(-1)!].map((n) => n.toLocaleString('en'));
    lines.push(`  ours grows as ${row.size.name} ^ ${exponent.toFixed(2)} ± ${error.toFixed(2)} (${from} to ${to})`);
  }
  if (row.note) lines.push(`  note: ${row.note}`);
  return lines.join('\n');
}

const processorTime = (seconds: number | null): string => (seconds === null ? '' : time(seconds));
const roleMark = (role: Role): string => (role === 'both' ? '' : ` (${role})`);

/** Of each row the ratio to its peer of a role: the fastest, should there be several. */
function ratiosOf(rows: readonly RowResult[], role: 'typical' | 'best'): number[] {
  return rows.flatMap(({ peers }) => {
    const all = peers.flatMap((peer) =>
      !isAbsent(peer) && (peer.role === role || peer.role === 'both') ? [peer.ratio.median] : [],
    );
    return all.length > 0 ? [Math.min(...all)] : [];
  });
}

/** The last lines: over all rows. */
export function describeAll(rows: readonly RowResult[]): string {
  return (['typical', 'best'] as const)
    .flatMap((role) => {
      const all = ratiosOf(rows, role);
      const mean = geometricMean(all);
      return mean === undefined ? [] : [`${role} peer / ours: ${digits(mean)} (geometric mean of ${all.length} rows)`];
    })
    .join('\n');
}

/** Whether every peer that ran computed the same numbers. */
export function allAgree(rows: readonly RowResult[]): boolean {
  return rows.every(({ peers }) => peers.every((peer) => isAbsent(peer) || peer.disagreements.length === 0));
}
