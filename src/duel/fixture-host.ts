/** A process that holds one case's fixture. */
import type { Fixture, OpenFixture } from '../workload/workload.js';
import { answerRequests } from './answering.js';
import type { FixtureAnswer, FixtureRequest } from './protocol.js';

let fixture: Fixture | null = null;

answerRequests<FixtureRequest>(async (request): Promise<FixtureAnswer> => {
  if (request.do === 'openFixture') {
    const exports = (await import(request.module)) as Record<string, OpenFixture | undefined>;
    const open = exports[request.export];
    if (open === undefined) throw new Error(`${request.module} exports no ${request.export}`);
    fixture = await open(request);
    return { did: request.do, facts: fixture.facts, stays: fixture.close !== undefined };
  }
  const load = (await fixture?.close?.()) ?? null;
  setImmediate(() => process.exit(0));
  return { did: request.do, load };
});
