/** The policies that come with loopdyno. */
import type { LoopPolicy } from '../loop/policy.js';
import { microtask } from './microtask/index.js';
import { processes } from './processes/index.js';
import { queue } from './queue/index.js';
import { uv } from './uv/index.js';
import { workers } from './workers/index.js';

/** `virtual` is not among them: it measures nothing, its time being its own. */
export const policies: readonly LoopPolicy[] = [microtask, queue, uv, workers, processes];

/**
 * Measured when they are named. `processes` takes some 500 ms to start, where those of one thread take
 * 200 to 250, and is for jobs that must not share memory rather than for speed.
 */
export const onRequest: ReadonlySet<string> = new Set([processes.name]);
