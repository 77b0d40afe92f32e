/**
 * What a contestant measures about itself while its slices run, besides their time. All of it is off between slices, so
 * that warm-up, waiting and the harness do not count.
 */
import { readFileSync } from 'node:fs';
import type { Handle, Loop } from '../loop/policy.js';
import type { Measures } from '../protocol/measured.js';
import type { OfferedCounts } from '../workload/open-loop.js';
import { childrenCpu, type CpuUs } from '../system/cpu-time.js';
import { Histogram } from '../stats/histogram.js';
import { Collections, type Collected } from './collections.js';

/** The time between two beats, in ms. Beats are too few to affect the work's rate. */
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
  /** Jobs that the session had done when the slice began. */
  private before = 0;
  /** The last slice: CPU time in µs (child processes included), the jobs it covers, and the noise. */
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

  /** `done` is the number of jobs that the session has done so far. */
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

  /** Adds the parts of the latency, for an open loop. */
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
   * Beats are due at fixed times, whenever the one before came: a loop that was held for 10 ms has delayed five beats,
   * and each counts with its own delay. Otherwise long stalls, the very thing to be found, would be counted least
   * (coordinated omission). Late beats are counted at once: with one per turn, later turns would add to the delay of
   * the waiting beats.
   */
  private nextBeat(): void {
    this.beat = this.loop.callAt(this.due, () => {
      this.countBeats();
      this.nextBeat();
    });
  }

  /** Beats still waiting at the end have waited at least that long. */
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

/** How long this thread was ready to run but had no core so far, in µs; 0 where the system does not report it. */
function delayUs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[1]) / 1000;
  } catch {
    return 0;
  }
}

/** The number of steps of the pulse, which takes some 50 µs. */
const PULSE = 40_000;
let sink = 1;

/**
 * How long a fixed piece of work takes on this core now, in µs. Four chains run side by side: a single chain mostly
 * waits for its own results, and is just as fast beside a busy neighbour on the same core.
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
  sink = (a ^ b ^ c ^ d) & 1023; // so that the loop is not optimised away
  return (performance.now() - began) * 1000;
}

/**
 * Not `maxRSS`: on Linux a process inherits it from its parent, and the harness may be larger than what it measures (a
 * Node of 40 MiB, started by one of 300 MiB, reported 297 MiB).
 */
function peakBytes(): number {
  try {
    const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    if (kib !== undefined) return Number(kib) * 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}

/** A child that has ended, or a fluctuating split into user and system time, must not make time run backwards. */
function since(after: number, before: number): number {
  return Math.max(0, after - before);
}
