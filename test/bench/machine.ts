import { cpus, loadavg, totalmem } from 'node:os';
import { ENVIRONMENT_NAMES, requirements } from './peer-python';

/** What the times depend on, in words. */
export function describeMachine(): string {
  const processors = cpus();
  const model = processors[0]?.model.trim().replaceAll(/\s+/g, ' ') || process.arch;
  const memory = Math.round(totalmem() / 2 ** 30);
  const versions = ['numpy', 'scipy', 'scikit-learn', 'numba', 'Brian2', 'torch'].map(
    (name) => `${name} ${pinned(name)}`,
  );
  return `${model}, ${processors.length} cores, ${memory} GB; Node ${process.versions.node}; ${versions.join(', ')}`;
}

/** A warning where other programs take a good part of the processor; Windows does not tell. */
export function busyness(): string | undefined {
  const load = loadavg()[0]!;
  if (load < 0.5) return undefined;
  return `The machine is busy (load ${load.toFixed(1)} on ${cpus().length} cores): times are too long, and ratios unsteady.`;
}

/** The version of a peer's package, in the first environment that has it. */
function pinned(name: string): string {
  const pins = ENVIRONMENT_NAMES.map(requirements).join('\n');
  return new RegExp(`^${name}==([^;\\s]+)`, 'm').exec(pins)?.[1] ?? 'missing';
}
