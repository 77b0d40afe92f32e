/**
 * The suite that every policy passes. A policy's test file is these eight lines, with vitest as
 * here, with node:test, or with any runner whose `describe` and `it` take a title and a function:
 *
 * ```ts
 * import { conformance } from 'loopdyno/conformance';
 * import { describe, it } from 'vitest';
 * import { mine } from './my-policy.js';
 *
 * await conformance({ policy: mine, describe, it });
 * ```
 *
 * Capabilities decide which cases apply, never a policy's name. A case that does not apply is registered as skipped,
 * with the reason, so that it is counted.
 */
import type { LoopPolicy } from '../loop/policy.js';
import { type Case, whyNot } from './case.js';
import { runCase } from './run-case.js';
import { cancellation } from './cancellation.js';
import { closing } from './closing.js';
import { control } from './control.js';
import { errors } from './errors.js';
import { files } from './io-files.js';
import { futures } from './futures.js';
import { scheduling } from './scheduling.js';
import { streams } from './io-streams.js';
import { protocols } from './io-protocols.js';
import { readingInto } from './io-read-into.js';
import { streamStates } from './io-stream-states.js';
import { submit } from './submit.js';
import { jobErrors } from './job-errors.js';
import { tasks } from './tasks.js';
import { cleanUp } from './clean-up.js';
import { stepping } from './stepping.js';
import { leftovers } from './leftovers.js';
import { waiting } from './waiting.js';
import { joining } from './joining.js';
import { servers } from './io-servers.js';
import { parallel } from './parallel.js';
import { timers } from './timers.js';
import { waitingForMany } from './wait.js';
import { gathering } from './gather.js';
import { completing } from './as-completed.js';
import { first } from './first-completed.js';
import { deadlines } from './timeout.js';
import { shielding } from './shield.js';
import { ownership } from './ownership.js';
import { queueCancellation } from './queue-cancellation.js';
import { groups } from './task-groups.js';
import { locks } from './locks.js';
import { semaphores, flags } from './semaphores.js';
import { queues } from './queues.js';
import { gatherErrors } from './gather-errors.js';

export type { Case, Kit, ReportedError } from './case.js';
export { runCase, whyNot };

/** All cases, for a runner of your own: see `whyNot` and `runCase`. */
export const cases: readonly Case[] = [
  ...scheduling,
  ...timers,
  ...futures,
  ...waiting,
  ...tasks,
  ...joining,
  ...cancellation,
  ...cleanUp,
  ...waitingForMany,
  ...gathering,
  ...completing,
  ...first,
  ...deadlines,
  ...shielding,
  ...queueCancellation,
  ...ownership,
  ...groups,
  ...locks,
  ...semaphores,
  ...flags,
  ...queues,
  ...gatherErrors,
  ...control,
  ...stepping,
  ...closing,
  ...leftovers,
  ...errors,
  ...files,
  ...streams,
  ...streamStates,
  ...readingInto,
  ...protocols,
  ...servers,
  ...submit,
  ...jobErrors,
  ...parallel,
];

export interface Suite<Options extends object> {
  policy: LoopPolicy<Options>;
  /** The options with which each loop is opened. */
  options?: Options;
  describe: (title: string, define: () => void) => unknown;
  it: {
    (title: string, run: () => Promise<void>): unknown;
    skip(title: string, run: () => Promise<void>): unknown;
  };
}

/**
 * Registers every case with a test runner. If the policy is not available on this machine, all are registered as
 * skipped.
 */
export async function conformance<Options extends object>(suite: Suite<Options>): Promise<void> {
  const { policy, options, describe, it } = suite;
  const available = await policy.probe();
  const missing = available.ok ? null : `not available: ${available.reason}`;
  for (const title of new Set(cases.map(({ group }) => group))) {
    describe(`${policy.name}: ${title}`, () => {
      for (const testCase of cases.filter(({ group }) => group === title)) {
        const reason = missing ?? whyNot(testCase, policy);
        const run = (): Promise<void> => runCase(testCase, policy, options);
        if (reason === null) it(testCase.name, run);
        else it.skip(`${testCase.name} [${reason}]`, run);
      }
    });
  }
}
