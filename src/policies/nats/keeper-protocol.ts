/** What keeper, its parent and its agents tell each other. */
import type { NatsServers } from './connect.js';
import type { QueueOptions } from './queue.js';

export interface KeeperSetup {
  /** The path of nats-server. */
  readonly program: string;
  readonly agents: number;
  readonly queue: string;
  readonly root: string;
  readonly options: QueueOptions;
}

export interface AgentSetup {
  readonly servers: NatsServers;
  readonly queue: string;
  readonly root: string;
  readonly options: QueueOptions;
}

export type FromKeeper =
  | { readonly ready: NatsServers }
  /** Something does not start. */
  | { readonly failed: string };
