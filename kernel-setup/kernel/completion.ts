import type { Engine } from './engine/engine';

type Content = Readonly<Record<string, unknown>>;

/** Jupyter counts characters (code points), TypeScript UTF-16 units. */
const toUnits = (text: string, characters: number): number => [...text].slice(0, characters).join('').length;
const toCharacters = (text: string, units: number): number => [...text.slice(0, units)].length;

/** Answers complete_request. */
export async function complete(engine: Engine, content: Content): Promise<object> {
  const code = String(content['code'] ?? '');
  const cursor = Number(content['cursor_pos'] ?? [...code].length);
  const found = await engine.complete(code, toUnits(code, cursor)).catch(() => undefined);
  return {
    status: 'ok',
    matches: found?.matches ?? [],
    cursor_start: found ? toCharacters(code, found.start) : cursor,
    cursor_end: found ? toCharacters(code, found.end) : cursor,
    metadata: {},
  };
}

/** Answers inspect_request: the type and the documentation of what stands at the cursor. */
export async function inspect(engine: Engine, content: Content): Promise<object> {
  const code = String(content['code'] ?? '');
  const position = toUnits(code, Number(content['cursor_pos'] ?? 0));
  const at = (offset: number): Promise<string | undefined> =>
    engine.inspect(code, Math.max(0, offset)).catch(() => undefined);
  const text = (await at(position)) ?? (await at(position - 1)); // the cursor may stand behind the word
  return {
    status: 'ok',
    found: text !== undefined,
    data: text === undefined ? {} : { 'text/plain': text },
    metadata: {},
  };
}

/** Answers is_complete_request. */
export async function isComplete(engine: Engine, content: Content): Promise<object> {
  return engine.completeness(String(content['code'] ?? ''));
}
