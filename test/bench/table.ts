import { median } from 'lecture-lab/math/statistics';
import type { RowResult } from './measure';
import { isAbsent } from './report';
import { digits, size, time } from './words';

export const BEGIN = '<!-- bench: written by `npm run bench -- --table` -->';
export const END = '<!-- /bench -->';

/** The results as a table in Markdown, with the machine above it. */
export function markdownTable(rows: readonly RowResult[], machine: string, date: string): string {
  const lines = rows.flatMap((row) =>
    row.peers.map((peer, i) => {
      const first = i === 0;
      const cells = [
        first ? row.name : '',
        first ? time(median(row.ours.seconds)) : '',
        first ? size(row.ours.memory) : '',
        first && row.growth ? `${row.size.name}^${row.growth.exponent.toFixed(2)}` : '',
        peer.name,
        ...(isAbsent(peer)
          ? ['not available', '', '']
          : [
              `${time(median(peer.seconds))}${peer.extrapolates ? ' (extrapolated)' : ''}`,
              size(peer.memory),
              `${digits(peer.ratio.median)} (${digits(peer.ratio.low)} – ${digits(peer.ratio.high)})`,
            ]),
        String(peer.target),
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  );
  return [
    `Measured on ${date}: ${machine}.`,
    '',
    '| row | ours | memory | grows as | peer | time | memory | peer / ours | wanted |',
    '|---|---|---|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

/** Puts a table between the marks of a text. @throws Error if the marks are not there */
export function withTable(text: string, table: string): string {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`there is no place for the table: ${BEGIN} … ${END}`);
  return `${text.slice(0, from + BEGIN.length)}\n${table}\n${text.slice(to)}`;
}
