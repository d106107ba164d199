import type { Socket } from 'node:net';
import {
  Attribute,
  BerReader,
  BindRequest,
  Change,
  type Control,
  ExtendedRequest,
  type Filter,
  InvalidAsn1Error,
  MessageParser,
  ModifyRequest,
  PagedResultsControl,
  SearchReference,
  SearchRequest,
  UnbindRequest,
} from 'ldapts';
import type { Value } from '../../model/entry.js';
import type { RawEntry } from '../entry/entry.js';
import { encodeValue } from '../format/values.js';
import { MalformedMessageError, messageReader } from './messages.js';
import { type Answer, describeAnswer } from './result-codes.js';

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
  readonly entries: readonly RawEntry[];
  readonly references: readonly string[];
  /** Where the next page starts; empty after the last one. */
  readonly cookie: Buffer;
}

type Request = BindRequest | SearchRequest | ModifyRequest | UnbindRequest;

/** What ldapts made of a message. */
interface Response extends Answer {
  readonly messageId: number;
  readonly controls?: readonly Control[] | undefined;
}

/** A request that the server has not answered yet, and what has come for it. */
interface Pending {
  readonly entries: RawEntry[];
  readonly references: string[];
  readonly settle: (found: Found) => void;
}

/** Asks for the first page; in an answer it says that there is no further one (RFC 2696 3). */
export const NO_COOKIE: Buffer = Buffer.alloc(0);

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

/** RFC 4511 4.1.1.1. */
const LAST_MESSAGE_ID = 2 ** 31 - 1;

/** Under which a server says that it ends the session, and why (RFC 4511 4.4). */
const UNASKED = 0;

/**
 * LDAP messages over one established socket: sends a request, waits for its end. Never reconnects. Of ldapts it takes
 * the messages alone: the methods of its Client reconnect silently and without logging on, hide the paging cookie, end
 * a search at the first empty page, lose what came before a failure, and spell out every request for a log.
 */
export class Wire {
  readonly #socket: Socket;
  readonly #timeoutMs: number;
  /** By the number of the request. */
  readonly #pending = new Map<number, Pending>();
  #lastMessageId = 0;
  #outgoing: Buffer[] = [];
  #cause = '';

  /** Takes over the socket and listens. `timeoutMs` is how long the server may be silent while it owes an answer. */
  constructor(socket: Socket, timeoutMs: number) {
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
    const refuse = () => this.#giveUp('the server sent something that is no LDAP message');
    const parser = new MessageParser();
    parser.on('message', (message) => this.#take(message));
    parser.on('error', refuse);
    const read = messageReader({
      onEntry: (messageId, entry) => this.#pending.get(messageId)?.entries.push(entry),
      onAnswer: (messageId, answer) => this.#end(messageId, { answer }),
      onOther: (message) => parser.read(message, new Map()),
    });
    socket
      .on('data', (data) => {
        try {
          read(data);
        } catch (error) {
          if (!(error instanceof MalformedMessageError)) throw error;
          refuse();
        }
      })
      .on('timeout', () => this.#giveUp(`the server was silent for ${timeoutMs / 1000} s`))
      .on('error', (error: NodeJS.ErrnoException) => {
        this.#cause ||= error.code ?? 'network error';
      })
      .on('close', () => {
        for (const messageId of this.#pending.keys()) this.#end(messageId, { lost: this.#why() });
      });
  }

  /** Whether nothing can be sent any more. */
  get down(): boolean {
    return this.#socket.destroyed || !this.#socket.writable;
  }

  /** Logs on with a name and a password (simple bind). */
  async bind(name: string, password: string): Promise<Ending> {
    const request = (messageId: number) => new BindRequest({ messageId, dn: name, password });
    return (await this.#send(request)).ending;
  }

  /** Changes one entry; all modifications or none. */
  async modify(dn: string, modifications: readonly Modification[]): Promise<Ending> {
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
    return (await this.#send((messageId) => new ModifyRequest({ messageId, dn, changes }))).ending;
  }

  /** Carries out one search request. */
  search({ base, scope, filter, attributes, page }: Search): Promise<Found> {
    return this.#send(
      (messageId) =>
        new SearchRequest({
          messageId,
          baseDN: base,
          scope,
          filter,
          attributes: [...attributes],
          // The server's own limit decides: ldapts would ask for 10 s.
          timeLimit: 0,
          ...(page ? { controls: [new PagedResultsControl({ critical: true, value: page })] } : {}),
        }),
    );
  }

  /** Says good-bye (unbind) and closes the socket. */
  async close(): Promise<void> {
    this.#cause ||= 'it was closed';
    if (!this.down) {
      this.#write(new UnbindRequest({ messageId: this.#nextMessageId() }));
      this.#flush();
      // Nobody waits for a server that does not even take the good-bye, however much it has to say.
      const timer = setTimeout(() => this.#socket.destroy(), GOODBYE_MS);
      await new Promise<void>((done) => this.#socket.once('close', done).end(done));
      clearTimeout(timer);
    }
    this.#socket.destroy();
  }

  #send(request: (messageId: number) => Request): Promise<Found> {
    const [entries, references]: [RawEntry[], string[]] = [[], []];
    if (this.down) {
      const ending = { lost: this.#why() };
      return Promise.resolve({ ending, entries, references, cookie: NO_COOKIE });
    }
    const messageId = this.#nextMessageId();
    this.#write(request(messageId));
    if (this.#pending.size === 0) this.#socket.setTimeout(this.#timeoutMs);
    return new Promise((settle) => this.#pending.set(messageId, { entries, references, settle }));
  }

  /** Requests made at the same moment leave in one piece: to hand each to the network costs more than to make it. */
  #write(request: Request): void {
    this.#outgoing.push(request.write());
    if (this.#outgoing.length === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    const requests = this.#outgoing;
    this.#outgoing = [];
    if (requests.length > 0 && !this.down) this.#socket.write(Buffer.concat(requests));
  }

  #nextMessageId(): number {
    this.#lastMessageId = (this.#lastMessageId % LAST_MESSAGE_ID) + 1;
    return this.#lastMessageId;
  }

  #take(message: Response): void {
    if (message instanceof SearchReference)
      this.#pending.get(message.messageId)?.references.push(...message.uris);
    else if (message.messageId !== UNASKED)
      this.#end(message.messageId, { answer: message }, cookieOf(message));
    // Any other notice is none of the session's end, and may be ignored (RFC 4511 4.4).
    else if (message.status !== 0) this.#giveUp(describeAnswer(message));
  }

  #end(messageId: number, ending: Ending, cookie: Buffer = NO_COOKIE): void {
    const pending = this.#pending.get(messageId);
    if (!pending) return;
    this.#pending.delete(messageId);
    if (this.#pending.size === 0) this.#socket.setTimeout(0);
    const { entries, references, settle } = pending;
    settle({ ending, entries, references, cookie });
  }

  #giveUp(cause: string): void {
    this.#cause ||= cause;
    this.#socket.destroy();
  }

  #why(): string {
    return this.#cause || 'the server closed the connection';
  }
}

function cookieOf({ controls }: Response): Buffer {
  const paged = controls?.find((control) => control instanceof PagedResultsControl);
  return paged?.value?.cookie ?? NO_COOKIE;
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
