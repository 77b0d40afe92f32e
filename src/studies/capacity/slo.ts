/** The bound that a rate must hold, for example `p99=50ms`. */
import { durationMs } from '../../text/duration.js';
import { UsageError } from '../../text/usage.js';
import { Histogram, type Counts } from '../../stats/histogram.js';

export interface Slo {
  /** For example `p99`. */
  readonly name: string;
  readonly quantile: number;
  readonly ms: number;
}

/** The text of `--slo` is not a bound. */
export class SloError extends UsageError {}

/** p10 to p99. From p90 on, one or two more digits may follow, with or without a point: `p99.9` or `p999`. */
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
  // p50, p99, p99.9 or p999: the digits after the decimal point.
  return { name: `p${percentile}`, quantile: Number(`0.${percentile.replace('.', '')}`), ms };
}

/** `latency` counts from the intended arrival. A rate at which no job came holds nothing. */
export function holds({ quantile, ms }: Slo, latency: Counts): boolean {
  const histogram = new Histogram();
  histogram.add(latency);
  const found = histogram.quantile(quantile);
  return found !== undefined && found <= ms;
}

/** The number of jobs needed to estimate the quantile: ten lie beyond it. */
export function jobsFor({ quantile }: Slo): number {
  return Math.ceil(10 / (1 - quantile));
}
