/**
 * The thread that has a submitting loop's connection to NATS. It sends messages of jobs until they are stored, and
 * brings the answers. It is a thread of its own for two reasons: a loop that computes does not miss the server's signs
 * of life, and the client's socket and timers do not keep the loop's own host alive when there is nothing to do.
 *
 *   loop ══ port ══ courier ──publish, again until stored──▶ Q-jobs
 *                           ◀──ordered consumer───────────── Q-answers: after a break it goes on where it was
 */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import {
  DeliverPolicy,
  JetStreamApiError,
  jetstream,
  type JetStreamManager,
} from '@nats-io/jetstream';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { connectTo } from './connect.js';
import * as wire from './courier-protocol.js';
import { Names } from './names.js';
import { openQueue } from './queue.js';
import { readHere } from './wire.js';

/** How long the server may take to confirm, and the pause before it is asked again, in ms. */
const CONFIRM_MS = 2000;
const AGAIN_MS = 50;
/** How soon a consumer that vanished with its server is made again, in ms: the client takes at least a second. */
const RENEW_MS = 1000;
/** Answers that were read longer ago than this, in ms, are removed from the store. Until then they refuse late ones. */
const KEEP_MS = 30_000;
/** An agent says every 2 s that it lives. */
const SILENT_MS = 5000;
/** JetStream says so while it starts. */
const NOT_YET = 503;
const NO_ROOM = new Set([10_023, 10_028, 10_047, 10_077]);

const port = parentPort as MessagePort;
const { servers, queue, submitter, options } = workerData as wire.CourierSetup;
const names = new Names(queue);
const say = (message: wire.FromCourier): void => port.postMessage(message);
let closing = false;

const { connection, manager } = await opened();
const client = jetstream(connection);
await bringAnswers();
bringNotes();
knowAgents();
void tellReconnects(connection);
port.on('message', (message: wire.ToCourier) => {
  if (message[0] === wire.Send) void send(message[1], message[2]);
  else if (message[0] === wire.Cancel) connection.publish(names.cancel, message[1]);
  else void close(manager);
});
say([wire.Ready, connection.info?.max_payload ?? 0]);

async function opened(): Promise<{ connection: NatsConnection; manager: JetStreamManager }> {
  try {
    const to = await connectTo(servers, `loopdyno submitter ${submitter}`);
    return { connection: to, manager: await openQueue(to, names, options) };
  } catch (error) {
    say([wire.Refused, (error as Error).message]);
    process.exit(0); // of this thread
  }
}

/** Its name is its idempotency key: the server stores it once, however often it is sent. */
async function send(message: string, bytes: Uint8Array): Promise<void> {
  const subject = names.job(submitter, message);
  while (!closing) {
    try {
      await client.publish(subject, bytes, {
        msgID: `${submitter}.${message}`,
        timeout: CONFIRM_MS,
      });
      return;
    } catch (error) {
      if (error instanceof JetStreamApiError) {
        if (error.status !== NOT_YET || NO_ROOM.has(error.code)) {
          return say([wire.Unsent, message, error.message]);
        }
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

async function bringAnswers(): Promise<void> {
  const consumer = await client.consumers.get(names.answers, {
    filter_subjects: names.answer(submitter, '*'),
    deliver_policy: DeliverPolicy.All,
  });
  let read = 0;
  let old = 0;
  await consumer.consume({
    expires: 2 * RENEW_MS,
    idle_heartbeat: RENEW_MS,
    callback(message) {
      read = message.seq;
      say([wire.Answered, message.data]);
    },
  });
  setInterval(() => {
    if (old > 0) void forgetAnswers(old);
    old = read;
  }, KEEP_MS).unref();
}

async function forgetAnswers(before?: number): Promise<void> {
  const filter = names.answer(submitter, '*');
  const which = before === undefined ? { filter } : { filter, seq: before };
  await manager.streams.purge(names.answers, which).catch(() => {}); // age will remove them
}

function bringNotes(): void {
  const callback = (error: Error | null, message: Msg): void => {
    if (error === null) say([wire.Noted, message.data]);
    else say([wire.Trouble, error.message]);
  };
  connection.subscribe(names.notes(submitter), { callback });
}

/** Counts the slots of the agents that live. */
function knowAgents(): void {
  const agents = new Map<string, { slots: number; seen: number }>();
  let known = 0;
  const count = (): void => {
    let slots = 0;
    for (const [agent, each] of agents) {
      if (performance.now() - each.seen > SILENT_MS) agents.delete(agent);
      else slots += each.slots;
    }
    if (slots !== known) say([wire.Slots, slots]);
    known = slots;
  };
  const callback = (error: Error | null, message: Msg): void => {
    if (error !== null) return say([wire.Trouble, error.message]);
    try {
      const { agent, slots } = readHere(message.data);
      agents.set(agent, { slots, seen: performance.now() });
      count();
    } catch (cause) {
      say([wire.Trouble, (cause as Error).message]);
    }
  };
  connection.subscribe(names.here, { callback });
  connection.publish(names.hello);
  setInterval(count, SILENT_MS / 2).unref();
}

async function tellReconnects(of: NatsConnection): Promise<void> {
  for await (const { type } of of.status()) {
    if (type === 'reconnect') say([wire.Reconnected]);
  }
}

/** Nobody waits for what is left: it is taken out of the store. */
async function close(of: JetStreamManager): Promise<void> {
  closing = true;
  const filter = names.job(submitter, '*');
  await of.streams.purge(names.jobs, { filter }).catch(() => {});
  await forgetAnswers();
  await connection.close();
  port.close();
}
