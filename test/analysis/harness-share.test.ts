import { expect, it } from 'vitest';
import { harnessOf } from '#dist/src/analysis/harness-share.js';
import { goldenResults, goldenVectors } from '../golden/golden.js';
import { expectClose } from '../stats/close.js';

it('the share of the harness is what NumPy makes of the same rounds', () => {
  const found = harnessOf(goldenResults().cells, { parentShare: 0.01, elapsedMs: 1000 });
  for (const [name, expected] of Object.entries(goldenVectors().harness)) {
    expectClose(Reflect.get(found ?? {}, name) as number, expected);
  }
  expect(found?.parentShare).toBe(0.01);
  const slices = goldenResults().cells.flatMap(({ rounds }) =>
    rounds.flatMap((each) => each.slices),
  );
  expectClose(
    found?.measuredShare as number,
    slices.reduce((ms, slice) => ms + slice.ms, 0) / 1000,
  );
});

it('the share of the harness is unknown without a round, or without a slice in which the parent was watched', () => {
  expect(harnessOf([], { parentShare: 0.01, elapsedMs: 1000 })).toBeNull();
  expect(harnessOf([{ rounds: [] }], { parentShare: 0.01, elapsedMs: 1000 })).toBeNull();
  expect(harnessOf(goldenResults().cells, { parentShare: null, elapsedMs: 1000 })).toBeNull();
});

it('the share of the harness tells the cost of a job by those that are timed in the contestant', () => {
  const [round] = goldenResults().cells[0]?.rounds ?? [];
  if (round === undefined) throw new Error('the golden results have no round');
  const costing = (jobUs: number) => ({ ...round, harness: { ...round.harness, jobUs } });
  expect(
    harnessOf([{ rounds: [0, 0, 0, 0.2].map(costing) }], { parentShare: 0, elapsedMs: 1000 })
      ?.jobUs,
  ).toBe(0.2);
  expect(harnessOf([{ rounds: [costing(0)] }], { parentShare: 0, elapsedMs: 1000 })?.jobUs).toBe(0);
});

it('a round that was cut off before its first sample is no cost of the harness', () => {
  const [round] = goldenResults().cells[0]?.rounds ?? [];
  if (round === undefined) throw new Error('the golden results have no round');
  expect(
    harnessOf([{ rounds: [{ ...round, slices: [] }] }], { parentShare: 0, elapsedMs: 1000 })
      ?.worstShare,
  ).toBe(0);
});
