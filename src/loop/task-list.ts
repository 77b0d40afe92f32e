import type { Task } from './task.js';

/** A place in the list; both ends are null outside of it. */
export interface Link {
  older: Link | null;
  newer: Link | null;
}

/**
 * The tasks that have waited and are not done, from the oldest on: a circle through the tasks themselves, of which the
 * list is one link. So no end is a special case, and in and out is O(1) without an allocation.
 *
 *     list ─newer─▶ task 3 ─newer─▶ task 5 ─newer─▶ list
 */
export class TaskList implements Link {
  older: Link = this;
  newer: Link = this;

  add(link: Link): void {
    link.older = this.older;
    link.newer = this;
    this.older.newer = link;
    this.older = link;
  }

  /** The link is in the list. */
  remove(link: Link): void {
    const { older, newer } = link as { older: Link; newer: Link };
    older.newer = newer;
    newer.older = older;
    link.older = null;
    link.newer = null;
  }

  *[Symbol.iterator](): Generator<Task<unknown>> {
    for (let at = this.newer; at !== this; at = at.newer as Link) yield at as Task<unknown>;
  }
}
