import type { SearchedEntry, Tools } from '../servers/tools.js';

/** Values by attribute, in the order in which they were written. */
export type Values = Readonly<Record<string, readonly string[]>>;

/** A person of a proof, and what a marked sheet wants of that person. */
export interface Person {
  readonly dn: string;
  readonly before: Values;
  readonly changes: readonly Change[];
}

/** One row: the old value, the new value; undefined for none. */
export interface Change {
  readonly attribute: string;
  readonly value?: string;
  readonly update?: string;
}

/** All attributes that are compared before and after. */
const ATTRIBUTES = [
  ...['objectClass', 'cn', 'sn', 'sAMAccountName', 'userPrincipalName', 'displayName'],
  ...['mail', 'mailNickname', 'proxyAddresses', 'targetAddress', 'description'],
];

/** The n-th person of a unit, with every kind of change, alone and together, within each four of them. */
export function makePerson(n: number, ou: string): Person {
  const name = `p${n}${/^ou=(\w+)/i.exec(ou)?.[1] ?? ''}`;
  const before = {
    sAMAccountName: [name],
    sn: [name],
    userPrincipalName: [`${name}@contoso.local`],
    mail: [`${name}@contoso.local`],
    mailNickname: [name],
    targetAddress: [`SMTP:${name}@fabrikam.com`],
    proxyAddresses: [
      `SMTP:${name}@contoso.local`,
      `smtp:first.${name}@contoso.local`,
      `smtp:${name}@fabrikam.com`,
      `x500:/o=Contoso/cn=${name}`,
    ],
  };
  const moved = (attribute: string, prefix = '') => ({
    attribute,
    value: `${prefix}${name}@contoso.local`,
    update: `${prefix}${name}@contoso.com`,
  });
  const primary = moved('proxyAddresses', 'SMTP:');
  const alias = moved('proxyAddresses', 'smtp:first.');
  const [, , third = '', fourth = ''] = before.proxyAddresses;
  const kinds: readonly (readonly Change[])[] = [
    [
      moved('mail'),
      primary,
      { attribute: 'proxyAddresses', value: third },
      { attribute: 'displayName', update: `Jürgen ${name}` },
    ],
    // Active Directory and OpenLDAP both take the new value for the old one.
    [{ attribute: 'proxyAddresses', value: fourth, update: fourth.replace('x500', 'X500') }, alias],
    [{ attribute: 'mailNickname', value: name }, moved('userPrincipalName')],
    [{ attribute: 'description', update: 'new' }],
  ];
  return { dn: `CN=${name},${ou}`, before, changes: kinds[n % kinds.length] ?? [] };
}

/** Adds a unit with people in it. */
export async function addPeople(stage: Tools, ou: string, people: readonly Person[]) {
  const lines = people.map(({ dn, before }) =>
    [
      `dn: ${dn}`,
      'objectClass: user',
      ...Object.entries(before).flatMap(([name, values]) => values.map((one) => `${name}: ${one}`)),
    ].join('\n'),
  );
  await stage.add([`dn: ${ou}\nobjectClass: organizationalUnit`, ...lines, ''].join('\n\n'));
}

/** The rows of a sheet in which all changes are approved. */
export function rowsFor(people: readonly Person[]): Record<string, string>[] {
  return people.flatMap(({ dn, changes }) =>
    changes.map(({ attribute, value = '', update = '' }, index) => ({
      DISTINGUISHEDNAME: dn,
      ATTRIBUTE: attribute,
      VALUE: value,
      UPDATE: update,
      ACTION: update === '' ? 'REMOVE' : 'EDIT',
      ID: `${dn} ${index}`,
    })),
  );
}

/** The values of all people by DN and attribute, sorted, as ldapsearch prints them. */
export type State = ReadonlyMap<string, Values>;

export async function readState(stage: Tools, ou: string): Promise<State> {
  const found = await stage.search({ base: ou, scope: 'one', attributes: ATTRIBUTES });
  const valuesOf = (entry: SearchedEntry) =>
    Object.fromEntries(ATTRIBUTES.map((name) => [name, entry.values(name).toSorted()]));
  return new Map(found.map((entry) => [entry.dn.toLowerCase(), valuesOf(entry)]));
}

/** The state after changes. */
export function afterChanges(state: State, people: readonly Person[]): State {
  const next = new Map(state);
  for (const { dn, changes } of people) {
    const values: Record<string, readonly string[]> = { ...next.get(dn.toLowerCase()) };
    for (const { attribute, value, update } of changes) {
      const kept = (values[attribute] ?? []).filter((one) => one !== value);
      values[attribute] = [...kept, ...(update === undefined ? [] : [update])].toSorted();
    }
    next.set(dn.toLowerCase(), values);
  }
  return next;
}
