import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ExpectedError, type NameOf } from '../errors.js';
import { webFile } from '../web-files.js';
import { admit, type Listeners, RefusedError, readBody, send, sendJson } from './http.js';

/** What the page can ask; each answer goes back as JSON. */
export type Routes = Readonly<Record<string, (body: unknown) => Promise<unknown>>>;

/** The server of one review. */
export interface ReviewServer {
  /** With the token: whoever knows it may decide, and apply where a directory is named. */
  readonly url: string;
  close(): Promise<void>;
}

const FILES: Readonly<Record<string, string>> = {
  'review.js': 'text/javascript; charset=utf-8',
  'review.css': 'text/css; charset=utf-8',
};

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>presync review</title>
<link rel="stylesheet" href="review.css">
<script src="review.js" defer></script>
</head>
<body><noscript>The review needs JavaScript.</noscript></body>
</html>
`;

/** Serves the page on a free port of the loopback interface, to whoever has the URL. */
export async function startServer(
  routes: Routes,
  listeners: Listeners,
  nameOf: NameOf,
  onFailure: (error: unknown) => void,
): Promise<ReviewServer> {
  const token = randomBytes(24).toString('base64url');
  const server = createServer((request, response) => {
    serve(request, response, token, routes, listeners).catch((error: unknown) => {
      if (error instanceof RefusedError) {
        // What else it sends is not read.
        response.setHeader('Connection', 'close');
        sendJson(response, error.status, { message: error.message, hint: '' });
      } else if (error instanceof ExpectedError) sendJson(response, 409, error.worded(nameOf));
      else {
        sendJson(response, 500, { message: 'Unexpected failure', hint: 'See the terminal.' });
        onFailure(error);
      }
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/${token}/`,
    close: () =>
      new Promise((resolve) => {
        listeners.end();
        server.close(() => resolve());
        server.closeIdleConnections();
        // A page may hold its connection as long as it likes.
        setTimeout(() => server.closeAllConnections(), 500).unref();
      }),
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  routes: Routes,
  listeners: Listeners,
): Promise<void> {
  const path = admit(request, token);
  const type = Object.hasOwn(FILES, path) ? FILES[path] : undefined;
  if (request.method === 'GET' && path === '')
    return send(response, 200, 'text/html; charset=utf-8', PAGE);
  if (request.method === 'GET' && path === 'events') return listeners.add(response);
  if (request.method === 'GET' && type !== undefined)
    return send(response, 200, type, await webFile(path));
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (request.method !== 'POST' || !route) throw new RefusedError(404, 'not found');
  sendJson(response, 200, (await route(await readBody(request))) ?? null);
}
