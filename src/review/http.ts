import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** More than a page of ours ever sends: a million rows of a sheet, each by its number. */
const MAX_BODY = 8 * 1024 * 1024;

/** The page runs nothing but its own script, is framed by nobody, and leaves no copy. */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

/** A request that is not from our page, or that no page of ours would send. */
export class RefusedError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'RefusedError';
    this.status = status;
  }
}

/** Names of this machine by which it speaks to itself; the port is another one behind a forwarding. */
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * The path below the token. Throws RefusedError on a foreign Host (a name that an attacker made point here), a foreign
 * Origin (another page that sends requests here), and on whoever does not know the token.
 */
export function admit({ url = '/', method, headers }: IncomingMessage, token: string): string {
  const { host = '', origin } = headers;
  if (!LOOPBACK.test(host)) throw new RefusedError(403, 'foreign Host');
  if (origin !== undefined && origin !== `http://${host}`)
    throw new RefusedError(403, 'foreign Origin');
  const [, given = '', path] = /^\/([^/?]*)\/([^?]*)$/.exec(url) ?? [];
  if (path === undefined || !isSame(given, token)) throw new RefusedError(404, 'not found');
  if (method === 'POST' && !/^application\/json\b/.test(headers['content-type'] ?? ''))
    throw new RefusedError(415, 'JSON only');
  return path;
}

/** Takes as long for a nearly right token as for a wrong one. */
function isSame(given: string, token: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(token));
}

/** Reads the JSON of a request. Throws RefusedError where it is none, too much, or breaks off. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const text = await readText(request);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new RefusedError(400, 'no JSON');
  }
}

/** The body as text; reads no further where it becomes too much, be it announced or not. */
async function readText(request: IncomingMessage): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY) throw tooMuch();
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY) return void chunks.push(chunk);
      request.pause();
      reject(tooMuch());
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    // A page that was closed, or a connection that broke: nobody is left to be answered.
    request.on('error', () => reject(new RefusedError(400, 'the request broke off')));
  });
}

function tooMuch(): RefusedError {
  return new RefusedError(413, `more than ${MAX_BODY / 2 ** 20} MB`);
}

export function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Uint8Array,
): void {
  response.writeHead(status, { ...HEADERS, 'Content-Type': type });
  response.end(body);
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(body));
}

/** Pages that listen to what the server tells unasked (server-sent events). */
export class Listeners {
  readonly #open = new Set<ServerResponse>();

  add(response: ServerResponse): void {
    response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream' });
    response.write(': hello\n\n');
    this.#open.add(response);
    response.on('close', () => this.#open.delete(response));
  }

  tell(event: unknown): void {
    for (const response of this.#open) response.write(`data: ${JSON.stringify(event)}\n\n`);
  }

  end(): void {
    for (const response of this.#open) response.end();
  }
}
