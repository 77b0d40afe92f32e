import type { Scheduler } from '../../loop/scheduler.js';
import { Opening } from '../io/opening.js';
import type { NativeLoop } from './binding.js';
import { socketError, type Endpoint } from './uv-error.js';

interface Connecting<T> {
  readonly native: NativeLoop;
  readonly id: number;
  readonly to: Endpoint;
  /** What the connection becomes. */
  readonly made: () => T;
}

/** A connection on its way; cancelling it closes the socket. */
export class ConnectFuture<T extends { close(): unknown }> extends Opening<T> {
  private readonly native: NativeLoop;
  private readonly id: number;
  private readonly to: Endpoint;
  private readonly made: () => T;

  constructor(scheduler: Scheduler, { native, id, to, made }: Connecting<T>) {
    super(scheduler, `a connection to ${to.address}:${to.port}`);
    this.native = native;
    this.id = id;
    this.to = to;
    this.made = made;
  }

  /** @internal */
  connected(): void {
    this.offer(this.made());
  }

  override cancel(message?: string): boolean {
    if (!super.cancel(message)) return false;
    this.native.closeHandle(this.id);
    return true;
  }

  /** @internal */
  errorFor(errno: number): Error {
    return socketError(errno, 'connect', this.to);
  }
}
