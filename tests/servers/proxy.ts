import { createConnection, createServer, type Socket } from 'node:net';

export interface ProxyOptions {
  /** Cuts each connection after this many bytes from the server; a function is asked for each new connection. */
  readonly cutAfterBytes?: number | (() => number);
  /** Holds back whatever the server sends for so long. */
  readonly delayMs?: number;
  /** Address of the server; 127.0.0.1 when left out. */
  readonly targetHost?: string;
}

/** A TCP proxy in front of a real server, for faults of the network. */
export interface Proxy {
  readonly port: number;
  /** How many connections were made through it. */
  connections(): number;
  /** How many bytes of the server arrived so far. */
  bytes(): number;
  /** Destroys all present connections; new ones are still taken. */
  cut(): void;
  stop(): Promise<void>;
}

/** Starts a proxy on a free port of 127.0.0.1. */
export async function startProxy(targetPort: number, options: ProxyOptions = {}): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let bytes = 0;
  const server = createServer({ noDelay: true }, (client) => {
    connections += 1;
    const target = createConnection(targetPort, options.targetHost ?? '127.0.0.1');
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    client.on('close', () => target.destroy());
    target.on('close', () => client.end());
    for (const socket of [client, target]) socket.on('close', () => sockets.delete(socket));
    client.pipe(target);
    target.on('data', (chunk) => {
      bytes += chunk.length;
    });
    relay(target, client, options);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const address = server.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    connections: () => connections,
    bytes: () => bytes,
    cut,
    stop: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function relay(from: Socket, to: Socket, { cutAfterBytes, delayMs = 0 }: ProxyOptions): void {
  const limit = typeof cutAfterBytes === 'function' ? cutAfterBytes() : cutAfterBytes;
  let left = limit ?? Number.POSITIVE_INFINITY;
  const pass = (chunk: Buffer) => {
    if (to.destroyed) return;
    const part = chunk.subarray(0, Math.min(left, chunk.length));
    left -= part.length;
    to.write(part, () => {
      if (left === 0) to.destroy();
    });
  };
  from.on('data', (chunk) => {
    if (delayMs > 0) setTimeout(pass, delayMs, chunk);
    else pass(chunk);
  });
}
