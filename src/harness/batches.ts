/**
 * The number of jobs per sample: about as many as take `sampleMs`, and never fewer than are in flight. Lanes that began
 * together end together, so a sample that ended with the first of them would have the time of all lanes and the count
 * of one.
 *
 * If inputs differ, a sample has whole cycles of them, unless one cycle would fill much of a turn. Otherwise the fast
 * samples of a turn would be those of the cheap inputs. Either all contestants of a case have whole cycles, or none
 * has. Builds of one policy have the same number of jobs.
 */
export interface Gauged {
  readonly name: string;
  readonly jobsPerMs: number;
  readonly concurrency: number;
  /** The number of jobs after which the same inputs come again. */
  readonly cycle: number;
}

/** If samples are whole cycles, a turn must have room for at least this many. */
const FEWEST_SAMPLES = 4;

/** The number of jobs per sample, by contestant. */
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
