/** The options of every pool, and their checks. */
import { availableParallelism } from 'node:os';
import { InvalidArgumentError, quote } from '../../loop/errors.js';
import { withoutProgram } from './exec-argv.js';

/** Options that `workers` and `processes` have in common. */
export interface CommonOptions {
  /**
   * How many jobs may interleave on one worker. Default 16. A worker gets a second job only while all of its jobs wait
   * for timers or IO. So a job that computes still has the worker to itself, and a job that fetches does not keep it
   * idle. With 1, every job has a worker to itself.
   */
  concurrency?: number;
  /**
   * How many inputs may share one message. Default `adaptive`: as many as make up 0.2 ms of work. Jobs of a kind that
   * is longer, or uneven, or not known yet, are sent one by one.
   */
  batch?: number | 'adaptive';
  /** How many jobs may wait for a worker; one more fails with QueueFullError. Default: no limit. */
  maxQueue?: number;
  /** Runs every job in a fresh worker. */
  isolate?: boolean;
  /** How long an idle worker beyond the minimum is kept, in ms. Default 10,000. */
  idleTimeout?: number;
  /** How long a job's module may take to load, in ms. Default 10,000. */
  loadTimeout?: number;
  /** How long a worker may take to start, in ms. Default 30,000. */
  startTimeout?: number;
  /** Limits for heap and stack of a worker, in MB, as in `worker_threads`. */
  resourceLimits?: ResourceLimits;
  /**
   * Node's flags for the workers. Default: the flags of this process, except those that say what to run (`-e`) and, in
   * `processes`, those of the inspector.
   */
  execArgv?: readonly string[];
  /** Measures where the time goes: see `loop.timings`. Default false: it costs 2 clock readings per job. */
  timings?: boolean;
}

export interface ResourceLimits {
  maxOldGenerationSizeMb?: number;
  maxYoungGenerationSizeMb?: number;
  stackSizeMb?: number;
}

/** The options, checked and complete. */
export interface PoolOptions {
  readonly size: number;
  readonly minSize: number;
  readonly concurrency: number;
  readonly batch: number | 'adaptive';
  readonly maxQueue: number;
  readonly isolate: boolean;
  readonly idleTimeout: number;
  readonly loadTimeout: number;
  readonly startTimeout: number;
  readonly resourceLimits: ResourceLimits | undefined;
  readonly execArgv: string[] | undefined;
  readonly timings: boolean;
}

const CONCURRENCY = 16;
const LIMITS = ['maxOldGenerationSizeMb', 'maxYoungGenerationSizeMb', 'stackSizeMb'];

/** `size` and `minSize` under the names that the policy has for them. */
export interface Sizes {
  readonly name: string;
  readonly size: unknown;
  readonly minName: string;
  readonly minSize: unknown;
}

export function checkOptions(sizes: Sizes, options: CommonOptions): PoolOptions {
  const { batch = 'adaptive', resourceLimits, execArgv } = options;
  const isolate = flag('isolate', options.isolate);
  const size = whole(
    sizes.name,
    sizes.size ?? availableParallelism(),
    1,
    'leave it out for one per core',
  );
  const minSize = whole(sizes.minName, sizes.minSize ?? size, 0, 'leave it out to keep all');
  if (minSize > size) {
    throw new InvalidArgumentError(
      `${sizes.minName} is at most ${sizes.name}, which is ${size}, but got ${quote(minSize)}`,
    );
  }
  const concurrency = whole(
    'concurrency',
    options.concurrency ?? (isolate ? 1 : CONCURRENCY),
    1,
    '1 gives each job a worker for itself',
  );
  if (isolate && concurrency !== 1) {
    throw new InvalidArgumentError(
      `isolate gives each job a worker for itself, but got concurrency ${quote(concurrency)}: leave one of them out`,
    );
  }
  checkLimits(resourceLimits);
  if (execArgv !== undefined && !isStrings(execArgv)) {
    throw new InvalidArgumentError(`execArgv takes a list of texts, but got ${quote(execArgv)}`);
  }
  return {
    size,
    minSize,
    concurrency,
    batch: batch === 'adaptive' ? batch : whole('batch', batch, 1, "'adaptive' is the default"),
    maxQueue:
      options.maxQueue === undefined || options.maxQueue === Infinity
        ? Infinity
        : whole('maxQueue', options.maxQueue, 0, 'leave it out for no limit'),
    isolate,
    idleTimeout: ms('idleTimeout', options.idleTimeout ?? 10_000),
    loadTimeout: ms('loadTimeout', options.loadTimeout ?? 10_000),
    startTimeout: ms('startTimeout', options.startTimeout ?? 30_000),
    resourceLimits,
    execArgv: execArgv === undefined ? undefined : withoutProgram(execArgv),
    timings: flag('timings', options.timings),
  };
}

function whole(name: string, value: unknown, least: number, hint: string): number {
  if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
  throw new InvalidArgumentError(
    `${name} takes a whole number from ${least}, but got ${quote(value)}: ${hint}`,
  );
}

/** The longest time that a timer can wait for, in ms. */
const MOST_MS = 2 ** 31 - 1;

function ms(name: string, value: unknown): number {
  if (typeof value === 'number' && value > 0 && value <= MOST_MS) return value;
  throw new InvalidArgumentError(
    `${name} takes milliseconds, more than 0 and up to ${MOST_MS}, but got ${quote(value)}`,
  );
}

function flag(name: string, value: unknown): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  throw new InvalidArgumentError(`${name} takes true or false, but got ${quote(value)}`);
}

function isStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function checkLimits(limits: unknown): void {
  if (limits === undefined) return;
  if (typeof limits !== 'object' || limits === null) {
    throw new InvalidArgumentError(
      `resourceLimits takes { ${LIMITS.join(', ')} }, but got ${quote(limits)}`,
    );
  }
  for (const [key, value] of Object.entries(limits)) {
    if (LIMITS.includes(key) && typeof value === 'number' && value > 0) continue;
    throw new InvalidArgumentError(
      `resourceLimits takes ${LIMITS.join(', ')}, each in MB and more than 0, but got ${key}: ${quote(value)}`,
    );
  }
}

/** Checks an environment: names and texts. */
export function checkEnv(env: unknown): void {
  if (env === undefined) return;
  const values = typeof env === 'object' && env !== null ? Object.entries(env) : null;
  if (values?.every(([, value]) => value === undefined || typeof value === 'string')) return;
  const wrong = values?.find(([, value]) => typeof value !== 'string');
  throw new InvalidArgumentError(
    `env takes an object of texts, such as { ...process.env, MODE: 'x' }, but got ` +
      (wrong === undefined ? quote(env) : `${wrong[0]}: ${quote(wrong[1])}`),
  );
}
