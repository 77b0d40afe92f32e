import { describe, expect, it } from 'vitest';
import type { Results } from '#dist/src/documents/results.js';
import { MergeError, agree, type Allowed, type SavedRun } from '#dist/src/studies/merge/agree.js';
import { wholeOf } from '#dist/src/studies/merge/whole.js';
import { hostRun, shardRun } from './hosts.js';

function changed(change: (results: Results) => void): SavedRun[] {
  return [hostRun(1), hostRun(2, 0, change)];
}

const nodes = changed(({ fingerprint }) => (fingerprint.node = '22.1.0'));

const refused: [string, SavedRun[], RegExp, Allowed?][] = [
  ['a single run', [hostRun(1)], /^only one run, host-1\.json: it takes two or more$/],
  ['no run', [], /^no run: it takes two or more$/],
  [
    'an aborted run',
    changed((results) => (results.status = 'aborted')),
    /^host-2\.json was ended early: measure again, or leave it out$/,
  ],
  [
    'a run that was merged',
    [hostRun(1), { file: 'm.json', results: wholeOf([hostRun(2), hostRun(3)], [], []) }],
    /^m\.json was merged already: give the runs that it was made of$/,
  ],
  [
    'the same run twice',
    [hostRun(1), hostRun(2), { ...hostRun(1), file: 'copy.json' }],
    /^copy\.json is the same run as host-1\.json: leave it out$/,
  ],
  [
    'a shard beside a whole run',
    [hostRun(1), shardRun(2, 2)],
    /^shard-2\.json is not of the plan of host-1\.json: it is a shard of 2, and not a whole run$/,
  ],
  [
    'shards of other counts',
    [shardRun(1, 2), shardRun(2, 3)],
    /it is a shard of 3, and not a shard of 2$/,
  ],
  ['another seed', changed((results) => (results.seed = 7)), /its seed is 7, and not 1$/],
  [
    'another reference',
    changed((results) => (results.reference = 'uv')),
    /its reference is "uv", and not "microtask"$/,
  ],
  ['another mode', changed((results) => (results.mode = 'quick')), /its mode is "quick", and not/],
  [
    'an open loop beside a closed one',
    changed((results) => (results.load = { perSecond: 500, arrivals: 'poisson' })),
    /its load is \{"perSecond":500,"arrivals":"poisson"\}, and not null$/,
  ],
  [
    'a case that is not there',
    changed((results) => (results.cells = results.cells.filter((c) => c.workload !== 'json'))),
    /host-2\.json is not of the plan of host-1\.json: it has no case 'json'$/,
  ],
  [
    'a case too many',
    changed((results) => results.cells.push({ ...results.cells[0]!, workload: 'more' })),
    /it has the case 'more', too$/,
  ],
  [
    'other policies',
    changed((results) => (results.cells[1]!.contestant.policy = 'other')),
    /its policies in 'json' are microtask, other, uv, workers, and not microtask, queue, uv, workers$/,
  ],
  [
    'other versions of Node',
    nodes,
    /host-1\.json and host-2\.json are not of the same program and runtime: node \(20\.20\.2 \/ 22\.1\.0\); .*--ignore-fingerprint/,
  ],
  [
    'another commit',
    changed(({ fingerprint }) => (fingerprint.commit = 'f'.repeat(40))),
    /commit \(\w{40} \/ f{40}\)/,
  ],
  [
    'another version of loopdyno',
    changed(({ fingerprint }) => (fingerprint.loopdyno = '9.9.9')),
    /loopdyno \(.* \/ 9\.9\.9\)/,
  ],
  [
    'another runtime of a contestant',
    changed((results) => (results.cells[1]!.contestant.runtime = 'Bun 1.4.5')),
    /queue \(the run's Node \/ Bun 1\.4\.5\)/,
  ],
  [
    'a shard that is missing',
    [shardRun(1, 3), shardRun(3, 3)],
    /^shard 2\/3 is missing \(echo, 1 KiB\): measure with --shard 2\/3, or --allow-missing merges the others$/,
  ],
  [
    'a shard that is there twice',
    [
      shardRun(1, 2),
      shardRun(2, 2),
      { ...shardRun(2, 2, (r) => (r.startedAt = '2026-11-24T00:00:00Z')), file: 'again.json' },
    ],
    /^shard 2\/2 is there 2 times \(shard-2\.json, again\.json\): .*--allow-repeated/,
  ],
];

describe('runs that are not parts of one', () => {
  it.each(refused)('are refused by name: %s', (_what, runs, message) => {
    expect(() => agree(runs, {})).toThrow(MergeError);
    expect(() => agree(runs, {})).toThrow(message);
  });
});

describe('runs that are parts of one', () => {
  it('are shards of a plan in any order, and runs of other machines', () => {
    expect(agree([shardRun(2, 2), shardRun(1, 2)], {})).toEqual([]);
    const other = hostRun(2, 0, ({ fingerprint }) => {
      Object.assign(fingerprint, { cpu: 'Other', cores: 64, memoryBytes: 1, pinned: null });
    });
    expect(agree([hostRun(1), other], {})).toEqual([]);
  });

  it('are, where a flag allows it, those that else would be refused', () => {
    expect(agree(nodes, { ignoreFingerprint: true })).toEqual([]);
    expect(agree([shardRun(1, 3), shardRun(3, 3)], { allowMissing: true })).toEqual([2]);
    const again = { ...shardRun(1, 1, (r) => (r.startedAt = '2026-11-24T00:00:00Z')), file: 'b' };
    expect(agree([shardRun(1, 1), again], { allowRepeated: true })).toEqual([]);
  });
});
