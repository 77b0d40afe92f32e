/** `loopdyno gate --self-test`: how often the gate is wrong, on this machine. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fingerprint } from '../duel/fingerprint.js';
import type { Build } from '../gate/build.js';
import { gateCells } from '../gate/cells.js';
import type { GateChoice } from '../gate/choice.js';
import { recordPairs } from '../gate/self-test.js';
import { selfTestRates } from '../gate/self-test-rates.js';
import { ProgressLine } from '../report/progress.js';
import { renderSelfTest, renderSelfTestMarkdown } from '../report/gate/self-test.js';
import type { SelfTest } from '../schema/self-test.js';
import type { GateDesign } from '../stats/gate-design.js';
import { EXIT } from './exit-codes.js';
import type { Interruption } from './interruption.js';
import { printJson } from './print.js';

/** With twelve cells, two thousand. */
export const PAIRS = 170;

export interface SelfTestOptions {
  readonly build: Build;
  readonly choice: GateChoice;
  readonly design: GateDesign;
  readonly pairs: number;
  readonly seed: number;
  readonly output: string;
  readonly json: boolean;
  readonly interruption: Interruption;
}

export async function selfTest(options: SelfTestOptions): Promise<number> {
  const { build, choice, design, pairs, seed, output, json, interruption } = options;
  const startedAt = new Date();
  const began = performance.now();
  const { cells } = gateCells(build, build, choice);
  const progress = new ProgressLine(process.stderr);
  const recorded = await recordPairs(build, cells, {
    pairs,
    seed,
    signal: interruption.signal,
    onProgress: (state) => progress.show(state),
  });
  progress.clear();
  interruption.stop();
  const test: SelfTest = {
    schemaVersion: 1,
    status: interruption.signal.aborted ? 'aborted' : 'complete',
    startedAt: startedAt.toISOString(),
    elapsedMs: Math.round(performance.now() - began),
    command: process.argv.slice(2),
    seed,
    fingerprint: fingerprint(),
    design: { ...design },
    ...recorded,
    ...selfTestRates(recorded.cells, { design, seed }),
  };
  await mkdir(output, { recursive: true });
  await writeFile(join(output, 'self-test.json'), `${JSON.stringify(test)}\n`);
  await writeFile(join(output, 'self-test.md'), renderSelfTestMarkdown(test));
  if (json) printJson(test);
  else process.stdout.write(renderSelfTest(test));
  process.stderr.write(`Saved to ${output}: self-test.json, self-test.md\n`);
  if (interruption.exitCode !== null) return interruption.exitCode;
  if (recorded.cells.some(({ failed }) => failed !== null)) return EXIT.failed;
  return test.rates === null ? EXIT.notMeasured : EXIT.ok;
}
