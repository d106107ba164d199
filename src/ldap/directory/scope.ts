import { ExpectedError } from '../../errors.js';
import { ENTRY_UUID } from '../format/dn.js';
import { IDENTITY_ATTRIBUTES } from '../format/values.js';
import type { Connection } from '../protocol/connection.js';
import { parseFilter } from '../protocol/filter.js';
import type { RootDse } from '../protocol/root-dse.js';

/**
 * On AD objectCategory is indexed and excludes computers, whose objectClass is user too. Without the schema of Exchange
 * there is no class publicFolder: nothing is of a class that does not exist.
 */
export const AD_FILTER =
  '(|(objectCategory=person)(objectCategory=group)(objectClass=publicFolder))';

/** Without NOT: where a server does not know a class, NOT over it is undefined and hides entries. */
export const PLAIN_FILTER =
  '(|(objectClass=user)(objectClass=inetOrgPerson)(objectClass=group)(objectClass=contact)(objectClass=publicFolder))';

/**
 * Where the entries of a server are: its domain on a domain controller, the whole forest on a global
 * catalog, all naming contexts elsewhere. Throws ExpectedError when the server does not say.
 */
export function defaultBases({ url, globalCatalog, rootDse }: Connection): readonly string[] {
  if (rootDse.isActiveDirectory && globalCatalog) return [''];
  const { defaultNamingContext, isActiveDirectory, namingContexts } = rootDse;
  if (isActiveDirectory && defaultNamingContext) return [defaultNamingContext];
  if (namingContexts.length > 0) return namingContexts;
  throw new ExpectedError(
    `${url} does not say what it holds`,
    (nameOf) => `Name the tree with ${nameOf('bases')}.`,
  );
}

/** A user's filter holds beside the default one. It is read by itself: it cannot end the AND early. */
export function narrowed(all: string, filter: string | undefined): string {
  if (filter === undefined || filter === '') return all;
  parseFilter(filter);
  return `(&${all}${filter.startsWith('(') ? filter : `(${filter})`})`;
}

/** The attributes asked for, and those that say what an entry is. */
export function withIdentity(
  { isActiveDirectory }: RootDse,
  attributes: readonly string[],
): readonly string[] {
  const given = new Set(attributes.map((name) => name.toLowerCase()));
  const identity = [...IDENTITY_ATTRIBUTES, ...(isActiveDirectory ? [] : [ENTRY_UUID])];
  return [...attributes, ...identity.filter((name) => !given.has(name.toLowerCase()))];
}
