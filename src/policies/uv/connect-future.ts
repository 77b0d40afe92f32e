import type { Stream } from '../../loop/io.js';
import type { Scheduler } from '../../loop/scheduler.js';
import { Opening } from '../io/opening.js';
import type { NativeLoop } from './binding.js';
import { socketError, type Endpoint } from './uv-error.js';

/** A connection on its way; cancelling it closes the socket. */
export class ConnectFuture extends Opening<Stream> {
  private readonly native: NativeLoop;
  private readonly id: number;
  private readonly to: Endpoint;

  constructor(scheduler: Scheduler, native: NativeLoop, id: number, to: Endpoint) {
    super(scheduler, `a connection to ${to.address}:${to.port}`);
    this.native = native;
    this.id = id;
    this.to = to;
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
