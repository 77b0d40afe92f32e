/** BullMQ, if it is installed: it is no dependency, so what is used of it is described here. */
interface BullJob {
  waitUntilFinished(events: BullEvents): Promise<unknown>;
}
interface Closable {
  close(): Promise<void>;
}
interface BullEvents extends Closable {
  setMaxListeners(count: number): unknown;
  waitUntilReady(): Promise<unknown>;
}
interface Options {
  readonly connection: { readonly host: string; readonly port: number };
}
interface BullMq {
  Queue: new (
    name: string,
    options: Options,
  ) => Closable & {
    add(name: string, data: unknown, options: object): Promise<BullJob>;
    setMaxListeners(count: number): unknown;
  };
  QueueEvents: new (name: string, options: Options) => BullEvents;
  Worker: new (
    name: string,
    work: (job: { readonly data: unknown }) => PromiseLike<unknown>,
    options: Options & { readonly concurrency: number },
  ) => Closable & { waitUntilReady(): Promise<unknown> };
}

export async function loadBullMq(): Promise<BullMq | null> {
  const name: string = 'bullmq';
  try {
    return (await import(name)) as BullMq;
  } catch {
    return null;
  }
}
