import type { Entry, RegisteredSuffixes } from '../../model/entry.js';
import { IDENTITY_ATTRIBUTES, MEMBER_OVERFLOW, texts } from '../format/values.js';
import type { Connection } from '../protocol/connection.js';
import { findAll, unlessRefused } from './own-words.js';

/** What a schema says of an attribute. */
interface Definition {
  /** Whether every global catalog holds it; undefined where that is not said. */
  readonly inCatalog: boolean | undefined;
}

/** What a schema knows, by name in lower case. */
type Schema = ReadonlyMap<string, Definition>;

/** Every schema has it, and every catalog: a schema that does not show it cannot be read. */
const WITNESS = 'objectclass';

/** Never reported: what says who an entry is, and what servers keep themselves (RFC 4512 3.4). */
const ALWAYS: ReadonlySet<string> = new Set([
  ...[WITNESS, 'objectguid', MEMBER_OVERFLOW.toLowerCase()],
  ...['creatorsname', 'createtimestamp', 'modifiersname', 'modifytimestamp'],
  ...['structuralobjectclass', 'subschemasubentry', 'entrydn', 'entryuuid', 'hassubordinates'],
]);

/** Why no entry of a forest can have an attribute. */
export const NOT_IN_FOREST = 'it is not in the schema of the forest';

/** FLAG_ATTR_IS_CONSTRUCTED of systemFlags: computed when asked for (MS-ADTS 2.2.10). */
const CONSTRUCTED = 4;

/**
 * Attributes that a server cannot deliver, with the reason, by its schema. A schema that cannot be read says nothing:
 * an account with few rights must not lose rules by it. Throws only when it is aborted.
 */
export async function undeliveredBySchema(
  connection: Connection,
  attributes: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string>> {
  const asked = attributes.filter((name) => !ALWAYS.has(plainName(name)));
  const { isActiveDirectory } = connection.rootDse;
  const schema = await unlessRefused(connection, signal, (directory) =>
    isActiveDirectory ? forestSchema(directory, asked, signal) : serverSchema(directory, signal),
  );
  signal?.throwIfAborted();
  const witness = schema?.get(WITNESS);
  if (!schema || !witness) return new Map();
  const limited = isActiveDirectory && connection.globalCatalog && witness.inCatalog === true;
  const missing = isActiveDirectory ? NOT_IN_FOREST : 'it is not in the schema of the server';
  return new Map(
    asked.flatMap((name) => {
      const known = schema.get(plainName(name));
      if (!known) return [[name, missing]];
      return limited && !known.inCatalog ? [[name, 'the global catalog does not hold it']] : [];
    }),
  );
}

/**
 * The UPN suffixes of the forest: those registered at its Partitions container and the names of its domains; undefined
 * where there is no forest or it cannot be read.
 */
export function registeredSuffixes(
  connection: Connection,
  signal?: AbortSignal,
): Promise<RegisteredSuffixes | undefined> {
  return unlessRefused(connection, signal, async (directory) => {
    const { isActiveDirectory, configurationNamingContext } = directory.rootDse;
    if (!isActiveDirectory || configurationNamingContext === undefined) return undefined;
    const found = await findAll(directory, {
      base: `CN=Partitions,${configurationNamingContext}`,
      // Only a domain has a NetBIOS name; the other partitions bear the name of the first domain.
      filter:
        '(|(objectClass=crossRefContainer)(&(objectClass=crossRef)(nETBIOSName=*)(dnsRoot=*)))',
      attributes: [...IDENTITY_ATTRIBUTES, 'uPNSuffixes', 'dnsRoot'],
      signal,
    });
    const container = found?.find(isCrossRefContainer);
    if (!found || !container) return undefined;
    const { dn, guid, kind } = container;
    const domains = sorted(found.flatMap((entry) => texts(entry, 'dnsRoot')));
    const suffixes = sorted([...texts(container, 'uPNSuffixes'), ...domains]);
    return { partitions: { dn, guid, kind }, suffixes, domains };
  });
}

/** Names in lower case, each once. */
function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))].sort();
}

function isCrossRefContainer(entry: Entry): boolean {
  return texts(entry, 'objectClass').some((name) => name.toLowerCase() === 'crossrefcontainer');
}

async function forestSchema(
  connection: Connection,
  attributes: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Schema | undefined> {
  const { schemaNamingContext } = connection.rootDse;
  if (schemaNamingContext === undefined) return undefined;
  const names = new Set([WITNESS, ...attributes.map(plainName)]);
  // Only what can be a name (RFC 4512 1.4): nothing else is in any schema, and nothing needs escaping.
  const clauses = [...names].filter((name) => /^[a-z][a-z0-9-]*$/.test(name));
  const found = await findAll(connection, {
    base: schemaNamingContext,
    filter: `(&(objectCategory=attributeSchema)(|${clauses.map((name) => `(lDAPDisplayName=${name})`).join('')}))`,
    attributes: ['lDAPDisplayName', 'isMemberOfPartialAttributeSet', 'isDefunct', 'systemFlags'],
    signal,
  });
  return found && new Map(found.flatMap(definitionsOf));
}

function definitionsOf(entry: Entry): readonly (readonly [string, Definition])[] {
  const [flags = '0'] = texts(entry, 'systemFlags');
  const isSet = (attribute: string) => texts(entry, attribute)[0]?.toUpperCase() === 'TRUE';
  if (isSet('isDefunct')) return [];
  const isConstructed = (Number(flags) & CONSTRUCTED) !== 0;
  const inCatalog = isConstructed || isSet('isMemberOfPartialAttributeSet');
  return texts(entry, 'lDAPDisplayName').map((name) => [name.toLowerCase(), { inCatalog }]);
}

async function serverSchema(
  connection: Connection,
  signal: AbortSignal | undefined,
): Promise<Schema | undefined> {
  const { subschemaSubentry } = connection.rootDse;
  if (subschemaSubentry === undefined) return undefined;
  const entry = await connection.read(subschemaSubentry, ['attributeTypes'], signal);
  const names = entry ? texts(entry, 'attributeTypes').flatMap(namesOf) : [];
  return new Map(names.map((name) => [name.toLowerCase(), { inCatalog: undefined }]));
}

/** The names that a definition of an attribute type gives it: one, several in parentheses, or none (RFC 4512 4.1.2). */
export function namesOf(definition: string): readonly string[] {
  const words = definition.match(/'[^']*'|[()]|[^\s()']+/g) ?? [];
  const at = words.findIndex((word) => word.toUpperCase() === 'NAME');
  const after = at < 0 ? [] : words.slice(at + 1);
  const isName = (word: string) => word.startsWith("'");
  const list = after[0] === '(' ? after.slice(1) : after.slice(0, 1);
  const end = list.findIndex((word) => !isName(word));
  return list.slice(0, end < 0 ? list.length : end).map((word) => word.slice(1, -1));
}

/** In lower case and without options. */
function plainName(attribute: string): string {
  return attribute.replace(/;.*$/s, '').toLowerCase();
}
