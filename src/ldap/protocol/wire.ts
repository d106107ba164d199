import type { Socket } from 'node:net';
import {
  Attribute,
  BindRequest,
  Change,
  type Filter,
  ModifyRequest,
  PagedResultsControl,
  SearchRequest,
  UnbindRequest,
} from 'ldapts';
import type { Value } from '../../model/entry.js';
import { AttributeNames } from '../entry/attribute-names.js';
import type { RawEntry } from '../entry/entry.js';
import { encodeValue } from '../format/values.js';
import { MalformedMessageError } from './ber-reader.js';
import type { Loss } from './loss.js';
import { messageReader, type Operation, type Response } from './messages.js';
import { type Answer, describeAnswer } from './result-codes.js';

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
  | { readonly answer?: undefined; readonly lost: Loss };

/** How a search request ended, and what came until then. */
export interface SearchAnswer {
  readonly ending: Ending;
  readonly entries: readonly RawEntry[];
  readonly references: readonly string[];
  /** Where the next page starts, empty after the last one; undefined where the server does not say. */
  readonly cookie: Buffer | undefined;
}

type Request = BindRequest | SearchRequest | ModifyRequest | UnbindRequest;

/** A request that the server has not answered yet, and what has come for it. */
interface Pending {
  readonly operation: Operation;
  /** Entries that the server may give. */
  readonly most: number;
  octets: number;
  readonly entries: RawEntry[];
  readonly references: string[];
  readonly settle: (found: SearchAnswer) => void;
}

/** Asks for the first page; in an answer it says that there is no further one (RFC 2696 3). */
export const NO_COOKIE: Buffer = Buffer.alloc(0);

const GOODBYE_MS = 500;

/** RFC 4511 4.1.1.1. */
const LAST_MESSAGE_ID = 2 ** 31 - 1;

/** In the answer to one search: who needs more is to ask for pages. */
const MOST_ENTRIES = 1_000_000;
const MOST_OCTETS = 2 ** 29;

const NO_ENTRY = 0;
/** What a server sent that it must not send, in words that go on from there. */
const UNASKED_FOR = 'an answer to something that it was not asked';
const TOO_MANY = 'more entries than it was asked for';
const TOO_MUCH = `more than ${MOST_OCTETS / 2 ** 20} MiB in answer to one search`;

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
  #loss: Loss | undefined;
  #isHeard = false;

  /** Takes over the socket and listens. `timeoutMs` is how long the server may be silent while it owes an answer. */
  constructor(socket: Socket, timeoutMs: number) {
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
    const read = messageReader(new AttributeNames(), {
      onEntry: (messageId, entry, octets) => {
        const { entries, most } = this.#owing(messageId, octets);
        if (entries.push(entry) > most) throw new MalformedMessageError(TOO_MANY);
      },
      onReference: (messageId, urls, octets) => {
        this.#owing(messageId, octets).references.push(...urls);
      },
      onResponse: (messageId, response) => this.#take(messageId, response),
    });
    socket
      .on('data', (data) => {
        this.#isHeard = true;
        try {
          read(data);
        } catch (error) {
          if (!(error instanceof MalformedMessageError)) throw error;
          this.#giveUp(`the server sent ${error.message}`, true);
        }
      })
      .on('timeout', () => this.#giveUp(`the server was silent for ${timeoutMs / 1000} s`))
      .on('error', (error: NodeJS.ErrnoException) => {
        const { code } = error;
        this.#loss ??= { reason: code ?? 'network error', isBreach: false, code };
      })
      .on('close', () => {
        for (const messageId of this.#pending.keys()) this.#end(messageId, { lost: this.#why() });
      });
  }

  /** Whether nothing can be sent any more. */
  get down(): boolean {
    return this.#socket.destroyed || !this.#socket.writable;
  }

  /** What the server sent that it must not send: after that, what it sent before is not known to be all. */
  get breach(): Loss | undefined {
    return this.#loss?.isBreach ? this.#loss : undefined;
  }

  /** Whether the server has sent anything at all. */
  get isHeard(): boolean {
    return this.#isHeard;
  }

  /** Logs on with a name and a password (simple bind). */
  async bind(name: string, password: string): Promise<Ending> {
    const request = (messageId: number) => new BindRequest({ messageId, dn: name, password });
    return (await this.#send('bind', NO_ENTRY, request)).ending;
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
    const request = (messageId: number) => new ModifyRequest({ messageId, dn, changes });
    return (await this.#send('modify', NO_ENTRY, request)).ending;
  }

  /** Carries out one search request. */
  search({ base, scope, filter, attributes, page }: Search): Promise<SearchAnswer> {
    const most = scope === 'base' ? 1 : MOST_ENTRIES;
    return this.#send(
      'search',
      most,
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
    this.#loss ??= { reason: 'it was closed', isBreach: false };
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

  #send(
    operation: Operation,
    most: number,
    request: (messageId: number) => Request,
  ): Promise<SearchAnswer> {
    const [entries, references]: [RawEntry[], string[]] = [[], []];
    if (this.down) {
      // Whoever was under way was told of a breach; who comes later may try another connection.
      const ending = { lost: { ...this.#why(), isBreach: false } };
      return Promise.resolve({ ending, entries, references, cookie: undefined });
    }
    const messageId = this.#nextMessageId();
    this.#write(request(messageId));
    if (this.#pending.size === 0) this.#socket.setTimeout(this.#timeoutMs);
    return new Promise((settle) => {
      this.#pending.set(messageId, { operation, most, octets: 0, entries, references, settle });
    });
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

  /** The search that is owed what has come. What belongs to none is not passed over: it might be an entry of one. */
  #owing(messageId: number, octets: number): Pending {
    const pending = this.#pending.get(messageId);
    if (pending?.operation !== 'search') throw new MalformedMessageError(UNASKED_FOR);
    pending.octets += octets;
    if (pending.octets > MOST_OCTETS) throw new MalformedMessageError(TOO_MUCH);
    return pending;
  }

  #take(messageId: number, response: Response): void {
    const pending = this.#pending.get(messageId);
    if (pending?.operation === response.operation) {
      this.#end(messageId, { answer: response }, response.cookie);
    } else if (messageId !== UNASKED || response.operation !== 'extended') {
      throw new MalformedMessageError(UNASKED_FOR);
    } else if (response.status !== 0) {
      // Any other notice is none of the session's end, and may be ignored (RFC 4511 4.4).
      this.#giveUp(describeAnswer(response));
    }
  }

  #end(messageId: number, ending: Ending, cookie?: Buffer): void {
    const pending = this.#pending.get(messageId);
    if (!pending) return;
    this.#pending.delete(messageId);
    if (this.#pending.size === 0) this.#socket.setTimeout(0);
    const { entries, references, settle } = pending;
    settle({ ending, entries, references, cookie });
  }

  #giveUp(reason: string, isBreach = false): void {
    this.#loss ??= { reason, isBreach };
    this.#socket.destroy();
  }

  #why(): Loss {
    return this.#loss ?? { reason: 'the server closed the connection', isBreach: false };
  }
}
