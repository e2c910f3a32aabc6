import { parseArgs } from 'node:util';
import { ParameterError } from '../math/errors';
import { FORMATS, type Format, formatOf } from './formats';
import { near } from './near';

/** What the command line asks for. */
export interface Arguments {
  readonly id: string | undefined;
  /** pairs of name and text, in order; the last of a name counts */
  readonly set: readonly (readonly [name: string, text: string])[];
  readonly preset: string | undefined;
  readonly format: Format | undefined;
  readonly out: string | undefined;
  readonly list: boolean;
  readonly help: boolean;
}

const options = {
  set: { type: 'string', multiple: true },
  preset: { type: 'string' },
  seed: { type: 'string' },
  format: { type: 'string' },
  out: { type: 'string' },
  list: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * Reads the words of the command line.
 * @throws {ParameterError} naming the word that is wrong
 */
export function readArguments(words: readonly string[]): Arguments {
  const { values, positionals } = parse(words);
  const ids = positionals.filter((word) => !word.includes('='));
  if (ids.length > 1) throw new ParameterError(`one figure at a time (got ${ids.join(' ')})`);
  const pairs = [...(values.set ?? []), ...positionals.filter((word) => word.includes('='))];
  if (values.seed !== undefined) pairs.push(`seed=${values.seed}`);
  return {
    id: ids[0],
    set: pairs.map(pair),
    preset: values.preset,
    format: values.format === undefined ? (values.out && formatOf(values.out)) || undefined : format(values.format),
    out: values.out,
    list: values.list ?? false,
    help: values.help ?? false,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    const unknown = /^Unknown option '--?([^'=]*)/.exec((error as Error).message)?.[1];
    if (unknown === undefined) throw new ParameterError(firstLine((error as Error).message));
    throw new ParameterError(
      `unknown option --${unknown} (there are ${Object.keys(options)
        .map((name) => `--${name}`)
        .join(', ')})`,
    );
  }
}

function pair(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new ParameterError(`--set takes name=value (got ${JSON.stringify(text)})`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function format(text: string): Format {
  const found = FORMATS.find((name) => name === text);
  if (found) return found;
  const guess = near(text, FORMATS, 1).map((name) => `, did you mean ${name}?`);
  throw new ParameterError(`--format must be one of ${FORMATS.join(', ')} (got ${JSON.stringify(text)}${guess})`);
}

const firstLine = (text: string): string => text.split('\n')[0]!;
