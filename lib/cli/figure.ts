import { Console } from 'node:console';
import type { Evaluation, Figure } from '../figure/define';
import { landmarkText } from '../figure/landmark';
import { parseText, type Value } from '../figure/parameters';
import { describeFigure } from '../figure/text';
import { ParameterError } from '../math/errors';
import { createRun } from '../math/run';
import { type Arguments, readArguments } from './arguments';
import { allFigures, figureFiles } from './catalogue';
import { encode, FORMATS } from './formats';
import { near } from './near';
import { progressLine } from './progress';
import { checkTarget, writeWhole } from './write';

const HELP = `npm run figure -- <id> [--set name=value …] [--preset name] [--seed n] [--format f] [--out file]
npm run figure -- --list            every figure's id and title
npm run figure -- <id> --help       the figure's parameters and presets

  --set     a parameter's value; may be repeated. A list: --set loads=0.12,0.13; a range: --set loads=from:to:count
  --preset  named settings to start from, e.g. paper
  --seed    short for --set seed=n
  --format  ${FORMATS.join(', ')}; without it the ending of --out decides, else json
  --out     a file, written whole or not at all; without it the result goes to standard output

Exit status: 0 done; 2 wrong id, name or value; 1 failure inside; 130 interrupted.
`;

/** Exit status of a program that Ctrl-C ended. */
const INTERRUPTED = 130;

/**
 * Runs the command line. Resolves to the exit status; prints one line on standard error if that is not 0.
 * @param files the modules in which figures are looked for
 */
export async function main(words: readonly string[], files: readonly string[] = figureFiles()): Promise<number> {
  // whatever a model or a library prints must not get between the lines of the result
  globalThis.console = new Console(process.stderr, process.stderr);
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort(new Error('interrupted'));
  process.on('SIGINT', onInterrupt);
  try {
    await run(readArguments(words), files, interrupt.signal);
    return 0;
  } catch (error) {
    const wrong = error instanceof ParameterError;
    process.stderr.write(`${(error instanceof Error ? error.message : String(error)).replaceAll('\n', ' ')}\n`);
    return interrupt.signal.aborted ? INTERRUPTED : wrong ? 2 : 1;
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

async function run(args: Arguments, files: readonly string[], signal: AbortSignal): Promise<void> {
  if (args.help && args.id === undefined) return print(HELP);
  const figures = allFigures(files);
  if (args.list) return print(list(figures, args));
  const figure = find(figures, args.id);
  if (args.help) return print(`${describeFigure(figure)}\n`);
  if (args.out !== undefined) checkTarget(args.out);
  const format = args.format ?? 'json';
  if (format === 'png' && args.out === undefined && process.stdout.isTTY)
    throw new ParameterError('--format png needs --out on a terminal');

  const evaluation = await evaluate(figure, args, signal);
  const warn = (text: string): unknown => process.stderr.write(`${figure.id}: ${text}\n`);
  const content = await encode(evaluation, format, warn);
  for (const landmark of evaluation.landmarks) if (!landmark.pass) warn(landmarkText(landmark));
  signal.throwIfAborted();
  if (args.out === undefined) await print(content);
  else writeWhole(args.out, content);
}

async function evaluate(figure: Figure, args: Arguments, signal: AbortSignal): Promise<Evaluation> {
  const settings: Record<string, Value> = {};
  for (const [name, text] of args.set) {
    const parameter = Object.hasOwn(figure.params, name) ? figure.params[name] : undefined;
    if (parameter === undefined) throw unknownParameter(figure, name);
    settings[name] = parseText(figure.id, name, parameter, text);
  }
  if (args.preset !== undefined) settings['preset'] = args.preset;
  const line = progressLine(process.stderr);
  try {
    return await figure.evaluate(settings, createRun(signal, line.report));
  } catch (error) {
    throw signal.aborted || error instanceof ParameterError ? error : named(figure.id, error);
  } finally {
    line.clear();
  }
}

/** A failure inside a figure, with the figure's name before it. */
function named(id: string, error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  return new Error(message.startsWith(id) ? message : `${id}: ${message}`, { cause: error });
}

function find(figures: ReadonlyMap<string, Figure>, id: string | undefined): Figure {
  if (id === undefined)
    throw new ParameterError('which figure? (npm run figure -- --list prints all, --help explains)');
  const figure = figures.get(id);
  if (figure) return figure;
  throw new ParameterError(`unknown figure ${JSON.stringify(id)} (${suggestion(near(id, figures.keys()))})`);
}

const suggestion = (ids: readonly string[]): string =>
  ids.length > 0 ? `did you mean ${ids.join(' or ')}?` : 'npm run figure -- --list prints all';

function unknownParameter(figure: Figure, name: string): ParameterError {
  const names = Object.keys(figure.params);
  const [guess] = near(name, names, 1);
  return new ParameterError(
    `${figure.id}: unknown parameter ${name} (${guess ? `did you mean ${guess}? ` : ''}it has ${names.join(', ') || 'none'})`,
  );
}

function list(figures: ReadonlyMap<string, Figure>, { format }: Arguments): string {
  const all = [...figures.values()];
  if (format === 'json')
    return `${JSON.stringify(
      all.map(({ id, title, source }) => ({ id, title, source })),
      null,
      1,
    )}\n`;
  const width = Math.max(0, ...all.map(({ id }) => id.length));
  return all.map(({ id, title }) => `${id.padEnd(width)}  ${title}\n`).join('');
}

/** Writes to standard output and waits until it is out. */
function print(content: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(content, (error) => (error ? reject(error) : resolve()));
  });
}

/** Runs the command line as a program of its own. */
export function runProgram(words: readonly string[], files?: readonly string[]): void {
  // a reader that has seen enough (`| head`) closes the pipe: that is no failure
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  void main(words, files).then((status) => process.exit(status));
}

if (require.main === module) runProgram(process.argv.slice(2));
