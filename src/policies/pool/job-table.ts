/**
 * The jobs in hand, by number. Numbers only rise, and most jobs leave soon, so a ring finds nearly all of them:
 *
 *   list, oldest first:   2 ─ 4098 ─ 4099 ─ 4101       a newer job takes the place of an older one that is still there:
 *   ring, by seq & 4095:  ·  ·  4098  4099  ·  4101    that one, 2 here, is found in the list, near its old end
 *
 * In, out and a look take O(1), and O(jobs older than the ring) for one of those. A Map would keep what has left it
 * alive: see `linked-list.ts`.
 */
import { LinkedList, type Link } from '../../loop/linked-list.js';
import { MOST_IN_HAND } from './protocol.js';

export interface Numbered extends Link {
  readonly seq: number;
}

export class JobTable<T extends Numbered> implements Iterable<T> {
  size = 0;
  private readonly list = new LinkedList<T>();
  private readonly ring: (T | null)[] = new Array<T | null>(MOST_IN_HAND).fill(null);
  /** The number that was added last. */
  private newest = -1;

  /** Its number is above those of all that were added. */
  add(job: T): void {
    this.list.add(job);
    this.ring[job.seq & (MOST_IN_HAND - 1)] = job;
    this.newest = job.seq;
    this.size++;
  }

  get(seq: number): T | undefined {
    const job = this.ring[seq & (MOST_IN_HAND - 1)];
    if (job?.seq === seq) return job;
    return seq > this.newest - MOST_IN_HAND ? undefined : this.old(seq);
  }

  remove(job: T): void {
    if (job.newer === null) return;
    const place = job.seq & (MOST_IN_HAND - 1);
    if (this.ring[place] === job) this.ring[place] = null;
    this.list.remove(job);
    this.size--;
  }

  clear(): void {
    for (const job of this.list.copy()) this.remove(job);
    this.newest = -1;
  }

  [Symbol.iterator](): Iterator<T, undefined> {
    return this.list[Symbol.iterator]();
  }

  private old(seq: number): T | undefined {
    for (const job of this.list) if (job.seq >= seq) return job.seq === seq ? job : undefined;
    return undefined;
  }
}
