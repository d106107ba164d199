import { afterEach, expect } from '@jest/globals';
import { ExpectedError } from '../../src/errors.js';
import {
  type Connection,
  type ConnectOptions,
  connect,
  type SearchOptions,
  type SearchPage,
} from '../../src/ldap/protocol/connection.js';
import type { Edit } from '../../src/model/change.js';
import type { Entry, EntrySource, Page } from '../../src/model/entry.js';
import { type Behaviour, type FaultyServer, startFaultyServer } from '../servers/faulty.js';

/** What to close after the test, the last first. */
export const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Connects with the safest settings unless told otherwise; closed after the test. */
export async function open(
  options: Partial<ConnectOptions> & { url: string },
): Promise<Connection> {
  const connection = await connect({
    startTls: false,
    insecure: false,
    allowPlaintext: false,
    timeoutMs: 5000,
    ...options,
  });
  closing.push(() => connection.close());
  return connection;
}

/** A misbehaving server and a connection to it. */
export async function faulty(
  behaviour: Behaviour,
  options: Partial<ConnectOptions> = {},
): Promise<{ server: FaultyServer; connection: Connection }> {
  const server = await startFaultyServer(behaviour);
  closing.push(() => server.stop());
  return { server, connection: await open({ url: server.url, ...options }) };
}

/** The expected failure of a promise: two lines that are safe to print. */
export async function refusal(promise: Promise<unknown>): Promise<ExpectedError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ExpectedError)) throw new Error(`not refused as expected: ${error}`);
  expect(error.hint).not.toBe('');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  expect(error.message + error.hint).not.toMatch(/[\u0000-\u001f]/);
  return error;
}

/** A search for all users in pages of ten. */
export const WHOLE: Omit<SearchOptions, 'base'> = {
  scope: 'sub',
  filter: '(objectClass=user)',
  attributes: ['cn', 'mail', 'objectGUID'],
  pageSize: 10,
};

/** All pages of a search for users below the default base. */
export async function pagesOf(
  connection: Connection,
  options: Partial<SearchOptions> = {},
): Promise<SearchPage[]> {
  const base = connection.rootDse.defaultNamingContext ?? '';
  const pages: SearchPage[] = [];
  const search = { ...WHOLE, base, ...options };
  for await (const page of connection.searchPages(search)) pages.push(page);
  return pages;
}

/** The pages of such a search that breaks off, and why it does. */
export async function brokenSearch(
  connection: Connection,
  options: Partial<SearchOptions> = {},
): Promise<{ pages: readonly SearchPage[]; failure: ExpectedError }> {
  const base = connection.rootDse.defaultNamingContext ?? '';
  const pages: SearchPage[] = [];
  const read = async () => {
    for await (const page of connection.searchPages({ ...WHOLE, base, ...options }))
      pages.push(page);
  };
  return { failure: await refusal(read()), pages };
}

/** The last page of a search, as a stub gives it. */
export function pageOf(entries: readonly Entry[], more: Partial<SearchPage> = {}): SearchPage {
  return { entries, references: [], gaps: [], next: Buffer.alloc(0), ...more };
}

/** All entries of such a search. */
export async function entriesOf(
  connection: Connection,
  options: Partial<SearchOptions> = {},
): Promise<Entry[]> {
  return (await pagesOf(connection, options)).flatMap(({ entries }) => entries);
}

/** An edit of whatever entry. */
export function edit(attribute: string, before: Edit['before'], after: Edit['after']): Edit {
  return { entry: { dn: '', guid: undefined, kind: 'user' }, attribute, before, after };
}

/** Everything that a source gives. */
export async function readAll(source: EntrySource, attributes: readonly string[] = ['mail']) {
  const pages: Page[] = [];
  for await (const page of source.pages(attributes)) pages.push(page);
  return {
    entries: pages.flatMap(({ entries }) => entries),
    gaps: pages.flatMap(({ gaps }) => gaps),
  };
}

/** A connection with nothing behind it. */
export function stub(
  change: Partial<Omit<Connection, 'rootDse'>> & { rootDse?: object } = {},
): Connection {
  const { rootDse, ...rest } = change;
  return {
    url: 'ldap://dc1:389',
    globalCatalog: false,
    async *searchPages(): AsyncGenerator<SearchPage, void, undefined> {},
    read: async () => undefined,
    find: async () => [],
    modify: async () => ({ state: 'applied', reason: '' }),
    close: async () => {},
    ...rest,
    rootDse: {
      defaultNamingContext: undefined,
      configurationNamingContext: undefined,
      schemaNamingContext: undefined,
      rootDomainNamingContext: undefined,
      subschemaSubentry: undefined,
      namingContexts: [],
      supportedControl: [],
      supportedCapabilities: [],
      dnsHostName: undefined,
      isActiveDirectory: false,
      isOpenLdap: false,
      isReadOnly: false,
      forestLevel: undefined,
      ...rootDse,
    },
  };
}
