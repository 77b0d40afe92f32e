/**
 * The conformance suite under one policy, on the runtime that runs this: `conform.js POLICY FIRST`. One line of JSON for
 * each case, from the case number FIRST on, so that the parent knows which one ended the process.
 */
import { cases, runCase, whyNot } from '../../src/conformance/index.js';
import { loadPolicy } from '../../src/policies/registry.js';

export interface CaseLine {
  readonly at: number;
  readonly title: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** The first line of the error. */
  readonly why: string;
}

const [, , name = '', first = '0'] = process.argv;
const policy = await loadPolicy(name);
if (policy === undefined) throw new Error(`there is no policy '${name}'`);

for (const [at, testCase] of cases.entries()) {
  if (at < Number(first)) continue;
  const title = `${testCase.group}: ${testCase.name}`;
  say({ at, title, outcome: 'failed', why: 'it ended the process' });
  const reason = whyNot(testCase, policy);
  if (reason !== null) say({ at, title, outcome: 'skipped', why: reason });
  else {
    try {
      await runCase(testCase, policy);
      say({ at, title, outcome: 'passed', why: '' });
    } catch (error) {
      const [why = ''] = String(error instanceof Error ? error.message : error).split('\n');
      say({ at, title, outcome: 'failed', why });
    }
  }
}
process.stdout.write('', () => process.exit(0));

/** The last line of a case counts. */
function say(line: CaseLine): void {
  process.stdout.write(`\n${JSON.stringify(line)}\n`);
}
