/**
 * Makes results.json: a run as it could have been, with every status, made of seeded noise. Run it
 * after a build; then look at what changed, and let the tests write the reports anew:
 *
 *   node test/golden/make-results.mjs && npx vitest run test/report --update
 */
import { writeFileSync } from 'node:fs';
import { Histogram } from '#dist/src/stats/histogram.js';
import { seeded } from '#dist/src/stats/random.js';
import { harnessOf } from '#dist/src/analysis/harness-share.js';
import { serializeResults } from '#dist/src/documents/serialize-results.js';
import { ResultsSchema } from '#dist/src/documents/results.js';
import { judged } from '#dist/src/analysis/verdicts.js';
import { NO_ESTIMATES, analyseCase } from '#dist/src/analysis/estimates.js';

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
      ...NO_ESTIMATES,
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
      firstJobMs: fixed(60 * noise(0.2), 1),
      warm: { ms: fixed(120 * noise(0.2), 1), flat: random.int(0, 9) > 0 },
      digest,
      measures: makeMeasures(rate),
      harness: { sampleUs: fixed(2.1 * noise(0.2), 3), jobUs: fixed(0.14 * noise(0.2), 3) },
      slices: Array.from({ length: TURNS }, (_, turn) => {
        const samplesMs = Array.from({ length: 3 }, () =>
          fixed(((1 / rate) * 1000 * noise(0.05)) / ofRound, 7),
        ).sort((a, b) => a - b);
        const jobs = BATCH * samplesMs.length;
        const allJobs = jobs + random.int(0, 8);
        const cpu = allJobs * cpuUs * noise(0.03);
        return {
          turn,
          jobs,
          ms: fixed(BATCH * (samplesMs[0] + samplesMs[1] + samplesMs[2]), 5),
          allJobs,
          cpuUserUs: Math.round(cpu * 0.8),
          cpuSystemUs: Math.round(cpu * 0.2),
          samplesMs,
        };
      }),
    };
  });
}

function makeMeasures(rate) {
  const latency = new Histogram();
  const lag = new Histogram();
  for (let i = 0; i < 200; i++) latency.record((8000 / rate) * noise(0.5) + (i === 7 ? 30 : 0));
  for (let i = 0; i < 40; i++) lag.record(0.4 * noise(0.9));
  return {
    latency: latency.counts(),
    lag: lag.counts(),
    memory: {
      peakBytes: random.int(60, 90) << 20,
      growthBytes: random.int(-200, 900) * 4096,
    },
    gc: { count: random.int(0, 9), ms: fixed(3 * noise(0.9), 3) },
    switches: { voluntary: random.int(0, 400), involuntary: random.int(0, 30) },
  };
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
  budgetMs: 27_000,
  load: null,
  reference: 'microtask',
  fingerprint: {
    node: '20.20.2',
    v8: '11.3.244.8-node.38',
    uv: '1.46.0',
    platform: 'linux',
    arch: 'x64',
    cpu: 'Made-up CPU @ 2.50GHz',
    cores: 2,
    pinned: 1,
    memoryBytes: 8_331_190_272,
    kernel: '6.1.0',
    flags: ['--max-old-space-size=512'],
    addon: { state: 'built', hash: '0123456789abcdef' },
    commit: '0123456789abcdef0123456789abcdef01234567',
    dirty: true,
    loopdyno: '0.1.0',
  },
  harness: harnessOf(cells, { parentShare: 0.0021, elapsedMs: 28140 }),
  ceilings: [
    {
      workload: 'echo',
      params: { size: 1024 },
      engine: 'native',
      unit: 'messages',
      perSecond: 151_234,
      jobsPerSecond: 151_234,
    },
    {
      workload: 'echo',
      params: { size: 102_400 },
      engine: 'native',
      unit: 'messages',
      perSecond: 41_234,
      jobsPerSecond: 41_234,
    },
  ],
  cells,
};
writeFileSync(new URL('results.json', import.meta.url), serializeResults(judged(ResultsSchema.parse(results))));
