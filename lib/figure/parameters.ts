import { ParameterError } from '../math/errors';

/** One declared parameter. Everything that shows or checks parameters (validation, sliders, command line) reads this. */
export type Parameter = NumberParameter | IntegerParameter | ChoiceParameter | FlagParameter | NumbersParameter;

interface Described {
  /** what it is, in a few words: slider label, help text */
  readonly doc: string;
  /** unit as written after the name, e.g. `mV` */
  readonly unit?: string;
}
interface Ranged {
  readonly min: number;
  readonly max: number;
}
export interface NumberParameter extends Described, Ranged {
  readonly kind: 'number';
  readonly default: number;
  readonly scale: 'linear' | 'log';
}
export interface IntegerParameter extends Described, Ranged {
  readonly kind: 'integer';
  readonly default: number;
  readonly scale: 'linear' | 'log';
}
export interface ChoiceParameter<T extends string = string> extends Described {
  readonly kind: 'choice';
  readonly default: T;
  readonly values: readonly T[];
}
export interface FlagParameter extends Described {
  readonly kind: 'flag';
  readonly default: boolean;
}
/** A list of numbers, each within the range. */
export interface NumbersParameter extends Described, Ranged {
  readonly kind: 'numbers';
  readonly default: readonly number[];
  readonly minLength: number;
  readonly maxLength: number;
  readonly integer: boolean;
}

/** The parameters of a figure, by name. */
export type Schema = Readonly<Record<string, Parameter>>;
/** The type of a parameter's value. */
export type ValueOf<P extends Parameter> =
  P extends ChoiceParameter<infer T>
    ? T
    : P extends FlagParameter
      ? boolean
      : P extends NumbersParameter
        ? readonly number[]
        : number;
/** A full set of values for a schema. */
export type Values<S extends Schema> = { readonly [K in keyof S]: ValueOf<S[K]> };
/** Any value a parameter can have. */
export type Value = number | string | boolean | readonly number[];

type Optional<T, K extends keyof T> = Omit<T, K | 'kind'> & Partial<Pick<T, K>>;

/** A real number within [min, max]; `scale: 'log'` for a slider that moves by factors (min must be positive). */
export function number(o: Optional<NumberParameter, 'scale'>): NumberParameter {
  return declared({ kind: 'number', scale: 'linear', ...o });
}
/** A whole number within [min, max]. */
export function integer(o: Optional<IntegerParameter, 'scale'>): IntegerParameter {
  return declared({ kind: 'integer', scale: 'linear', ...o });
}
/** One of a few names. */
export function choice<const T extends string>(o: Omit<ChoiceParameter<T>, 'kind'>): ChoiceParameter<T> {
  return declared({ kind: 'choice', ...o });
}
/** Yes or no. */
export function flag(o: Omit<FlagParameter, 'kind'>): FlagParameter {
  return declared({ kind: 'flag', ...o });
}
/** A list of numbers, 1 to 100 long unless told otherwise. */
export function numbers(o: Optional<NumbersParameter, 'minLength' | 'maxLength' | 'integer'>): NumbersParameter {
  return declared({ kind: 'numbers', minLength: 1, maxLength: 100, integer: false, ...o });
}
/** The seed of every figure that draws random numbers. */
export function seed(value: number = 1): IntegerParameter {
  return integer({ default: value, min: 0, max: 2 ** 31 - 1, doc: 'random seed' });
}

/** A declaration whose own default is refused is a mistake in the declaration: it is found when the module loads. */
function declared<P extends Parameter>(parameter: P): P {
  if ('scale' in parameter && parameter.scale === 'log' && !(parameter.min > 0))
    throw new ParameterError('a logarithmic parameter needs min > 0');
  const wrong = complaint(parameter, parameter.default);
  if (wrong) throw new ParameterError(`the default ${wrong}`);
  return parameter;
}

/**
 * Checks values against a schema and fills in the defaults.
 * @param where put before every message: the figure's id
 * @throws {ParameterError} on an unknown name, a wrong type, a value that is not finite or outside its range
 */
export function parseValues<S extends Schema>(
  where: string,
  schema: S,
  values: Readonly<Record<string, unknown>>,
): Values<S> {
  const names = Object.keys(schema);
  for (const name of Object.keys(values))
    if (!Object.hasOwn(schema, name))
      throw new ParameterError(`${where}: unknown parameter ${name} (it has ${names.join(', ') || 'none'})`);
  const out: Record<string, Value> = {};
  for (const name of names) {
    const parameter = schema[name]!;
    const value = Object.hasOwn(values, name) && values[name] !== undefined ? values[name] : parameter.default;
    const wrong = complaint(parameter, value);
    if (wrong) throw new ParameterError(`${where}: ${name} ${wrong}`);
    out[name] = Array.isArray(value) ? Object.freeze([...value]) : (value as Value);
  }
  return Object.freeze(out) as Values<S>;
}

/** What is wrong with a value, as the end of a sentence that starts with the parameter's name; undefined if nothing is. */
export function complaint(p: Parameter, value: unknown): string | undefined {
  const got = `(got ${describe(value)})`;
  switch (p.kind) {
    case 'flag':
      return typeof value === 'boolean' ? undefined : `must be true or false ${got}`;
    case 'choice':
      return p.values.includes(value as string) ? undefined : `must be one of ${p.values.join(', ')} ${got}`;
    case 'number':
      return inRange(p, value) ? undefined : `must be between ${p.min} and ${p.max} ${got}`;
    case 'integer':
      return inRange(p, value) && Number.isInteger(value)
        ? undefined
        : `must be a whole number between ${p.min} and ${p.max} ${got}`;
    case 'numbers': {
      const kind = p.integer ? 'whole numbers' : 'numbers';
      if (!Array.isArray(value)) return `must be a list of ${kind} between ${p.min} and ${p.max} ${got}`;
      if (value.length < p.minLength || value.length > p.maxLength)
        return `must hold ${p.minLength} to ${p.maxLength} ${kind} (got ${value.length})`;
      const bad = value.find((x) => !inRange(p, x) || (p.integer && !Number.isInteger(x)));
      return bad === undefined && !value.includes(undefined)
        ? undefined
        : `must hold ${kind} between ${p.min} and ${p.max} (got ${describe(bad)})`;
    }
  }
}

const inRange = (p: Ranged, value: unknown): boolean => typeof value === 'number' && value >= p.min && value <= p.max;

function describe(value: unknown): string {
  return typeof value === 'string'
    ? JSON.stringify(value)
    : Array.isArray(value)
      ? `[${value.join(', ')}]`
      : String(value);
}

/**
 * Reads a value from text: the command line, a page's address. A list is comma-separated (`0.1,0.2`) or a range with
 * both ends, `from:to:count`.
 * @throws {ParameterError} if the text is not of the parameter's kind or the value is not allowed
 */
export function parseText(where: string, name: string, parameter: Parameter, text: string): Value {
  const value = fromText(parameter, text.trim());
  const wrong = complaint(parameter, value);
  if (wrong) throw new ParameterError(`${where}: ${name} ${wrong}`);
  return value as Value;
}

function fromText(p: Parameter, text: string): unknown {
  switch (p.kind) {
    case 'choice':
      return text;
    case 'flag':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'numbers': {
      const range = text.split(':');
      if (range.length === 3) return between(...(range.map(numeric) as [unknown, unknown, unknown]), p.maxLength);
      return text === '' ? [] : text.split(',').map((x) => numeric(x.trim()));
    }
    default:
      return numeric(text);
  }
}

/** The number that a text spells, or the text itself if it spells none (so that the complaint can quote it). */
function numeric(text: string): number | string {
  return text.trim() === '' || !Number.isFinite(Number(text)) ? text : Number(text);
}

function between(from: unknown, to: unknown, count: unknown, most: number): unknown {
  if (typeof from !== 'number' || typeof to !== 'number' || !Number.isInteger(count)) return `${from}:${to}:${count}`;
  const n = count as number;
  if (n < 2 || n > most) return Array.from({ length: Math.min(Math.max(n, 0), most + 1) }, () => from);
  return Array.from({ length: n }, (_, i) => from + ((to - from) * i) / (n - 1));
}

/** A value as text that `parseText` reads back. */
export function formatValue(value: Value): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}
