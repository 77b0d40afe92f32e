/** What a merged run says of its hosts: how much they differ, where one of them has no number, and what was mixed. */
import type { Cell, Fingerprint, Merged, Results, Warning } from '../documents/results.js';
import { median } from '../stats/quantile.js';
import { formatParams, formatShare } from '../text/format.js';

/** A tau as a share: 0.05 for a standard deviation of 5%. */
export function shareOf(tau: number): number {
  return Math.expm1(tau);
}

/** How much hosts differ, in a sentence; none if no case was measured on several. */
export function hostsSummary({ cells }: Pick<Results, 'cells'>): Results['summary'] {
  const told = cells.flatMap((cell) =>
    cell.hosts?.tau == null ? [] : [{ cell, tau: cell.hosts.tau.point }],
  );
  if (told.length === 0) return [];
  const most = told.reduce((a, b) => (b.tau > a.tau ? b : a));
  const usual = median(told.map(({ tau }) => tau));
  const where = `${most.cell.contestant.policy} in ${titleOf(most.cell)}`;
  const atMost = `at most by ${formatShare(shareOf(most.tau))}: ${where}.`;
  const text =
    most.tau === 0
      ? 'ratios differ from host to host by no more than rounds on one host do.'
      : usual === 0
        ? `in most of ${told.length} cells ratios differ from host to host by no more than rounds do; ${atMost}`
        : `from host to host a ratio varies by ${formatShare(shareOf(usual))} (standard deviation beyond ` +
          `the noise of rounds, median of ${told.length}), ${atMost}`;
  return [{ label: 'Hosts', text }];
}

function titleOf({ workload, params }: Cell): string {
  const text = formatParams(params);
  return text === '' ? workload : `${workload} (${text})`;
}

/** Where the mean of hosts is not that of all of them, or of one alone. */
export function hostRemarks(cells: readonly Cell[], merged: Merged | undefined): string[] {
  const told = cells.flatMap(({ status, contestant: { policy }, hosts }) =>
    hosts === undefined || status !== 'ok' ? [] : [{ policy, each: hosts.each }],
  );
  if (told.length > 0 && told.every(({ each }) => each.length === 1)) {
    return ['Measured on one host: what differs between hosts is no part of these intervals.'];
  }
  return told.flatMap(({ policy, each }) => {
    const without = each.filter(({ ratio }) => ratio === null);
    const [first] = without;
    if (first === undefined) return [];
    const file = merged?.runs[first.run]?.file ?? `run ${first.run + 1}`;
    const why = first.reason ?? (first.status === 'ok' ? 'no ratio' : first.status);
    const more = without.length === 1 ? '' : ` (and ${without.length - 1} more)`;
    return [
      `${policy} has numbers of ${each.length - without.length} of ${each.length} hosts, and none of ${file}${more}: ${why}.`,
    ];
  });
}

/** What must be equal for two runs to have measured the same program on the same runtime. */
const SAME = [
  'loopdyno',
  'commit',
  'dirty',
  'node',
  'v8',
  'uv',
  'platform',
  'arch',
  'flags',
  'env',
] as const satisfies readonly (keyof Fingerprint)[];

/** The fields of that kind in which runs differ, with all their values. */
export function mixedFields(
  fingerprints: readonly Fingerprint[],
): { readonly field: string; readonly values: readonly string[] }[] {
  return SAME.map((field) => ({
    field,
    values: [...new Set(fingerprints.map((each) => String(each[field])))],
  })).filter(({ values }) => values.length > 1);
}

export function mergeWarnings(merged: Merged | undefined): Warning[] {
  if (merged === undefined) return [];
  const warnings: Warning[] = [];
  if (merged.missing.length > 0) {
    const of = merged.runs.find(({ shard }) => shard !== null)?.shard?.of ?? 0;
    const shards = merged.missing.map((index) => `${index}/${of}`).join(', ');
    warnings.push({ label: 'Not whole', text: `without the cases of shard ${shards}.` });
  }
  const fingerprints = merged.runs.map(({ fingerprint }) => fingerprint);
  const mixed = mixedFields(fingerprints);
  if (mixed.length > 0) {
    const fields = mixed.map(({ field, values }) => `${field} (${values.join(' / ')})`).join(', ');
    const text = `the runs differ in ${fields}: a difference between hosts may be theirs.`;
    warnings.push({ label: 'Mixed', text });
  } else if (fingerprints.some(({ dirty }) => dirty === true)) {
    const text =
      'the runs had changes that are in no commit: whether they had the same is not known.';
    warnings.push({ label: 'Uncommitted', text });
  }
  return warnings;
}
