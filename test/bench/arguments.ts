import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Arguments {
  readonly names: readonly string[];
  readonly peers: readonly string[];
  readonly rounds: number;
  readonly quick: boolean;
  readonly list: boolean;
  readonly json: boolean;
  readonly table: boolean;
  readonly help: boolean;
}

export const HELP = `Times the library's models against the Python that a reader would otherwise have used.

  npm run bench                     all rows (many minutes)
  npm run bench -- kernel           the kernel against ipykernel and Deno's (-- kernel --help)
  npm run bench -- NAME …           these rows
    --list                          the rows with their peers and the ratios wanted, and those that wait for their model
    --peer NAME                     only this peer (again for more)
    --rounds N                      rounds in which each side runs once, in turn (otherwise 5)
    --quick                         2 short rounds, and not how the time grows
    --json                          the results on standard output
    --table                         then also write the table in environment.md, from all results of this machine

Results go to build/bench/NAME.json, with --quick or --peer to NAME.partial.json, which the table leaves out. Packages of the
peers are installed into the cache folder when a row first needs them (numpy, scipy, numba 0.6 GB, Brian2 0.3 GB, torch 4 GB).
Times depend on what else the machine does: let it rest.
`;

/** A word of the command line that is wrong. */
export class UsageError extends Error {}

const options = {
  list: { type: 'boolean' },
  peer: { type: 'string', multiple: true },
  rounds: { type: 'string' },
  quick: { type: 'boolean' },
  json: { type: 'boolean' },
  table: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads the words of the command line. @throws UsageError naming the word that is wrong */
export function readArguments(words: readonly string[]): Arguments {
  const { values, positionals } = parse(words);
  const rounds = values.rounds === undefined ? (values.quick ? 2 : 5) : Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 1000)
    throw new UsageError(`--rounds must be a whole number from 1 to 1000 (got ${values.rounds})`);
  return {
    names: positionals,
    peers: values.peer ?? [],
    rounds,
    quick: values.quick ?? false,
    list: values.list ?? false,
    json: values.json ?? false,
    table: values.table ?? false,
    help: values.help ?? false,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    const line = (error as Error).message.split('\n')[0]!.replace(/\. To specify a positional.*/, '');
    throw new UsageError(`${line}; npm run bench -- --help lists the options`);
  }
}
