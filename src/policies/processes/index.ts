/**
 * `processes`: the same executor over child processes that are kept warm. A crossing costs more than to a thread, and
 * every input and result goes through a pipe. In return, a job may crash its whole process, leak, or be killed by a
 * signal, and this process goes on.
 */
import type { LoopOptions, LoopPolicy } from '../../loop/policy.js';
import { checkInner, type InnerOption } from '../inner-loop.js';
import { inheritedEnv, inheritedFlags } from '../pool/exec-argv.js';
import { mayOpen } from '../pool/loading.js';
import { checkEnv, checkOptions, type CommonOptions, type PoolOptions } from '../pool/options.js';
import type { PoolLoop } from '../pool/pool-loop.js';

export interface ProcessesOptions extends CommonOptions, InnerOption {
  /** The maximum number of child processes. Default: the machine's available parallelism. */
  processes?: number;
  /** The number of processes that are started at once and kept. Default: all. */
  minProcesses?: number;
  /** The environment of the processes. Default: that of this process. */
  env?: NodeJS.ProcessEnv;
}

/** A policy whose loops are pools. */
export interface ProcessesPolicy extends LoopPolicy<ProcessesOptions> {
  open(options?: ProcessesOptions & LoopOptions): Promise<PoolLoop>;
}

export const processes: ProcessesPolicy = {
  name: 'processes',
  summary: 'submitted jobs go to child processes that are kept warm; the rest as under microtask',
  capabilities: { fair: false, step: false, parallel: true, realTime: true },
  probe: async () => ({ ok: true }),
  open: async (options = {}) => {
    await mayOpen();
    const { processes: size, minProcesses, env } = options;
    checkEnv(env);
    const sizes = { name: 'processes', size, minName: 'minProcesses', minSize: minProcesses };
    const checked = checkOptions(sizes, options);
    const inner = await checkInner(options);
    const execArgv = [...(checked.execArgv ?? inheritedFlags()), ...limitFlags(checked)];
    // Loaded here, so that nobody else pays for it.
    const { PoolLoop: Pool } = await import('../pool/pool-loop.js');
    const { Dispatcher } = await import('../pool/dispatcher.js');
    const { Processes } = await import('./process-link.js');
    const transport = new Processes({
      ...checked,
      inner,
      env: env ?? inheritedEnv(process.env),
      execArgv,
    });
    return new Pool(
      processes,
      options,
      checked,
      (onError) => new Dispatcher(transport, checked, onError),
    );
  },
};

/** `resourceLimits` as V8 flags, since a process does not take them as an option. */
function limitFlags({ resourceLimits: limits = {} }: PoolOptions): string[] {
  const { maxOldGenerationSizeMb: old, maxYoungGenerationSizeMb: young, stackSizeMb } = limits;
  return [
    ...(old === undefined ? [] : [`--max-old-space-size=${Math.ceil(old)}`]),
    // The young generation is three semi-spaces.
    ...(young === undefined ? [] : [`--max-semi-space-size=${Math.max(1, Math.round(young / 3))}`]),
    ...(stackSizeMb === undefined ? [] : [`--stack-size=${Math.round(stackSizeMb * 1024)}`]),
  ];
}
