import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { takeMessage } from './messages.js';

/** Where a server listens. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** Whether it speaks TLS; the proxy itself never does, or it could not read what passes. */
  readonly tls: boolean;
}

/** What becomes of the messages of one connection. */
export interface Conversation {
  /** A message of the client. */
  request(message: Buffer, client: Socket, upstream: Socket): unknown;
  /** A message of the server. */
  answer(message: Buffer, client: Socket, upstream: Socket): unknown;
  /** Whether the connection to the server stays when the client is gone. */
  outlivesClient?(): boolean;
}

export interface MessageProxy {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts an LDAP proxy on a free port of 127.0.0.1 that hands over whole messages. */
export async function startMessageProxy(
  target: Target,
  converse: () => Conversation,
): Promise<MessageProxy> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, async (client) => {
    const { request, answer, outlivesClient = () => false } = converse();
    const upstream = dial(target);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('close', () => (outlivesClient() ? undefined : upstream.destroy()));
    upstream.on('close', () => client.destroy());
    await once(upstream, target.tls ? 'secureConnect' : 'connect').catch(() => client.destroy());
    onMessages(client, (message) => request(message, client, upstream));
    onMessages(upstream, (message) => answer(message, client, upstream));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `ldap://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function dial({ host, port, tls }: Target): Socket {
  return tls
    ? connectTls({ host, port, rejectUnauthorized: false })
    : createConnection({ host, port, noDelay: true });
}

function onMessages(from: Socket, take: (message: Buffer) => unknown): void {
  let received: Buffer = Buffer.alloc(0);
  from.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    for (let next = takeMessage(received); next; next = takeMessage(received)) {
      received = next.rest;
      take(next.message);
    }
  });
}
