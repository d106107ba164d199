import { describe, expect, test } from '@jest/globals';
import { createEntry } from '../../src/ldap/entry/entry.js';
import { snapshotSource } from '../../src/ldap/offline/snapshot.js';
import type { EntrySource } from '../../src/model/entry.js';
import type { ScanResult } from '../../src/model/scan.js';
import { count } from '../../src/scan/count.js';
import { scan } from '../../src/scan/scan.js';
import { settingsFrom } from '../../src/settings/settings.js';
import { memorySource } from '../generator.js';

function file(text: string, name = 'x.ldif'): EntrySource {
  async function* open() {
    yield Buffer.from(text);
  }
  return snapshotSource(name, open, { bases: [] });
}

const scanned = (...sources: readonly EntrySource[]): Promise<ScanResult> =>
  scan(sources, { settings: settingsFrom() });

const person = (name: string, more = '') =>
  `dn: CN=${name},DC=contoso,DC=com\nobjectClass: user\nsAMAccountName: ${name}\ndisplayName: ${name}\nuserPrincipalName: ${name}@contoso.com\n${more}\n`;

describe('T10 a scan that judged nobody is not clean', () => {
  const noClass = /objectClass.*ldapsearch without -A.*vucsn/;
  test.each([
    [
      'an export without objectClass',
      'dn: CN=a,DC=x\nmail: a..b@x\n\ndn: CN=b,DC=x\nmail: c\n',
      noClass,
    ],
    [
      'an objectClass with an option',
      'dn: uid=a\nobjectClass;vucsn-52d1: inetOrgPerson\nuid: a\n',
      noClass,
    ],
    ['names without values', 'dn: CN=a\nobjectClass:\nmail:\n', noClass],
    ['one class missing among many', `${person('a')}dn: CN=b,DC=x\nmail: b..c@x\n`, noClass],
    [
      'an export of other entries',
      'dn: OU=a\nobjectClass: organizationalUnit\n',
      /none of its 1 entries.*Export users/,
    ],
    ['only system objects', person('a', 'isCriticalSystemObject: TRUE\n'), /none of its 1 entries/],
  ])('%s', async (_, text, reason) => {
    const { summary } = await scanned(file(text));
    expect(summary.complete).toBe(false);
    expect(summary.gaps).toEqual([expect.stringMatching(reason)]);
    expect((await count([file(text)])).gaps).toEqual([...summary.gaps]);
  });

  test('a directory that shows nobody, with its own advice, also beside one that shows somebody', async () => {
    const nobody = { ...memorySource([]), name: 'dc2', ifNobody: 'Check the rights' };
    for (const sources of [[nobody], [nobody, file(person('a'))]]) {
      const { summary } = await scanned(...sources);
      expect([summary.complete, summary.gaps]).toEqual([
        false,
        ['dc2: it shows no entry. Check the rights'],
      ]);
    }
  });

  test('a source whose entries another one showed is no gap', async () => {
    const entry = createEntry('CN=a,DC=contoso,DC=com', [
      ['objectClass', ['user']],
      ['sAMAccountName', ['a']],
    ]);
    const twins = [memorySource([entry]), { ...memorySource([entry]), name: 'twin' }];
    expect((await scanned(...twins)).summary.gaps).toEqual([]);
    expect((await scanned(file(person('a')), file(person('a'), 'y'))).summary.gaps).toEqual([]);
  });

  test('an entry that nobody can skip for sure is skipped by a reason of its own', async () => {
    const { summary } = await scanned(file(`${person('a')}dn: CN=b\nmail: b\n`));
    expect(summary.skipped).toEqual({ 'without objectClass': 1 });
  });
});

describe('T12 one entry in several records', () => {
  const faulty = 'mail: b..c@contoso.com\n';
  const names =
    'dn: CN=b,DC=contoso,DC=com\nobjectClass: user\nsAMAccountName: b\nuserPrincipalName: b@contoso.com\n\n';
  const mails = `dn: cn=B,dc=contoso,dc=com\nobjectClass: user\n${faulty}\n`;
  const guid = 'objectGUID: 0084a6c5-2d9a-4b7e-9c1d-0123456789ab\n';
  const named = 'dn: CN=b,DC=contoso,DC=com\n';

  /** All that a scan says, but for its sources. */
  const said = ({ findings, proposals, skipped, summary }: ScanResult) => ({
    findings,
    proposals,
    skipped: skipped.map(({ reason }) => reason),
    summary: { ...summary, notRun: [], gaps: summary.gaps.map((gap) => gap.toLowerCase()) },
  });

  test.each([
    ['by name', [names, mails]],
    ['with an objectGUID in one', [names, mails.replace('\n', `\n${guid}`)]],
    [
      'by objectGUID, moved',
      [
        names.replace('\n', `\n${guid}`),
        `dn: CN=b,OU=y,DC=contoso,DC=com\nobjectClass: user\n${guid}${faulty}\n`,
      ],
    ],
    ['with one of no use', [names, `${named}objectClass: user\n\n`]],
    ['of three', [names, mails, `${named}objectClass: user\ndisplayName: b\n\n`]],
    [
      'in which one would be skipped',
      [names, `${named}objectClass: user\nisCriticalSystemObject: TRUE\n${faulty}\n`],
    ],
  ])('%s: named, not judged, and in any order the same', async (_, records) => {
    const other = person('z', 'mail: b@contoso.com\nproxyAddresses: smtp:b@contoso.com\n');
    const orders = [
      [...records, other],
      [other, ...records.toReversed()],
    ];
    const results: ScanResult[] = [];
    for (const order of orders) {
      results.push(await scanned(file(order.join(''))));
      results.push(await scanned(...order.map((text, at) => file(text, `${at}.ldif`))));
    }
    for (const result of results) {
      expect(result.findings.filter(({ entry }) => /^cn=b,/i.test(entry.dn))).toEqual([]);
      expect(result.proposals.filter(({ edit }) => /^cn=b,/i.test(edit.entry.dn))).toEqual([]);
      expect(result.summary).toMatchObject({ complete: false, entries: 2 });
      expect(result.summary.gaps.join()).toMatch(/CN=b,.*Export all attributes at once/i);
      expect(
        result.skipped.every(({ reason }) => reason === 'in several records that differ'),
      ).toBe(true);
    }
    const [first, ...others] = results.map(said);
    // A moved entry is named by either of its names.
    const alike = (one: ReturnType<typeof said> | undefined) =>
      JSON.stringify(one, (key, value) => (key === 'gaps' ? [] : value));
    for (const one of others) expect(alike(one)).toBe(alike(first));
  });

  test('records that say the same are one, in whatever order they come', async () => {
    const other = person('z', 'mail: z@contoso.local\nproxyAddresses: smtp:b@contoso.com\n');
    const orders = [
      [names, mails, mails],
      [mails, mails, names],
      [mails, names, mails],
      [names, mails],
    ];
    const results = await Promise.all(
      orders.map((order) => scanned(file([...order, other].join('')))),
    );
    const [first, ...others] = results.map(said);
    for (const one of others) expect(one).toEqual(first);
  });

  test('no address that any of its records holds is proposed to another', async () => {
    const wants = person('z', 'mail: taken.@contoso.com\n');
    const holds = `${named}objectClass: user\nsAMAccountName: b\nmail: taken@contoso.com\n\n`;
    for (const records of [
      [names, holds],
      [holds, names],
    ]) {
      const { proposals } = await scanned(file([...records, wants].join('')));
      expect(proposals.map(({ edit }) => edit.after)).not.toContainEqual(['taken@contoso.com']);
    }
  });

  test('the same record again is no gap, also with values in another order or with an objectGUID', async () => {
    const one = `${named}objectClass: top\nobjectClass: user\nmail: b@contoso.com\nsAMAccountName: b\n\n`;
    const turned = `${named}sAMAccountName: b\nmail: b@contoso.com\nobjectClass: user\nobjectClass: top\n${guid}\n`;
    const once = await scanned(file(one));
    for (const result of [
      await scanned(file(one + turned)),
      await scanned(file(turned), file(one, 'y')),
    ]) {
      expect(result.summary).toMatchObject({ complete: true, entries: 1 });
      expect(result.findings.map(({ rule }) => rule)).toEqual(
        once.findings.map(({ rule }) => rule),
      );
    }
  });

  test('a value that differs in one letter is seen', async () => {
    for (const mail of ['b@contoso.con', 'B@contoso.com', 'xb@contoso.com']) {
      const text = `${person('b', 'mail: b@contoso.com\n')}${person('b', `mail: ${mail}\n`)}`;
      expect((await scanned(file(text))).summary.complete).toBe(false);
    }
  });

  test('many are counted and a few are named', async () => {
    const all = Array.from({ length: 30 }, (_, n) => `p${n}`);
    const text = all.map((name) => person(name) + person(name, 'mail: x@contoso.com\n')).join('');
    const { summary, skipped } = await scanned(file(text));
    expect(summary.gaps.join()).toContain('and 25 more');
    expect(skipped).toHaveLength(30);
  });

  test('count counts it once', async () => {
    const { total, gaps } = await count([file(person('b') + person('b', 'mail: x@contoso.com\n'))]);
    expect([total, gaps.length]).toEqual([1, 1]);
  });

  test('a directory may show an entry again: what it says last is news, no gap', async () => {
    const entry = (mail: string) =>
      createEntry('CN=a,DC=contoso,DC=com', [
        ['objectClass', ['user']],
        ['mail', [mail]],
      ]);
    const { summary } = await scanned(
      memorySource([entry('a@contoso.com'), entry('b@contoso.com')]),
    );
    expect(summary.complete).toBe(true);
  });
});

describe('T25 an unknown value is not an absent one', () => {
  const rules = ({ findings }: ScanResult) =>
    findings.map(({ rule, attribute }) => `${rule} ${attribute}`);
  const others = person('zora', 'mailNickname: zora\nmail: zora@contoso.com\n');

  test('no rule takes it for missing, other faults are found, and the scan says so', async () => {
    const lacking = person('bela', 'mail: bela@contoso.com \n').replace(
      /userPrincipalName.*\n/,
      '',
    );
    const unknown = lacking.replace('\n\n', '\nuserPrincipalName:< file:///x\n\n');
    expect(rules(await scanned(file(lacking + others)))).toContain(
      'missing-user-principal-name userPrincipalName',
    );
    const result = await scanned(file(unknown + others));
    expect(rules(result)).toEqual(['forbidden-character mail']);
    expect(result.summary.gaps).toEqual([
      expect.stringContaining('values of userPrincipalName stand in other files'),
    ]);
  });

  test('nobody is skipped for the lack of it', async () => {
    const contact =
      'dn: CN=c,DC=contoso,DC=com\nobjectClass: contact\ndisplayName: c\nmail:< file:///x\n\n';
    const { summary } = await scanned(file(contact + others));
    expect([summary.entries, summary.skipped]).toEqual([2, {}]);
  });

  test('a photo that is not asked for is nobody’s gap', async () => {
    const { summary } = await scanned(file(person('b', 'jpegPhoto:< file:///x.jpg\n')));
    expect([summary.complete, summary.findings.error]).toEqual([true, 0]);
  });

  test('of a record that the file cuts nothing is taken for missing', async () => {
    const text = `${others}dn: CN=b,DC=contoso,DC=com\nobjectClass: user\nsAMAccountName: b\nproxyAddresses: smtp:b@contoso.com\nproxyAddresses: SMT`;
    const result = await scanned(file(text));
    expect(rules(result)).toEqual([]);
    expect(result.summary.complete).toBe(false);
    expect(rules(await scanned(file(`${text.slice(0, text.lastIndexOf('\n'))}\n`)))).toEqual(
      expect.arrayContaining([
        'missing-primary proxyAddresses',
        'missing-user-principal-name userPrincipalName',
      ]),
    );
  });

  test('where the sign-in name is unknown, none is made of the account name', async () => {
    const account = (line: string) =>
      `dn: CN=b,DC=contoso,DC=com\nobjectClass: user\nsAMAccountName: zora\ndisplayName: b\n${line}\n`;
    const holder = person('zora').replace('sAMAccountName: zora', 'sAMAccountName: other');
    const known = await scanned(file(account('') + holder));
    const unknown = await scanned(file(account('userPrincipalName:< file:///x\n') + holder));
    expect(rules(known)).toContain('duplicate-address sAMAccountName');
    expect(rules(unknown)).toEqual([]);
  });
});
