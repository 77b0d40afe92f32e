/** A gate run as JUnit XML: a test case per cell, so that any CI shows it among its tests. */
import junit, { type Builder } from 'junit-report-builder';
import type { GateDocument } from '../../../documents/gate.js';
import { cleanText } from '../../../text/clean.js';
import { summaryOf } from './words.js';

export function renderJunit(gate: GateDocument): string {
  // The package is CommonJS: Node gives its export itself, its types one step further down.
  const builder = (junit as unknown as Builder).newBuilder();
  const suite = builder
    .testSuite()
    .name('loopdyno gate')
    .time(gate.elapsedMs / 1000);
  for (const { cell, policy, verdict, sentence } of gate.cells) {
    const test = suite.testCase().className(cleanText(policy)).name(cleanText(cell));
    test.standardOutput(cleanText(sentence));
    if (verdict === 'slower' || verdict === 'failed') test.failure(cleanText(sentence), verdict);
    else if (verdict === 'unresolved' || verdict === 'not comparable') test.skipped();
  }
  if (gate.status === 'not measured' || gate.status === 'aborted') {
    const test = suite.testCase().className('loopdyno').name('measured');
    test.error(cleanText(summaryOf(gate)), gate.status);
  }
  return builder.build();
}
