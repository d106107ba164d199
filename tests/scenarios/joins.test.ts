import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { presync, readRecords, scratch } from '../presync.js';

const { path, remove } = scratch();
afterAll(remove);
// Several runs of the command line in one test.
jest.setTimeout(30_000);

type Attributes = Readonly<Record<string, string | readonly string[]>>;

/** An export of one forest: an LDIF file of entries. */
function forest(name: string, entries: readonly Attributes[]): string {
  const text = entries.map((entry) =>
    Object.entries(entry)
      .flatMap(([key, values]) => [values].flat().map((value) => `${key}: ${value}\n`))
      .join(''),
  );
  writeFileSync(path(`${name}.ldif`), text.join('\n'));
  return `${name}.ldif`;
}

function person(cn: string, place: string, attributes: Attributes): Attributes {
  return {
    dn: `CN=${cn},OU=People,${place}`,
    objectClass: 'user',
    cn,
    displayName: cn,
    sAMAccountName: cn.toLowerCase(),
    ...attributes,
  };
}

async function scan(sources: readonly string[], ...options: readonly string[]) {
  const { code, err } = await presync(
    ['scan', ...sources, '--jsonl', 'out.jsonl', '--fail-on', 'info', ...options],
    { cwd: path('.') },
  );
  expect(err).toBe('');
  const records = readRecords(readFileSync(path('out.jsonl'), 'utf8'));
  const of = (type: string) => records.filter((record) => record['type'] === type);
  return {
    code,
    findings: of('finding').map(({ dn, rule, attribute }) => `${dn} ${rule} ${attribute}`),
    proposals: of('proposal').map(({ dn, attribute, after }) => `${dn} ${attribute} ${after}`),
  };
}

describe('F1: a forest of accounts and one of mailboxes', () => {
  const [ACCOUNTS, MAILBOXES] = ['DC=accounts,DC=example', 'DC=exchange,DC=test'];
  const sid = (n: number) => `S-1-5-21-1-2-3-${n}`;
  const account = (cn: string, n: number, attributes: Attributes = {}) =>
    person(cn, ACCOUNTS, {
      userPrincipalName: `${cn.toLowerCase()}@contoso.com`,
      mail: `${cn.toLowerCase()}@contoso.com`,
      userAccountControl: '512',
      objectSid: sid(n),
      ...attributes,
    });
  const mailbox = (cn: string, n: number, attributes: Attributes = {}) =>
    person(cn, MAILBOXES, {
      userPrincipalName: `${cn.toLowerCase()}@contoso.com`,
      mail: `${cn.toLowerCase()}@contoso.com`,
      mailNickname: cn.toLowerCase(),
      proxyAddresses: `SMTP:${cn.toLowerCase()}@contoso.com`,
      userAccountControl: '514',
      objectSid: `S-1-5-21-4-5-6-${n}`,
      msExchRecipientTypeDetails: '2',
      msExchMasterAccountSid: sid(n),
      ...attributes,
    });
  const CLEAN = [
    forest('accounts', [account('Anna', 1), account('Bert', 2)]),
    forest('mailboxes', [mailbox('Anna', 1), mailbox('Bert', 2)]),
  ];

  test('are one person each, in whatever order the files are read', async () => {
    expect(await scan(CLEAN)).toEqual({ code: 0, findings: [], proposals: [] });
    expect((await scan(CLEAN.toReversed())).findings).toEqual([]);
    const { out } = await presync(['count', ...CLEAN], { cwd: path('.') });
    expect(out).toMatch(/^accounts\.example +2 +0 +0 +0 +2$/m);
    expect(out).toMatch(/^exchange\.test +0 +0 +0 +0 +0$/m);
    expect(out).toMatch(/^2 entries will be synchronised/m);
    expect(out).toContain('  2 more are parts of these: Connect joins them\n');
    const scanned = await presync(['scan', ...CLEAN, '--jsonl', 'persons.jsonl'], {
      cwd: path('.'),
    });
    expect(scanned.out).toContain('  4 joined by Connect to 2 people\n');
    const persons = readRecords(readFileSync(path('persons.jsonl'), 'utf8')).filter(
      ({ type }) => type === 'person',
    );
    expect(persons).toMatchObject(
      ['Anna', 'Bert'].map((cn) => ({
        dn: `CN=${cn},OU=People,${ACCOUNTS}`,
        parts: [{ dn: `CN=${cn},OU=People,${MAILBOXES}`, kind: 'user' }],
      })),
    );
  });

  test('a mailbox alone is told of as ever', async () => {
    const { findings } = await scan(['mailboxes.ldif']);
    expect(findings).toEqual(
      ['Anna', 'Bert'].map(
        (cn) => `CN=${cn},OU=People,${MAILBOXES} linked-mailbox msExchRecipientTypeDetails`,
      ),
    );
    const { out } = await presync(['count', 'mailboxes.ldif'], { cwd: path('.') });
    expect(out).toMatch(/^2 entries will be synchronised/m);
    expect(out).not.toContain('parts of these');
  });

  test('what a person moves to is not taken by the other part of that person', async () => {
    const sources = [
      forest('moving', [account('Anna', 1, { userPrincipalName: 'anna@contoso.local' })]),
      forest('moved', [mailbox('Anna', 1)]),
    ];
    const { proposals } = await scan(sources, '--map-suffix', 'contoso.local=contoso.com');
    expect(proposals).toEqual([`CN=Anna,OU=People,${ACCOUNTS} userPrincipalName anna@contoso.com`]);
  });

  test('the sign-in name of a mailbox reaches no cloud beside its account: nothing is told of it, nor proposed', async () => {
    const own = [
      forest('own-a', [account('Anna', 1), account('Bert', 2, { mail: [] })]),
      forest('own-m', [
        mailbox('Anna', 1, { userPrincipalName: 'anna@exchange.local' }),
        mailbox('Bert', 2, { userPrincipalName: [] }),
      ]),
    ];
    const mapping = ['--map-suffix', 'exchange.local=contoso.com'];
    expect(await scan(own, ...mapping)).toEqual({ code: 0, findings: [], proposals: [] });
    const alone = await scan(['own-m.ldif'], ...mapping);
    expect(alone.findings).toContain(
      `CN=Anna,OU=People,${MAILBOXES} unroutable-domain userPrincipalName`,
    );
  });

  test('all else of a joined mailbox is told, and the sign-in names of two that take each other for the account', async () => {
    const faulty = forest('faulty-m', [mailbox('Anna', 1, { mail: 'anna@exchange.local' })]);
    const { findings } = await scan([forest('faulty-a', [account('Anna', 1)]), faulty]);
    expect(findings).toContain(`CN=Anna,OU=People,${MAILBOXES} unroutable-domain mail`);
    const circle = ['Eva', 'Fay'].map((cn, at) =>
      mailbox(cn, 0, {
        ...{ objectSid: sid(8 + at), msExchMasterAccountSid: sid(9 - at) },
        userPrincipalName: `${cn}@exchange.local`,
      }),
    );
    const told = (await scan([forest('circle', circle)])).findings;
    for (const cn of ['Eva', 'Fay'])
      expect(told).toContain(`CN=${cn},OU=People,${MAILBOXES} unroutable-domain userPrincipalName`);
  });

  test('a stranger with an address of one of them is found, and gives it up', async () => {
    const stranger = mailbox('Carl', 3, {
      msExchRecipientTypeDetails: '1',
      msExchMasterAccountSid: [],
      proxyAddresses: ['SMTP:carl@contoso.com', 'smtp:anna@contoso.com'],
    });
    const { code, findings, proposals } = await scan([...CLEAN, forest('strangers', [stranger])]);
    expect(code).toBe(1);
    expect(findings).toEqual([
      `CN=Anna,OU=People,${ACCOUNTS} duplicate-address mail`,
      `CN=Anna,OU=People,${ACCOUNTS} duplicate-address userPrincipalName`,
      `CN=Anna,OU=People,${MAILBOXES} duplicate-address mail`,
      `CN=Anna,OU=People,${MAILBOXES} duplicate-address proxyAddresses`,
      `CN=Anna,OU=People,${MAILBOXES} duplicate-address userPrincipalName`,
      `CN=Carl,OU=People,${MAILBOXES} duplicate-address proxyAddresses`,
    ]);
    expect(proposals).toEqual([`CN=Carl,OU=People,${MAILBOXES} proxyAddresses `]);
  });

  test('two accounts with the identifier that a mailbox names leave it unjoined', async () => {
    const { findings } = await scan([
      forest('copies', [account('Anna', 1), account('Copy', 1)]),
      forest('one', [mailbox('Anna', 1)]),
    ]);
    expect(findings.filter((line) => line.includes('linked-mailbox'))).toHaveLength(1);
    expect(findings.filter((line) => line.includes('duplicate-security-identifier'))).toHaveLength(
      2,
    );
  });
});

describe('F2: two forests with contacts of each other', () => {
  const [NORTH, SOUTH] = ['DC=north,DC=example', 'DC=south,DC=test'];
  const addressed = (local: string): Attributes => ({
    mail: `${local}@contoso.com`,
    mailNickname: local,
    proxyAddresses: [`SMTP:${local}@contoso.com`, `X500:/o=Contoso/cn=${local}`],
  });
  const user = (cn: string, place: string, attributes: Attributes = {}) =>
    person(cn, place, {
      userPrincipalName: `${cn.toLowerCase()}@contoso.com`,
      userAccountControl: '512',
      ...addressed(cn.toLowerCase()),
      ...attributes,
    });
  /** What a program that synchronises address lists makes of a user of the other forest. */
  const contact = (cn: string, place: string, local = cn.toLowerCase()): Attributes => ({
    dn: `CN=${cn},OU=Contacts,${place}`,
    objectClass: 'contact',
    cn,
    displayName: cn,
    targetAddress: `SMTP:${local}@contoso.com`,
    ...addressed(local),
  });
  const BOTH = [
    forest('north', [
      user('Pat', NORTH),
      user('Ned', NORTH),
      contact('Sue', NORTH),
      contact('Partner', NORTH),
    ]),
    forest('south', [user('Sue', SOUTH), contact('Pat', SOUTH), contact('Partner', SOUTH)]),
  ];
  const addresses = (lines: readonly string[]) =>
    lines.filter((line) => line.includes('duplicate-address')).length;

  test.each(['none', 'mail', 'anchor', 'sid'])(
    'a contact is one with the user, or the contact, that has its mail; matching by %s',
    async (way) => {
      const how = ['--match-users-by', way];
      const clean = { code: 0, findings: [], proposals: [] };
      expect(await scan(BOTH, ...how)).toEqual(clean);
      expect(await scan(BOTH.toReversed(), ...how)).toEqual(clean);
      const { out } = await presync(['count', ...BOTH, ...how], { cwd: path('.') });
      expect(out).toMatch(/^north\.example +2 +0 +0 +1 +3$/m);
      expect(out).toMatch(/^south\.test +1 +0 +0 +0 +1$/m);
      expect(out).toContain('\n4 entries will be synchronised');
      expect(out).toContain('\n  3 more are parts of these: Connect joins them\n');
    },
  );

  test('within one forest a contact and a user are a duplicate, and the user keeps the address', async () => {
    const { findings, proposals } = await scan([
      forest('single', [user('Pat', NORTH), contact('Pat', NORTH)]),
    ]);
    expect(addresses(findings)).toBe(5);
    expect(proposals.length).toBeGreaterThan(0);
    for (const line of proposals) expect(line).toContain(`CN=Pat,OU=Contacts,${NORTH} `);
  });

  test('one file is one forest, and so are files of one tree or of one configuration', async () => {
    const pat = [user('Pat', NORTH), contact('Pat', SOUTH)];
    expect(addresses((await scan([forest('joined', pat)])).findings)).toBe(5);
    const tree = [
      forest('up', [user('Pat', `DC=eu,${NORTH}`)]),
      forest('down', [contact('Pat', `DC=us,${NORTH}`)]),
    ];
    expect(addresses((await scan(tree)).findings)).toBe(5);
    const partition = {
      dn: `CN=SOUTH,CN=Partitions,CN=Configuration,${NORTH}`,
      objectClass: 'crossRef',
      nCName: SOUTH,
    };
    const told = [
      forest('root', [user('Pat', NORTH), partition]),
      forest('branch', [contact('Pat', SOUTH)]),
    ];
    expect(addresses((await scan(told)).findings)).toBe(5);
    const country = [
      forest('one', [user('Pat', 'DC=contoso,DC=co,DC=uk')]),
      forest('other', [contact('Pat', 'DC=fabrikam,DC=co,DC=uk')]),
    ];
    expect((await scan(country)).findings).toEqual([]);
  });

  test('two users of different forests are strangers, with a contact between them or without', async () => {
    const strangers = [
      forest('pat-north', [user('Pat', NORTH)]),
      forest('pat-south', [user('Pat', SOUTH)]),
    ];
    expect(addresses((await scan(strangers)).findings)).toBe(6);
    const third = forest('pat-west', [contact('Pat', 'DC=west,DC=example')]);
    expect(addresses((await scan([...strangers, third])).findings)).toBe(8);
    const matched = await scan([...strangers, third], '--match-users-by', 'mail');
    expect(matched).toEqual({ code: 0, findings: [], proposals: [] });
  });

  test('two contacts of one forest with the mail of a user elsewhere are a duplicate, which the user keeps', async () => {
    const { findings, proposals } = await scan([
      forest('with-user', [user('Pat', NORTH)]),
      forest('with-contacts', [contact('Pat', SOUTH), contact('Pat 2', SOUTH, 'pat')]),
    ]);
    expect(addresses(findings)).toBe(7);
    for (const line of proposals) expect(line).toContain(`OU=Contacts,${SOUTH} `);
  });

  test('a contact with the mail of a group stays a duplicate: groups are joined with nothing', async () => {
    const group = {
      dn: `CN=Team,OU=Groups,${NORTH}`,
      objectClass: 'group',
      cn: 'Team',
      displayName: 'Team',
      sAMAccountName: 'team',
      groupType: '2',
      ...addressed('team'),
    };
    const { findings } = await scan([
      forest('groups', [group]),
      forest('of-groups', [contact('Team', SOUTH)]),
    ]);
    expect(addresses(findings)).toBe(4);
  });

  test('what names an account is joined with it where the setup is told to match by identifiers', async () => {
    const parts = [
      forest('named', [user('Pat', NORTH, { objectSid: 'S-1-5-21-1-2-3-1' })]),
      forest('naming', [
        user('Pat', SOUTH, {
          msExchRecipientTypeDetails: '1',
          msExchMasterAccountSid: 'S-1-5-21-1-2-3-1',
        }),
      ]),
    ];
    expect(addresses((await scan(parts)).findings)).toBe(6);
    expect((await scan(parts, '--match-users-by', 'sid')).findings).toEqual([]);
  });
});

describe('F7: an anchor that was carried over into another forest', () => {
  const GUID = '03020101-0504-0706-0809-0a0b0c0d0e0f';
  const SAME_BYTES = 'AQECAwQFBgcICQoLDA0ODw==';
  const ann = (name: string, place: string, attributes: Attributes) =>
    person(name, place, { userPrincipalName: `${name}@contoso.com`, ...attributes });
  const old = ann('old', 'DC=old,DC=example', {
    objectGUID: GUID,
    objectSid: 'S-1-5-21-1-2-3-1',
  });
  const fresh = ann('new', 'DC=new,DC=test', {
    objectGUID: GUID.replace('0f', '1f'),
    'mS-DS-ConsistencyGuid:': SAME_BYTES,
    'msRTCSIP-OriginatorSid': [],
  });
  const told = ({ findings }: { readonly findings: readonly string[] }) =>
    findings.filter((line) => line.includes('duplicate-anchor'));

  test('makes the old and the new user one account: an error on both', async () => {
    const expected = [
      'CN=new,OU=People,DC=new,DC=test duplicate-anchor mS-DS-ConsistencyGuid',
      'CN=old,OU=People,DC=old,DC=example duplicate-anchor objectGUID',
    ];
    const sources = [forest('old', [old]), forest('new', [fresh])];
    expect(told(await scan(sources))).toEqual(expected);
    expect(told(await scan(sources.toReversed()))).toEqual(expected);
    expect(told(await scan(['new.ldif']))).toEqual([]);
    expect(told(await scan(['old.ldif']))).toEqual([]);
  });

  test('and none where Connect is told to match by it, or joins the two anyhow', async () => {
    const sources = [forest('old', [old]), forest('new', [fresh])];
    expect(told(await scan(sources, '--match-users-by', 'anchor'))).toEqual([]);
    const naming = { ...fresh, 'msRTCSIP-OriginatorSid': 'S-1-5-21-1-2-3-1' };
    expect(told(await scan(['old.ldif', forest('naming', [naming])]))).toEqual([]);
    const copy = forest('copy', [old, fresh]);
    expect(told(await scan([copy], '--match-users-by', 'anchor'))).toHaveLength(2);
  });
});
