/**
 * How many jobs a sample waits for: about as many as take `sampleMs`, and never fewer than are in flight. Lanes that
 * began together end together, and a sample that ended with the first of them would have the time of all and the
 * count of one.
 *
 * Where inputs differ, a sample has whole cycles of them, unless one would fill much of a turn: else the fast samples
 * of a turn are those of the cheap inputs. All contestants of a case have whole cycles, or none has. Builds of one
 * policy have the same number of jobs.
 */
export interface Gauged {
  readonly name: string;
  readonly jobsPerMs: number;
  readonly concurrency: number;
  /** Jobs after which the same inputs come again. */
  readonly cycle: number;
}

/** Samples that a turn has room for, at least, where they are of whole cycles. */
const FEWEST_SAMPLES = 4;

/** By contestant. */
export function batchesFor(
  contestants: readonly Gauged[],
  { sampleMs, turnMs, alike }: { sampleMs: number; turnMs: number; alike: boolean },
): Map<string, number> {
  const all = contestants.map(({ name, jobsPerMs, concurrency, cycle }) => {
    const jobs = Math.max(concurrency, Math.ceil(jobsPerMs * sampleMs));
    const whole = Math.max(Math.round(jobs / cycle), Math.ceil(concurrency / cycle)) * cycle;
    return { name, jobs, whole, fits: whole <= (jobsPerMs * turnMs) / FEWEST_SAMPLES };
  });
  const cycles = all.every(({ fits }) => fits);
  const [first] = all;
  return new Map(
    all.map((own) => {
      const { jobs, whole } = alike && first !== undefined ? first : own;
      return [own.name, cycles ? whole : jobs];
    }),
  );
}
