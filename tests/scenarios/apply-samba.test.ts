import { existsSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BY_HAND, presync, readCells, scratch, writeCells } from '../presync.js';
import { describeServer } from '../servers/available.js';
import { type SambaServer, startSamba } from '../servers/samba.js';

const BASE = 'DC=contoso,DC=local';

describeServer('samba', 'apply with care, on an Active Directory domain controller', () => {
  const { path, remove } = scratch();
  let dc: SambaServer;
  let clerk = '';

  beforeAll(async () => {
    dc = await startSamba();
    clerk = await dc.addUser('clerk', 'Cl3rk-word.test');
    await dc.add(
      ['anna', 'bob']
        .map(
          (name) =>
            `dn: CN=${name},CN=Users,${BASE}\nobjectClass: user\nsAMAccountName: ${name}\nmail: ${name}@contoso.local\n`,
        )
        .join('\n'),
    );
    writeFileSync(path('password'), dc.password);
    writeFileSync(path('clerk'), 'Cl3rk-word.test');
  }, 120_000);
  afterAll(async () => {
    await dc?.stop();
    remove();
  }, 60_000);

  const asAdmin = () => ['--bind-dn', dc.admin, '--password-file', path('password'), '--insecure'];
  const asClerk = () => ['--bind-dn', clerk, '--password-file', path('clerk'), '--insecure'];
  const cells = (dn: string, value: string, update: string) => ({
    ...{ DISTINGUISHEDNAME: dn, ATTRIBUTE: 'mail', VALUE: value, UPDATE: update, ACTION: 'EDIT' },
  });
  const mails = async () => {
    const found = await dc.search({ filter: '(mail=*)', attributes: ['mail'] });
    return found.flatMap(({ values }) => values('mail')).sort();
  };

  test('what the account may not write is refused before the first request, by row number', async () => {
    const before = await mails();
    writeCells(path('a.csv'), [
      cells(`CN=anna,CN=Users,${BASE}`, 'anna@contoso.local', 'anna@contoso.com'),
      cells(`CN=bob,CN=Users,${BASE}`, 'bob@contoso.local', 'bob@contoso.com'),
    ]);
    const own = path('clerk.jsonl');
    const run = [
      'apply',
      ...BY_HAND,
      path('a.csv'),
      dc.ldaps,
      ...asClerk(),
      '--confirm',
      '--journal',
      own,
    ];
    const { code, err, out } = await presync(run);
    expect(err).toContain('Row 2 refused: the account may not write mail here');
    expect(err).toContain('Row 3 refused: the account may not write mail here');
    expect(out).toContain('0 entries to change');
    expect([code, existsSync(own), await mails()]).toEqual([3, false, before]);
    expect(
      (await presync(['apply', ...BY_HAND, path('a.csv'), dc.ldaps, ...asAdmin()])).out,
    ).toContain('2 entries to change, 2 changes, 0 rows refused');
  }, 60_000);

  test('T2: entries of other domains are left for their controllers; the cap counts the domain; results and undo fit', async () => {
    const before = await mails();
    writeCells(path('b.csv'), [
      cells(`CN=anna,CN=Users,${BASE}`, 'anna@contoso.local', 'ANNA@contoso.local'),
      cells(`CN=eve,OU=x,DC=child,${BASE}`, 'eve@contoso.local', 'eve@contoso.com'),
      cells('CN=joe,DC=fabrikam,DC=com', 'joe@fabrikam.local', 'joe@fabrikam.com'),
    ]);
    const own = path('b.jsonl');
    const run = [
      'apply',
      ...BY_HAND,
      path('b.csv'),
      dc.ldaps,
      ...asAdmin(),
      '--result',
      path('out.csv'),
    ];
    const tight = await presync([...run, '--max-changes', '1%', '--confirm', '--journal', own]);
    expect([tight.code, existsSync(own), existsSync(path('out.csv'))]).toEqual([2, false, false]);
    expect(tight.err).toContain('allows 1% of the directory, 0');
    const { code, out } = await presync([
      ...run,
      ...['--max-changes', '50%', '--confirm', '--journal', own],
    ]);
    expect(code).toBe(0);
    expect(out).toContain(
      '2 rows are for other servers and left as they are: 1 in child.contoso.local, 1 in fabrikam.com.',
    );
    expect(out).toMatch(/^For child\.contoso\.local: presync apply .*out\.csv ldaps:\/\/child\./m);
    expect(out).toMatch(/^For fabrikam\.com: presync apply .*out\.csv ldaps:\/\/fabrikam\.com /m);
    const rows = readCells(path('out.csv'));
    expect(rows.map((row) => row['ACTION'])).toEqual(['COMPLETE', 'EDIT', 'EDIT']);
    expect(rows.slice(1).map((row) => row['RESULT'])).toEqual(['', '']);
    expect(await mails()).toContain('ANNA@contoso.local');
    const undo = ['undo', own, dc.ldaps, ...asAdmin(), '--confirm', '--journal', path('u.jsonl')];
    expect((await presync([...undo, '--only', 'row-2'])).code).toBe(0);
    expect(await mails()).toEqual(before);
  }, 60_000);
});
