/** How often the gate is wrong on this machine: `loopdyno gate --self-test`. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { RecordSchema, type SelfTest } from '../../documents/self-test.js';
import { openFolder, saveFiles, type Files } from '../../documents/store.js';
import { UsageError } from '../../text/usage.js';
import { EXIT } from '../exit-codes.js';
import { conduct, present } from '../study.js';
import type { Build } from './build.js';
import { inArena } from './arena.js';
import { checkoutOf } from './checkout.js';
import { gateCells } from './cells.js';
import type { GateChoice } from './choice.js';
import type { GateDesign } from './gate-design.js';
import { recordPairs } from './record-pairs.js';
import { renderSelfTest, renderSelfTestMarkdown } from './render/self-test.js';
import { selfTestRates } from './self-test-rates.js';

/** With twelve cells, two thousand. */
export const PAIRS = 170;

export interface SelfTestOptions {
  readonly build: Build;
  /** From the build's folder on, as `--config` gives it. */
  readonly config: string | undefined;
  /** Where the build is raced against itself. */
  readonly cache: string;
  readonly choice: GateChoice;
  readonly design: GateDesign;
  readonly pairs: number;
  readonly seed: number;
  readonly output: string;
  readonly json: boolean;
}

export async function selfTest(options: SelfTestOptions): Promise<number> {
  const { build, config, cache, choice, design, pairs, seed, output, json } = options;
  const own = await checkoutOf(build.folder);
  const sides = { base: own, head: own };
  const conducted = await conduct({
    place: { folder: output },
    measure: (measuring) =>
      inArena(cache, sides, { seed, config }, ({ base, head, arena }) =>
        recordPairs(gateCells(base, head, choice, arena).cells, {
          pairs,
          seed,
          arena,
          config: head.config,
          ...measuring,
        }),
      ),
    document: (recorded, { aborted, ...facts }): SelfTest => ({
      schemaVersion: 2,
      status: aborted ? 'aborted' : 'complete',
      ...facts,
      seed,
      design: { ...design },
      ...recorded,
      // They take a minute, which whoever presses Ctrl-C does not have: `--from` tells them later.
      ...selfTestRates(aborted ? [] : recorded.cells, { design, seed }),
    }),
    files: selfTestFiles,
  });
  return present(conducted, { json, ...PRESENTED });
}

/** Rates of pairs that were recorded before, under another design or from an interrupted run. */
export async function retell(
  file: string,
  { design, output, json }: Pick<SelfTestOptions, 'design' | 'output' | 'json'>,
): Promise<number> {
  const recorded = await readRecord(file);
  const { cells, seed } = recorded;
  const document = {
    ...recorded,
    design: { ...design },
    ...selfTestRates(cells, { design, seed }),
  };
  await openFolder(output);
  await saveFiles(output, await selfTestFiles(document));
  return present({ document, folder: output, interrupted: null }, { json, ...PRESENTED });
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

async function selfTestFiles(test: SelfTest): Promise<Files> {
  return {
    'self-test.json': `${JSON.stringify(test)}\n`,
    'self-test.md': renderSelfTestMarkdown(test),
  };
}

const PRESENTED = { render: renderSelfTest, files: ['self-test.json', 'self-test.md'], exitCode };

function exitCode(test: SelfTest): number {
  if (test.cells.some(({ failed }) => failed !== null)) return EXIT.failed;
  return test.rates === null ? EXIT.notMeasured : EXIT.ok;
}
