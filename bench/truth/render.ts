/** Renders the comparison for a terminal. */
import { titleOf } from '../../src/documents/cases.js';
import { plainTable } from '../../src/report/table.js';
import { formatInterval, formatNumber, formatShare } from '../../src/text/format.js';
import type { Aim, Comparison, Row } from './compare.js';

const HEAD = ['case', 'policy', 'CPU µs/job: run', 'bare', 'run/bare', '95%', ''].concat(
  ['jobs/s: run', 'bare', 'run/bare', '95%'],
  ['ratio: run', '95%', 'bare', '95%', ''],
);

/** `waited` is the share of the turns' time in which a main thread was ready but had to wait for its core. */
export function render(comparison: Comparison, waited: number): string {
  const { cpuFactor, runRatio, bareRatio } = comparison.halfWidths;
  return [
    plainTable(HEAD, comparison.rows.map(cells), 2),
    '',
    ...comparison.aims.map(aimLine),
    `median half widths: CPU run/bare ${width(cpuFactor)}, ratios of the run ${width(runRatio)}, of bare programs ${width(bareRatio)}`,
    `main threads of bare programs had to wait for their core in ${formatShare(waited)} of the time of their turns`,
    '',
  ].join('\n');
}

function cells({ cpuUs, jobsPerSecond, ratio, policy, ...row }: Row): string[] {
  return [
    titleOf(row),
    policy,
    formatNumber(cpuUs.run.point),
    formatNumber(cpuUs.bare),
    cpuUs.factor.point.toFixed(3),
    formatInterval(cpuUs.factor),
    cpuUs.verdict,
    formatNumber(jobsPerSecond.run.point),
    formatNumber(jobsPerSecond.bare),
    jobsPerSecond.factor.point.toFixed(3),
    formatInterval(jobsPerSecond.factor),
    ...(ratio === null
      ? ['', '', '', '', '']
      : [
          formatNumber(ratio.run.point),
          formatInterval(ratio.run),
          formatNumber(ratio.bare.point),
          formatInterval(ratio.bare),
          ratio.verdict,
        ]),
  ];
}

const SAID: Readonly<Record<Aim['what'], string>> = {
  cpu: 'CPU per job of computing, within 5% of the bare program',
  'io, mixed': 'CPU per job with IO, within 10% of the bare program',
  ratios: 'ratios that agree with the bare ratio, given both intervals',
};

function aimLine({ what, met, wrong, unsure, of, reached }: Aim): string {
  const which = what === 'ratios' ? 'off' : 'far';
  return `${SAID[what]}: ${met} of ${of}, ${wrong} ${which}, ${unsure} unsure: ${reached ? 'reached' : 'missed'}`;
}

function width(share: number | null): string {
  return share === null ? 'none, from one round' : `±${formatShare(share)}`;
}
