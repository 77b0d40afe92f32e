/**
 * Asks the queue for as many messages as an agent has room for, again and again. What was asked for and has not come
 * counts as taken, so that no agent holds more than it can run soon.
 */
import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import type { Names } from './names.js';
import type { Store } from './answers.js';
import { ensureQueue, type QueueOptions } from './queue.js';

/** How long one request waits for messages, in ms. */
const PULL_MS = 5000;
/** The delay after a request that failed, in ms. */
const AGAIN_MS = 200;

export interface PullOptions {
  readonly store: Pick<Store, 'client' | 'manager'>;
  readonly names: Names;
  readonly options: QueueOptions;
  /** How many more messages the agent could hold now; 0 while it takes none. */
  readonly room: () => number;
  readonly take: (delivery: JsMsg) => void;
}

export class Pull {
  private readonly options: PullOptions;
  private readonly requests = new Set<ConsumerMessages>();
  private consumer: Consumer | null = null;
  /** Messages that were asked for and have not come. */
  private asked = 0;
  private asking = false;
  private stopped = false;

  constructor(options: PullOptions) {
    this.options = options;
  }

  async start(): Promise<void> {
    await this.find();
    this.more();
  }

  /** Asks for no more; what has been sent still comes. */
  stop(): void {
    this.stopped = true;
    for (const request of this.requests) request.stop();
  }

  /** There may be room for more. */
  more(): void {
    const room = this.options.room() - this.asked;
    if (this.asking || this.stopped || room <= 0 || this.consumer === null) return;
    this.asking = true;
    this.asked += room;
    void this.ask(this.consumer, room);
  }

  private async ask(consumer: Consumer, room: number): Promise<void> {
    let left = room;
    try {
      const request = await consumer.fetch({ max_messages: room, expires: PULL_MS });
      this.asking = false;
      this.requests.add(request);
      try {
        for await (const delivery of request) {
          left--;
          this.asked--;
          this.options.take(delivery);
        }
      } finally {
        this.requests.delete(request);
      }
    } catch {
      // The server was away, or has come back without its consumer.
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      if (!this.stopped) await this.findAgain();
    }
    this.asking = false;
    this.asked -= left;
    this.more();
  }

  private async find(): Promise<void> {
    const { store, names } = this.options;
    this.consumer = await store.client.consumers.get(names.jobs, names.consumer);
  }

  private async findAgain(): Promise<void> {
    const { store, names, options } = this.options;
    try {
      await ensureQueue(store.manager, names, options);
      await this.find();
    } catch {
      // It is still away: the next request shows it.
    }
  }
}
