/**
 * The streams at the server, and what is fixed about them by whoever comes first.
 *
 * A job leaves its stream when it is acknowledged, and an answer is stored before that. Nothing old makes room for
 * something new: a full store refuses, and whoever asked is told.
 */
import type { JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { PolicyUnavailableError } from '../../loop/errors.js';
import type { Names } from './names.js';

export interface QueueOptions {
  /** How long an agent may be silent until its jobs are given to another, in ms. */
  readonly ackWait: number;
  /** How often a job is taken up. */
  readonly maxDeliver: number;
  /** Messages that all agents together may have in hand. */
  readonly maxAckPending: number;
  /** How long jobs and answers are kept, in ms. */
  readonly maxAge: number;
}

/** Answers are looked for among so old messages, in ms: a publisher that heard nothing asks again. */
const DUPLICATES_MS = 120_000;
const ns = (ms: number): number => Math.round(ms * 1e6);

export async function openQueue(
  connection: NatsConnection,
  names: Names,
  options: QueueOptions,
): Promise<JetStreamManager> {
  const { jetstreamManager } = await import('@nats-io/jetstream');
  try {
    const manager = await jetstreamManager(connection);
    await ensureQueue(manager, names, options);
    return manager;
  } catch (cause) {
    throw new PolicyUnavailableError(
      `cannot use JetStream at ${connection.getServer()}: ${(cause as Error).message}: ` +
        'start nats-server with -js, and let this user have streams and consumers',
      { cause },
    );
  }
}

/** Makes what is missing; what is there stays as it is. */
export async function ensureQueue(
  manager: JetStreamManager,
  names: Names,
  { ackWait, maxAckPending, maxAge }: QueueOptions,
): Promise<void> {
  const { AckPolicy, DeliverPolicy, DiscardPolicy, RetentionPolicy, StorageType } =
    await import('@nats-io/jetstream');
  const common = {
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    max_age: ns(maxAge),
    duplicate_window: ns(Math.min(DUPLICATES_MS, maxAge)),
  };
  await unlessThere(() =>
    manager.streams.add({
      ...common,
      name: names.jobs,
      subjects: [names.job('*', '*')],
      retention: RetentionPolicy.Workqueue,
    }),
  );
  await unlessThere(() =>
    manager.streams.add({
      ...common,
      name: names.answers,
      subjects: [names.answer('*', '*')],
      retention: RetentionPolicy.Limits,
    }),
  );
  await unlessThere(async () => {
    const there = await manager.consumers.info(names.jobs, names.consumer).catch(() => null);
    if (there !== null) return;
    await manager.consumers.add(names.jobs, {
      durable_name: names.consumer,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: ns(ackWait),
      // Agents count deliveries: a job that was taken up too often gets an answer, and does not just stay.
      max_deliver: -1,
      max_ack_pending: maxAckPending,
    });
  });
}

/** `stream name already in use with a different configuration`: somebody was first. */
const IN_USE = 10_058;

async function unlessThere(make: () => Promise<unknown>): Promise<void> {
  try {
    await make();
  } catch (error) {
    if ((error as { code?: unknown }).code !== IN_USE) throw error;
  }
}
