/**
 * How long a turn is, and how many a round has, from what was measured.
 *
 * A turn holds several collections: one with a single collection, or none, says more about the collector's phase
 * than about the work. And it is long beside what begins and ends it.
 *
 * Processes, turns: what a process costs before its first turn is spent best if its turns are
 *
 *         ┌ cost of a process   variance of a turn   ┐ ½
 *   n  =  │ ───────────────── · ──────────────────── │       T. Kalibera, R. Jones, "Rigorous benchmarking in
 *         └  cost of a turn     variance of a process ┘       reasonable time", ISMM 2013
 *
 * Fewer, and the round's own noise outweighs what processes differ by; more, and time goes into what is known.
 */
import { mean, sum } from '../stats/moments.js';

/** Collections that a turn holds, where they are more than this share of the time. */
const COLLECTIONS = 4;
const COLLECTING = 0.02;
/** A turn is this many times what it takes to begin and end one. */
const OVERHEADS = 3;
const TURN_MS = { least: 50, most: 110 };

/** What a contestant's warm-up shows of the length that a turn has to have. */
export interface TurnNeeds {
  /** Ms from one collection to the next; null where none was seen. */
  readonly msPerCollection: number | null;
  /** Share of the time that was collecting. */
  readonly collecting: number;
  /** Ms that a turn takes beyond what it times. */
  readonly overheadMs: number;
}

/** Contestants have turns of one length: that of the one which needs the longest. */
export function turnMsFor(contestants: readonly TurnNeeds[]): number {
  const wanted = contestants.map(({ msPerCollection, collecting, overheadMs }) =>
    Math.max(
      OVERHEADS * overheadMs,
      collecting > COLLECTING ? COLLECTIONS * (msPerCollection ?? 0) : 0,
    ),
  );
  return Math.round(Math.min(TURN_MS.most, Math.max(TURN_MS.least, ...wanted)));
}

const TURNS = { least: 4, most: 40 };
/** Ms that a contestant works in a round, while nothing is known of variances. */
const FIRST_MS = 440;

/** Turns of the first rounds. */
export function firstTurns(turnMs: number): number {
  return Math.min(TURNS.most, Math.max(TURNS.least, Math.round(FIRST_MS / turnMs)));
}

export interface RoundCosts {
  /** Ms of a round before its first turn and after its last. */
  readonly processMs: number;
  /** Ms of a turn of all contestants. */
  readonly turnMs: number;
}

/** A spread between processes that few rounds happen not to show is there all the same. */
const LEAST_PROCESS_SPREAD = 0.004;

/** Turns of a round; null while fewer than two rounds say what processes differ by. */
export function turnsFor(turns: Turns, { processMs, turnMs }: RoundCosts): number | null {
  const { within, between } = variancesOf(turns);
  if (within === null || between === null) return null;
  const process = Math.max(LEAST_PROCESS_SPREAD ** 2, between);
  const wanted = Math.sqrt((processMs / turnMs) * (within / process));
  return Math.min(TURNS.most, Math.max(TURNS.least, Math.round(wanted)));
}

/** By contestant, by round: the log ratio of each turn. */
export type Turns = readonly (readonly (readonly number[])[])[];

/** Of a turn within its process, and of processes: by a one-way analysis of variance, contestants pooled. */
export function variancesOf(contestants: Turns): { within: number | null; between: number | null } {
  const told = contestants.map((rounds) => rounds.filter((turns) => turns.length > 1));
  const all = told.flat();
  const freedom = sum(all, (turns) => turns.length - 1);
  if (freedom === 0) return { within: null, between: null };
  const within = sum(all, squares) / freedom;
  const several = told.filter((rounds) => rounds.length > 1);
  const betweenFreedom = sum(several, (rounds) => rounds.length - 1);
  if (betweenFreedom === 0) return { within, between: null };
  const ofMeans = sum(several, (rounds) => squares(rounds.map(mean))) / betweenFreedom;
  const ofTurns = within / mean(several.flat().map((turns) => turns.length));
  return { within, between: Math.max(0, ofMeans - ofTurns) };
}

function squares(values: readonly number[]): number {
  const centre = mean(values);
  return sum(values, (value) => (value - centre) ** 2);
}
