/** The comparison for a terminal. */
import { titleOf } from '../../src/documents/cases.js';
import { plainTable } from '../../src/report/table.js';
import { formatInterval, formatNumber, formatShare } from '../../src/text/format.js';
import type { Aim, Comparison, Row } from './compare.js';

const HEAD = ['case', 'policy', 'CPU µs/job: run', 'bare', 'run/bare', ''].concat(
  ['jobs/s: run', 'bare', 'run/bare'],
  ['ratio: run', '95%', 'bare', '95%', ''],
);

/** `waited` is the share of the turns' time in which a main thread was ready and had to wait for its core. */
export function render(comparison: Comparison, waited: number): string {
  return [
    plainTable(HEAD, comparison.rows.map(cells), 2),
    '',
    ...comparison.aims.map(aimLine),
    ...ratioLines(comparison),
    `main threads of bare programs had to wait for their core in ${formatShare(waited)} of the time of their turns`,
    '',
  ].join('\n');
}

function cells(row: Row): string[] {
  const { policy, cpuUs, jobsPerSecond, near, ratio } = row;
  return [
    titleOf(row),
    policy,
    formatNumber(cpuUs.run.point),
    formatNumber(cpuUs.bare.point),
    cpuUs.factor.toFixed(3),
    near ? '' : 'far',
    formatNumber(jobsPerSecond.run.point),
    formatNumber(jobsPerSecond.bare.point),
    jobsPerSecond.factor.toFixed(3),
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

function aimLine({ what, met, of, least, reached }: Aim): string {
  const said = {
    cpu: 'CPU per job of computing cells within 5% of the bare program',
    'io, mixed': 'CPU per job of IO and mixed cells within 10% of the bare program',
    ratios: 'ratios of the run that agree with the bare ratio, given both intervals',
  }[what];
  const aim = least === 1 ? 'all' : `at least ${formatShare(least)}`;
  const share = formatShare(met / of);
  return `${said}: ${met} of ${of} (${share}; aim: ${aim}): ${reached ? 'reached' : 'missed'}`;
}

function ratioLines({ rows, inside, halfWidths }: Comparison): string[] {
  if (halfWidths === null) return ['There are no ratios.'];
  const { run, bare } = halfWidths;
  const told = rows.flatMap(({ ratio }) => (ratio === null ? [] : [ratio]));
  const unsure = told.filter(({ verdict }) => verdict === 'unsure').length;
  const width = (share: number | null): string =>
    share === null ? 'none, from one process each' : `±${formatShare(share)}`;
  return [
    `ratios that agree or differ by less than can be told (unsure): ${unsure} of ${told.length}`,
    `bare ratios that lie within the run's interval, as if they were exact: ${inside} of ${told.length}`,
    `median half-width of the intervals: run ${width(run)}, bare ${width(bare)}`,
  ];
}
