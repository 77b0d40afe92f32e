/** The code of each kind of job: it is looked at once, before the first job of the kind is sent. */
import type { Kind } from '../pool/kind.js';
import type { AnyJob } from '../pool/pool-job.js';
import { codeOf, type Code } from './code.js';

export interface CodesOwner {
  /** Jobs that have waited for their code, which is known now. */
  ready(jobs: readonly AnyJob[]): void;
  /** There is no such code, or agents would not find it. */
  without(jobs: readonly AnyJob[], error: unknown): void;
}

export class Codes {
  private readonly root: string;
  private readonly owner: CodesOwner;
  private readonly found = new Map<Kind, Code>();
  private readonly waiting = new Map<Kind, AnyJob[]>();

  constructor(root: string, owner: CodesOwner) {
    this.root = root;
    this.owner = owner;
  }

  /** Null if it is not known yet: the owner gets the job back. */
  of(job: AnyJob): Code | null {
    const { kind } = job;
    const code = this.found.get(kind);
    if (code !== undefined) return code;
    const waiting = this.waiting.get(kind);
    if (waiting !== undefined) waiting.push(job);
    else this.look(kind, [job]);
    return null;
  }

  private look(kind: Kind, jobs: AnyJob[]): void {
    this.waiting.set(kind, jobs);
    codeOf(this.root, kind.module).then(
      (code) => {
        this.found.set(kind, code);
        this.waiting.delete(kind);
        this.owner.ready(jobs);
      },
      (error: unknown) => {
        this.waiting.delete(kind); // it may be there for the next one
        this.owner.without(jobs, error);
      },
    );
  }
}
