import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { scan } from '../../../src/index.js';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import { sidText } from '../../../src/ldap/format/sid.js';
import { snapshotSource } from '../../../src/ldap/offline/snapshot.js';
import type { Entry, EntrySource, Value } from '../../../src/model/entry.js';
import type { Finding } from '../../../src/model/finding.js';
import { settingsFrom } from '../../../src/settings/settings.js';

type Attributes = Readonly<Record<string, Value | readonly Value[]>>;

const isList = (values: Value | readonly Value[]): values is readonly Value[] =>
  Array.isArray(values);

function entry(dn: string, objectClass: string, attributes: Attributes): Entry {
  const all = { objectClass, displayName: 'Name', sAMAccountName: dn, ...attributes };
  return createEntry(
    dn,
    Object.entries(all).map(([name, values]) => [name, isList(values) ? values : [values]]),
  );
}

const user = (name: string, attributes: Attributes, domain = 'DC=contoso,DC=com') =>
  entry(`CN=${name},${domain}`, 'user', {
    sAMAccountName: name,
    userPrincipalName: `${name}@contoso.com`,
    ...attributes,
  });

const directory = (entries: readonly Entry[], name = 'directory'): EntrySource => ({
  name,
  undelivered: async () => new Map(),
  async *pages() {
    for (const one of entries) yield { entries: [one], gaps: [] };
  },
});

async function duplicates(sources: readonly EntrySource[], rule: string) {
  const { findings } = await scan(sources, { settings: settingsFrom() });
  return findings.filter((finding) => finding.rule === rule);
}

const line = ({ entry: { dn }, attribute, value, related, relatedCount }: Finding) =>
  `${dn} ${attribute} ${String(value)} <- ${related.map((other) => `${other.entry.dn} ${other.attribute}`).join('; ')} (${relatedCount})`;

describe('every holder is told of once, with the others', () => {
  const anchor = Buffer.from('0123456789abcdef');
  const sid = Buffer.from('010500000000000515000000010000000200000003000000510400', 'hex');
  const cases: readonly (readonly [rule: string, attribute: string, value: Value])[] = [
    ['duplicate-address', 'proxyAddresses', 'smtp:x@contoso.com'],
    ['duplicate-sip-address', 'proxyAddresses', 'sip:x@contoso.com'],
    ['duplicate-target-address', 'targetAddress', 'SMTP:x@fabrikam.com'],
    ['duplicate-mail-nickname', 'mailNickname', 'x'],
    ['duplicate-anchor', 'mS-DS-ConsistencyGuid', anchor],
    ['duplicate-security-identifier', 'objectSid', Buffer.concat([sid, Buffer.from([0])])],
  ];

  test.each(cases)('%s, in whatever order the entries arrive', async (rule, attribute, value) => {
    const entries = ['ann', 'bob', 'cleo'].map((name) => user(name, { [attribute]: value }));
    const expected = (await duplicates([directory(entries)], rule)).map(line);
    expect(expected).toHaveLength(3);
    expect(expected[0]).toContain(
      `<- CN=bob,DC=contoso,DC=com ${attribute}; CN=cleo,DC=contoso,DC=com ${attribute} (2)`,
    );
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(entries, { minLength: 3 }),
        fc.boolean(),
        async (shuffled, twoForests) => {
          const [first, ...rest] = shuffled;
          const sources = twoForests
            ? [directory(first ? [first] : [], 'one'), directory(rest, 'two')]
            : [directory(shuffled)];
          expect((await duplicates(sources, rule)).map(line)).toEqual(expected);
        },
      ),
      { numRuns: 12 },
    );
  });

  test.each(cases)(
    '%s says nothing of an entry that holds a value alone',
    async (rule, attribute, value) => {
      const entries = [user('ann', { [attribute]: value }), user('bob', {})];
      expect(await duplicates([directory(entries)], rule)).toEqual([]);
    },
  );
});

describe('the message names the Entra error', () => {
  test('kinds that differ clash for good, a user and an inetOrgPerson do not differ', async () => {
    const mail = 'x@contoso.com';
    const person = entry('CN=p,DC=contoso,DC=com', 'inetOrgPerson', { mail });
    const contact = entry('CN=k,DC=contoso,DC=com', 'contact', { mail });
    const same = await duplicates(
      [directory([user('ann', { mail }), person])],
      'duplicate-address',
    );
    expect(same).toHaveLength(2);
    for (const { message } of same) {
      expect(message).toContain('InvalidSoftMatch');
      expect(message).not.toContain('ObjectTypeMismatch');
    }
    const mixed = await duplicates(
      [directory([user('ann', { mail }), contact])],
      'duplicate-address',
    );
    expect(mixed).toHaveLength(2);
    for (const { message } of mixed) expect(message).toContain('ObjectTypeMismatch');
  });

  test('an alias or an account name is no address: kinds make no difference', async () => {
    const group = (attributes: Attributes) =>
      entry('CN=g,DC=fabrikam,DC=com', 'group', { sAMAccountName: 'ann', ...attributes });
    const entries = [user('ann', { mailNickname: 'x' }), group({ mailNickname: 'x' })];
    for (const rule of ['duplicate-mail-nickname', 'duplicate-account-name']) {
      const found = await duplicates([directory(entries)], rule);
      expect(found).toHaveLength(2);
      for (const { message } of found) expect(message).not.toContain('ObjectTypeMismatch');
    }
  });

  test('bytes are shown in the form that the cloud and people know', async () => {
    const bytes = { 'mS-DS-ConsistencyGuid': Buffer.from('0123456789abcdef') };
    const [found] = await duplicates(
      [directory([user('ann', bytes), user('bob', bytes)])],
      'duplicate-anchor',
    );
    expect(found?.message).toContain('"MDEyMzQ1Njc4OWFiY2RlZg=="');
  });
});

describe('a sign-in name that is implied', () => {
  const ann = (attributes: Attributes = {}) =>
    entry('CN=ann,OU=a,DC=Contoso,DC=com', 'user', { sAMAccountName: 'Ann', ...attributes });

  test('meets the addresses of others in the one pool, and says what it is made of', async () => {
    const found = await duplicates(
      [directory([ann(), user('bob', { mail: 'ANN@contoso.com' })])],
      'duplicate-address',
    );
    expect(found.map(line)).toEqual([
      'CN=ann,OU=a,DC=Contoso,DC=com sAMAccountName Ann <- CN=bob,DC=contoso,DC=com mail (1)',
      'CN=bob,DC=contoso,DC=com mail ANN@contoso.com <- CN=ann,OU=a,DC=Contoso,DC=com sAMAccountName (1)',
    ]);
    expect(found[0]?.message).toContain('"Ann@contoso.com", made of sAMAccountName and domain');
  });

  test('is unknown where an export carries no userPrincipalName, and addresses are judged all the same', async () => {
    const text = ['ann', 'bob']
      .map(
        (name) =>
          `dn: CN=${name},DC=contoso,DC=com\nobjectClass: user\nsAMAccountName: ${name}\nmail: ann@contoso.com\n`,
      )
      .join('\n');
    const open = async function* () {
      yield Buffer.from(text);
    };
    const source = snapshotSource('export', open, { bases: [] });
    const { findings, summary } = await scan([source], { settings: settingsFrom() });
    const attributes = findings
      .filter(({ rule }) => rule === 'duplicate-address')
      .map(({ attribute }) => attribute);
    expect(attributes).toEqual(['mail', 'mail']);
    expect(summary.notRun).toContainEqual(
      expect.objectContaining({ rule: 'duplicate-address', attribute: 'sAMAccountName' }),
    );
  });

  test('is that of nobody where mail is the sign-in name', async () => {
    const settings = settingsFrom({ loginAttribute: 'mail' });
    const entries = [
      ann({ mail: 'ann.lee@contoso.com' }),
      user('bob', { mail: 'ann@contoso.com' }),
    ];
    const { findings } = await scan([directory(entries)], { settings });
    expect(findings.filter(({ rule }) => rule === 'duplicate-address')).toEqual([]);
  });
});

describe('account names', () => {
  const rule = 'duplicate-account-name';

  test('clash between domains and forests, each with those of the other domains only', async () => {
    const here = user('ann', {});
    const copy = entry('CN=ann,OU=old,DC=contoso,DC=com', 'user', { sAMAccountName: 'ANN' });
    const there = user('ann', {}, 'DC=fabrikam,DC=com');
    const found = await duplicates([directory([here, copy]), directory([there], 'two')], rule);
    expect(found.map(line)).toEqual([
      'CN=ann,DC=contoso,DC=com sAMAccountName ann <- CN=ann,DC=fabrikam,DC=com sAMAccountName (1)',
      'CN=ann,DC=fabrikam,DC=com sAMAccountName ann <- CN=ann,DC=contoso,DC=com sAMAccountName; CN=ann,OU=old,DC=contoso,DC=com sAMAccountName (2)',
      'CN=ann,OU=old,DC=contoso,DC=com sAMAccountName ANN <- CN=ann,DC=fabrikam,DC=com sAMAccountName (1)',
    ]);
  });

  test('do not clash within a domain that two sources show', async () => {
    const exported = user('ann', {});
    const live = user(
      'ann',
      { objectGUID: Buffer.from('0123456789abcdef') },
      'OU=x,dc=CONTOSO,dc=com',
    );
    expect(await duplicates([directory([exported]), directory([live], 'live')], rule)).toEqual([]);
  });
});

describe('the text of a security identifier', () => {
  test('is the same from bytes and from text', () => {
    const bytes = Buffer.from('010500000000000515000000dcf4dc3b833d2b46828ba62800020000', 'hex');
    expect(sidText(bytes)).toBe('S-1-5-21-1004336348-1177238915-682003330-512');
    expect(sidText('s-1-5-21-1004336348-1177238915-682003330-512')).toBe(sidText(bytes));
    expect(sidText(Buffer.from('S-1-5-18'))).toBe('S-1-5-18');
    expect(sidText(Buffer.from('010100000000000512000000', 'hex'))).toBe('S-1-5-18');
  });

  test.each(['', 'S-1', 'S-1-5', 'S-1-5-', `S-1-5${'-1'.repeat(16)}`, 'none'])(
    'not of %p',
    (text) => {
      expect(sidText(text)).toBeUndefined();
    },
  );

  test('never throws, and is no text for bytes that are cut or too long', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => void sidText(bytes)));
    const bytes = Buffer.from('010100000000000512000000', 'hex');
    expect(sidText(bytes.subarray(0, 11))).toBeUndefined();
    expect(sidText(Buffer.concat([bytes, Buffer.from([0])]))).toBeUndefined();
    expect(sidText(Buffer.from('0100000000000005', 'hex'))).toBeUndefined();
  });
});
