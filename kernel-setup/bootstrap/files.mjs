import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}

/** A file's text, or undefined if it can't be read. */
export function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** A JSON file's value, or undefined if it is missing or damaged. */
export function readJson(file) {
  try {
    return JSON.parse(readText(file) ?? '');
  } catch {
    return undefined;
  }
}

/** Writes a file whole or not at all. */
export function writeWhole(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}.tmp`;
  writeFileSync(beside, text);
  renameSync(beside, file);
}

/** The last lines of a program's output, indented. */
export function lastLines(text, count) {
  const lines = text.trimEnd().split(/\r?\n/).slice(-count);
  return lines.map((line) => `    ${line}`).join('\n');
}

/** The one folder outside the project that set-up writes to. `.npmrc` names it for npm, which makes its cache folder before we run. */
export function cacheFolder(env) {
  return resolve(env.LECTURE_LAB_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lecture-lab'));
}
