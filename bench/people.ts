import { seeded } from '../tests/random.js';

/** Values by attribute, as an LDIF record lists them. */
type Attributes = Readonly<Record<string, string | readonly string[]>>;

/** An entry of a made-up directory. */
export interface Person {
  readonly dn: string;
  readonly attributes: Attributes;
}

/** How many people of a hundred carry a fault. */
const FAULTY_PERCENT = 1;

const GIVEN = [
  'Anna',
  'Bruno',
  'Chiara',
  'Dmitri',
  'Elif',
  'Femi',
  'Grace',
  'Hiro',
  'Ines',
  'Jonas',
];
const FAMILY = ['Berg', 'Castillo', 'Conti', 'Dubois', 'Eriksen', 'Fischer', 'Haddad', 'Novak'];
const UNITS = ['Finance', 'Legal', 'Production', 'Research', 'Sales', 'Support'];
const DOMAINS = ['contoso.com', 'contoso.net', 'contoso.org', 'contoso.shop', 'contoso.de'];

/** Faults that a directory server stores all the same. Values stay ASCII, so that no line needs base64. */
const FAULTS: readonly ((person: Named) => Attributes)[] = [
  ({ login }) => ({ userPrincipalName: `${login}@contoso.local` }),
  ({ login }) => ({ userPrincipalName: `${login} x@contoso.com` }),
  ({ login }) => ({ mail: `${login}.@contoso.com` }),
  ({ login }) => ({ mailNickname: `${login}.` }),
  ({ addresses, login }) => ({ proxyAddresses: [...addresses.slice(0, 5), `${login}@contoso.de`] }),
  ({ addresses }) => ({ proxyAddresses: [...addresses.slice(0, 5), 'smtp:all.staff@contoso.com'] }),
];

interface Named {
  readonly login: string;
  readonly addresses: readonly string[];
}

/**
 * The users of a company below `base`, the same ones every time: each with six addresses, one of a hundred with a
 * fault. About 520 bytes of LDIF each.
 */
export function* people(count: number, base: string): Generator<Person> {
  const next = seeded(20261122);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  for (let n = 1; n <= count; n += 1) {
    const [given, sn, unit] = [pick(GIVEN), pick(FAMILY), pick(UNITS)];
    const login = `${given.slice(0, 1)}${sn}${n}`.toLowerCase();
    const address = `${login}@contoso.com`;
    const others = DOMAINS.map((domain) => `smtp:${given.toLowerCase()}.${n}@${domain}`);
    const addresses = [`SMTP:${address}`, ...others];
    const fault = next() * 100 < FAULTY_PERCENT ? pick(FAULTS) : undefined;
    yield {
      dn: `CN=${given} ${sn} ${n},OU=${unit},${base}`,
      attributes: {
        objectClass: 'user',
        sn,
        displayName: `${given} ${sn}`,
        departmentNumber: String(UNITS.indexOf(unit)),
        sAMAccountName: login,
        userPrincipalName: address,
        mail: address,
        mailNickname: login,
        proxyAddresses: addresses,
        ...fault?.({ login, addresses }),
      },
    };
  }
}

/** The LDIF of the organizational units that hold the people. */
export function unitsLdif(base: string): string {
  return UNITS.map((unit) => `dn: OU=${unit},${base}\nobjectClass: organizationalUnit\n\n`).join(
    '',
  );
}

/** The LDIF of people, in pieces of some hundred kilobytes. */
export function* peopleLdif(count: number, base: string): Generator<string> {
  let text = '';
  for (const person of people(count, base)) {
    text += record(person);
    if (text.length < 1 << 18) continue;
    yield text;
    text = '';
  }
  yield text;
}

function record({ dn, attributes }: Person): string {
  const lines = Object.entries(attributes).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}: ${value}\n`),
  );
  return `dn: ${dn}\n${lines.join('')}\n`;
}
