/** `loopdyno gate --self-test`: how often the gate is wrong, on this machine. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fingerprint } from '../duel/fingerprint.js';
import type { Build } from '../gate/build.js';
import { gateCells } from '../gate/cells.js';
import type { GateChoice } from '../gate/choice.js';
import { recordPairs } from '../gate/self-test.js';
import { selfTestRates } from '../gate/self-test-rates.js';
import { ProgressLine } from '../report/progress.js';
import { renderSelfTest, renderSelfTestMarkdown } from '../report/gate/self-test.js';
import { RecordSchema, type SelfTest } from '../schema/self-test.js';
import type { GateDesign } from '../stats/gate-design.js';
import { EXIT } from './exit-codes.js';
import type { Interruption } from './interruption.js';
import { printJson } from './print.js';
import { UsageError } from './usage.js';

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
  const { aborted } = interruption.signal;
  const test: SelfTest = {
    schemaVersion: 1,
    status: aborted ? 'aborted' : 'complete',
    startedAt: startedAt.toISOString(),
    elapsedMs: Math.round(performance.now() - began),
    command: process.argv.slice(2),
    seed,
    fingerprint: fingerprint(),
    design: { ...design },
    ...recorded,
    // They take a minute, which whoever presses Ctrl-C does not have: `--from` tells them later.
    ...selfTestRates(aborted ? [] : recorded.cells, { design, seed }),
  };
  await save(test, output, json);
  if (interruption.exitCode !== null) return interruption.exitCode;
  return exitCodeOf(test);
}

/** Rates of pairs that were recorded before, under another design or from an interrupted run. */
export async function retell(
  file: string,
  { design, output, json }: Pick<SelfTestOptions, 'design' | 'output' | 'json'>,
): Promise<number> {
  const recorded = await readRecord(file);
  const { cells, seed } = recorded;
  const rates = selfTestRates(cells, { design, seed });
  const test = { ...recorded, design: { ...design }, ...rates };
  await save(test, output, json);
  return exitCodeOf(test);
}

async function readRecord(file: string): Promise<z.infer<typeof RecordSchema>> {
  try {
    return RecordSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new UsageError(
      `cannot read '${file}' as a self-test: ${why}; \`gate --self-test\` leaves self-test.json`,
    );
  }
}

async function save(test: SelfTest, output: string, json: boolean): Promise<void> {
  await mkdir(output, { recursive: true });
  await writeFile(join(output, 'self-test.json'), `${JSON.stringify(test)}\n`);
  await writeFile(join(output, 'self-test.md'), renderSelfTestMarkdown(test));
  if (json) printJson(test);
  else process.stdout.write(renderSelfTest(test));
  process.stderr.write(`Saved to ${output}: self-test.json, self-test.md\n`);
}

function exitCodeOf(test: SelfTest): number {
  if (test.cells.some(({ failed }) => failed !== null)) return EXIT.failed;
  return test.rates === null ? EXIT.notMeasured : EXIT.ok;
}
