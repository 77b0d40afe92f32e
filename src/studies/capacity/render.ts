/** The rates that hold, as a table for a terminal. */
import type { Capacity } from '../../documents/capacity.js';
import { cleanText } from '../../text/clean.js';
import {
  formatDuration,
  formatElapsed,
  formatInterval,
  formatNumber,
  formatShare,
} from '../../text/format.js';
import { titleOf } from '../../documents/cases.js';
import { plainTable, wrap } from '../../report/table.js';

const HEAD = ['', 'holds, jobs/s', '95% interval', 'of its closed loop', 'rounds'];

export function renderCapacity(capacity: Capacity, { width }: { width: number }): string {
  const table = plainTable(
    HEAD,
    capacity.policies.map((policy) => rowOf(policy).map(cleanText)),
  );
  const { slo, arrivals, elapsedMs, seed } = capacity;
  const how = arrivals === 'poisson' ? 'at random (Poisson)' : 'at equal distances';
  const words =
    `The highest rate of jobs that arrive ${how} at which the ${slo.name} of the latency, from the intended ` +
    `arrival, stays within ${formatDuration(slo.ms)}. Each round is a fresh process and one search by ` +
    `bisection; seed ${seed}, took ${formatElapsed(elapsedMs)}.`;
  const reasons = capacity.policies.flatMap(({ policy, status, reason }) =>
    reason === null ? [] : [`${policy} ${status}: ${reason}`],
  );
  return [
    cleanText(titleOf(capacity)),
    table,
    ...[words, ...reasons].map((text) => wrap(cleanText(text), width, '')),
  ]
    .map((block) => `${block}\n`)
    .join('');
}

function rowOf({ policy, limit, limits, ofClosed }: Capacity['policies'][number]): string[] {
  if (limits.length === 0) return [policy, '–', '', '', '0'];
  if (limit === null) return [policy, 'no rate held', '', '', String(limits.length)];
  return [
    policy,
    formatNumber(limit.point),
    formatInterval(limit),
    ofClosed === null ? '' : formatShare(ofClosed),
    String(limits.length),
  ];
}
