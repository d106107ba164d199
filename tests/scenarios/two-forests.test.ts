import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { presync, readRecords, scratch } from '../presync.js';
import { describeServer } from '../servers/available.js';
import { type SambaServer, startSamba } from '../servers/samba.js';

type Lines = readonly string[];

function entry(dn: string, kind: string, lines: Lines): string {
  return [`dn: ${dn}`, `objectClass: ${kind}`, ...lines, '', ''].join('\n');
}

describeServer('samba', 'two forests of Active Directory, read as one', () => {
  const { path, remove } = scratch();
  let accounts: SambaServer;
  let resources: SambaServer;
  const inAccounts = (cn: string) => `CN=${cn},OU=People,${accounts.baseDn}`;
  const inResources = (cn: string) => `CN=${cn},OU=People,${resources.baseDn}`;

  function user(dn: string, name: string, lines: Lines): string {
    const names = [`sAMAccountName: ${name}`, `displayName: ${name}`];
    return entry(dn, 'user', [...names, ...lines]);
  }
  const address = (name: string) => [
    `mail: ${name}@contoso.com`,
    `mailNickname: ${name}`,
    `proxyAddresses: SMTP:${name}@contoso.com`,
  ];

  beforeAll(async () => {
    [accounts, resources] = await Promise.all([startSamba(), startSamba('fabrikam.local')]);
    for (const { add, baseDn } of [accounts, resources])
      await add(entry(`OU=People,${baseDn}`, 'organizationalUnit', []));
    await accounts.add(
      ['anna', 'bert', 'carl']
        .map((name) =>
          user(inAccounts(name), name, [
            `userPrincipalName: ${name}@contoso.com`,
            ...address(name),
          ]),
        )
        .join(''),
    );
    const [anna] = await accounts.search({ base: inAccounts('anna'), attributes: ['objectSid'] });
    const sid = Buffer.from(anna?.bytes('objectSid')[0] ?? []).toString('base64');
    await resources.add(
      [
        // The mailbox of Anna, whose account is in the other forest.
        user(inResources('anna'), 'anna.mailbox', [
          ...['userAccountControl: 514', 'msExchRecipientTypeDetails: 2'],
          ...[`msExchMasterAccountSid:: ${sid}`, 'userPrincipalName: anna@fabrikam.local'],
          ...address('anna'),
        ]),
        // Bert in the address list of the other company.
        entry(inResources('bert'), 'contact', [
          ...['displayName: Bert', 'targetAddress: SMTP:bert@contoso.com', ...address('bert')],
        ]),
        // Somebody else, with an address of Carl.
        user(inResources('dora'), 'dora', [
          'userPrincipalName: dora@fabrikam.com',
          'mail: dora@fabrikam.com',
          'mailNickname: dora',
          'proxyAddresses: SMTP:dora@fabrikam.com',
          'proxyAddresses: smtp:carl@contoso.com',
        ]),
      ].join(''),
    );
    writeFileSync(path('password'), `${accounts.password}\n`);
  }, 240_000);
  afterAll(async () => {
    await accounts?.stop();
    await resources?.stop();
    remove();
  }, 60_000);

  const sources = () => [
    ...[accounts.ldaps, resources.ldaps, '--insecure'],
    ...['--bind-dn', accounts.admin, '--bind-dn', resources.admin],
    ...['--password-file', path('password'), '--password-file', path('password')],
  ];

  test('what Connect joins is one person, a stranger with the address of somebody is found', async () => {
    const out = path('out.jsonl');
    const { code, err } = await presync(['scan', ...sources(), '--jsonl', out]);
    expect([code, err]).toEqual([1, expect.not.stringContaining('INCOMPLETE')]);
    const records = readRecords(readFileSync(out, 'utf8'));
    const of = (type: string) => records.filter((record) => record['type'] === type);
    expect(of('person').map(({ dn, parts }) => [dn, parts])).toEqual([
      [inAccounts('anna'), [expect.objectContaining({ dn: inResources('anna') })]],
      [inAccounts('bert'), [expect.objectContaining({ dn: inResources('bert') })]],
    ]);
    const people = of('finding').filter(({ dn }) => /,OU=People,/.test(String(dn)));
    expect(people.filter(({ severity }) => severity === 'error').map(({ dn }) => dn)).toEqual(
      expect.arrayContaining([inAccounts('carl'), inResources('dora')]),
    );
    expect(
      people.filter(({ dn }) => [/CN=anna/, /CN=bert/].some((name) => name.test(String(dn)))),
    ).toEqual([]);
    const given = of('proposal').filter(({ dn }) => dn === inResources('dora'));
    expect(given).toMatchObject([{ before: ['smtp:carl@contoso.com'], action: 'REMOVE' }]);
  }, 120_000);

  test('count counts a person once', async () => {
    const { out } = await presync(['count', ...sources()]);
    expect(out).toContain('2 more are parts of these: Connect joins them\n');
  }, 120_000);
});
