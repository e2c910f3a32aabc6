import { median } from 'lecture-lab/math/statistics';
import { disagreements } from './agreement';
import { Unavailable } from './peer-python';
import type { Peer, Role, Row } from './row';
import type { Measured } from './side';
import { type Growth, growth, ratios, type Spread, spread } from './statistics';

/** What measuring needs of a side. */
export interface Runner {
  inputs(size: number, folder: string): Promise<void>;
  prepare(size: number, folder?: string): Promise<void>;
  run(atLeast?: number): Promise<Measured>;
  peak(): Promise<number>;
  close(): Promise<void>;
}

export interface Options {
  readonly rounds: number;
  /** each side repeats its work for so many seconds within a round */
  readonly atLeast: number;
  readonly growth: boolean;
}

/** How the sides of a row are started. */
export interface Sides {
  ours(row: Row): Promise<Runner>;
  /** @throws Unavailable where the peer can't be installed here */
  peer(row: Row, peer: Peer): Promise<Runner>;
  /** an empty folder for the inputs of a row */
  inputFolder(row: Row): string;
  say(text: string): void;
}

export interface OursResult {
  /** of each round, by the wall clock */
  readonly seconds: readonly number[];
  /** median over rounds in the processor's time, all threads together: other programs disturb it less */
  readonly processor: number | null;
  /** peak, in bytes */
  readonly memory: number;
}

export interface PeerResult {
  readonly name: string;
  readonly role: Role;
  readonly target: number;
  /** of each round that it took part in, by the wall clock */
  readonly seconds: readonly number[];
  /** as for ours */
  readonly processor: number | null;
  readonly memory: number;
  /** peer seconds / our seconds, round by round */
  readonly ratio: Spread;
  readonly disagreements: readonly string[];
  readonly extrapolates?: string;
}

export interface AbsentPeer {
  readonly name: string;
  readonly role: Role;
  readonly target: number;
  readonly unavailable: string;
}

export interface RowResult {
  readonly name: string;
  readonly words: string;
  readonly size: { readonly name: string; readonly value: number };
  readonly ours: OursResult;
  readonly peers: readonly (PeerResult | AbsentPeer)[];
  readonly checks: readonly string[];
  readonly growth?: Growth;
  readonly note?: string;
}

interface Seat {
  readonly peer?: Peer;
  readonly runner: Runner;
  readonly seconds: number[];
  readonly processor: (number | null)[];
  readonly numbers: (readonly number[])[];
}

/** Measures one row: both sides prepared, warmed up, then alternately round by round; then how ours grows. */
export async function measureRow(row: Row, peers: readonly Peer[], options: Options, sides: Sides): Promise<RowResult> {
  const seats: Seat[] = [];
  const absent = new Map<Peer, string>();
  const seat = (runner: Runner, peer?: Peer): void =>
    void seats.push({ peer, runner, seconds: [], processor: [], numbers: [] });
  const { say } = sides;
  try {
    const folder = row.inputs && sides.inputFolder(row);
    if (folder) {
      say('writing the inputs of both sides');
      const writer = await sides.ours(row);
      await writer.inputs(row.size.value, folder).finally(() => writer.close());
    }
    say('preparing ours');
    const runner = await sides.ours(row);
    seat(runner);
    await runner.prepare(row.size.value);
    for (const peer of peers) {
      say(`preparing ${peer.name}`);
      try {
        const theirs = await sides.peer(row, peer);
        seat(theirs, peer);
        await theirs.prepare(row.size.value, folder);
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        absent.set(peer, error.message);
      }
    }
    for (const { peer, runner } of seats) {
      if (peer?.cold) continue;
      say(`warming up ${peer?.name ?? 'ours'}`);
      await runner.run(Math.min(1, 2 * options.atLeast));
    }
    for (let round = 0; round < options.rounds; round++) {
      // whoever goes second finds the machine as the other left it: take turns
      for (const seat of round % 2 === 0 ? seats : seats.toReversed()) {
        if (round >= (seat.peer?.rounds ?? options.rounds)) continue;
        say(`round ${round + 1} of ${options.rounds}: ${seat.peer?.name ?? 'ours'}`);
        const { seconds, processor, numbers } = await seat.runner.run(options.atLeast);
        seat.seconds.push(seconds);
        seat.processor.push(processor);
        seat.numbers.push(numbers);
      }
    }
    const [ours, ...theirs] = seats as [Seat, ...Seat[]];
    const oursResult = { seconds: ours.seconds, processor: middle(ours.processor), memory: await ours.runner.peak() };
    const measured = new Map<Peer, PeerResult>();
    for (const seat of theirs) measured.set(seat.peer!, await peerResult(row, ours, seat as Required<Seat>));
    await Promise.all(seats.splice(0).map(({ runner }) => runner.close()));
    return {
      name: row.name,
      words: row.words,
      size: { name: row.size.name, value: row.size.value },
      ours: oursResult,
      peers: peers.map((peer) => measured.get(peer) ?? { ...labels(peer), unavailable: absent.get(peer)! }),
      checks: row.checks.map(({ name }) => name),
      ...(options.growth ? { growth: await measureGrowth(row, options, sides) } : {}),
      ...(row.note ? { note: row.note } : {}),
    };
  } finally {
    await Promise.all(seats.map(({ runner }) => runner.close()));
  }
}

const labels = ({ name, role, target }: Peer): Pick<Peer, 'name' | 'role' | 'target'> => ({ name, role, target });

/** The median of what is known of every round. */
function middle(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === values.length ? median(known) : null;
}

async function peerResult(row: Row, ours: Seat, seat: Required<Seat>): Promise<PeerResult> {
  const { peer, seconds, numbers, runner } = seat;
  const differ = peer.extrapolates
    ? []
    : numbers.flatMap((theirs, round) => disagreements(row.checks, ours.numbers[round]!, theirs));
  return {
    ...labels(peer),
    seconds,
    processor: middle(seat.processor),
    memory: await runner.peak(),
    ratio: spread(ratios(ours.seconds, seconds)),
    disagreements: [...new Set(differ)],
    ...(peer.extrapolates ? { extrapolates: peer.extrapolates } : {}),
  };
}

/** Ours alone, in a fresh process, at each size. */
async function measureGrowth(row: Row, options: Options, sides: Sides): Promise<Growth> {
  const runner = await sides.ours(row);
  try {
    const seconds: number[] = [];
    for (const size of row.size.growth) {
      sides.say(`how it grows: ${size.toLocaleString('en')} ${row.size.name}`);
      await runner.prepare(size);
      await runner.run(options.atLeast / 2);
      const measured = await runner.run(options.atLeast);
      // the processor's time is what the work costs, and other programs disturb it less
      seconds.push(measured.processor ?? measured.seconds);
    }
    return growth(row.size.growth, seconds);
  } finally {
    await runner.close();
  }
}
