/** The command line of `npm run bench:truth`. */
import { parseArgs } from 'node:util';
import { UsageError } from '../../src/text/usage.js';

export interface Options {
  readonly json: boolean;
  /** Names; undefined for every case of every workload, and for the policies of a standard run. */
  readonly workload: string[] | undefined;
  readonly policy: string[] | undefined;
  /** Other runtimes, such as `node@26` or `bun`; undefined for this Node alone. */
  readonly runtime: string[] | undefined;
  /** The most rounds of a case. */
  readonly rounds: number;
  /** Blocks of a round, each between two turns of every bare program. */
  readonly blocks: number;
  /** The duration of a bare program's turn, in ms. */
  readonly turnMs: number;
  /** The shortest warm-up of a bare program, in ms; null for the default of the kind. */
  readonly warmMs: number | null;
  readonly seed: number;
}

export function optionsOf(args: readonly string[]): Options {
  const { values } = parse(args);
  const number = (name: string, text: string | undefined, usual: number): number => {
    const value = text === undefined ? usual : Number(text);
    if (Number.isSafeInteger(value) && value >= 1) return value;
    throw new UsageError(`--${name} takes a whole number from 1, but got '${text}'`);
  };
  return {
    json: values.json,
    workload: namesOf(values.workload),
    policy: namesOf(values.policy),
    runtime: namesOf(values.runtime),
    rounds: number('rounds', values.rounds, 6),
    blocks: number('blocks', values.blocks, 12),
    turnMs: number('turn-ms', values['turn-ms'], 200),
    warmMs: values['warm-up'] === undefined ? null : number('warm-up', values['warm-up'], 1),
    seed: number('seed', values.seed, 1),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        workload: { type: 'string' },
        policy: { type: 'string' },
        runtime: { type: 'string' },
        rounds: { type: 'string' },
        blocks: { type: 'string' },
        'turn-ms': { type: 'string' },
        'warm-up': { type: 'string' },
        seed: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function namesOf(text: string | undefined): string[] | undefined {
  return text?.split(',').map((name) => name.trim());
}
