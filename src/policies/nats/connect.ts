/** A connection to NATS: who we are, and to which servers. The client is an optional peer dependency. */
import { readFile } from 'node:fs/promises';
import type { Authenticator, NatsConnection } from '@nats-io/transport-node';
import { PolicyUnavailableError, quote } from '../../loop/errors.js';

/** Where the servers are, and how they know us. All of it is data, so that it can cross to a thread or a process. */
export interface NatsServers {
  /** For example `nats://one.example:4222`; `nats://user:password@…` is a user. Several with commas. */
  servers: string | readonly string[];
  user?: string;
  pass?: string;
  token?: string;
  /** A file of credentials, as `nsc` writes it. */
  creds?: string;
  /** A file with the seed of an NKey. */
  nkey?: string;
  /** As of @nats-io/transport-node. With it, even empty, only TLS will do. */
  tls?: { ca?: string; caFile?: string; certFile?: string; keyFile?: string };
}

/** How soon it connects again, in ms. It never gives up by itself. */
const AGAIN_MS = 100;
const CONNECT_MS = 5000;
/** The server counts as gone after two of them without an answer. */
const PING_MS = 10_000;

export async function connectTo(to: NatsServers, name: string): Promise<NatsConnection> {
  const { connect } = await import('@nats-io/transport-node');
  const { servers, user, pass, token, tls } = withUser(to);
  const authenticator = await authenticatorOf(to);
  try {
    return await connect({
      servers,
      name,
      ...(user === undefined ? {} : { user, pass: pass ?? '' }),
      ...(token === undefined ? {} : { token }),
      ...(tls === undefined ? {} : { tls }),
      ...(authenticator === null ? {} : { authenticator }),
      timeout: CONNECT_MS,
      pingInterval: PING_MS,
      maxReconnectAttempts: -1,
      reconnectTimeWait: AGAIN_MS,
      reconnectJitter: AGAIN_MS / 2,
      noAsyncTraces: true,
    });
  } catch (cause) {
    throw new PolicyUnavailableError(
      `cannot connect to ${servers.map(withoutPassword).join(', ')}: ${(cause as Error).message}: ` +
        'look whether a nats-server with JetStream runs there (nats-server -js), and who may connect',
      { cause },
    );
  }
}

/** The client takes no user out of a URL. */
function withUser(to: NatsServers): NatsServers & { servers: string[] } {
  const list = typeof to.servers === 'string' ? to.servers.split(',') : to.servers;
  let { user, pass } = to;
  const servers = list.map((server) => {
    const [, scheme = '', name, password, rest = ''] =
      /^(\w+:\/\/)?(?:([^:@/]*)(?::([^@/]*))?@)?(.*)$/.exec(server.trim()) ?? [];
    if (name !== undefined) {
      user ??= decodeURIComponent(name);
      if (password !== undefined) pass ??= decodeURIComponent(password);
    }
    return scheme + rest;
  });
  return { ...to, servers, ...(user === undefined ? {} : { user }), ...(pass && { pass }) };
}

function withoutPassword(server: string): string {
  return quote(server.replace(/:[^:@/]*@/, ':***@'));
}

async function authenticatorOf({ creds, nkey }: NatsServers): Promise<Authenticator | null> {
  if (creds === undefined && nkey === undefined) return null;
  const { credsAuthenticator, nkeyAuthenticator } = await import('@nats-io/transport-node');
  const bytes = await readFile(creds ?? (nkey as string));
  if (creds !== undefined) return credsAuthenticator(bytes);
  return nkeyAuthenticator(new TextEncoder().encode(bytes.toString().trim()));
}
