import { domainOfDn, isWithin, normaliseDn, parseDn } from '../format/dn.js';
import type { Connection } from '../protocol/connection.js';

/** No attribute at all (RFC 4511 4.5.1.8): whether an entry shows itself. */
const NO_ATTRIBUTE = ['1.1'];

/**
 * Tells which part of the tree an entry lies in that a server does not hold, by the DN: the DNS name of its domain, else
 * its topmost name. Undefined where the server holds it, where it does not say what it holds, and where the DN is none.
 */
export function elsewhere({
  read,
  rootDse: { isActiveDirectory, defaultNamingContext, namingContexts },
}: Pick<Connection, 'read' | 'rootDse'>): (dn: string) => Promise<string | undefined> {
  const held = defaultNamingContext ? [...namingContexts, defaultNamingContext] : namingContexts;
  const seen = new Map<string, boolean>();
  const isSeen = async (dn: string) => {
    const known = seen.get(dn);
    if (known !== undefined) return known;
    const isThere = (await read(dn, NO_ATTRIBUTE)) !== undefined;
    seen.set(dn, isThere);
    return isThere;
  };
  return async (dn) => {
    if (held.length === 0 || !parseDn(dn)?.length) return undefined;
    const domain = domainOfDn(dn);
    const around = held.filter((base) => isWithin(dn, base));
    if (around.some((base) => domainOfDn(base) === domain)) return undefined;
    const part = domain || topOf(dn);
    if (isActiveDirectory) return part;
    // A child domain ends in the name of its parent: another server may hold it, or this one as a part of its tree.
    if (around.length > 0 && (await isSeen(headOf(dn)))) return undefined;
    // Not every server tells of all that it holds, and not every account sees what is above an entry.
    return (await isSeen(normaliseDn(dn))) ? undefined : part;
  };
}

function topOf(dn: string): string {
  return normaliseDn(dn).split(',').at(-1) ?? '';
}

/** The DC parts at the end of a DN. */
function headOf(dn: string): string {
  const parts = normaliseDn(dn).split(',');
  return parts.slice(parts.findLastIndex((part) => !part.startsWith('dc=')) + 1).join(',');
}
