import { readdirSync, readFileSync } from 'node:fs';

/** A process and everything that it started, by process id. Linux only. */
export function processTree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const [, parent] = fieldsOf(Number(name));
    if (parent === undefined) continue;
    const siblings = children.get(Number(parent)) ?? [];
    children.set(Number(parent), [...siblings, Number(name)]);
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

/** Memory of the processes in MB: what they share with others counts in proportion (PSS). */
export function memoryOf(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0));
  return kilobytes.reduce((sum, one) => sum + one, 0) / 1024;
}

/** Processor time that the processes have used so far, ms; the kernel counts it in hundredths of a second. */
export function processorTimeOf(pids: readonly number[]): number {
  const ticks = pids.map((pid) => fieldsOf(pid)).map((fields) => Number(fields[11] ?? 0) + Number(fields[12] ?? 0));
  return 10 * ticks.reduce((sum, one) => sum + one, 0);
}

/** The fields of /proc/PID/stat behind the name, which may hold spaces: state, parent, … */
function fieldsOf(pid: number): string[] {
  const text = read(`/proc/${pid}/stat`);
  return text === '' ? [] : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Empty when the process has ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
