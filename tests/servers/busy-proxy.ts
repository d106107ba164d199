import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Target } from './gate.js';
import { readRequest, takeMessage, writeResult } from './messages.js';

/** Answers the first modify request itself with a result code, after `meddle`; `pass`: forwards it too, hiding its answer. */
export async function startBusy(
  target: Target,
  code: number,
  meddle: () => Promise<void>,
  pass = false,
) {
  let done = false;
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, async (client) => {
    const upstream: Socket = target.tls
      ? connectTls({ host: target.host, port: target.port, rejectUnauthorized: false })
      : createConnection({ host: target.host, port: target.port, noDelay: true });
    for (const s of [client, upstream]) {
      sockets.add(s);
      s.on('error', () => {});
    }
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    const hidden = new Set<number>();
    let up: Buffer = Buffer.alloc(0);
    let down: Buffer = Buffer.alloc(0);
    client.on('data', async (chunk: Buffer) => {
      up = Buffer.concat([up, chunk]);
      for (let next = takeMessage(up); next; next = takeMessage(up)) {
        up = next.rest;
        const request = readRequest(next.message);
        if (request.op === 'modify' && !done) {
          done = true;
          if (pass) {
            hidden.add(request.id);
            upstream.write(next.message);
            await new Promise((r) => setTimeout(r, 200));
          }
          await meddle();
          client.write(writeResult(request, code, 'test'));
        } else upstream.write(next.message);
      }
    });
    upstream.on('data', (chunk: Buffer) => {
      down = Buffer.concat([down, chunk]);
      for (let next = takeMessage(down); next; next = takeMessage(down)) {
        down = next.rest;
        if (!hidden.has(readRequest(next.message).id)) client.write(next.message);
      }
    });
    await once(upstream, target.tls ? 'secureConnect' : 'connect').catch(() => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `ldap://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    stop: () => {
      for (const s of sockets) s.destroy();
      return new Promise<void>((r) => server.close(() => r()));
    },
  };
}
