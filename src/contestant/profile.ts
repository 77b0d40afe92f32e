/** V8's own sampling profiler about a piece of work, through the inspector that is in every Node. */
import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';

/** µs between two samples: V8's default is 1000, and what is looked at is short. */
const INTERVAL_US = 200;

/** Does the work and writes a `.cpuprofile` of this thread, which Chrome's and VS Code's tools open. */
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
