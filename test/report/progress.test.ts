import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { LiveArea } from '#dist/src/report/live-area.js';
import { ProgressLine, type ProgressState, type Room } from '#dist/src/report/progress.js';
import { renderSoFar } from '#dist/src/report/console.js';
import { goldenResults } from '../golden/golden.js';
import { screenOf } from './screen.js';

/** A stream that keeps what is written to it, one entry a write. */
function streamOf(isTTY: boolean, [columns, rows]: [number, number] = [80, 24]) {
  const writes: string[] = [];
  const stream = {
    isTTY,
    write: (text: string) => writes.push(text) > 0,
    getWindowSize: () => [columns, rows],
  };
  return { writes, stream: stream as unknown as NodeJS.WriteStream };
}

const at = (round: number, more: Partial<ProgressState> = {}): ProgressState => ({
  workload: 'json',
  params: {},
  round,
  elapsedMs: round * 4000,
  leftMs: 60_000,
  ...more,
});

describe('an area of a terminal', () => {
  it('is drawn over in one write, whether its lines become more or fewer, longer or shorter', () => {
    const { writes, stream } = streamOf(true);
    const area = new LiveArea(stream);
    const drawings = [['one line'], ['a', 'bc', 'def'], ['longer than before', 'x', 'y'], ['z']];
    for (const [count, lines] of drawings.entries()) {
      area.draw(lines);
      expect(writes).toHaveLength(count + 1);
      expect(screenOf(`above\n${writes.join('')}`)).toEqual(['above', ...lines]);
    }
    area.clear();
    area.clear();
    expect(writes).toHaveLength(drawings.length + 1);
    expect(screenOf(`above\n${writes.join('')}below`)).toEqual(['above', 'below']);
  });
});

describe('the progress of a run', () => {
  it('is a live line under the table, cut to the terminal', () => {
    const { writes, stream } = streamOf(true, [40, 12]);
    const progress = new ProgressLine(stream, {});
    const rooms: Room[] = [];
    const table = (room: Room): string[] => (rooms.push(room), ['head', 'row']);
    progress.show(at(0, { table }));
    progress.show(at(1, { table, workload: 'w'.repeat(60) }));
    expect(rooms).toEqual(Array.from({ length: 2 }, () => ({ width: 39, height: 10 })));
    const screen = screenOf(writes.join(''));
    expect(screen.slice(0, 2)).toEqual(['head', 'row']);
    expect(screen[2]).toMatch(/^4\.00 s, about 1 min 0 s to go: w+$/);
    expect(screen[2]).toHaveLength(39);
    expect(writes).toHaveLength(2);
    progress.clear();
    expect(screenOf(writes.join(''))).toEqual(['']);
  });

  it.each([
    ['no terminal', false, {}],
    ['CI', true, { CI: 'true' }],
    ['a terminal that can only print', true, { TERM: 'dumb' }],
  ])('is a plain line every 10 seconds: %s', (_what, isTTY, env) => {
    const { writes, stream } = streamOf(isTTY);
    const progress = new ProgressLine(stream, env);
    const table = (): string[] => expect.fail('nothing is drawn');
    for (let round = 0; round < 6; round++) progress.show(at(round, { table }));
    progress.clear();
    expect(writes).toEqual([
      '0 s, about 1 min 0 s to go: json, round 1\n',
      '12.0 s, about 1 min 0 s to go: json, round 4\n',
    ]);
  });
});

describe('the table so far', () => {
  const results = goldenResults();
  const [first] = results.cells as [(typeof results.cells)[number]];
  const last = results.cells.at(-1) as typeof first;
  const room = { color: false, width: 100, height: 500 };

  it('has the rows of the report, and no words about cells that wait', () => {
    const waiting = { ...first, contestant: { policy: 'waiting' }, throughput: null, rounds: [] };
    const cells = [...results.cells, { ...waiting, ratio: null }];
    const lines = renderSoFar({ ...results, cells }, room, first);
    expect(lines.length).toBeGreaterThan(results.cells.length);
    expect(lines.find((line) => line.includes('waiting'))).toMatch(
      /^ {2}waiting\b(?!.*no numbers)/,
    );
    for (const { contestant } of results.cells) {
      expect(lines.some((line) => line.startsWith(`  ${contestant.policy}`))).toBe(true);
    }
  });

  it.each([60, 80, 120])('fits into %i columns', (width) => {
    const lines = renderSoFar(results, { ...room, width }, first);
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
  });

  it('keeps its head and the rows of the case that is measured, where there are few rows', () => {
    const whole = renderSoFar(results, room, first);
    const top = renderSoFar(results, { ...room, height: 4 }, first);
    const end = renderSoFar(results, { ...room, height: 4 }, last);
    expect(top).toEqual(whole.slice(0, 4));
    expect(end[0]).toBe(whole[0]);
    expect(end).toHaveLength(4);
    expect(whole.slice(1).join('\n')).toContain(end.slice(1).join('\n'));
    expect(end.slice(1).join('\n')).toContain(last.workload);
  });

  it('is none before there is a number, in a terminal that is too narrow or too low', () => {
    const cells = results.cells.map((cell) => ({ ...cell, rounds: [] }));
    expect(renderSoFar({ ...results, cells }, room, first)).toEqual([]);
    expect(renderSoFar(results, { ...room, width: 12 }, first)).toEqual([]);
    expect(renderSoFar(results, { ...room, height: 1 }, first)).toEqual([]);
  });

  it('has colours only where they are asked for', () => {
    const plain = renderSoFar(results, room, first);
    const colored = renderSoFar(results, { ...room, color: true }, first);
    expect(plain).toEqual(plain.map(stripVTControlCharacters));
    expect(colored).not.toEqual(plain);
    expect(colored.map(stripVTControlCharacters)).toEqual(plain);
  });
});
