import type { Scheduler } from '../../loop/scheduler.js';
import { InvalidArgumentError, quote } from '../../loop/errors.js';
import type { Transport } from '../../loop/protocol.js';

/** What a protocol throws is told, and its connection closed. */
export function protocolFailed(scheduler: Scheduler, transport: Transport, error: unknown): void {
  const { host, port } = transport.remote;
  scheduler.onError(error, `the protocol of the connection ${host}:${port} failed`);
  transport.close();
}

export function requireProtocol(protocol: unknown): void {
  const given = protocol as { dataReceived?: unknown } | null | undefined;
  if (typeof given?.dataReceived === 'function') return;
  throw new InvalidArgumentError(
    `a connection takes a protocol, { dataReceived(bytes) { … } }, but got ${quote(protocol)}`,
  );
}

export function requireFactory(factory: unknown): void {
  if (typeof factory === 'function') return;
  throw new InvalidArgumentError(
    `listenProtocol() takes a function that makes a protocol, () => ({ … }), but got ${quote(factory)}`,
  );
}
