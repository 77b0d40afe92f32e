/**
 * What a contestant measures about itself while its slices run, beside the time they take. All of it
 * is off between slices, so that warm-up, waiting and the harness do not count.
 */
import { readFileSync } from 'node:fs';
import type { Handle, Loop } from '../loop/policy.js';
import type { Measures } from '../protocol/measured.js';
import type { OfferedCounts } from '../workload/open-loop.js';
import { childrenCpu, type CpuUs } from '../system/cpu-time.js';
import { Histogram } from '../stats/histogram.js';
import { Collections, type Collected } from './collections.js';

/** Ms between two beats: too few to be seen in the work's rate. */
const BEAT_MS = 2;

export class SliceMeasures {
  readonly latency = new Histogram();
  private readonly lag = new Histogram();
  private readonly wait = new Histogram();
  private readonly service = new Histogram();
  private readonly loop: Loop;
  private readonly rssBefore = process.memoryUsage.rss();
  private readonly collections = new Collections();
  private readonly switches = { voluntary: 0, involuntary: 0 };
  private usage = process.resourceUsage();
  private children: CpuUs = { user: 0, system: 0 };
  /** Jobs that the session had done when it began. */
  private before = 0;
  /** The last slice: CPU time in µs, that of child processes with it, and the jobs it was for; noise. */
  last = {
    cpuJobs: 0,
    cpuUserUs: 0,
    cpuSystemUs: 0,
    noise: { delayUs: 0, pulseUs: 0 },
  };
  private beat: Handle | null = null;
  /** When the next beat is due, on the loop's clock. */
  private due = 0;

  constructor(loop: Loop) {
    this.loop = loop;
  }

  ready(): void {
    this.last.noise = { delayUs: delayUs(), pulseUs: pulseUs() };
  }

  /** `done` is how many jobs the session has done so far. */
  begin(done: number): void {
    this.before = done;
    this.due = this.loop.now() + BEAT_MS;
    this.nextBeat();
    this.children = childrenCpu();
    this.collections.begin();
    this.usage = process.resourceUsage();
  }

  end(done: number): void {
    const before = this.usage;
    const after = process.resourceUsage();
    this.collections.end();
    const children = childrenCpu();
    this.lastBeats();
    this.switches.voluntary += after.voluntaryContextSwitches - before.voluntaryContextSwitches;
    this.switches.involuntary +=
      after.involuntaryContextSwitches - before.involuntaryContextSwitches;
    const { noise } = this.last;
    this.last = {
      cpuJobs: done - this.before,
      cpuUserUs: after.userCPUTime - before.userCPUTime + since(children.user, this.children.user),
      cpuSystemUs:
        after.systemCPUTime - before.systemCPUTime + since(children.system, this.children.system),
      noise: { pulseUs: noise.pulseUs, delayUs: since(delayUs(), noise.delayUs) },
    };
  }

  /** Garbage collections of the last slice. */
  collected(): Promise<Collected> {
    return this.collections.told();
  }

  close(): void {
    this.collections.close();
  }

  /** Of an open loop: the parts of what `latency` has as a whole. */
  add({ wait, service }: OfferedCounts): void {
    this.wait.add(wait);
    this.service.add(service);
  }

  all(): Measures {
    const open = this.wait.count > 0;
    return {
      latency: this.latency.counts(),
      ...(open ? { wait: this.wait.counts(), service: this.service.counts() } : {}),
      lag: this.lag.counts(),
      memory: {
        peakBytes: peakBytes(),
        growthBytes: process.memoryUsage.rss() - this.rssBefore,
      },
      gc: this.collections.all,
      switches: this.switches,
    };
  }

  /**
   * Beats are due at fixed times, whenever the one before came: a loop that was held for 10 ms has
   * kept five beats waiting, and each counts with its own delay. Else the long stalls, which are
   * what is looked for, would be the ones that are counted least (coordinated omission). They are counted at
   * once: one in each turn would add the turns that come after to the delay of those that wait.
   */
  private nextBeat(): void {
    this.beat = this.loop.callAt(this.due, () => {
      this.countBeats();
      this.nextBeat();
    });
  }

  /** Beats that are still kept waiting at the end have waited that long at least. */
  private lastBeats(): void {
    this.beat?.cancel();
    this.beat = null;
    this.countBeats();
  }

  private countBeats(): void {
    for (const now = this.loop.now(); this.due <= now; this.due += BEAT_MS) {
      this.lag.record(now - this.due);
    }
  }
}

/** µs that this thread was ready to run and had no core, so far; 0 where the system does not say. */
function delayUs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[1]) / 1000;
  } catch {
    return 0;
  }
}

/** Steps of the pulse: some 50 µs. */
const PULSE = 40_000;
let sink = 1;

/**
 * How long a fixed piece of work takes on this core now. Four chains side by side: one alone waits for its own
 * results, and is as fast beside a busy neighbour on the same core.
 */
function pulseUs(): number {
  const began = performance.now();
  let [a, b, c, d] = [sink, sink + 1, sink + 2, sink + 3];
  for (let i = 0; i < PULSE; i++) {
    a = (Math.imul(a, 1664525) + 1) | 0;
    b = (Math.imul(b, 1664525) + 3) | 0;
    c = (Math.imul(c, 1664525) + 5) | 0;
    d = (Math.imul(d, 1664525) + 7) | 0;
  }
  sink = (a ^ b ^ c ^ d) & 1023; // so that the loop is not found to be for nothing
  return (performance.now() - began) * 1000;
}

/**
 * Not `maxRSS`: Linux hands that on from who started a process, and the harness may be larger than what it
 * measures (a Node of 40 MiB that was started by one of 300 said 297).
 */
function peakBytes(): number {
  try {
    const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    if (kib !== undefined) return Number(kib) * 1024;
  } catch {
    // No Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}

/** A child that has ended meanwhile, or a split that wavers, must not make time run backwards. */
function since(after: number, before: number): number {
  return Math.max(0, after - before);
}
