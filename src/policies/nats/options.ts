/** The options of `nats`, and their checks. */
import { availableParallelism } from 'node:os';
import { InvalidArgumentError, quote } from '../../loop/errors.js';
import type { NatsServers } from './connect.js';
import { isPart } from './names.js';
import type { QueueOptions } from './queue.js';

export interface NatsOptions extends Partial<NatsServers> {
  /**
   * The folder under which the jobs' modules are, as the agents have it under theirs. Default: the current folder, or
   * with a server of its own the root of the disk.
   */
  root?: string;
  /** The name of the queue at the server. Default `loopdyno`. */
  queue?: string;
  /** How many agents the policy starts beside its own server. Default: one per core. Not with `servers`. */
  agents?: number;
  /** How many inputs may share one message. Default `adaptive`: more, as long as messages are answered soon. */
  batch?: number | 'adaptive';
  /** How many jobs may wait here before they are sent; one more fails with QueueFullError. Default: no limit. */
  maxQueue?: number;
  /** How many messages may be under way. Default 256. */
  maxInFlight?: number;
  /** How long a job may go without an answer, in ms, until it fails with TimeoutError. Default: an hour. */
  deadline?: number;
  /** How long an agent may be silent, in ms, until its jobs run elsewhere. Default 1500. Whoever makes the queue decides. */
  ackWait?: number;
  /** How often a job is begun, at most, if its agent ends each time. Default 5. */
  maxDeliver?: number;
  /** Messages that all agents together may have in hand. Default 1000. */
  maxAckPending?: number;
}

export interface CheckedOptions extends QueueOptions {
  /** Null for a server of its own. */
  readonly servers: NatsServers | null;
  readonly queue: string;
  readonly root: string;
  readonly agents: number;
  readonly batch: number | 'adaptive';
  readonly maxQueue: number;
  readonly maxInFlight: number;
  readonly deadline: number;
  /** Its name at the server. */
  readonly submitter: string;
  /** What is known of the agents before any has said something. */
  readonly slots: number;
  /** The largest message, in bytes; known once there is a connection. */
  readonly maxBytes: number;
}

/** Where the servers are, if the options do not say so. */
export const SERVERS_VARIABLE = 'LOOPDYNO_NATS_SERVERS';
const HOUR_MS = 3_600_000;

export function checkOptions(options: NatsOptions, submitter: string): CheckedOptions {
  const { batch = 'adaptive', maxQueue = Infinity, queue = 'loopdyno' } = options;
  const servers = serversOf(options);
  if (servers !== null && options.agents !== undefined) {
    throw new InvalidArgumentError(
      `agents is for a server of the policy's own, but got ${quote(options.agents)} and servers: start them with loopdyno agent`,
    );
  }
  if (typeof queue !== 'string' || !isPart(queue)) {
    throw new InvalidArgumentError(
      `queue takes up to 64 letters, digits, - and _, but got ${quote(queue)}`,
    );
  }
  const root = options.root ?? (servers === null ? '/' : process.cwd());
  if (typeof root !== 'string') {
    throw new InvalidArgumentError(`root takes the path of a folder, but got ${quote(root)}`);
  }
  const deadline = whole('deadline', options.deadline ?? HOUR_MS, 1);
  const agents = whole('agents', options.agents ?? availableParallelism(), 1);
  return {
    servers,
    queue,
    root,
    agents,
    batch: batch === 'adaptive' ? batch : whole('batch', batch, 1),
    maxQueue: maxQueue === Infinity ? Infinity : whole('maxQueue', maxQueue, 0),
    maxInFlight: whole('maxInFlight', options.maxInFlight ?? 256, 1),
    deadline,
    ...checkQueue(options),
    submitter,
    slots: servers === null ? agents : availableParallelism(),
    maxBytes: 0,
  };
}

/** What whoever makes the queue decides. */
export function checkQueue(options: NatsOptions): QueueOptions {
  return {
    ackWait: whole('ackWait', options.ackWait ?? 1500, 100),
    maxDeliver: whole('maxDeliver', options.maxDeliver ?? 5, 1),
    maxAckPending: whole('maxAckPending', options.maxAckPending ?? 1000, 1),
    maxAge: Math.max(HOUR_MS, options.deadline ?? 0),
  };
}

export function serversOf(options: Partial<NatsServers>): NatsServers | null {
  const { servers = process.env[SERVERS_VARIABLE] } = options;
  if (servers === undefined || servers === '') return null;
  const list = typeof servers === 'string' ? [servers] : servers;
  if (Array.isArray(list) && list.length > 0 && list.every((one) => typeof one === 'string')) {
    const { user, pass, token, creds, nkey, tls } = options;
    const known = { user, pass, token, creds, nkey, tls };
    const given = Object.entries(known).filter(([, value]) => value !== undefined);
    return { servers: list.flatMap((one) => one.split(',')), ...Object.fromEntries(given) };
  }
  throw new InvalidArgumentError(
    `servers takes URLs such as 'nats://one.example:4222', but got ${quote(servers)}`,
  );
}

function whole(name: string, value: unknown, least: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
  throw new InvalidArgumentError(
    `${name} takes a whole number from ${least}, but got ${quote(value)}`,
  );
}
