import { createServer, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { inWindowsForm } from './elements.js';
import {
  type Attributes,
  BASE,
  changeEntry,
  findEntry,
  makeEntry,
  makeRootDse,
  type Stored,
  selectAttributes,
  valuesOf,
} from './faulty-entries.js';
import {
  type LoggedRequest,
  type Received,
  readRequest,
  takeMessage,
  writeEntry,
  writeReference,
  writeResult,
} from './messages.js';

export type { Attributes } from './faulty-entries.js';
export type { LoggedChange, LoggedRequest } from './messages.js';

/** How it writes lengths: as domain controllers do, or as short as may be. */
export type Form = 'as Windows' | 'short';

/** What the server does wrong; with nothing given it behaves. Counts of entries run over all pages. */
export interface Behaviour {
  /** As Windows when left out: what it plays is a domain controller. */
  readonly form?: Form;
  /** How many entries it holds; 10 when left out. */
  readonly entries?: number;
  /** Attributes that replace or add to those made up for the entry of this index. */
  readonly attributes?: (index: number) => Attributes;
  /** Attributes that replace or add to those of the root DSE. */
  readonly rootDse?: Attributes;
  /** The most entries that it puts on a page, whatever was asked for. */
  readonly pageSize?: number;
  /** The page after this many entries is empty and still has a cookie. */
  readonly emptyPageAfter?: number;
  /** Destroys the connection after this many entries, in the middle of the next entry's message. */
  readonly dropAfter?: number;
  /** Ends the search with this result code after so many entries. */
  readonly result?: { readonly code: number; readonly after: number };
  /** Falls silent for ever after this many entries, and keeps the connection. */
  readonly hangAfter?: number;
  /** Result code instead of further values of an attribute. */
  readonly moreValues?: number;
  /** How many times `dropAfter`, `hangAfter`, `result` and `moreValues` strike; always when left out. */
  readonly times?: number;
  /** Milliseconds before each entry. */
  readonly pauseMs?: number;
  /** What becomes of a cookie: refused so many times when it comes again, or taken without getting on. */
  readonly cookies?:
    | { readonly refusedWith: number; readonly times: number }
    | ('same page' | 'first page' | 'second page' | 'empty page');
  /** Does as if the paging control were not there. */
  readonly ignoresPaging?: boolean;
  /** Finds what lies below the root of the tree, as a global catalog does; a directory has nothing there. */
  readonly globalCatalog?: boolean;
  /** Base of the searches that it never answers. */
  readonly silentAt?: string;
  /** Operations that it never answers. */
  readonly silent?: readonly LoggedRequest['op'][];
  /** References that it sends after the first entry of each page. */
  readonly references?: readonly string[];
  /** The most values of an attribute that it gives at once, the rest in ranges (MS-ADTS 3.1.1.3.1.3.3). */
  readonly rangeStep?: number;
  /** Result code of binds. */
  readonly bind?: number;
  /** What becomes of a modify: its result code, whether it takes effect, whether the client is told. */
  readonly modify?: {
    readonly code?: number;
    /** As the code says when left out. */
    readonly effect?: boolean;
    /** False destroys the connection instead of answering. */
    readonly answer?: boolean;
  };
  /** What it sends in place of a message, which comes in its form. */
  readonly says?: (message: Buffer, request: Received) => Buffer | readonly Buffer[];
  /** Asked behind each message whether it ends the connection there. */
  readonly endsNow?: () => boolean;
}

export interface FaultyServer {
  readonly url: string;
  readonly port: number;
  readonly baseDn: string;
  /** Everything asked so far, in order. */
  readonly requests: readonly LoggedRequest[];
  /** Fulfilled once a search was dropped, left without its end, or ended with `result`. */
  readonly struck: Promise<void>;
  /** The values of an attribute as they are now, after modify requests. */
  values(index: number, attribute: string): readonly string[];
  stop(): Promise<void>;
}

/** Starts an LDAP server that fails in the way asked for, on a free port of 127.0.0.1. */
export async function startFaultyServer(behaviour: Behaviour = {}): Promise<FaultyServer> {
  const entries = Array.from({ length: behaviour.entries ?? 10 }, (_, index) =>
    makeEntry(index, behaviour.attributes?.(index)),
  );
  const requests: Received[] = [];
  let tell = () => {};
  const struck = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const faults = { left: behaviour.times ?? Number.POSITIVE_INFINITY, tell };
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    let received: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      for (let next = takeMessage(received); next; next = takeMessage(received)) {
        received = next.rest;
        const request = readRequest(next.message);
        requests.push(request);
        const send = (message: Buffer) => {
          const formed = inForm(message, behaviour);
          const said = behaviour.says?.(formed, request) ?? formed;
          socket.write(Buffer.isBuffer(said) ? said : Buffer.concat(said));
          if (behaviour.endsNow?.()) socket.end();
        };
        void answer(request, { behaviour, entries, requests, faults, socket, send });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return {
    url: `ldap://127.0.0.1:${port}`,
    port,
    baseDn: BASE,
    requests,
    struck,
    values: (index, attribute) =>
      valuesOf(entries[index], attribute).map((value) => value.toString('utf8')),
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function inForm(message: Buffer, { form }: Behaviour): Buffer {
  return form === 'short' ? message : inWindowsForm(message);
}

interface Conversation {
  readonly behaviour: Behaviour;
  readonly entries: readonly Stored[];
  readonly requests: readonly Received[];
  readonly faults: { left: number; readonly tell: () => void };
  readonly socket: Socket;
  readonly send: (message: Buffer) => void;
}

async function answer(request: Received, talk: Conversation): Promise<void> {
  const { behaviour, socket, send } = talk;
  if (request.op === 'unbind') socket.end();
  if (request.op === 'unbind' || request.op === 'abandon') return;
  if (behaviour.silent?.includes(request.op)) return;
  if (request.op === 'bind') send(writeResult(request, behaviour.bind ?? 0));
  else if (request.op === 'modify') answerModify(request, talk);
  else if (request.op === 'search') await answerSearch(request, talk);
  else send(writeResult(request, 2, 'not understood'));
}

function answerModify(request: Received, { behaviour, entries, socket, send }: Conversation): void {
  const { code = 0, effect = code === 0, answer = true } = behaviour.modify ?? {};
  const entry = findEntry(entries, request.dn);
  if (entry && effect) for (const change of request.changes ?? []) changeEntry(entry, change);
  if (answer) send(writeResult(request, entry ? code : 32));
  else socket.destroy();
}

async function answerSearch(request: Received, talk: Conversation): Promise<void> {
  const { behaviour, entries, faults, send } = talk;
  if (request.dn === behaviour.silentAt) return faults.tell();
  if (request.scope !== 'base' && request.dn === '' && behaviour.globalCatalog !== true)
    return send(writeResult(request, 32, 'empty base DN'));
  if (request.scope !== 'base') {
    const { pageSize: _, cookie: __, ...unpaged } = request;
    await answerPage(behaviour.ignoresPaging ? unpaged : request, talk);
    return;
  }
  const isRange = request.attributes?.some((name) => name.includes(';range=')) === true;
  if (isRange && behaviour.moreValues !== undefined && faults.left > 0) {
    faults.left -= 1;
    send(writeResult(request, behaviour.moreValues, 'as the test asked'));
    return;
  }
  const rootDse = request.dn === '' ? makeRootDse(behaviour.rootDse) : undefined;
  const entry = rootDse ?? findEntry(entries, request.dn);
  if (entry) send(entryMessage(request, entry, behaviour));
  send(writeResult(request, entry ? 0 : 32));
}

function entryMessage(request: Received, entry: Stored, { rangeStep }: Behaviour): Buffer {
  return writeEntry(request, entry.dn, selectAttributes(entry, request.attributes, rangeStep));
}

/** Cookies are the index of the next entry, with an `e` when the empty page has been given. */
async function answerPage(request: Received, talk: Conversation): Promise<void> {
  const { behaviour, entries, send } = talk;
  const { cookies } = behaviour;
  const uses = talk.requests.filter(({ cookie }) => cookie && cookie === request.cookie).length;
  if (typeof cookies === 'object' && uses > 1 && uses <= 1 + cookies.times) {
    send(writeResult(request, cookies.refusedWith, 'the cookie is old'));
    return;
  }
  if (cookies === 'empty page' && request.cookie) {
    send(writeResult(request, 0, '', request.cookie));
    return;
  }
  const start = cookies === 'first page' ? 0 : Number.parseInt(request.cookie || '0', 10);
  const { emptyPageAfter = -1, pageSize = entries.length } = behaviour;
  if (start === emptyPageAfter && !request.cookie?.endsWith('e')) {
    send(writeResult(request, 0, '', `${start}e`));
    return;
  }
  const size = Math.min(request.pageSize || entries.length, pageSize);
  const stop = emptyPageAfter > start ? emptyPageAfter : entries.length;
  const end = Math.min(start + size, stop, entries.length);
  if ((await sendEntries(request, start, end, talk)) === 'failed') return;
  const emptyPageNext = end === emptyPageAfter && end > start;
  const following = followingPage(cookies, start, end, entries.length);
  const more = following < entries.length || emptyPageNext ? String(following) : '';
  send(writeResult(request, 0, '', request.pageSize === undefined ? undefined : more));
}

/** Where the next page starts. */
function followingPage(cookies: Behaviour['cookies'], start: number, end: number, last: number) {
  if (cookies === 'same page' && start > 0) return start;
  return cookies === 'second page' && end === last ? last / 3 : end;
}

async function sendEntries(
  request: Received,
  start: number,
  end: number,
  talk: Conversation,
): Promise<'sent' | 'failed'> {
  const { behaviour, entries, faults, socket, send } = talk;
  const { dropAfter, hangAfter, result, pauseMs } = behaviour;
  for (let index = start; index <= end; index += 1) {
    const entry = entries[index];
    const message = entry ? entryMessage(request, entry, behaviour) : Buffer.alloc(0);
    if (faults.left > 0 && [dropAfter, hangAfter, result?.after].includes(index)) {
      faults.left -= 1;
      faults.tell();
      const whole = inForm(message, behaviour);
      if (index === dropAfter)
        socket.write(whole.subarray(0, whole.length / 2), () => socket.destroy());
      else if (result) send(writeResult(request, result.code, 'as the test asked'));
      return 'failed';
    }
    if (pauseMs !== undefined) await setTimeout(pauseMs);
    if (index < end) send(message);
    if (index > start) continue;
    for (const url of behaviour.references ?? []) send(writeReference(request, url));
  }
  return 'sent';
}
