/**
 * Makes results.json: a run as it could have been, with every status, made of seeded noise. Run it
 * after a build; then look at what changed, and let the tests write the reports anew:
 *
 *   node test/golden/make-results.mjs && npx vitest run test/report --update
 */
import { writeFileSync } from 'node:fs';
import { seeded } from '#dist/src/random.js';
import { serializeResults } from '#dist/src/schema/serialize-results.js';
import { analyseCase } from '#dist/src/stats/analyse.js';

const ROUNDS = 4;
const TURNS = 4;
const BATCH = 64;
const random = seeded(7);

/** True jobs/s and CPU µs per job of every contestant; a string is why there are none. */
const cases = [
  {
    workload: 'json',
    kind: 'cpu',
    params: {},
    policies: {
      microtask: [41_000, 24.4],
      queue: [41_100, 24.4],
      uv: [40_700, 24.6],
      workers: [68_000, 27.9],
    },
  },
  {
    workload: 'echo',
    kind: 'io',
    params: { size: 1024 },
    policies: {
      microtask: [95_000, 10.5],
      queue: [93_000, 10.8],
      uv: [135_000, 7.4],
      workers: 'failed: digest 9b1d differs from that of microtask, 51ac',
    },
  },
  {
    workload: 'echo',
    kind: 'io',
    params: { size: 102_400 },
    policies: {
      microtask: [10_900, 92],
      queue: [10_800, 93],
      uv: 'unavailable: the addon is not built: run npm run build:native',
      workers: [14_800, 128],
    },
  },
  {
    workload: 'pipeline',
    kind: 'mixed',
    params: { files: 256 },
    policies: {
      microtask: [410, 2380],
      queue: [402, 2410],
      uv: [520, 1890],
      workers: 'aborted: interrupted before its first round',
    },
  },
];

const cells = cases.flatMap(({ workload, kind, params, policies }) => {
  const digest = `${workload}-${random.int(0x1000, 0xffff).toString(16)}`;
  const names = Object.keys(policies);
  const rounds = new Map(
    names
      .filter((name) => typeof policies[name] !== 'string')
      .map((name) => [name, makeRounds(policies[name], names.indexOf(name), digest)]),
  );
  const estimates = analyseCase('microtask', rounds);
  return names.map((policy) => {
    const text = typeof policies[policy] === 'string' ? policies[policy] : 'ok';
    const [status, ...reason] = text.split(': ');
    return {
      workload,
      kind,
      params,
      contestant: { policy },
      status,
      reason: reason.length === 0 ? null : reason.join(': '),
      digest: status === 'ok' ? digest : null,
      throughput: null,
      ratio: null,
      cpuPerJob: null,
      ...estimates.get(policy),
      rounds: rounds.get(policy) ?? [],
    };
  });
});

function makeRounds([rate, cpuUs], position, digest) {
  return Array.from({ length: ROUNDS }, (_, round) => {
    const ofRound = noise(0.04);
    return {
      round,
      position: (position + round) % 4,
      batch: BATCH,
      startMs: fixed(40 * noise(0.2), 1),
      digest,
      slices: Array.from({ length: TURNS }, (_, turn) => {
        const samplesMs = Array.from({ length: 3 }, () =>
          fixed(((BATCH / rate) * 1000 * noise(0.05)) / ofRound, 5),
        );
        const jobs = BATCH * samplesMs.length;
        const cpu = jobs * cpuUs * noise(0.03);
        return {
          turn,
          jobs,
          ms: fixed(samplesMs[0] + samplesMs[1] + samplesMs[2], 5),
          cpuUserUs: Math.round(cpu * 0.8),
          cpuSystemUs: Math.round(cpu * 0.2),
          samplesMs,
        };
      }),
    };
  });
}

function noise(spread) {
  return 1 + (spread * random.int(-1000, 1000)) / 1000;
}

function fixed(value, digits) {
  return Number(value.toFixed(digits));
}

const results = {
  schemaVersion: 1,
  status: 'complete',
  startedAt: '2026-11-23T15:29:00.000Z',
  elapsedMs: 28_140,
  seed: 1,
  command: ['run', '--quick'],
  mode: 'quick',
  reference: 'microtask',
  fingerprint: {
    node: '20.20.2',
    v8: '11.3.244.8-node.38',
    uv: '1.46.0',
    platform: 'linux',
    arch: 'x64',
    cpu: 'Made-up CPU @ 2.50GHz',
    cores: 2,
    memoryBytes: 8_331_190_272,
    kernel: '6.1.0',
    flags: ['--max-old-space-size=512'],
    addon: { state: 'built', hash: '0123456789abcdef' },
    commit: '0123456789abcdef0123456789abcdef01234567',
    dirty: true,
    loopdyno: '0.1.0',
  },
  loadGenerator: {
    engine: 'native',
    ceilings: [
      { size: 1024, messagesPerSecond: 301_234 },
      { size: 102_400, messagesPerSecond: 41_234 },
    ],
  },
  cells,
};
writeFileSync(new URL('results.json', import.meta.url), serializeResults(results));
