/** Runs one case: gives it a kit, and checks afterwards that it left nothing behind unexpectedly. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Loop, LoopPolicy } from '../loop/policy.js';
import type { Case, Kit, ReportedError } from './case.js';

/** A case takes milliseconds. One that takes this long hangs. */
const DEADLINE_MS = 20_000;

const CLEAN = { pending: [], failures: [], abandoned: [] };

export async function runCase<Options extends object>(
  testCase: Case,
  policy: LoopPolicy<Options>,
  options?: Options,
): Promise<void> {
  const unchecked = new Set<Loop>();
  let errors: ReportedError[] = [];
  const scratch = new Scratch();
  const kit: Kit = {
    policy,
    async open() {
      const onError = (error: unknown, what: string): void => void errors.push({ error, what });
      const loop = await policy.open({ ...(options as Options), onError });
      unchecked.add(loop);
      return loop;
    },
    close(loop) {
      unchecked.delete(loop);
      return loop.close();
    },
    takeErrors() {
      const taken = errors;
      errors = [];
      return taken;
    },
    path: (name) => scratch.path(name),
  };
  try {
    await within(DEADLINE_MS, testCase.run(kit));
    for (const loop of unchecked) {
      const report = await within(DEADLINE_MS, loop.close());
      assert.deepEqual(report, CLEAN, 'the case left something behind that it did not expect');
    }
    assert.deepEqual(errors, [], 'errors were reported that the case did not expect');
  } catch (error) {
    for (const loop of unchecked) abandon(loop);
    throw error;
  } finally {
    await scratch.remove();
  }
}

/** A directory that is made on first use. */
class Scratch {
  private directory: Promise<string> | null = null;

  async path(name: string): Promise<string> {
    this.directory ??= mkdtemp(join(tmpdir(), 'loopdyno-'));
    return join(await this.directory, name);
  }

  async remove(): Promise<void> {
    if (this.directory !== null) await rm(await this.directory, { recursive: true, force: true });
  }
}

/** The case has failed already, so whatever closing the loop reports does not matter. */
function abandon(loop: Loop): void {
  if (loop.running) loop.stop();
  setImmediate(() => void loop.close().catch(() => {}));
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(reject, ms, new Error(`it hangs: nothing came of it within ${ms} ms`));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
