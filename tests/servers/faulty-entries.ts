import type { LoggedChange } from './messages.js';

/** Attributes of a made-up entry, by name. */
export type Attributes = Readonly<Record<string, readonly (string | Uint8Array)[]>>;

export const BASE = 'DC=contoso,DC=local';

/** An entry of the faulty server. */
export interface Stored {
  readonly dn: string;
  readonly values: Map<string, readonly Buffer[]>;
}

/** The made-up user of this index; `more` replaces or adds attributes. */
export function makeEntry(index: number, more: Attributes = {}): Stored {
  const name = `user${String(index).padStart(4, '0')}`;
  const attributes: Attributes = {
    objectClass: ['top', 'person', 'organizationalPerson', 'user'],
    // 16 bytes that are valid UTF-8: what looks like text is an identity all the same.
    objectGUID: [`guid-${String(index).padStart(11, '0')}`],
    cn: [name],
    sAMAccountName: [name],
    userPrincipalName: [`${name}@contoso.com`],
    mail: [`${name}@contoso.com`],
    proxyAddresses: [`SMTP:${name}@contoso.com`],
    ...more,
  };
  return { dn: `CN=${name},OU=People,${BASE}`, values: toBytes(attributes) };
}

/** A root DSE like Active Directory's; `more` replaces or adds attributes. */
export function makeRootDse(more: Attributes = {}): Stored {
  const attributes: Attributes = {
    namingContexts: [BASE],
    defaultNamingContext: [BASE],
    dnsHostName: ['faulty.contoso.local'],
    supportedLDAPVersion: ['3'],
    // Paged results (RFC 2696); "this is Active Directory" (MS-ADTS 3.1.1.3.4.3).
    supportedControl: ['1.2.840.113556.1.4.319'],
    supportedCapabilities: ['1.2.840.113556.1.4.800'],
    ...more,
  };
  return { dn: '', values: toBytes(attributes) };
}

function toBytes(attributes: Attributes): Map<string, readonly Buffer[]> {
  const bytes = (value: string | Uint8Array) =>
    typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value);
  return new Map(Object.entries(attributes).map(([name, values]) => [name, values.map(bytes)]));
}

/** Finds an entry by its name or, as on Active Directory, by `<GUID=…>`. */
export function findEntry(entries: readonly Stored[], dn: string): Stored | undefined {
  const hex = /^<GUID=([0-9a-f-]{36})>$/i.exec(dn)?.[1]?.replaceAll('-', '');
  if (hex === undefined) {
    return entries.find((entry) => entry.dn.toLowerCase() === dn.toLowerCase());
  }
  // The text form has the bytes of its first three groups backwards (MS-DTYP 2.3.4).
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  const guid = Buffer.from(order.map((at) => Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16)));
  return entries.find((entry) => valuesOf(entry, 'objectGUID')[0]?.equals(guid));
}

/** The values of an attribute by its name in any case. */
export function valuesOf(entry: Stored | undefined, attribute: string): readonly Buffer[] {
  return entry?.values.get(nameOf(entry, attribute)) ?? [];
}

function nameOf(entry: Stored, attribute: string): string {
  const same = (name: string) => name.toLowerCase() === attribute.toLowerCase();
  return [...entry.values.keys()].find(same) ?? attribute;
}

/**
 * The attributes that were asked for. More values than `step` come as a first range, the others
 * for the asking, as on Active Directory (MS-ADTS 3.1.1.3.1.3.3).
 */
export function* selectAttributes(
  entry: Stored,
  asked: readonly string[] = [],
  step = Number.POSITIVE_INFINITY,
): Generator<readonly [name: string, values: readonly Buffer[]]> {
  const all = asked.length === 0 || asked.includes('*');
  for (const wanted of all ? entry.values.keys() : asked) {
    const [, base = wanted, low, high] = /^([^;]+);range=(\d+)-(\d+|\*)$/i.exec(wanted) ?? [];
    const values = valuesOf(entry, base);
    const first = Number(low ?? 0);
    const asFarAs = high === undefined || high === '*' ? values.length : Number(high) + 1;
    const end = Math.min(first + step, values.length, asFarAs);
    if (first >= end) continue;
    const last = end === values.length ? '*' : end - 1;
    const ranged = low !== undefined || values.length > step;
    const name = nameOf(entry, base);
    yield [ranged ? `${name};range=${first}-${last}` : name, values.slice(first, end)];
  }
}

/** Carries out one change of a modify request. */
export function changeEntry(entry: Stored, { operation, attribute, values }: LoggedChange): void {
  const name = nameOf(entry, attribute);
  const old = valuesOf(entry, name);
  const deleted = (value: Buffer) =>
    values.length === 0 || values.some((other) => other.equals(value));
  if (operation === 'add') entry.values.set(name, [...old, ...values]);
  if (operation === 'replace') entry.values.set(name, values);
  if (operation === 'delete') {
    const kept = old.filter((value) => !deleted(value));
    entry.values.set(name, kept);
  }
}
