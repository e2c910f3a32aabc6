/**
 * The memory of all arrays in a result: it changes hands with the result, which costs nothing, where a copy would.
 * What a task returns has to be its own for that, and is checked here, so that it is the same mistake with workers and
 * without.
 * @param seen memory that was given before
 * @throws {Error} if an array was returned before, or is a part of a larger one
 */
export function givenArrays(result: unknown, seen: WeakSet<object>): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  collect(result, found);
  for (const buffer of found) {
    if (seen.has(buffer)) throw new Error('the task returned an array that it had returned before: return x.slice()');
    seen.add(buffer);
  }
  return [...found];
}

/** Memory that is not shared. By its name: in a notebook's cell it is of another class. */
const isOwnMemory = (value: object): value is ArrayBuffer =>
  Object.prototype.toString.call(value) === '[object ArrayBuffer]';

function collect(value: unknown, found: Set<ArrayBuffer>): void {
  if (typeof value !== 'object' || value === null) return;
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteLength } = value;
    if (!isOwnMemory(buffer)) return;
    if (byteLength !== buffer.byteLength)
      throw new Error('the task returned a part of a larger array: return x.slice()');
    found.add(buffer);
  } else if (isOwnMemory(value)) found.add(value);
  else if (value instanceof Map) for (const [key, item] of value) collect([key, item], found);
  else for (const item of Object.values(value)) collect(item, found);
}
