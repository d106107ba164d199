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

describe('a forest of accounts and one of mailboxes', () => {
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
