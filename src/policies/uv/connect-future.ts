import { Future } from '../../loop/future.js';
import type { Stream } from '../../loop/io.js';
import type { Scheduler } from '../../loop/scheduler.js';
import type { NativeLoop } from './binding.js';
import { socketError, type Endpoint } from './uv-error.js';

/** A connection on its way; cancelling it closes the socket. */
export class ConnectFuture extends Future<Stream> {
  private readonly native: NativeLoop;
  private readonly id: number;
  private readonly to: Endpoint;

  constructor(scheduler: Scheduler, native: NativeLoop, id: number, to: Endpoint) {
    super(scheduler);
    this.native = native;
    this.id = id;
    this.to = to;
  }

  override cancel(message?: string): boolean {
    if (!super.cancel(message)) return false;
    this.native.closeHandle(this.id);
    return true;
  }

  override label(): string {
    return `a connection to ${this.to.address}:${this.to.port}`;
  }

  /** @internal */
  errorFor(errno: number): Error {
    return socketError(errno, 'connect', this.to);
  }
}
