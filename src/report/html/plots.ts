/** The plots of a case: five SVGs, drawn here by Observable Plot and not in the browser. */
import * as Plot from '@observablehq/plot';
import type { Cell } from '../../documents/results.js';
import { logRatios, ratesOf } from '../../documents/observations.js';
import { outcomeOf, type CaseGroup } from '../../documents/cases.js';
import { cleanText } from '../../text/clean.js';
import type { El, Page, Part } from './elements.js';
import { figureOf } from './figure.js';

const WIDTH = 460;
/** Room for policies' names, and the height of a row, in px. */
const MARGIN = 90;
const ROW = 26;

interface Picture {
  readonly title: string;
  readonly x: Plot.ScaleOptions;
  readonly marks: Plot.Markish[];
  /** The number of rows; without rows there is no picture. */
  readonly rows: number;
}

export function plotsOf(
  document: Page,
  el: El,
  { title, cells: all }: CaseGroup,
  reference: string,
): Part[] {
  const cells = all.filter((cell) => outcomeOf(cell) === null);
  const names = cells.map(nameOf);
  const pictures = [
    ratios(cells, reference),
    rates(cells),
    percentiles('Latency of a job, ms: p50, p90, p99, p99.9, max', cells, ({ latency }) =>
      latency === null
        ? []
        : [
            ['p50', latency.p50],
            ['p90', latency.p90],
            ['p99', latency.p99],
            ['p99.9', latency.p999],
            ['max', latency.max],
          ],
    ),
    percentiles('Loop lag, ms: p50, p99, max', cells, ({ lag }) =>
      lag === null
        ? []
        : [
            ['p50', lag.p50],
            ['p99', lag.p99],
            ['max', lag.max],
          ],
    ),
    cpu(cells),
  ];
  return pictures
    .filter(({ rows }) => rows > 0)
    .map((picture) => {
      const svg = Plot.plot({
        document,
        width: WIDTH,
        height: 60 + names.length * ROW,
        marginLeft: MARGIN,
        marginRight: 20,
        ariaLabel: `${picture.title}: ${cleanText(title)}. The numbers are in the table below.`,
        style: { background: 'none', color: 'inherit' },
        x: { ticks: 5, inset: 6, ...picture.x },
        y: { domain: names, label: null },
        color: { legend: false },
        marks: picture.marks,
      });
      return figureOf(el, picture.title, svg);
    });
}

function nameOf({ contestant }: Cell): string {
  return cleanText(contestant.policy);
}

/** Of every round, or of every host where they were averaged. */
function ratiosOf(cell: Cell, standard: Cell): number[] {
  return cell.hosts === undefined
    ? logRatios(cell.rounds, standard.rounds).map(Math.exp)
    : cell.hosts.each.flatMap(({ ratio }) => (ratio === null ? [] : [ratio.point]));
}

/** A forest plot: the interval, its point, and every round or host. */
function ratios(cells: readonly Cell[], reference: string): Picture {
  const standard = cells.find(({ contestant }) => contestant.policy === reference);
  const rows = cells.flatMap((cell) =>
    cell.ratio === null || cell === standard ? [] : [{ policy: nameOf(cell), ...cell.ratio }],
  );
  const rounds = cells.flatMap((cell) =>
    standard === undefined || cell === standard
      ? []
      : ratiosOf(cell, standard).map((ratio) => ({ policy: nameOf(cell), ratio })),
  );
  return {
    title: `Rate beside ${cleanText(reference)}`,
    x: { type: 'log', label: '× →', tickFormat: '~r' },
    rows: rows.length,
    marks: [
      Plot.ruleX([1], { stroke: 'currentColor', strokeDasharray: '3 3' }),
      Plot.ruleY(
        rows.filter(({ low }) => low !== null),
        { y: 'policy', x1: 'low', x2: 'high', stroke: 'currentColor', strokeWidth: 2 },
      ),
      Plot.dot(rounds, { y: 'policy', x: 'ratio', r: 2.5, fill: 'var(--round)', dy: 6 }),
      Plot.dot(rows, { y: 'policy', x: 'point', r: 4, fill: 'currentColor' }),
    ],
  };
}

function rates(cells: readonly Cell[]): Picture {
  const rounds = cells.flatMap((cell) =>
    ratesOf(cell.rounds).map((rate) => ({ policy: nameOf(cell), rate })),
  );
  return {
    title: 'Jobs a second, every round',
    x: { label: 'jobs/s →', zero: true, nice: true, tickFormat: '~s' },
    rows: rounds.length,
    marks: [
      Plot.dot(rounds, { y: 'policy', x: 'rate', r: 3, fill: 'var(--round)', fillOpacity: 0.7 }),
    ],
  };
}

function percentiles(
  title: string,
  cells: readonly Cell[],
  valuesOf: (cell: Cell) => [string, number][],
): Picture {
  const dots = cells.flatMap((cell) =>
    valuesOf(cell)
      .filter(([, ms]) => ms > 0)
      .map(([percentile, ms]) => ({ policy: nameOf(cell), percentile, ms })),
  );
  return {
    title,
    x: { type: 'log', label: 'ms →', tickFormat: '~r' },
    rows: dots.length,
    marks: [
      Plot.line(dots, { y: 'policy', x: 'ms', z: 'policy', stroke: 'var(--round)' }),
      Plot.dot(dots, { y: 'policy', x: 'ms', r: 3, fill: 'currentColor' }),
      // The other marks may lie on top of each other.
      Plot.text(
        dots.filter(({ percentile }) => percentile === 'p50' || percentile === 'p99'),
        { y: 'policy', x: 'ms', text: 'percentile', dy: -8, fontSize: 9 },
      ),
    ],
  };
}

function cpu(cells: readonly Cell[]): Picture {
  const bars = cells.flatMap((cell) =>
    cell.cpuPerJob === null
      ? []
      : (['user', 'system'] as const).map((part) => ({
          policy: nameOf(cell),
          part,
          us: cell.cpuPerJob?.[part] ?? 0,
        })),
  );
  return {
    title: 'CPU per job, µs: user (dark) and system (light)',
    x: { label: 'µs →', tickFormat: '~s' },
    rows: bars.length,
    marks: [
      Plot.barX(bars, {
        y: 'policy',
        x: 'us',
        fill: ({ part }: { part: string }) => (part === 'user' ? 'var(--user)' : 'var(--system)'),
        insetTop: 4,
        insetBottom: 4,
      }),
    ],
  };
}
