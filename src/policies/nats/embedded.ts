/** A server and agents of our own, as their user sees them: started together, ended together. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { PolicyUnavailableError, WorkerExitError } from '../../loop/errors.js';
import type { NatsServers } from './connect.js';
import type { FromKeeper, KeeperSetup } from './keeper-protocol.js';

const program = fileURLToPath(new URL('./keeper.js', import.meta.url));

export class Embedded {
  readonly servers: NatsServers;
  /** Called when something does not start again. */
  onTrouble: ((error: Error) => void) | null = null;
  private readonly keeper: ChildProcess;
  private closing = false;

  static async start(setup: KeeperSetup): Promise<Embedded> {
    const keeper = fork(program, [JSON.stringify(setup)], {
      execArgv: [],
      detached: true, // Ctrl+C is for this process alone
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const [said] = (await Promise.race([
      once(keeper, 'message'),
      once(keeper, 'exit').then(([code]) => [{ failed: `its keeper ended with ${String(code)}` }]),
    ])) as [FromKeeper];
    if ('ready' in said) return new Embedded(keeper, said.ready);
    keeper.disconnect();
    throw new PolicyUnavailableError(`the policy's own nats-server is not there: ${said.failed}`);
  }

  private constructor(keeper: ChildProcess, servers: NatsServers) {
    this.keeper = keeper;
    this.servers = servers;
    keeper.on('message', (said: FromKeeper) => {
      if ('failed' in said) this.onTrouble?.(new WorkerExitError(said.failed));
    });
    keeper.once('exit', (code) => {
      if (this.closing) return;
      this.onTrouble?.(new WorkerExitError(`the keeper of nats-server ended with ${String(code)}`));
    });
    // Open loops do not keep a program alive.
    keeper.unref();
    keeper.channel?.unref?.();
  }

  async close(): Promise<void> {
    this.closing = true;
    if (this.keeper.exitCode !== null || this.keeper.signalCode !== null) return;
    this.keeper.ref();
    const gone = once(this.keeper, 'exit');
    if (this.keeper.connected) this.keeper.disconnect();
    await gone;
  }
}
