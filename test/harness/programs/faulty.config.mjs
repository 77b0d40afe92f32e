/** Policies and workloads that do wrong, each in one way; by parameter, so that the rest is the same. */
import { jobSession } from '#dist/src/workload/job-session.js';
import { portable } from '#dist/src/loop/portable.js';
import { microtask } from '#dist/src/policies/microtask/index.js';

export const job = portable(import.meta.url, 'job', (loop, input) => {
  faults[input.fault]?.(input, loop);
  return `done ${input.number}`;
});

let calls = 0;
/** The sample is verified first: what is to go wrong later waits for that. */
const later =
  (act) =>
  (...args) =>
    ++calls > 40 && act(...args);

const faults = {
  throws: later(() => {
    throw new RangeError('the job had enough');
  }),
  hangs: later(() => {
    for (;;);
  }),
  exits: later(() => process.exit(7)),
  floods: later(() => {
    const held = [];
    for (;;) held.push(Buffer.alloc(1 << 24, 1));
  }),
};

function workload(fault) {
  return {
    name: fault,
    kind: 'cpu',
    summary: `a job that ${fault}`,
    cases: [{}],
    *start(loop, { latency }) {
      const guilty = loop.policy.name === 'guilty';
      const inputs = Array.from({ length: 8 }, (_, number) => ({
        number,
        fault: guilty ? fault : 'none',
      }));
      const session = jobSession(loop, { job, inputs, concurrency: 2, latency });
      if (guilty && fault === 'differs') {
        session.verify = function* () {
          return 'another digest';
        };
      }
      if (guilty && fault === 'leaks') {
        session.close = function* () {
          loop.spawn(() => loop.io.sleep(60_000), { name: 'forgotten' });
        };
      }
      return session;
    },
  };
}

const guilty = {
  ...microtask,
  name: 'guilty',
  open: async (options) => {
    const loop = await microtask.open(options);
    Object.defineProperty(loop, 'policy', { value: guilty });
    return loop;
  },
};

export default {
  policies: [guilty],
  workloads: ['throws', 'hangs', 'exits', 'floods', 'differs', 'leaks', 'works'].map(workload),
};
