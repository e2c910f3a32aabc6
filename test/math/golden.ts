import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

/** The golden numbers that test/fixtures/math/make.py wrote. */
export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', 'math', `${name}.json`), 'utf8')) as T;
}

/** Compares arrays number by number, with a tolerance relative to the largest expected one. */
export function close(actual: ArrayLike<number>, expected: ArrayLike<number>, relative: number, what = ''): void {
  expect(actual.length, `${what} length`).to.equal(expected.length);
  const size = Math.max(...Array.from(expected, Math.abs));
  for (let i = 0; i < expected.length; i++) {
    expect(actual[i], `${what} [${i}]`).to.be.closeTo(expected[i], relative * size);
  }
}

/** Compares two numbers with a relative tolerance; 0 must be 0. */
export function closeRelative(actual: number, expected: number, relative: number, what = ''): void {
  expect(actual, what).to.be.closeTo(expected, relative * Math.abs(expected));
}
