/** Opens an agent with a loop of the named policy. */
import { InvalidArgumentError, quote } from '../../loop/errors.js';
import type { Loop } from '../../loop/policy.js';
import { AGENT_POLICIES, type AgentPolicy } from './agent-policies.js';
import { Agent, type AgentOptions } from './agent.js';

export interface ServeOptions extends Omit<AgentOptions, 'loop'> {
  readonly policy: AgentPolicy;
  /** Threads or processes of the loop. */
  readonly threads: number;
}

export async function serveAgent(options: ServeOptions): Promise<Agent> {
  const { policy, threads, say } = options;
  const loop = await openLoop(policy, threads, say);
  void loop.runForever();
  try {
    return await Agent.open({ ...options, loop });
  } catch (error) {
    loop.stop();
    throw error;
  }
}

async function openLoop(
  policy: AgentPolicy,
  threads: number,
  say: (line: string) => void,
): Promise<Loop> {
  const onError = (error: unknown, what: string): void => say(`${what}: ${quote(error)}`);
  switch (policy) {
    case 'microtask':
      return (await import('../microtask/index.js')).microtask.open({ onError });
    case 'workers':
      return (await import('../workers/index.js')).workers.open({ onError, threads });
    case 'processes':
      return (await import('../processes/index.js')).processes.open({
        onError,
        processes: threads,
      });
    default:
      throw new InvalidArgumentError(
        `an agent's policy is one of ${AGENT_POLICIES.join(', ')}, but got ${quote(policy)}`,
      );
  }
}
