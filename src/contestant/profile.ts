/** Profiles a piece of work with V8's sampling profiler, through the inspector that is part of every Node. */
import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';

/** The time between two samples, in µs: V8's default is 1000, and the profiled work is short. */
const INTERVAL_US = 200;

/** Does the work and writes a `.cpuprofile` of this thread, which the tools of Chrome and VS Code open. */
export async function profiled(path: string, work: () => Promise<void>): Promise<number> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: INTERVAL_US });
    await session.post('Profiler.start');
    await work();
    const { profile } = await session.post('Profiler.stop');
    await writeFile(path, JSON.stringify(profile));
    return profile.samples?.length ?? 0;
  } finally {
    session.disconnect();
  }
}
