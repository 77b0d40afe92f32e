/**
 * Garbage collections while slices run, from Node's observer: it costs some µs per collection.
 *
 * Not `v8.GCProfiler`: it asks for the physical memory of every page before and after each collection, which made
 * `json` 15 to 20% slower (turns of 50 and 12 ms, one collection in 15 ms).
 *
 * Node calls the observer in a turn of its loop, and there may be none while a slice runs. `told` waits for that turn,
 * and then counts the collections that began between `begin` and `end`.
 */
import { PerformanceObserver } from 'node:perf_hooks';

export interface Collected {
  count: number;
  ms: number;
}

export class Collections {
  readonly all: Collected = { count: 0, ms: 0 };
  private began = 0;
  private ended = 0;
  private seen: { readonly startTime: number; readonly duration: number }[] = [];
  private readonly observer = new PerformanceObserver((list) => {
    this.seen.push(...list.getEntries());
  });

  constructor() {
    this.observer.observe({ entryTypes: ['gc'] });
  }

  begin(): void {
    this.began = performance.now();
  }

  end(): void {
    this.ended = performance.now();
  }

  /** The collections of the slice that has ended. */
  async told(): Promise<Collected> {
    // Node queues an entry in one turn and reports it in the next.
    for (let turn = 0; turn < 2; turn++) await new Promise(setImmediate);
    const own = this.seen.filter(
      ({ startTime }) => this.began <= startTime && startTime < this.ended,
    );
    this.seen = [];
    const collected = { count: own.length, ms: own.reduce((sum, each) => sum + each.duration, 0) };
    this.all.count += collected.count;
    this.all.ms += collected.ms;
    return collected;
  }

  close(): void {
    this.observer.disconnect();
  }
}
