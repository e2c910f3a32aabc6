import { ParameterError } from '../math/errors';
import type { Rng } from '../math/rng';
import { logistic } from '../math/special';

/**
 * Bursts that teach (Payeur et al. 2021): a neuron's *events*, single spikes and bursts alike, follow its basal input. Its
 * apical input a decides how many of them are bursts, p(a) = σ(β(a − θ)). A synapse changes at each event of its neuron,
 *
 *     ΔW = η (B − P̄ E) Ẽ,    P̄ = B̄/Ē,
 *
 * with E = 1 at the event, B = 1 if it is a burst, Ẽ the trace of the sender's events, and P̄ the running average of the
 * burst probability: Ē and B̄ forget with the same time constant. Times are in s, rates in Hz.
 */
export interface Bursting {
  /** β, > 0 */
  readonly slope: number;
  /** θ: apical input at which every second event is a burst */
  readonly middle: number;
}

/** p(a): share of events that are bursts. */
export function burstProbability({ slope, middle }: Bursting, apical: number): number {
  return logistic(slope * (apical - middle));
}

export interface Synapse extends Bursting {
  /** η, > 0 */
  readonly eta: number;
  /** events of the sender, Hz, > 0 */
  readonly sender: number;
  /** events of the receiver, Hz, > 0 */
  readonly receiver: number;
  /** time constant of the sender's trace, s, > 0 */
  readonly tauTrace: number;
  /** time constant of the running averages, s, > 0 */
  readonly tauAverage: number;
  /** usual apical input, which the running average knows */
  readonly usual: number;
  /** how long the apical input differs from the usual one, s, > 0 */
  readonly duration: number;
}

/**
 * Expected P̄ a time t after the apical input changed, in closed form. Its weights on the past decay like e^(−t/τ).
 * (For Poisson events this leaves out a correction of relative order 1/(2 r τ); at the start and in the end there is none.)
 */
export function runningAverage(s: Synapse, apical: number, t: number): number {
  const [before, now] = [burstProbability(s, s.usual), burstProbability(s, apical)];
  return now + (before - now) * Math.exp(-t / s.tauAverage);
}

/**
 * Expected change of the weight while the apical input is on, in closed form:
 * η r_i r_j τ_E (p − p̄) ∫ e^(−t/τ) dt, where r_j τ_E is the mean of the trace.
 */
export function expectedChange(s: Synapse, apical: number): number {
  const lead = burstProbability(s, apical) - burstProbability(s, s.usual);
  const lasting = -s.tauAverage * Math.expm1(-s.duration / s.tauAverage);
  return s.eta * s.receiver * s.sender * s.tauTrace * lead * lasting;
}

/**
 * The part of the standard deviation of a run's change that the coins of its own bursts make, in closed form:
 * η² r_i T p(1 − p) ⟨Ẽ²⟩. The running average and the events add theirs.
 */
export function burstSpread(s: Synapse, apical: number): number {
  const p = burstProbability(s, apical);
  const trace = s.sender * s.tauTrace;
  return s.eta * Math.sqrt(s.receiver * s.duration * p * (1 - p) * (trace * trace + trace / 2));
}

/** Standard deviation of P̄ at rest, in closed form for many events a time constant: p(1 − p)/(2 r_i τ). */
export function averageSpread(s: Synapse): number {
  const p = burstProbability(s, s.usual);
  return Math.sqrt((p * (1 - p)) / (2 * s.receiver * s.tauAverage));
}

/** What one run of spike trains gave. */
export interface Outcome {
  /** change of the weight */
  readonly change: number;
  /** events of the receiver while the input was on, and how many of them were bursts */
  readonly events: number;
  readonly bursts: number;
  /** P̄ just before the input came on, and in the end */
  readonly averageBefore: number;
  readonly averageAfter: number;
}

/** Time constants of the running average and of the trace that pass before the input comes on. */
const [HISTORY, TRACE_HISTORY] = [6, 20];

/**
 * Draws both trains of events as Poisson processes, each event of the receiver a burst with probability p, and applies the
 * rule event by event. Nothing is binned: traces decay exactly from event to event.
 * @throws {ParameterError} for rates, time constants, rate of learning or duration that are not above 0
 */
export function simulateTrains(s: Synapse, apical: number, random: Rng): Outcome {
  checkSynapse(s);
  const [receiver, sender, coin] = [random.stream('receiver'), random.stream('sender'), random.stream('bursts')];
  const [usual, now] = [burstProbability(s, s.usual), burstProbability(s, apical)];
  let [events, bursts] = [0, 0]; // Ē and B̄, up to the same factor
  let t = -HISTORY * s.tauAverage;
  let next = t + receiver.exponential(1 / s.receiver);
  for (; next < 0; next += receiver.exponential(1 / s.receiver)) {
    const kept = Math.exp((t - next) / s.tauAverage);
    events = events * kept + 1;
    bursts = bursts * kept + (coin.bernoulli(usual) ? 1 : 0);
    t = next;
  }
  // a neuron without any event so far expects what is usual
  const average = (): number => (events > 0 ? bursts / events : usual);
  const averageBefore = average();
  let trace = 0;
  let traceTime = -TRACE_HISTORY * s.tauTrace;
  let arrives = traceTime + sender.exponential(1 / s.sender);
  let [change, counted, counting] = [0, 0, 0];
  for (; next < s.duration; next += receiver.exponential(1 / s.receiver)) {
    for (; arrives < next; arrives += sender.exponential(1 / s.sender)) {
      trace = trace * Math.exp((traceTime - arrives) / s.tauTrace) + 1;
      traceTime = arrives;
    }
    const burst = coin.bernoulli(now) ? 1 : 0;
    change += s.eta * (burst - average()) * trace * Math.exp((traceTime - next) / s.tauTrace);
    const kept = Math.exp((t - next) / s.tauAverage);
    events = events * kept + 1;
    bursts = bursts * kept + burst;
    t = next;
    counted++;
    counting += burst;
  }
  return { change, events: counted, bursts: counting, averageBefore, averageAfter: average() };
}

function checkSynapse(s: Synapse): void {
  const { eta, sender, receiver, tauTrace, tauAverage, duration, slope } = s;
  for (const [name, value] of Object.entries({ eta, sender, receiver, tauTrace, tauAverage, duration, slope }))
    if (!(value > 0 && value < Infinity)) throw new ParameterError(`${name} must be above 0 (got ${value})`);
}
