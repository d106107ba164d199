import type { Socket } from 'node:net';
import {
  Attribute,
  BerReader,
  BindRequest,
  Change,
  Client,
  type Control,
  ExtendedRequest,
  type Filter,
  InvalidAsn1Error,
  MessageParser,
  ModifyRequest,
  PagedResultsControl,
  type SearchReference,
  SearchRequest,
} from 'ldapts';
import type { Entry, Value } from '../model.js';
import { encodeValue } from './attributes.js';
import { MalformedMessageError, messageReader } from './messages.js';
import type { Answer } from './result-codes.js';

/** Simple paged results (RFC 2696). */
export const PAGED_RESULTS: string = PagedResultsControl.type;

/** One search request (RFC 4511 4.5.1). */
export interface Search {
  readonly base: string;
  readonly scope: 'base' | 'one' | 'sub';
  readonly filter: Filter;
  readonly attributes: readonly string[];
  /** The page asked for; without it the server answers with everything. */
  readonly page?: { readonly size: number; readonly cookie: Buffer } | undefined;
}

/** One modification of a modify request (RFC 4511 4.6). */
export interface Modification {
  readonly operation: 'add' | 'delete' | 'replace';
  readonly attribute: string;
  readonly values: readonly Value[];
}

/** How a request ended: the server's answer, or else why there will be none. */
export type Ending =
  | { readonly answer: Answer; readonly lost?: undefined }
  | { readonly answer?: undefined; readonly lost: string };

/** How a search request ended, and what came until then. */
export interface Found {
  readonly ending: Ending;
  readonly entries: readonly Entry[];
  readonly references: readonly string[];
  /** Where the next page starts; empty after the last one. */
  readonly cookie: Buffer;
}

interface Response extends Answer {
  readonly controls?: readonly Control[];
}

type Request = BindRequest | SearchRequest | ModifyRequest;

interface Pending {
  readonly searchReferences?: readonly SearchReference[];
}

/**
 * The part of ldapts' inside that presync stands on; package.json pins the version for it.
 * The public methods of Client reconnect silently and without logging on, hide the paging cookie,
 * end a search at the first empty page, and lose what came before a failure.
 */
interface Inside {
  readonly messageParser: {
    on(event: 'error', listener: () => void): unknown;
    read(data: Buffer, pending: ReadonlyMap<string, Pending>): void;
  };
  readonly messageDetailsByMessageId: ReadonlyMap<string, Pending>;
  _connect(): Promise<void> | void;
  _nextMessageId(): number;
  _send(message: Request): Promise<Response | undefined>;
}

/**
 * Inside a message a length must neither be negative nor reach beyond its end. ldapts takes such a value for one that
 * is still to come, which it then awaits for ever in a loop. The length of the message itself may reach beyond what
 * has arrived; it alone is read at the very start.
 */
const { readLength } = BerReader.prototype;
BerReader.prototype.readLength = function (startOffset) {
  const start = readLength.call(this, startOffset);
  const rest = this.offset + this.remain - (start ?? 0);
  const isCut = start === null || this.length > rest;
  if (this.length < 0 || (isCut && this.offset > 0)) {
    throw new InvalidAsn1Error('A length reaches beyond its message');
  }
  return start;
};

const GOODBYE_MS = 500;

/** LDAP messages over one established socket: sends a request, waits for its end. Never reconnects. */
export class Wire {
  readonly #socket: Socket;
  readonly #client: Client;
  readonly #inside: Inside;
  readonly #timeoutMs: number;
  /** Entries that came so far, by the number of the request. */
  readonly #arriving = new Map<number, Entry[]>();
  #cause = '';
  #unanswered = 0;

  /** Takes over the socket. `timeoutMs` is how long the server may be silent while it owes an answer. */
  constructor(socket: Socket, timeoutMs: number) {
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
    this.#client = new Client({
      url: 'ldap://socket',
      createConnection: () => socket,
    });
    this.#inside = this.#client as unknown as Inside;
  }

  /** Begins to listen. */
  async open(): Promise<void> {
    await this.#inside._connect();
    this.#socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#cause ||= error.code ?? 'network error';
    });
    // ldapts would count from the request on, however much of the answer keeps coming.
    this.#socket.on('timeout', () => {
      this.#cause ||= `the server was silent for ${this.#timeoutMs / 1000} s`;
      this.#socket.destroy();
    });
    const { messageParser, messageDetailsByMessageId } = this.#inside;
    const refuse = () => {
      this.#cause ||= 'the server sent something that is no LDAP message';
      this.#socket.destroy();
    };
    // ldapts drops what it had received after a message that it cannot read, and goes on.
    messageParser.on('error', refuse);
    const readOther = messageParser.read.bind(messageParser);
    const read = messageReader({
      onEntry: (messageId, entry) => this.#arriving.get(messageId)?.push(entry),
      onOther: (message) => readOther(message, messageDetailsByMessageId),
    });
    messageParser.read = (data) => {
      try {
        read(data);
      } catch (error) {
        if (!(error instanceof MalformedMessageError)) throw error;
        refuse();
      }
    };
  }

  /** Whether nothing can be sent any more. */
  get down(): boolean {
    return this.#socket.destroyed || !this.#socket.writable;
  }

  /** Logs on with a name and a password (simple bind). */
  bind(name: string, password: string): Promise<Ending> {
    const messageId = this.#inside._nextMessageId();
    return this.#send(new BindRequest({ messageId, dn: name, password })).ending;
  }

  /** Changes one entry; all modifications or none. */
  modify(dn: string, modifications: readonly Modification[]): Promise<Ending> {
    const changes = modifications.map(
      ({ operation, attribute, values }) =>
        new Change({
          operation,
          modification: new Attribute({
            type: attribute,
            values: values.map((value) => Buffer.from(encodeValue(value))),
          }),
        }),
    );
    const messageId = this.#inside._nextMessageId();
    return this.#send(new ModifyRequest({ messageId, dn, changes })).ending;
  }

  /** Carries out one search request. */
  async search({ base, scope, filter, attributes, page }: Search): Promise<Found> {
    const messageId = this.#inside._nextMessageId();
    const request = new SearchRequest({
      messageId,
      baseDN: base,
      scope,
      filter,
      attributes: [...attributes],
      // The server's own limit decides: ldapts would ask for 10 s.
      timeLimit: 0,
      ...(page ? { controls: [new PagedResultsControl({ critical: true, value: page })] } : {}),
    });
    const entries: Entry[] = [];
    this.#arriving.set(messageId, entries);
    const { ending, pending } = this.#send(request);
    const end = await ending;
    this.#arriving.delete(messageId);
    return {
      ending: end,
      entries,
      references: (pending?.searchReferences ?? []).flatMap(({ uris }) => uris),
      cookie: end.answer ? cookieOf(end.answer) : Buffer.alloc(0),
    };
  }

  /** Says good-bye (unbind) and closes the socket. */
  async close(): Promise<void> {
    this.#cause ||= 'it was closed';
    try {
      // Nobody waits for a server that does not even take the good-bye.
      this.#socket.setTimeout(GOODBYE_MS);
      if (!this.down) await this.#client.unbind();
    } catch {
      // A connection that cannot be closed politely is closed all the same.
    } finally {
      this.#socket.destroy();
    }
  }

  #send(request: Request): { ending: Promise<Ending>; pending: Pending | undefined } {
    if (this.down) return { ending: Promise.resolve({ lost: this.#why() }), pending: undefined };
    this.#gather();
    const sent = this.#inside._send(request);
    this.#unanswered += 1;
    this.#socket.setTimeout(this.#timeoutMs);
    // What has come for the request so far: ldapts forgets it when the connection is lost.
    const pending = this.#inside.messageDetailsByMessageId.get(String(request.messageId));
    const ending = sent
      .then(
        (answer): Ending => (answer ? { answer } : { lost: this.#why() }),
        (): Ending => ({ lost: this.#why() }),
      )
      .finally(() => {
        this.#unanswered -= 1;
        if (this.#unanswered === 0) this.#socket.setTimeout(0);
      });
    return { ending, pending };
  }

  /** Requests made at the same moment leave in one piece: to hand each to the network costs more than to make it. */
  #gather(): void {
    if (this.#socket.writableCorked > 0) return;
    this.#socket.cork();
    setImmediate(() => this.#socket.uncork());
  }

  #why(): string {
    return this.#cause || 'the server closed the connection';
  }
}

function cookieOf({ controls }: Response): Buffer {
  const paged = controls?.find((control) => control instanceof PagedResultsControl);
  return paged?.value?.cookie ?? Buffer.alloc(0);
}

/** Asks for TLS on a fresh socket (RFC 4511 4.14); what is read here never reaches the LDAP session. */
export async function requestStartTls(socket: Socket, signal: AbortSignal): Promise<Answer> {
  const parser = new MessageParser();
  const read = (data: Buffer) => parser.read(data, new Map());
  const listening = new AbortController();
  try {
    return await new Promise<Answer>((resolve, reject) => {
      const fail = () => reject(Object.assign(new Error('no answer'), { code: 'ECONNRESET' }));
      signal.addEventListener('abort', fail, { signal: listening.signal });
      parser.on('message', resolve);
      parser.on('error', fail);
      socket.once('error', reject).once('close', fail).on('data', read);
      socket.write(new ExtendedRequest({ messageId: 1, oid: '1.3.6.1.4.1.1466.20037' }).write());
    });
  } finally {
    listening.abort();
    socket.removeListener('data', read);
  }
}
