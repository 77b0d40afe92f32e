/**
 * How long turns are, how many make a block, and how many blocks a round has, from what was measured.
 *
 *   turn    as short as what begins and ends it allows. A shared machine's speed changes within tens of ms, and only
 *           what lasts longer than a turn cancels in a ratio. Laid over 40 s of a sieve's recorded speed, rounds of
 *           0.6 s of work of two contestants among four differ by 1.4, 2.8, 3.7 and 7.4% with turns of 12, 25, 50 and
 *           100 ms.
 *   block   what makes one observation: several collections. One with a single collection, or none, says more about
 *           the collector's phase than about the work.
 *   wide    a contestant that works on several cores. Its threads have slept, and wake one by one; the kernel takes
 *           tens of ms to spread them. `workers` over `microtask` (sieve, 2 cores, interleaved): 1.51, 1.67, 1.80 and
 *           1.86 in turns of 16, 50, 100 and 200 ms. So it has one long turn in a block, where others have some short
 *           ones, and its main thread is not pinned: in turns of 200 ms, pinned, it was 1.64.
 *
 *             block:  W━━━━━━━━━━━ A B C  B C A  C A B
 *
 * Processes, blocks: what a process costs before its first turn is spent best if its blocks are
 *
 *         ┌ cost of a process   variance of a block   ┐ ½
 *   n  =  │ ───────────────── · ───────────────────── │       T. Kalibera, R. Jones, "Rigorous benchmarking in
 *         └  cost of a block    variance of a process ┘       reasonable time", ISMM 2013
 *
 * Fewer, and the round's own noise outweighs what processes differ by; more, and time goes into what is known.
 */
import { mean, sum } from '../stats/moments.js';

/** Collections that a block holds, where they are more than this share of the time. */
const COLLECTIONS = 4;
const COLLECTING = 0.02;
const BLOCK_MS = { least: 50, most: 110 };
/** A turn is this many times what it takes to begin and end one. */
const OVERHEADS = 3;
const TURN_MS = 16;
/** Cores that it keeps busy, from which on a contestant is wide, and the ms of its turn. */
const WIDE_CORES = 1.3;
export const WIDE_TURN = { ms: 150, leadMs: 30 };
/** From these cores on, short windows do not tell whether it is wide: threads take tens of ms to spread. */
export const PERHAPS_WIDE = 1.1;

/** What a contestant's warm-up shows of the length that a turn has to have. */
export interface TurnNeeds {
  /** Ms from one collection to the next; null where none was seen. */
  readonly msPerCollection: number | null;
  /** Share of the time that was collecting. */
  readonly collecting: number;
  /** Ms that a turn takes beyond what it times. */
  readonly overheadMs: number;
  /** That it keeps busy, with all its threads and child processes. */
  readonly cores: number;
}

export function isWide({ cores }: TurnNeeds): boolean {
  return cores >= WIDE_CORES;
}

export interface TurnShape {
  readonly ms: number;
  /** Ms of work before them that do not count; left to the contestant where it is not said. */
  readonly leadMs?: number;
}

/** How the work of a round is divided. */
export interface Turns {
  readonly turnMs: number;
  readonly blockMs: number;
  /** Turns of a block. */
  readonly perBlock: number;
  /** The turn of a contestant that works on several cores: its only one in a block, and the first. */
  readonly wide: TurnShape;
}

/**
 * All contestants that work on one core have turns of one length: that of the one which needs the longest. What is
 * `given` is not asked of them.
 */
export function turnsFor(
  contestants: readonly TurnNeeds[],
  given: { readonly turnMs: number | null; readonly blockMs: number | null },
): Turns {
  const narrow = contestants.filter((each) => !isWide(each));
  const overheads = OVERHEADS * Math.max(0, ...narrow.map(({ overheadMs }) => overheadMs));
  const collections = narrow.map(({ msPerCollection, collecting }) =>
    collecting > COLLECTING ? COLLECTIONS * (msPerCollection ?? 0) : 0,
  );
  // A long turn in each block: of long blocks there are fewer.
  const least = narrow.length < contestants.length ? BLOCK_MS.most : BLOCK_MS.least;
  const wanted = Math.max(least, overheads, ...collections);
  const blockMs = given.blockMs ?? Math.round(Math.min(BLOCK_MS.most, wanted));
  const turnMs = given.turnMs ?? Math.round(Math.min(blockMs, Math.max(TURN_MS, overheads)));
  const perBlock = Math.max(1, Math.round(blockMs / turnMs));
  const wide = given.turnMs === null ? WIDE_TURN : { ms: given.turnMs };
  return { turnMs, blockMs, perBlock, wide };
}

const BLOCKS = { least: 4, most: 40 };

export interface RoundCosts {
  /** Ms of a round before its first turn and after its last. */
  readonly processMs: number;
  /** Ms of a block of all contestants. */
  readonly blockMs: number;
}

/** Ms that a contestant works in a first round, at least. */
const LEAST_MS = 440;

/**
 * Blocks of a round while nothing is known of variances: half of its time is measured, if there is room for as many
 * rounds as every case needs.
 */
export function firstBlocks(
  { processMs, blockMs }: RoundCosts,
  contestants: number,
  roomMs = Infinity,
): number {
  const ms = Math.min(processMs, Math.max(LEAST_MS * contestants, roomMs));
  return Math.min(BLOCKS.most, Math.max(BLOCKS.least, Math.round(ms / blockMs)));
}

/** A spread between processes that few rounds happen not to show is there all the same. */
const LEAST_PROCESS_SPREAD = 0.004;

/** Blocks of a round; null while fewer than two rounds say what processes differ by. */
export function blocksFor(logs: BlockLogs, { processMs, blockMs }: RoundCosts): number | null {
  const { within, between } = variancesOf(logs);
  if (within === null || between === null) return null;
  const process = Math.max(LEAST_PROCESS_SPREAD ** 2, between);
  const wanted = Math.sqrt((processMs / blockMs) * (within / process));
  return Math.min(BLOCKS.most, Math.max(BLOCKS.least, Math.round(wanted)));
}

/** By contestant, by round: the log ratio of each block. */
export type BlockLogs = readonly (readonly (readonly number[])[])[];

/**
 * The variance of blocks within their process, and of processes, from a one-way analysis of variance over all
 * contestants.
 */
export function variancesOf(contestants: BlockLogs): {
  within: number | null;
  between: number | null;
} {
  const told = contestants.map((rounds) => rounds.filter((blocks) => blocks.length > 1));
  const all = told.flat();
  const freedom = sum(all, (blocks) => blocks.length - 1);
  if (freedom === 0) return { within: null, between: null };
  const within = sum(all, squares) / freedom;
  const several = told.filter((rounds) => rounds.length > 1);
  const betweenFreedom = sum(several, (rounds) => rounds.length - 1);
  if (betweenFreedom === 0) return { within, between: null };
  const ofMeans = sum(several, (rounds) => squares(rounds.map(mean))) / betweenFreedom;
  const ofBlocks = within / mean(several.flat().map((blocks) => blocks.length));
  return { within, between: Math.max(0, ofMeans - ofBlocks) };
}

function squares(values: readonly number[]): number {
  const centre = mean(values);
  return sum(values, (value) => (value - centre) ** 2);
}
