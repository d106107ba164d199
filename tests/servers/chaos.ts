import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Target } from './message-proxy.js';

/** How often each fault strikes, for each piece of traffic in each direction, from 0 to 1. */
export interface Faults {
  /** Passes a part of the piece, then destroys the connection. */
  readonly cut: number;
  /** Passes a part of the piece and then nothing more in that direction, for ever. */
  readonly silence: number;
  /** Holds the piece, and all that follows it, for up to `delayMs`. */
  readonly delay: number;
  readonly delayMs: number;
}

/** A proxy for bad days: what was sent may be cut, truncated, late, and late even after the sender is gone. */
export interface Chaos {
  readonly url: string;
  /** How often each fault struck, and how many connections were made. */
  readonly counts: Readonly<Record<'connections' | 'cut' | 'silence' | 'delay', number>>;
  /** Destroys all connections once nothing is on its way any more. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a proxy whose faults follow `random`, numbers from 0 to 1. */
export async function startChaos(
  { host, port }: Target,
  faults: Faults,
  random: () => number,
): Promise<Chaos> {
  const counts = { connections: 0, cut: 0, silence: 0, delay: 0 };
  const sockets = new Set<Socket>();
  const flows = new Set<Promise<void>>();
  const server = createServer({ noDelay: true }, (client) => {
    counts.connections += 1;
    const upstream = createConnection({ host, port, noDelay: true });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    const track = (flow: Promise<void>) => {
      flows.add(flow);
      void flow.finally(() => flows.delete(flow));
    };
    track(relay(client, upstream, { faults, random, counts }));
    track(relay(upstream, client, { faults, random, counts }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const destroy = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `ldap://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    counts,
    settle: async () => {
      while (flows.size > 0) {
        await Promise.race([Promise.all(flows), setTimeout(faults.delayMs * 2).then(destroy)]);
      }
      // The server answers what reached it last before it is looked at.
      await setTimeout(30);
    },
    stop: () => {
      destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface Weather {
  readonly faults: Faults;
  readonly random: () => number;
  readonly counts: Record<'cut' | 'silence' | 'delay', number>;
}

/** Passes what comes in, piece after piece, until one end is gone and everything has been delivered. */
async function relay(from: Socket, to: Socket, { faults, random, counts }: Weather): Promise<void> {
  let isSilent = false;
  try {
    for await (const piece of from as AsyncIterable<Buffer>) {
      const part = piece.subarray(0, Math.floor(random() * piece.length));
      const fault = pick(random(), faults);
      if (fault && !isSilent) counts[fault] += 1;
      if (fault === 'delay') await setTimeout(random() * faults.delayMs);
      if (isSilent) continue;
      if (fault === 'cut' || fault === 'silence') await send(to, part);
      else await send(to, piece);
      if (fault === 'cut') from.destroy();
      isSilent = fault === 'silence';
    }
  } catch {
    // A connection that was reset: its other half ends as well.
  }
  to.destroy();
}

function pick(
  number: number,
  { cut, silence, delay }: Faults,
): 'cut' | 'silence' | 'delay' | undefined {
  if (number < cut) return 'cut';
  if (number < cut + silence) return 'silence';
  return number < cut + silence + delay ? 'delay' : undefined;
}

function send(to: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (to.destroyed) resolve();
    else to.write(bytes, () => resolve());
  });
}
