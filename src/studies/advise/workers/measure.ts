/**
 * What advice on a function rests on:
 *
 *   places   the function inline and on threads, as many calls in flight as are given    rates; the fewest threads that do
 *     │                                                                                  most
 *     ├─▶ load    inline and there, as calls arrive: half of what this thread can do     what else waits on this thread
 *     └─▶ sizes   a stand-in inline and there, along the size of its job                 from which size on threads pay
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { standInNamed } from '../../../catalogue/stand-in.js';
import type { RunFacts } from '../../../analysis/assemble.js';
import type { Cell, Results } from '../../../documents/results.js';
import type { Sweep } from '../../../documents/sweep.js';
import {
  PLAIN,
  PRECISION,
  ROUND,
  openRound,
  sameWarmUp,
  type Contestant,
  type Plan,
  type RoundShape,
} from '../../../harness/plan.js';
import { LIMITS } from '../../plan.js';
import { functionContestants } from '../../race/function.js';
import { lookAt, type Known } from '../../race/function-look.js';
import { removeModules } from '../../race/function-modules.js';
import type { FunctionSubject } from '../../race/function-subject.js';
import { caseNamed } from '../../race/prepared.js';
import { sidesOf, type Side } from '../../race/sides.js';
import { measureRun } from '../../run/run.js';
import type { Conducted } from '../../study.js';
import { measureSweep } from '../../sweep/sweep.js';
import { bestPlace, cellAt } from './best.js';
import { SIZES, nearestSize, nextSize } from './next-size.js';
import { INLINE, placesFor, settingsAt, type Place } from './places.js';

export interface Measured {
  readonly known: Known;
  readonly concurrency: number;
  readonly places: readonly Place[];
  readonly closed: Results;
  /** Null if it was not measured, as there are no threads to compare with. */
  readonly open: Results | null;
  readonly sweep: Sweep | null;
  /** Where all that is saved. */
  readonly folders: readonly string[];
  readonly interrupted: number | null;
}

export interface PlacesOptions {
  readonly budgetMs: number;
  readonly seed: number;
  /** Calls that arrive a second; null for half of what this thread can do. */
  readonly rate: number | null;
  readonly root: string;
}

/** Shares of the budget. */
const SHARE = { places: 0.42, load: 0.17, sizes: 0.41 };
/** Ms of a step: less has no room for a round. */
const LEAST_STEP_MS = 8000;
/** Bytes of an input from which on it is worth a look how it crosses. */
const FELT_BYTES = 1024;

/**
 * Short warm-ups, as all of it has to fit into a minute and a half. Turns are long and have a long lead, all alike: threads
 * that have slept take tens of ms to spread over the cores, and whether a place keeps several of them busy is not known
 * before.
 */
const BRIEF = sameWarmUp(
  { windowMs: 40, learnMs: 1200, leastMs: 800, mostMs: 1400 },
  { ...ROUND, blocks: 4, blockMs: 150, turnMs: 150, leadMs: 30, countMs: 0 },
);
/** The work of a stand-in is a single loop, which is compiled at once; the way to a thread and back is not. */
const BRIEFEST = sameWarmUp({ windowMs: 40, learnMs: 800, leastMs: 600, mostMs: 1000 }, BRIEF);

/** Calls are started by a timer: with more of them a second, it would start several at once. */
const MOST_PER_SECOND = 2000;
/** Ms of a turn under load, and how many calls should arrive in one. */
const LEAST_TURN_MS = 250;
const MOST_TURN_MS = 1000;
const CALLS_OF_TURN = 25;
/** Rounds before it may be known well enough. */
const LEAST = 3;

export async function measurePlaces(
  subject: FunctionSubject,
  options: PlacesOptions,
): Promise<Measured> {
  const folder = process.cwd();
  const scratch = await mkdtemp(join(tmpdir(), 'loopdyno-race-'));
  let sides: readonly Side[] = [];
  try {
    const known = await lookAt(subject, folder, scratch);
    const places = placesFor(availableParallelism(), (known.bufferBytes ?? 0) >= FELT_BYTES);
    const trees = { of: () => ({ ok: true as const, folder }), arena: null };
    sides = await sidesOf(places.map(settingsAt), [], trees, false);
    const wanted = { seen: known, standIn: true };
    const { contestants } = await functionContestants(subject, { sides, scratch }, wanted);
    return await new Stages(subject, { ...options, known, places, contestants }).all();
  } finally {
    await removeModules(sides, scratch);
    await rm(scratch, { recursive: true, force: true });
  }
}

interface StagesOptions extends PlacesOptions {
  readonly known: Known;
  readonly places: readonly Place[];
  /** One for each place. */
  readonly contestants: readonly Contestant[];
}

class Stages {
  private readonly subject: FunctionSubject;
  private readonly options: StagesOptions;

  constructor(subject: FunctionSubject, options: StagesOptions) {
    this.subject = subject;
    this.options = options;
  }

  async all(): Promise<Measured> {
    const { known, places } = this.options;
    const closed = await this.atAllPlaces();
    const { concurrency } = this.subject;
    const found = { known, concurrency, places, closed: closed.document, open: null, sweep: null };
    const best = bestPlace(places, closed.document);
    const inline = cellAt(closed.document, INLINE);
    if (closed.interrupted !== null || best === null || inline === null) {
      return { ...found, folders: [closed.folder], interrupted: closed.interrupted };
    }
    const open = await this.underLoad(best, inline);
    const sweep = open.interrupted === null ? await this.alongSizes(best, closed.document) : null;
    const folders = [closed, open, sweep].flatMap((each) => (each === null ? [] : [each.folder]));
    return {
      ...found,
      open: open.document,
      sweep: sweep?.document ?? null,
      folders,
      interrupted: open.interrupted ?? sweep?.interrupted ?? null,
    };
  }

  private atAllPlaces(): Promise<Conducted<Results>> {
    const { contestants } = this.options;
    const plan = this.planOf(contestants, SHARE.places, BRIEF);
    return measureRun(plan, this.options.root, this.facts(this.options.places));
  }

  private underLoad(best: Place, { throughput }: Cell): Promise<Conducted<Results>> {
    const { rate, root, seed } = this.options;
    const able = throughput?.point ?? 0;
    const perSecond = rate ?? Math.min(able / 2, MOST_PER_SECOND);
    const turnMs = Math.min(
      MOST_TURN_MS,
      Math.max(LEAST_TURN_MS, (CALLS_OF_TURN / perSecond) * 1000),
    );
    const { blocks, load } = openRound({ perSecond, arrivals: 'poisson', seed });
    const round = { ...BRIEF, blocks, blockMs: turnMs, turnMs, load };
    return measureRun(
      this.planOf(this.contestantsAt([INLINE, best]), SHARE.load, round),
      root,
      this.facts([INLINE, best]),
    );
  }

  /** Null where there is nothing to find: one core, or calls that wait for something else than a core. */
  private async alongSizes(best: Place, closed: Results): Promise<Conducted<Sweep> | null> {
    const { known, root } = this.options;
    if (known.isAsync || availableParallelism() === 1) return null;
    const cpuUs = (place: Place): number => cellAt(closed, place)?.cpuPerJob?.point ?? 0;
    // A job pays for what crosses with what the other cores take off it.
    const guess = nearestSize((cpuUs(best) - cpuUs(INLINE)) / (availableParallelism() - 1));
    const { workload } = caseNamed(this.subject.name, 'cpu');
    return measureSweep(
      this.planOf(this.contestantsAt([INLINE, best]), SHARE.sizes, BRIEFEST),
      {
        workload: { ...workload, ...standInNamed(this.subject.name) },
        params: {},
        range: { name: 'us', from: SIZES[0] as number, to: SIZES.at(-1) as number, scale: 'log' },
        search: { grid: SIZES, next: (state) => nextSize(state, guess) },
      },
      join(root, 'sweeps'),
    );
  }

  private planOf(contestants: readonly Contestant[], share: number, round: RoundShape): Plan {
    const { budgetMs, seed } = this.options;
    return {
      reference: INLINE.name,
      cases: [{ ...caseNamed(this.subject.name, 'cpu'), contestants }],
      effort: {
        budgetMs: Math.max(LEAST_STEP_MS, budgetMs * share),
        precision: PRECISION,
        least: LEAST,
      },
      round,
      limits: LIMITS,
      launch: PLAIN,
      seed,
    };
  }

  private contestantsAt(wanted: readonly Place[]): Contestant[] {
    const { places, contestants } = this.options;
    return wanted.map((place) => contestants[places.indexOf(place)] as Contestant);
  }

  private facts(places: readonly Place[]): Pick<RunFacts, 'mode' | 'race'> {
    const { name } = this.subject;
    const vary = [{ key: 'where', values: places.map((place) => place.name) }];
    return {
      mode: 'standard',
      race: { subject: name, kind: 'function', unit: 'calls', vary, ignored: [] },
    };
  }
}
