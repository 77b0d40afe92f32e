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

/** Two digits; those behind a point, or behind them, are of what is beyond 90%. */
const PERCENTILE = /^([1-9]\d|9\d\.?\d{1,2})$/;

export function parseSlo(text: string): Slo {
  const [, percentile, time] = /^p([\d.]+)=(.+)$/.exec(text.trim()) ?? [];
  const ms = time === undefined ? null : durationMs(time);
  if (percentile === undefined || ms === null) {
    throw new SloError(`--slo takes a percentile and a time, such as p99=50ms, but got '${text}'`);
  }
  if (!PERCENTILE.test(percentile)) {
    throw new SloError(
      `--slo takes a percentile from p10 to p99, or p999 and p9999 (99.9 and 99.99%), but got 'p${percentile}': ` +
        'no number of jobs tells the maximum',
    );
  }
  // p50, p99, p99.9 or p999: the digits behind the point.
  return { name: `p${percentile}`, quantile: Number(`0.${percentile.replace('.', '')}`), ms };
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
