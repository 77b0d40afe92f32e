/** From what was measured to the answer: do workers pay for this function? It claims no more than the intervals allow. */
import { outcomeOf } from '../../../documents/cases.js';
import type { Cell, Estimate, Results } from '../../../documents/results.js';
import type { Known } from '../../race/function-look.js';
import { bestPlace, cellAt } from './best.js';
import { breakEvenOf, type BreakEven } from './break-even.js';
import type { Measured } from './measure.js';
import { INLINE, type Place } from './places.js';

/**
 * `yes`: they do more. `main thread`: they do not, but what else waits on this thread waits much less. `no`: neither.
 * `open`: it cannot be told yet.
 */
export type Verdict = 'yes' | 'main thread' | 'no' | 'open';

export interface WorkersAnswer {
  readonly function: string;
  readonly verdict: Verdict;
  /** How long a call takes this thread, and what crosses for it. */
  readonly call: { readonly ms: number; readonly bytes: Known['bytes'] } | null;
  readonly breakEven: BreakEven | null;
  /** The fewest threads that do most, and how inputs reach them. */
  readonly best: (Pick<Place, 'threads' | 'crossing'> & { readonly ratio: Estimate }) | null;
  readonly mainThread: MainThread | null;
  readonly rows: readonly Row[];
  /** Calls in flight. */
  readonly concurrency: number;
  readonly cores: number;
}

/** How late a timer is on the main thread, as calls arrive: the 99th percentile. */
export interface MainThread {
  readonly perSecond: number;
  readonly inlineMs: number;
  readonly workersMs: number;
}

export interface Row extends Place {
  /** Why there are no numbers; null if there are. */
  readonly reason: string | null;
  readonly callsPerSecond: Estimate | null;
  readonly ratio: Estimate | null;
  readonly cpuUsPerCall: Estimate | null;
  readonly mainThreadMs: number | null;
}

/** A ratio that is surely below this is no reason for threads. */
const NO_GAIN = 1.05;
/** An idle timer of Node is late by up to this much. */
const TIMER_MS = 1;
/** What counts as much less. */
const MUCH = 2;

export function answerOf(name: string, measured: Measured): WorkersAnswer {
  const { known, places, closed, open, sweep } = measured;
  const inline = cellAt(closed, INLINE);
  const place = bestPlace(places, closed);
  const ratio = place === null ? null : (cellAt(closed, place)?.ratio ?? null);
  const mainThread = place === null || open === null ? null : mainThreadOf(open, place);
  return {
    function: name,
    verdict: verdictOf(ratio, mainThread),
    call: inline === null ? null : { ms: callMs(inline), bytes: known.bytes },
    breakEven: sweep === null ? null : breakEvenOf(sweep),
    best:
      place === null || ratio === null
        ? null
        : { threads: place.threads, crossing: place.crossing, ratio: estimateOf(ratio) },
    mainThread,
    rows: places.map((each) => rowOf(each, closed, open)),
    concurrency: measured.concurrency,
    cores: closed.fingerprint.cores,
  };
}

function verdictOf(ratio: Estimate | null, mainThread: MainThread | null): Verdict {
  if (ratio?.low == null || ratio.high === null) return 'open';
  if (ratio.low > 1) return 'yes';
  if (mainThread !== null && isRelieved(mainThread)) return 'main thread';
  return ratio.high < NO_GAIN ? 'no' : 'open';
}

export function isRelieved({ inlineMs, workersMs }: MainThread): boolean {
  return inlineMs > MUCH * workersMs && inlineMs - workersMs > TIMER_MS;
}

/** A call that waits for something else takes this thread only what it computes. */
function callMs({ throughput, cpuPerJob }: Cell): number {
  const wallMs = 1000 / (throughput?.point ?? 0);
  return cpuPerJob === null ? wallMs : Math.min(wallMs, cpuPerJob.point / 1000);
}

function mainThreadOf(open: Results, place: Place): MainThread | null {
  const [inline, there] = [lagAt(open, INLINE), lagAt(open, place)];
  if (inline === null || there === null || open.load === null) return null;
  return { perSecond: open.load.perSecond, inlineMs: inline, workersMs: there };
}

function lagAt(open: Results, place: Place): number | null {
  return cellAt(open, place)?.lag?.p99 ?? null;
}

function rowOf(place: Place, closed: Results, open: Results | null): Row {
  const cell = closed.cells.find(({ contestant }) => contestant.policy === place.name);
  return {
    ...place,
    reason: cell === undefined ? 'not measured' : outcomeOf(cell),
    callsPerSecond: cell?.throughput == null ? null : estimateOf(cell.throughput),
    ratio: cell?.ratio == null ? null : estimateOf(cell.ratio),
    cpuUsPerCall: cell?.cpuPerJob == null ? null : estimateOf(cell.cpuPerJob),
    mainThreadMs: open === null ? null : lagAt(open, place),
  };
}

function estimateOf({ point, low, high }: Estimate): Estimate {
  return { point, low, high };
}
