/** A submitted job on its way through a pool. As a future, it is the job's result. */
import { Future } from '../../loop/future.js';
import type { Link } from '../../loop/linked-list.js';
import type { SubmitOptions } from '../../loop/policy.js';
import type { Scheduler } from '../../loop/scheduler.js';
import type { Numbered } from './job-table.js';
import type { Kind } from './kind.js';
import { MOVE } from './protocol.js';

export type AnyJob = PoolJob<unknown>;

/** What runs a job. */
export interface Carrier {
  /** The job was cancelled: whatever of it is queued or running must end. */
  cancelled(job: AnyJob, message: string): void;
}

export class PoolJob<T> extends Future<T> implements Numbered {
  older: Link | null = null;
  newer: Link | null = null;
  readonly kind: Kind;
  input: unknown;
  /** The flags of its Run message. */
  readonly flags: number;
  readonly transfer: readonly unknown[] | null;
  readonly idempotent: boolean;
  /** Its number at its worker. */
  seq = 0;
  /** It may have brought a worker down: it is tried again alone. */
  suspect = false;
  retries = 0;
  /** How often it was taken back from a worker that did not react. */
  moves = 0;
  /** Where the job is: the dispatcher while queued, the slot once sent. */
  carrier: Carrier | null = null;
  /** What was known when it was sent: see `Slot.computing` and `Slot.long`. */
  computes = false;
  long = false;
  submitted = 0;
  sent = 0;

  constructor(scheduler: Scheduler, kind: Kind, input: unknown, options?: SubmitOptions) {
    super(scheduler);
    this.kind = kind;
    this.input = input;
    this.flags = options?.moveResult === true ? MOVE : 0;
    this.transfer = options?.transfer ?? null;
    this.idempotent = options?.idempotent === true;
  }

  override cancel(message = 'the job was cancelled'): boolean {
    if (!super.cancel(message)) return false;
    this.carrier?.cancelled(this as AnyJob, message);
    return true;
  }

  override label(): string {
    return 'a job in the pool';
  }
}
