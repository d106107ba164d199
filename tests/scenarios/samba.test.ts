import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Cells, presync, readCells, readRecords, scratch, writeCells } from '../presync.js';
import { describeServer } from '../servers/available.js';
import { type SambaServer, startSamba } from '../servers/samba.js';

const ATTRIBUTES = ['userPrincipalName', 'mail', 'proxyAddresses', 'displayName', 'objectGUID'];

const SEED = `
dn: OU=Sync,DC=contoso,DC=local
objectClass: organizationalUnit

dn: CN=Anna Berg,OU=Sync,DC=contoso,DC=local
objectClass: user
sAMAccountName: anna
userPrincipalName: anna@contoso.local
mail: anna@contoso.local
proxyAddresses: SMTP:anna@contoso.local
proxyAddresses: smtp:team@contoso.com

dn: CN=Böb\\, Jr.,OU=Sync,DC=contoso,DC=local
objectClass: inetOrgPerson
sAMAccountName: bob
userPrincipalName: bob@contoso.local
proxyAddresses: SMTP:bob@contoso.com
proxyAddresses: smtp:TEAM@contoso.com

dn: CN=Team,OU=Sync,DC=contoso,DC=local
objectClass: group
sAMAccountName: team
mail: team@contoso.com
proxyAddresses: SMTP:team@contoso.com

dn: CN=Partner,OU=Sync,DC=contoso,DC=local
objectClass: contact
mail: partner@fabrikam.com
displayName: Partner
proxyAddresses: SMTP:partner@fabrikam.com

dn: CN=Guest Speaker,OU=Sync,DC=contoso,DC=local
objectClass: user
sAMAccountName: guestspeaker
userPrincipalName: guest.speaker@contoso.com
`;

describeServer('samba', 'the whole job on an Active Directory domain controller', () => {
  const { path, remove } = scratch();
  let dc: SambaServer;

  beforeAll(async () => {
    dc = await startSamba();
    await dc.add(SEED);
    writeFileSync(path('password'), `${dc.password}\n`);
  }, 120_000);
  afterAll(async () => {
    await dc?.stop();
    remove();
  }, 60_000);

  const login = () => ['--bind-dn', dc.admin, '--password-file', path('password'), '--insecure'];
  const scan = (...more: string[]) =>
    presync(['scan', dc.ldaps, ...login(), '--map-suffix', 'contoso.local=contoso.com', ...more]);
  const state = async () => {
    const entries = await dc.search({ base: `OU=Sync,${dc.baseDn}`, attributes: ATTRIBUTES });
    const values = (dn: string, name: string) =>
      entries
        .find((entry) => entry.dn === dn)
        ?.bytes(name)
        .map((bytes) => bytes.toString('hex'))
        .sort();
    return entries.map(({ dn }) => [dn, ...ATTRIBUTES.map((name) => values(dn, name))]);
  };
  /** What a person decides: agree with every proposal, and take the shared address from all but the group. */
  const decide = (row: Cells): Cells => {
    if (row['SAFETY']) return { ...row, ACTION: row['PROPOSEDACTION']?.toLowerCase() ?? '' };
    const loser = row['RULES'] === 'duplicate-address' && row['OBJECTCLASS'] !== 'group';
    return { ...row, ACTION: loser ? 'REMOVE' : '' };
  };

  test('the LDIF registers a suffix that proposals introduce; a group is counted, its members are not read', async () => {
    const scanned = await scan(
      '--ldif',
      path('safe.ldif'),
      '--jsonl',
      path('members.jsonl'),
      '--member-limit',
      '2',
    );
    const ldif = readFileSync(path('safe.ldif'), 'utf8');
    expect(ldif).toMatch(
      /^dn: CN=Partitions,CN=Configuration,DC=contoso,DC=local\nchangetype: modify\nadd: uPNSuffixes\nuPNSuffixes: contoso\.com\n-\n\ndn: /,
    );
    expect(scanned.out).toContain('New UPN suffix for the forest: contoso.com');
    await dc.add(
      `dn: CN=Partitions,CN=Configuration,${dc.baseDn}\nchangetype: modify\nadd: uPNSuffixes\nuPNSuffixes: contoso.com\n-\n`,
    );
    await dc.add(
      `dn: CN=Team,OU=Sync,${dc.baseDn}\nchangetype: modify\nadd: member\nmember: CN=Anna Berg,OU=Sync,${dc.baseDn}\nmember: CN=Partner,OU=Sync,${dc.baseDn}\nmember: CN=Guest Speaker,OU=Sync,${dc.baseDn}\n-\n`,
    );
    await scan(
      '--ldif',
      path('safe.ldif'),
      '--jsonl',
      path('members.jsonl'),
      '--member-limit',
      '2',
    );
    expect(readFileSync(path('safe.ldif'), 'utf8')).not.toContain('uPNSuffixes');
    const found = readRecords(readFileSync(path('members.jsonl'), 'utf8'));
    const crowded = found.filter(({ rule }) => rule === 'too-many-members').map(({ dn }) => dn);
    expect(crowded).toEqual([`CN=Team,OU=Sync,${dc.baseDn}`]);
  }, 60_000);

  test('scan, mark, apply, scan, undo: the directory ends as it began', async () => {
    const before = await state();
    const first = await scan('--csv', path('review.csv'), '--jsonl', path('scan.jsonl'));
    expect(first.err).toBe('Warning: --insecure: the server certificate is not verified.\n');
    expect(first.code).toBe(1);
    const records = readRecords(readFileSync(path('scan.jsonl'), 'utf8'));
    expect(records[0]).toMatchObject({ type: 'scan', version: 1, sources: [dc.ldaps] });
    expect(records.at(-1)).toMatchObject({ type: 'summary', complete: true });
    const found = records.filter(({ type }) => type === 'finding');
    const words = found.map(({ dn, attribute, error }) =>
      [String(dn).split(',OU=')[0], attribute, error].join(' '),
    );
    expect(words.sort()).toEqual(
      [
        'CN=Anna Berg mail TopLevelDomain',
        'CN=Anna Berg proxyAddresses Duplicate',
        'CN=Anna Berg proxyAddresses TopLevelDomain',
        'CN=Anna Berg userPrincipalName TopLevelDomain',
        'CN=Böb\\, Jr. proxyAddresses Duplicate',
        'CN=Böb\\, Jr. userPrincipalName TopLevelDomain',
        'CN=Team displayName Blank',
        'CN=Team mail Duplicate',
        'CN=Team proxyAddresses Duplicate',
      ].sort(),
    );

    writeCells(path('marked.csv'), readCells(path('review.csv')).map(decide), ';');
    const dry = await presync(['apply', path('marked.csv'), dc.ldaps, ...login()]);
    expect(dry.code).toBe(0);
    expect(dry.out).toContain('Nothing was written.');
    expect(await state()).toEqual(before);

    const apply = [
      'apply',
      path('marked.csv'),
      dc.ldaps,
      ...login(),
      '--confirm',
      '--journal',
      path('apply.jsonl'),
    ];
    const applied = await presync(apply);
    expect(applied.err).toContain(`Journal: ${path('apply.jsonl')}`);
    expect(applied.out).toContain('9 applied');
    expect(applied.code).toBe(0);
    const after = await scan('--jsonl', '-');
    expect(readRecords(after.out).at(-1)).toMatchObject({
      findings: { error: 0, warning: 0, info: 0 },
    });
    expect(after.code).toBe(0);

    const again = await presync([...apply.slice(0, -1), path('again.jsonl')]);
    expect(again.code).toBe(3);
    expect(again.err.match(/^Row \d+ refused: /gm)).toHaveLength(9);

    const undo = [
      'undo',
      path('apply.jsonl'),
      dc.ldaps,
      ...login(),
      '--confirm',
      '--journal',
      path('undo.jsonl'),
    ];
    const undone = await presync(undo);
    expect(undone.out).toContain('9 applied');
    expect(undone.code).toBe(0);
    expect(await state()).toEqual(before);
    const journal =
      readFileSync(path('apply.jsonl'), 'utf8') + readFileSync(path('undo.jsonl'), 'utf8');
    expect(journal).not.toContain(dc.password);
  }, 120_000);

  test('the LDIF of the marked sheet goes in through ldapmodify with the same end state', async () => {
    const before = await state();
    await scan('--csv', path('review.csv'));
    writeCells(path('marked.csv'), readCells(path('review.csv')).map(decide));
    const ldif = await presync(['ldif', path('marked.csv'), '--out', path('changes.ldif')]);
    expect(ldif.code).toBe(0);
    await presync([
      'apply',
      path('marked.csv'),
      dc.ldaps,
      ...login(),
      '--confirm',
      '--journal',
      path('a2.jsonl'),
    ]);
    const applied = await state();
    await presync([
      'undo',
      path('a2.jsonl'),
      dc.ldaps,
      ...login(),
      '--confirm',
      '--journal',
      path('u2.jsonl'),
    ]);
    expect(await state()).toEqual(before);
    await dc.add(readFileSync(path('changes.ldif'), 'utf8'));
    expect(await state()).toEqual(applied);
  }, 120_000);

  test('a value that someone else changed is left as it is, by row number', async () => {
    await dc.add(
      `dn: CN=Late,OU=Sync,${dc.baseDn}\nobjectClass: user\nsAMAccountName: late\nuserPrincipalName: late@contoso.local\n`,
    );
    await scan('--csv', path('late.csv'));
    const rows = readCells(path('late.csv'));
    const at = rows.findIndex((row) => row['COMMONNAME'] === 'Late');
    writeCells(
      path('late.csv'),
      rows.map((row, index) => ({ ...row, ACTION: index === at ? 'EDIT' : '' })),
    );
    await dc.add(
      `dn: CN=Late,OU=Sync,${dc.baseDn}\nchangetype: modify\nreplace: userPrincipalName\nuserPrincipalName: other@contoso.com\n-\n`,
    );
    const result = await presync(['apply', path('late.csv'), dc.ldaps, ...login(), '--confirm']);
    expect(result.code).toBe(3);
    expect(result.err).toContain(
      `Row ${at + 2} refused: VALUE is not what userPrincipalName holds now: "other@contoso.com"`,
    );
  }, 60_000);

  test('the global catalog is read as a forest, and never written', async () => {
    const read = await presync(['scan', dc.gc, ...login(), '--jsonl', '-']);
    expect(readRecords(read.out).at(-1)).toMatchObject({ complete: true });
    const written = await presync(['apply', path('marked.csv'), dc.gc, ...login(), '--confirm']);
    expect(written.code).toBe(2);
    expect(written.err).toMatch(/global catalog, which is read-only/);
  }, 60_000);

  test('wrong password, untrusted certificate, wrong base, plain connection: one line what, one line what to do', async () => {
    writeFileSync(path('wrong'), 'not-the-password');
    const wrong = (...args: string[]) => presync(['scan', ...args, '--bind-dn', dc.admin]);
    const runs = [
      await wrong(dc.ldaps, '--insecure', '--password-file', path('wrong')),
      await wrong(dc.ldaps, '--password-file', path('password')),
      await wrong(
        dc.ldaps,
        '--insecure',
        '--password-file',
        path('password'),
        '--base',
        'OU=Nowhere,DC=contoso,DC=local',
      ),
      await wrong(dc.ldap, '--password-file', path('password')),
      await presync(['scan', dc.ldaps, '--insecure']),
    ];
    const words = [
      /password|credentials/i,
      /certificate/i,
      /OU=Nowhere/,
      /unencrypted/i,
      /anonymous|bind/i,
    ];
    for (const [index, { code, out, err }] of runs.entries()) {
      expect(code).toBe(2);
      expect(out).toBe('');
      expect(err).toMatch(words[index] ?? /$^/);
      expect(err).toMatch(/^(Warning.*\n)?presync: .+\n {2}\S.+\n$/);
      expect(err).not.toContain(dc.password);
    }
  }, 60_000);
});
