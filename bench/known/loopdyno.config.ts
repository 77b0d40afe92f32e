/**
 * Runs with known results. `npm run bench:known` measures `queue` against copies of it that do every fifth job twice,
 * or every job. On cpu workloads they must reach 5/6 (0.833×) and 1/2 of its jobs per second, and a copy that changes
 * nothing must reach 1×.
 *
 * The copies do twice the work and do not spin for a share of the time: work needs no clock, so nothing in it can be
 * inaccurate. They do it within one job, which a loop runs in one piece. A job that waited between its halves would be
 * under way, and so uncounted, twice as often.
 *
 * `npm run sweep:known` finds where a policy that takes 200 µs for any job breaks even: at 200 µs.
 */
import {
  defineConfig,
  definePolicy,
  queue,
  type Coroutine,
  type Loop,
  type LoopPolicy,
  type PortableFunction,
  type PortableJob,
} from '../../src/index.js';

function repeating(name: string, every: number): LoopPolicy {
  return definePolicy({
    ...queue,
    name,
    open: async (options) => repeat(await queue.open(options), every),
  });
}

function repeat(loop: Loop, every: number): Loop {
  let jobs = 0;
  const submit = loop.submit.bind(loop);
  const copy: Loop['submit'] = (job, input, options) =>
    submit(++jobs % every === 0 ? twice(job) : job, input, options);
  return Object.assign(loop, { submit: copy });
}

function twice<I, O>(job: PortableJob<I, O>): PortableJob<I, O> {
  const once = job.job as (...given: Parameters<PortableFunction<I, O>>) => Coroutine<O>;
  return {
    ...job,
    *job(...given) {
      yield* once(...given);
      return yield* once(...given);
    },
  };
}

const FLAT_MS = 0.2;

/** Every job takes 200 µs in total, whatever its size: the policy must break even there. */
const flat = definePolicy({
  ...queue,
  name: 'queue-flat-200us',
  open: async (options) => {
    const loop = await queue.open(options);
    const results = new WeakMap<object, unknown>();
    const submit = loop.submit.bind(loop);
    const copy: Loop['submit'] = <I, O>(job: PortableJob<I, O>, input: I) =>
      loop.spawn<O>(function* () {
        const until = performance.now() + FLAT_MS;
        const key = input as object;
        if (!results.has(key)) results.set(key, yield* submit(job, input));
        while (performance.now() < until);
        return results.get(key) as O;
      });
    return Object.assign(loop, { submit: copy });
  },
});

export default defineConfig({
  policies: [
    repeating('queue-alike', Infinity),
    repeating('queue-fifth-twice', 5),
    repeating('queue-twice', 1),
    flat,
  ],
});
