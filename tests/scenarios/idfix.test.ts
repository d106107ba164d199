import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { sheetRows } from '../../src/export/sheet/rows.js';
import { findingId } from '../../src/index.js';
import { createEntry } from '../../src/ldap/entry/entry.js';
import { memoryDirectory } from '../../src/ldap/offline/memory-directory.js';
import type { ApprovedEdit } from '../../src/model/change.js';
import type { Finding } from '../../src/model/finding.js';
import type { Settings } from '../../src/model/rule.js';
import type { ScanResult } from '../../src/model/scan.js';
import { approve } from '../../src/remediation/plan/approve.js';
import { carryOut } from '../../src/remediation/run/carry-out.js';
import { openJournal } from '../../src/remediation/run/journal.js';
import { prepare } from '../../src/remediation/run/prepare.js';
import { readJournal } from '../../src/remediation/run/read-journal.js';
import { planUndo } from '../../src/remediation/run/undo.js';
import { settingsFrom } from '../../src/settings/settings.js';
import { presync, readRecords, scratch } from '../presync.js';
import { scanText } from '../rule-tester.js';

/*
 * Faults that IdFix had. Each of these tests fails where one of them comes back; what the tests of a single part prove
 * already is not repeated here.
 */

const { path, remove } = scratch();
afterAll(remove);

const DEDICATED = settingsFrom({ profile: 'dedicated' });

type Lines = Readonly<Record<string, string | readonly string[]>>;

/** An entry in LDIF; values go in as base64, so that any of them can stand there. */
function ldif(cn: string, objectClass: readonly string[], lines: Lines): string {
  const values = Object.entries(lines).flatMap(([name, given]) =>
    [given].flat().map((value) => `${name}:: ${Buffer.from(value).toString('base64')}`),
  );
  const dn = `dn:: ${Buffer.from(`CN=${cn},DC=contoso,DC=com`).toString('base64')}`;
  return [dn, ...objectClass.map((name) => `objectClass: ${name}`), ...values, '', ''].join('\n');
}

const account = (cn: string) =>
  cn
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '')
    .slice(0, 20);
const user = (cn: string, lines: Lines = {}) =>
  ldif(cn, ['user'], {
    cn,
    displayName: cn,
    sAMAccountName: account(cn),
    userPrincipalName: `${account(cn)}.upn@contoso.com`,
    ...lines,
  });
const person = (cn: string, lines: Lines = {}) =>
  user(cn, lines).replace('objectClass: user', 'objectClass: user\nobjectClass: inetOrgPerson');
const contact = (cn: string, lines: Lines = {}) =>
  ldif(cn, ['contact'], { cn, displayName: cn, mailNickname: account(cn), ...lines });
const group = (cn: string, lines: Lines = {}) =>
  ldif(cn, ['group'], { cn, displayName: cn, sAMAccountName: account(cn), ...lines });

/** What a scan finds about one attribute: entry, word and stored value. */
async function found(text: string, attribute: string, settings?: Settings) {
  const { findings } = await scanText(text, settings);
  return findings.filter((finding) => finding.attribute === attribute);
}

async function words(text: string, attribute: string, settings?: Settings) {
  return (await found(text, attribute, settings)).map(({ error }) => error);
}

async function proposed(text: string, attribute: string, settings?: Settings) {
  const { proposals } = await scanText(text, settings);
  return proposals.flatMap(({ edit }) => (edit.attribute === attribute ? edit.after : []));
}

const nameOf = ({ entry: { dn } }: Finding) => dn.slice('CN='.length, dn.indexOf(','));
const duplicates = (findings: readonly Finding[]) =>
  findings.filter(({ error }) => error === 'Duplicate');

/** Approves every row of a scan as a person would who trusts all of it. */
function acceptAll({ findings, proposals }: ScanResult) {
  const rows = [...sheetRows(findings, proposals, findingId, true)].map((sheetRow, at) => ({
    row: at + 2,
    sheetRow: { ...sheetRow, action: sheetRow.proposedAction },
  }));
  return approve(rows);
}

describe('writing', () => {
  const KEPT = ['SMTP:joe@contoso.com', 'smtp:jack@contoso.com'];
  const entry = (dn: string, proxyAddresses: readonly string[]) =>
    createEntry(dn, [['proxyAddresses', proxyAddresses]]);
  const change = (row: number, dn: string, before: string, after: readonly string[]) => {
    const ref = { dn, guid: undefined, kind: 'user' } as const;
    const edit = { entry: ref, attribute: 'proxyAddresses', before: [before], after };
    return { row, id: `id${row}`, edit } satisfies ApprovedEdit;
  };
  let journals = 0;
  const carry = async (
    directory: ReturnType<typeof memoryDirectory>,
    approved: readonly ApprovedEdit[],
  ) => {
    const name = path(`journal-${++journals}.jsonl`);
    const journal = await openJournal(
      name,
      { command: 'apply', target: 'memory' },
      () => new Date(0),
    );
    const { requests, refused } = await prepare(approved, directory, 1);
    const results = await carryOut(requests, directory, journal, { concurrency: 1 });
    await journal.close();
    return { name, results, refused };
  };

  test('a removed proxyAddresses value comes back by undo, and so does one with a line break', async () => {
    for (const value of ['smtp:jack@contoso.com', 'smtp:line1\nvalue: evil']) {
      const directory = memoryDirectory([entry('CN=Joe,DC=c', ['SMTP:joe@contoso.com', value])]);
      const { name } = await carry(directory, [change(2, 'CN=Joe,DC=c', value, [])]);
      expect(directory.entries()[0]?.values('proxyAddresses')).toEqual(['SMTP:joe@contoso.com']);
      const { requests } = await planUndo(readJournal(readFileSync(name)), directory, 1);
      for (const { ref, edits } of requests)
        await directory.modify(
          ref.dn,
          edits.map(({ edit }) => edit),
        );
      expect(directory.entries()[0]?.values('proxyAddresses')).toContain(value);
    }
  });

  test('an edit that the directory refuses leaves the old value where it was', async () => {
    const directory = memoryDirectory([entry('CN=Joe,DC=c', KEPT)]);
    const clash = change(2, 'CN=Joe,DC=c', 'smtp:jack@contoso.com', ['SMTP:JOE@contoso.com']);
    const { results, refused } = await carry(directory, [clash]);
    expect(refused.length + results.rows.filter(({ state }) => state !== 'applied').length).toBe(1);
    expect(directory.entries()[0]?.values('proxyAddresses')).toEqual(KEPT);
  });

  test('an entry without a domain in its name does not keep the others from being changed', async () => {
    const names = ['CN=A,DC=contoso,DC=com', 'CN=B,O=Contoso', 'CN=C,DC=contoso,DC=com'];
    const directory = memoryDirectory(names.map((dn) => entry(dn, KEPT)));
    const approved = names.map((dn, at) => change(at + 2, dn, 'smtp:jack@contoso.com', []));
    expect((await carry(directory, approved)).results.counts.applied).toBe(3);
  });

  test('to accept every proposal takes no primary address away and makes no new duplicate', async () => {
    const text =
      user('First', { proxyAddresses: 'SMTP:joe@contoso.com', mailNickname: 'one' }) +
      user('Second', {
        proxyAddresses: ['SMTP:two@contoso.com', 'smtp:joe@contoso.com'],
        mailNickname: 'two',
      }) +
      user('Third', { proxyAddresses: 'SMTP:tw o@contoso.com', mailNickname: 'three' });
    const result = await scanText(text);
    const { approved } = acceptAll(result);
    const written = approved.flatMap(({ edit }) => (edit.after.length > 0 ? edit.after : []));
    expect(written).not.toContain('SMTP:two@contoso.com');
    const removed = approved.filter(({ edit }) => edit.after.length === 0);
    expect(removed.map(({ edit }) => edit.before)).not.toContainEqual(['SMTP:joe@contoso.com']);
  });

  test('no row proposes the faulty value itself, and a sheet that says so is refused', async () => {
    const text = ['.joe@contoso.com', 'jo..e@contoso.com', 'joe@contoso.local', 'joe.contoso.com']
      .map((mail, at) => user(`U${'abcd'[at]}`, { userPrincipalName: mail }))
      .join('');
    const result = await scanText(text);
    expect(result.findings.length).toBeGreaterThanOrEqual(4);
    for (const { edit } of result.proposals) expect(edit.after).not.toEqual(edit.before);
    const [row] = sheetRows(result.findings, [], findingId, true);
    if (!row) throw new Error('no row');
    const same = { ...row, update: row.value, action: 'EDIT' };
    expect(approve([{ row: 2, sheetRow: same }]).refused).toHaveLength(1);
  });

  test('a run touches nothing in its folder but the files that it was told to write', async () => {
    mkdirSync(path('work'));
    writeFileSync(path('work/test.txt'), 'mine');
    writeFileSync(path('work/in.ldif'), user('Joe', { userPrincipalName: 'joe@contoso.local' }));
    await presync(['scan', 'in.ldif', '--csv', 'out.csv'], { cwd: path('work') });
    expect(readdirSync(path('work')).sort()).toEqual(['in.ldif', 'out.csv', 'test.txt']);
    expect(readFileSync(path('work/test.txt'), 'utf8')).toBe('mine');
  });
});

describe('rules', () => {
  test.each(['.joe', 'joe.', 'jo..e', '.'])('the alias %j has its dots reported', async (alias) => {
    const text = user('Joe', { mailNickname: alias });
    for (const settings of [settingsFrom(), DEDICATED])
      expect(await words(text, 'mailNickname', settings)).toContain('Format');
    expect(await words(user('Joe', { mailNickname: 'j.oe' }), 'mailNickname', DEDICATED)).toEqual(
      [],
    );
  });

  test.each([settingsFrom(), DEDICATED])(
    'critical system objects are skipped, settings %#',
    async (s) => {
      const critical = user('Joe', { isCriticalSystemObject: 'TRUE', userPrincipalName: 'bad' });
      const odd = user('Ann', { isCriticalSystemObject: '1', userPrincipalName: 'bad' });
      const { findings } = await scanText(critical + odd, s);
      expect(new Set(findings.map(nameOf))).toEqual(new Set(['Ann']));
    },
  );

  test.each([
    [64, 11, false],
    [65, 11, true],
    [3, 48, false],
    [3, 49, true],
    [64, 48, false],
  ])('a sign-in name of %i characters before and %i after the @', async (before, after, isLong) => {
    const domain = `${'d'.repeat(Math.min(after - 4, 40))}${'.eeeeeeee'.slice(0, Math.max(after - 44, 0))}.com`;
    const name = `${'a'.repeat(before)}@${domain}`;
    expect(domain).toHaveLength(after);
    expect(await words(user('Joe', { userPrincipalName: name }), 'userPrincipalName')).toEqual(
      isLong ? ['Length'] : [],
    );
  });

  test.each([
    ['displayName', 'user', 256, 'x'],
    ['givenName', 'user', 64, 'x'],
    ['mailNickname', 'user', 64, 'x'],
    ['proxyAddresses', 'user', 256, 'X500:'],
  ] as const)(
    '%s of a %s may have its documented length and no more',
    async (name, _, limit, start) => {
      for (const settings of [settingsFrom(), DEDICATED]) {
        const ofLength = (length: number) => user('Joe', { [name]: start.padEnd(length, 'x') });
        expect(await words(ofLength(limit), name, settings)).not.toContain('Length');
        expect(await words(ofLength(limit + 1), name, settings)).toContain('Length');
      }
    },
  );

  test('sAMAccountName beside a good sign-in name is a warning at most, of inetOrgPersons as well', async () => {
    const long = { sAMAccountName: 'abcdefghijklmnopqrstu' };
    for (const make of [user, person]) {
      const beside = await found(make('Joe', long), 'sAMAccountName');
      expect(beside.map(({ error, severity }) => [error, severity])).toEqual([
        ['Length', 'warning'],
      ]);
    }
    const bare = ldif('Joe', ['user'], { cn: 'Joe', displayName: 'Joe', ...long });
    const alone = await found(bare + user('Ann'), 'sAMAccountName');
    expect(alone.map(({ severity }) => severity)).toEqual(['error']);
  });

  test.each(['notsmtp:joe@contoso', 'x-smtp:joe', 'X500:/o=c/cn=smtp:joe@contoso'])(
    '%s is no SMTP address because it has smtp: in it',
    async (value) => {
      const all = await words(
        user('Joe', { proxyAddresses: value, mailNickname: 'joe' }),
        'proxyAddresses',
      );
      for (const word of ['TopLevelDomain', 'DomainPart', 'LocalPart'])
        expect(all).not.toContain(word);
    },
  );

  test.each([
    "X500:/o=Contoso/ou=Exchange/cn=Recipients/cn=O'Brien",
    'X500:/o=Contoso/cn=Lee, Ann (Ext) <1>',
    'x500:/o=Contoso/cn=a b',
  ])('%s is kept for replies and in order', async (value) => {
    const values = ['SMTP:joe.upn@contoso.com', value];
    const text = user('Joe', {
      proxyAddresses: values,
      mailNickname: 'joe',
      mail: 'joe.upn@contoso.com',
    });
    expect(await words(text, 'proxyAddresses')).toEqual([]);
  });

  test.each([
    'SIP:joe@contoso.com:5060',
    'X400:c=US;a= ;p=Contoso;o=Ex;dda:SMTP=joe(a)contoso.com;',
    'smtp:smtp:joe@contoso.com',
    'smtp:jo:e@contoso.com',
  ])('no proposal takes the colon out of %s and glues the rest together', async (value) => {
    const values = ['SMTP:joe.upn@contoso.com', value];
    const text = user('Joe', {
      proxyAddresses: values,
      mailNickname: 'joe',
      mail: 'joe.upn@contoso.com',
    });
    for (const glued of ['com5060', 'ddaSMTP', 'smtpjoe'])
      expect((await proposed(text, 'proxyAddresses')).join()).not.toContain(glued);
  });

  test('a value that begins with a colon is reported', async () => {
    const text = user('Joe', { proxyAddresses: ':joe@contoso.com', mailNickname: 'joe' });
    expect((await words(text, 'proxyAddresses')).length).toBeGreaterThan(0);
  });

  test('the X400 form "a= ;" is not proposed without its blank', async () => {
    const text = contact('Joe', {
      mail: 'joe@fabrikam.com',
      proxyAddresses: 'SMTP:joe@fabrikam.com',
      targetAddress: 'X400:c=US;a= ;p=Fabrikam;s=Joe;',
    });
    expect((await proposed(text, 'targetAddress')).join()).not.toContain('a=;');
  });

  test.each([
    'contoso.app',
    'contoso.shop',
    'contoso.travelersinsurance',
    'xn--bcher-kva.xn--p1ai',
  ])('the domain %s is in order', async (domain) => {
    const text = user('Joe', { mail: `joe@${domain}`, mailNickname: 'joe' });
    expect(await words(text, 'mail', DEDICATED)).toEqual([]);
  });

  test('a dot before the @ is not taken for one of the domain', async () => {
    const text = user('Joe', { mail: 'joe.local@contoso.com', mailNickname: 'joe' });
    expect(await words(text, 'mail', DEDICATED)).toEqual([]);
  });

  test('a missing displayName is a fault of mail-enabled groups, and blanks are blank', async () => {
    const text =
      ldif('Joe', ['user'], {
        cn: 'Joe',
        sAMAccountName: 'joe',
        userPrincipalName: 'joe@contoso.com',
      }) + group('Sales', { mail: 'sales@contoso.com', mailNickname: 'sales', displayName: ' ' });
    const blank = (await found(text, 'displayName')).filter(({ error }) => error === 'Blank');
    expect(blank.map(nameOf)).toEqual(['Sales']);
  });

  test.each([
    'Guestrin, Carl',
    'Administrative Assistants',
    'Guest Speaker',
    'Support_Desk',
    'cash$',
  ])('a person named %s is judged', async (cn) => {
    const bad = { userPrincipalName: 'bad' };
    const text = user(cn.replace(',', '\\,'), {
      ...bad,
      cn,
      displayName: cn,
      sAMAccountName: 'x1',
    });
    expect((await words(text, 'userPrincipalName')).length).toBeGreaterThan(0);
  });

  test("O'Neil may sign in; é is a character fault", async () => {
    const name = (upn: string) => user('Joe', { userPrincipalName: upn });
    expect(await words(name("o'neil@contoso.com"), 'userPrincipalName')).toEqual([]);
    expect(await words(name('josé@contoso.com'), 'userPrincipalName')).toEqual(['Character']);
  });

  test('two primary addresses are a fault', async () => {
    const values = ['SMTP:joe.upn@contoso.com', 'SMTP:jack@contoso.com'];
    const text = user('Joe', { proxyAddresses: values, mailNickname: 'joe' });
    expect((await words(text, 'proxyAddresses')).length).toBeGreaterThan(0);
  });
});

describe('duplicates', () => {
  test('every holder has one row, with its own spelling, its own kind and all the others', async () => {
    const text =
      group('First', { mail: 'Joe@contoso.com', mailNickname: 'g' }) +
      user('Second', { mail: 'joe@contoso.com', mailNickname: 'u' }) +
      contact('Third', { mail: 'JOE@contoso.com', mailNickname: 'c' });
    const rows = duplicates(await found(text, 'mail'));
    expect(rows.map((row) => [nameOf(row), row.entry.kind, row.value, row.relatedCount])).toEqual([
      ['First', 'group', 'Joe@contoso.com', 2],
      ['Second', 'user', 'joe@contoso.com', 2],
      ['Third', 'contact', 'JOE@contoso.com', 2],
    ]);
  });

  test('all positions of a value and all attributes are compared', async () => {
    const text =
      user('First', { proxyAddresses: ['SMTP:one@contoso.com', 'smtp:joe@contoso.com'] }) +
      user('Second', { userPrincipalName: 'joe@contoso.com' }) +
      contact('Third', { mail: 'joe@contoso.com' });
    const { findings } = await scanText(text);
    const joe = duplicates(findings).filter(({ value }) => String(value).includes('joe@'));
    expect(joe.map((row) => [nameOf(row), row.attribute])).toEqual([
      ['First', 'proxyAddresses'],
      ['Second', 'userPrincipalName'],
      ['Third', 'mail'],
    ]);
  });

  test('a clean entry is no duplicate of what another would become, in either order', async () => {
    const bad = user('Bad', { userPrincipalName: 'joe x@contoso.com' });
    const clean = user('Clean', { userPrincipalName: 'joex@contoso.com' });
    for (const text of [bad + clean, clean + bad]) {
      const { findings, proposals } = await scanText(text);
      expect(findings.filter((row) => nameOf(row) === 'Clean')).toEqual([]);
      expect(proposals.flatMap(({ edit }) => edit.after)).not.toContain('joex@contoso.com');
    }
  });

  test('a value twice in one entry is not shared', async () => {
    const text = user('Joe', {
      mailNickname: 'joe',
      proxyAddresses: ['SMTP:joe.upn@contoso.com', 'smtp:JOE.upn@contoso.com'],
      mail: 'joe.upn@contoso.com',
    });
    const rows = duplicates((await scanText(text)).findings);
    expect(rows.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  test('letters that only look alike are different addresses', async () => {
    const text =
      user('First', { mail: 'straße@contoso.com', mailNickname: 'first' }) +
      user('Second', { mail: 'strasse@contoso.com', mailNickname: 'second' });
    expect(duplicates(await found(text, 'mail'))).toEqual([]);
  });

  test('an account name is compared whoever has a sign-in name', async () => {
    const bare = (dn: string, ...upn: readonly string[]) =>
      [`dn: ${dn}`, 'objectClass: user', 'sAMAccountName: same', ...upn, '', ''].join('\n');
    const text =
      bare('CN=First,DC=contoso,DC=com', 'userPrincipalName: first@contoso.com') +
      bare('CN=Second,DC=fabrikam,DC=com');
    expect(duplicates(await found(text, 'sAMAccountName')).map(nameOf)).toEqual([
      'First',
      'Second',
    ]);
  });

  test('twice the entries cost about twice the time', async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, n) => ({
        mail: `m${n}@contoso.com`,
        mailNickname: `m${n}`,
        sAMAccountName: `m${n}`,
        userPrincipalName: `m${n}@contoso.com`,
        proxyAddresses: [`SMTP:m${n}@contoso.com`, `smtp:n${n}@contoso.com`],
      }))
        .map((lines, n) => user(`U${n}`, lines))
        .join('');
    const timed = async (count: number) => {
      const text = many(count);
      const started = performance.now();
      expect((await scanText(text)).summary.entries).toBe(count);
      return performance.now() - started;
    };
    await timed(500);
    const small = await timed(1500);
    expect((await timed(6000)) / small).toBeLessThan(10);
  }, 60_000);
});

describe('proposals', () => {
  const LONG = 'x'.repeat(300);

  test.each([
    ['userPrincipalName', `${LONG}@contoso.com`],
    ['mail', `${LONG}@contoso.com`],
    ['proxyAddresses', `SMTP:${LONG}@contoso.com`],
    ['targetAddress', `SMTP:${LONG}@contoso.com`],
    ['mail', 'joe@con_toso.com'],
    ['userPrincipalName', 'joe@con_toso.com'],
    ['userPrincipalName', 'joe@con toso.com'],
  ] as const)('of %s never cut or change the domain (%#)', async (name, value) => {
    for (const settings of [settingsFrom(), DEDICATED]) {
      const text = user('Joe', { mailNickname: 'joe', [name]: value });
      for (const after of await proposed(text, name, settings)) {
        const domain = value.slice(value.lastIndexOf('@'));
        expect(String(after).endsWith(domain)).toBe(true);
      }
    }
  });

  test.each([
    ['joe@bücher.com', 'xn--bcher-kva.com'],
    ['joe@пример.рф', 'xn--e1afmkfd.xn--p1ai'],
  ])('%s keeps its domain, in letters that every server reads', async (upn, domain) => {
    for (const after of await proposed(
      user('Joe', { userPrincipalName: upn }),
      'userPrincipalName',
    ))
      expect(after).toBe(`joe@${domain}`);
  });

  test('no character is split', async () => {
    const text = user('Joe', { displayName: '😀'.repeat(257) });
    for (const after of await proposed(text, 'displayName')) expect(after).not.toMatch(/\p{Cs}/u);
  });

  test.each([
    ['userPrincipalName', '???'],
    ['mail', '   '],
    ['mailNickname', '.'],
  ])('%s %j is not replaced by the common name', async (name, value) => {
    const text = user('Case User', { mail: 'joe@contoso.com', mailNickname: 'joe', [name]: value });
    for (const settings of [settingsFrom(), DEDICATED])
      expect(await proposed(text, name, settings)).not.toContain('Case User');
  });

  test('a missing targetAddress of a user gets no empty proposal', async () => {
    const text =
      user('Joe', { mail: 'joe.upn@contoso.com', mailNickname: 'joe' }) +
      user('Ann', {
        mail: 'ann.upn@contoso.com',
        mailNickname: 'ann',
        homeMDB: 'CN=DB1',
        targetAddress: 'SMTP:ann@fabrikam.com',
      });
    const { findings, proposals } = await scanText(text, DEDICATED);
    expect(findings.map((row) => [nameOf(row), row.attribute, row.error])).toContainEqual([
      'Joe',
      'targetAddress',
      'Blank',
    ]);
    expect(proposals.filter(({ edit }) => edit.attribute === 'targetAddress')).toEqual([]);
  });

  test('bytes that are no text are shown as such, and nothing is made up for them', async () => {
    const bytes = Buffer.from([0x53, 0x4d, 0x54, 0x50, 0x3a, 0xff, 0xfe]).toString('base64');
    const text = `${user('Joe', { mailNickname: 'joe' }).trimEnd()}\nproxyAddresses:: ${bytes}\n`;
    const { findings, proposals } = await scanText(text);
    for (const { message } of findings) expect(message).not.toMatch(/System\.Byte|\[object/);
    expect(proposals.filter(({ edit }) => edit.attribute === 'proxyAddresses')).toEqual([]);
  });
});

describe('whole scans', () => {
  test.each([settingsFrom(), DEDICATED])(
    'odd entries cost only themselves, settings %#',
    async (settings) => {
      const odd = [
        'dn: OU=Odd,DC=contoso,DC=com\nobjectClass: user\nsAMAccountName: odd\n\n',
        'dn: CN=NoMail,DC=contoso,DC=com\nobjectClass: contact\n\n',
        'dn: CN=Empty,DC=contoso,DC=com\nobjectClass: group\n\n',
        'dn: CN=Nothing,DC=contoso,DC=com\n\n',
      ];
      const text = odd.join('') + user('Joe', { userPrincipalName: 'bad' });
      const { findings, summary } = await scanText(text, settings);
      expect(summary.entries).toBe(5);
      expect(findings.filter(({ rule }) => rule === 'rule-failed')).toEqual([]);
      expect(findings.map(nameOf)).toContain('Joe');
    },
  );

  test('the summary counts what the report holds', async () => {
    const input =
      user('First', { mail: 'joe@contoso.local' }) + user('Second', { mail: 'joe@contoso.local' });
    const { out } = await presync(['scan', '-', '--jsonl', '-'], { input });
    const records = readRecords(out);
    const findings = records.filter(({ type }) => type === 'finding');
    const counts = Object.values(records.at(-1)?.['findings'] ?? {}) as number[];
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(findings.length);
    expect(duplicates(findings as unknown as Finding[])).toHaveLength(2);
  });

  test('every finding is a row, however many there are', () => {
    const finding = (n: number): Finding => ({
      rule: 'blank-value',
      error: 'Blank',
      severity: 'error',
      entry: { dn: `CN=${n},DC=c`, guid: undefined, kind: 'group' },
      attribute: 'displayName',
      value: undefined,
      message: 'Blank.',
      related: [],
      relatedCount: 0,
    });
    const findings = Array.from({ length: 60_000 }, (_, n) => finding(n));
    expect([...sheetRows(findings, [], findingId, true)]).toHaveLength(60_000);
  });
});
