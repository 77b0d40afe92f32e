import { isIP } from 'node:net';
import { InvalidArgumentError, quote } from '../../loop/errors.js';
import type { Address, ListenOptions } from '../../loop/io.js';

/** The address in full. Names other than `localhost` are not resolved here. */
export function checkAddress(address: Address, verb: string): Required<Address> {
  const { host = '127.0.0.1', port } = (address ?? {}) as Address;
  if (!Number.isInteger(port) || port < 0 || port > 0xffff) {
    throw new InvalidArgumentError(
      `${verb}() takes a port from 0 to 65535, but got ${quote(port)}: give it { port }`,
    );
  }
  if (host === 'localhost') return { host: '127.0.0.1', port };
  if (isIP(host) === 0) {
    throw new InvalidArgumentError(
      `${verb}() takes an IP address or localhost, but got ${quote(host)}: resolve names with node:dns`,
    );
  }
  return { host, port };
}

const BACKLOG = 511;

/** How many connections may wait to be accepted. */
export function checkBacklog({ backlog = BACKLOG }: ListenOptions): number {
  if (Number.isInteger(backlog) && backlog >= 0 && backlog <= 0x7fffffff) return backlog;
  throw new InvalidArgumentError(
    `listen() takes a backlog, a whole number from 0, but got ${quote(backlog)}`,
  );
}
