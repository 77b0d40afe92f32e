/** What a rate has to hold: `p99=50ms`. */
import { durationMs } from '../../text/duration.js';
import { UsageError } from '../../text/usage.js';
import { Histogram, type Counts } from '../../stats/histogram.js';

export interface Slo {
  /** Such as `p99`. */
  readonly name: string;
  readonly quantile: number;
  readonly ms: number;
}

/** What `--slo` says is no bound. */
export class SloError extends UsageError {}

export function parseSlo(text: string): Slo {
  const [, digits, time] = /^p(\d{2,4})=(.+)$/.exec(text.trim()) ?? [];
  const ms = time === undefined ? null : durationMs(time);
  if (digits === undefined || ms === null || ms <= 0) {
    throw new SloError(`--slo takes a percentile and a time, such as p99=50ms, but got '${text}'`);
  }
  // p50, p99, p999: the digits behind the point.
  return { name: `p${digits}`, quantile: Number(`0.${digits}`), ms };
}

/** Of latencies from the intended arrival; a rate at which no job came holds nothing. */
export function holds({ quantile, ms }: Slo, latency: Counts): boolean {
  const histogram = new Histogram();
  histogram.add(latency);
  const found = histogram.quantile(quantile);
  return found !== undefined && found <= ms;
}

/** Jobs of which a quantile can be told: ten beyond it. */
export function jobsFor({ quantile }: Slo): number {
  return Math.ceil(10 / (1 - quantile));
}
