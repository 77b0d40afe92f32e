/**
 * The jobs of one message while an agent runs them. Outcomes gather and go in one part; if some take longer than
 * others, those that are there go ahead.
 */
import type { Waiter } from '../../loop/future.js';
import type { Loop } from '../../loop/policy.js';
import type { Task } from '../../loop/task.js';
import { JobCloneError } from '../../loop/errors.js';
import { packError, type PackedError } from '../pool/packed-error.js';
import { EMPTY, type Answers, type Part, type Stored } from './answers.js';
import { ENVELOPE, tooLarge } from './too-large.js';
import type { Jobs } from './wire.js';

/** How long outcomes wait for those of slower jobs, in ms. */
const FLUSH_MS = 5;

type Outcome =
  | { readonly n: number; readonly value: unknown }
  | { readonly n: number; readonly error: PackedError | null };

export interface RunOptions {
  readonly loop: Loop;
  readonly module: string;
  readonly jobs: Jobs;
  readonly answers: Answers;
  readonly maxBytes: number;
  /** Of a job that was cancelled before it came. */
  readonly unwanted: (n: number) => boolean;
  /** Called when all jobs have run: their answer is still to be stored. */
  readonly ran: () => void;
  /** Ms in which the agent did only this, at the time of the call. */
  readonly busyMs: () => number;
}

export class Running {
  private readonly options: RunOptions;
  private readonly tasks = new Map<number, Task<unknown>>();
  private outbox: Outcome[] = [];
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<Stored> = Promise.resolve('ours');
  private settle!: (stored: Promise<Stored>) => void;

  constructor(options: RunOptions) {
    this.options = options;
  }

  /** Runs the jobs and stores what became of them. */
  run(): Promise<Stored> {
    const { loop, module, jobs, unwanted } = this.options;
    const job = { module, export: jobs.name };
    const done = new Promise<Stored>((resolve) => (this.settle = resolve));
    for (const [at, n] of jobs.ns.entries()) {
      if (unwanted(n)) {
        this.outbox.push({ n, error: null });
        continue;
      }
      const task = loop.submit(job, jobs.inputs[at]);
      this.tasks.set(n, task);
      const waiter: Waiter = { settled: () => this.settled(n, task) };
      task.wait(waiter);
    }
    if (this.tasks.size === 0) this.flush();
    return done;
  }

  cancel(n: number, why: string): void {
    this.tasks.get(n)?.cancel(why);
  }

  private settled(n: number, task: Task<unknown>): void {
    this.tasks.delete(n);
    if (!task.hasFailed) this.outbox.push({ n, value: task.value });
    else if (task.cancelled) this.outbox.push({ n, error: null });
    else this.outbox.push({ n, error: packError(task.failure()) });
    if (this.tasks.size === 0) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }

  private flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const { outbox } = this;
    this.outbox = [];
    const last = this.tasks.size === 0;
    const busyMs = this.options.busyMs();
    // One after the other: each part names the one before.
    this.writing = this.writing.then((stored) =>
      stored === 'ours' ? this.store(outbox, { ...EMPTY, busyMs, last }) : stored,
    );
    this.writing.catch(() => {}); // whoever waits for the last part is told
    if (!last) return;
    this.settle(this.writing);
    this.options.ran();
  }

  /** Stores outcomes in one part, or in more if they do not fit into a message or cannot be copied together. */
  private async store(outcomes: readonly Outcome[], empty: Part): Promise<Stored> {
    const { answers, maxBytes } = this.options;
    const part = { ...empty, ns: [], values: [], failed: [] } as Part;
    for (const outcome of outcomes) {
      if ('error' in outcome) part.failed.push([outcome.n, outcome.error]);
      else {
        part.ns.push(outcome.n);
        part.values.push(outcome.value);
      }
    }
    const most = maxBytes - ENVELOPE;
    let error: Error;
    let bytes: Buffer | null = null;
    try {
      bytes = answers.encoded(part);
      error = tooLarge(this.label, 'its result', bytes.length, most);
    } catch (cause) {
      error = uncopied(this.label, cause);
    }
    if (bytes !== null && bytes.length <= most) return answers.write(part, bytes);
    const [first] = outcomes as [Outcome];
    if (outcomes.length === 1) {
      return this.store([{ n: first.n, error: packError(error) }], empty);
    }
    const half = outcomes.length >> 1;
    const stored = await this.store(outcomes.slice(0, half), { ...empty, last: false });
    return stored === 'ours' ? this.store(outcomes.slice(half), { ...empty, busyMs: 0 }) : stored;
  }

  private get label(): string {
    const { jobs } = this.options;
    return `job ${jobs.name} of ${jobs.path}`;
  }
}

function uncopied(label: string, cause: unknown): JobCloneError {
  return new JobCloneError(
    `${label}: its result cannot be copied to where it was submitted (${(cause as Error).message}): ` +
      'return data only',
    { cause },
  );
}
