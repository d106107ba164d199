import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { BerReader } from 'ldapts';
import { takeMessage } from './messages.js';

/** Where a server listens. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** Whether it speaks TLS; the gate itself never does, or it could not read what passes. */
  readonly tls: boolean;
}

/** What is held back: a modify request, its second half, or its answer. */
export type Hold = 'request' | 'half request' | 'answer';

/** An LDAP proxy that stops all traffic at one modify request or its answer. */
export interface Gate {
  readonly url: string;
  /** Fulfilled once that request is held back: nothing passes in its direction until `release`. */
  readonly held: Promise<void>;
  /** Lets pass what was held back, also when the client is gone by now, and everything after it. */
  release(): void;
  stop(): Promise<void>;
}

/** Modify request and its response (RFC 4511 4.6). */
const MODIFY = 0x66;
const MODIFIED = 0x67;

/** Starts a gate on a free port of 127.0.0.1 that shuts at the n-th modify request, counted from 1. */
export async function startGate(target: Target, hold: Hold, nth: number): Promise<Gate> {
  const sockets = new Set<Socket>();
  let tell = () => {};
  const held = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const shut = gate(hold, nth, tell);
  const server = createServer({ noDelay: true }, async (client) => {
    const upstream = dial(target);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    // What is held back outlives the client, as on a network that is slow.
    client.on('close', () => (shut.isShut() ? undefined : upstream.destroy()));
    upstream.on('close', () => client.destroy());
    await once(upstream, target.tls ? 'secureConnect' : 'connect').catch(() => client.destroy());
    shut.relay(client, upstream, MODIFY);
    shut.relay(upstream, client, MODIFIED);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `ldap://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    held,
    release: shut.release,
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

function gate(hold: Hold, nth: number, tell: () => void) {
  const stop = hold === 'answer' ? MODIFIED : MODIFY;
  const waiting: (() => void)[] = [];
  let seen = 0;
  let state: 'open' | 'shut' | 'released' = 'open';
  const pass = (message: Buffer, to: Socket, tag: number) => {
    const write = (part: Buffer) => () => void (to.destroyed || to.write(part));
    if (state === 'shut' && tag === stop) return void waiting.push(write(message));
    if (state === 'open' && tag === stop && tagOf(message) === stop) seen += 1;
    if (state !== 'open' || seen < nth) return write(message)();
    state = 'shut';
    const half = hold === 'half request' ? message.length >> 1 : 0;
    if (half > 0) write(message.subarray(0, half))();
    waiting.push(write(message.subarray(half)));
    tell();
  };
  return {
    isShut: () => state === 'shut',
    release: () => {
      state = 'released';
      for (const send of waiting.splice(0)) send();
    },
    /** `tag` is that of the messages in this direction which are counted. */
    relay: (from: Socket, to: Socket, tag: number) => {
      let received: Buffer = Buffer.alloc(0);
      from.on('data', (chunk) => {
        received = Buffer.concat([received, chunk]);
        for (let next = takeMessage(received); next; next = takeMessage(received)) {
          received = next.rest;
          pass(next.message, to, tag);
        }
      });
    },
  };
}

function tagOf(message: Buffer): number | null {
  const reader = new BerReader(message);
  reader.readSequence();
  reader.readInt();
  return reader.peek();
}
