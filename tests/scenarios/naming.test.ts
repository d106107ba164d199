import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { presync, readCells, scratch, writeCells } from '../presync.js';
import { describeServer } from '../servers/available.js';
import { type SlapdServer, startSlapd } from '../servers/slapd.js';

const SUFFIX = 'dc=contoso,dc=local';
const DN = `mail=a@old.local,${SUFFIX}`;

const person = (dn: string, mail: string, more = '') =>
  `dn: ${dn}\nobjectClass: user\ncn: ${mail}\nsn: x\ndisplayName: x\nsAMAccountName: ${mail.split('@')[0]}\nmail: ${mail}\n${more}\n`;

describeServer('slapd', 'T26: a value that names its entry', () => {
  const { path, remove } = scratch();
  let server: SlapdServer;

  beforeAll(async () => {
    const entries = [
      person(DN, 'a@old.local', 'proxyAddresses: SMTP:a@old.local\n'),
      // Two with one address: the one that is named by it cannot give it up.
      person(`cn=x,${SUFFIX}`, 'same@contoso.com'),
      person(`mail=same@contoso.com+cn=y,${SUFFIX}`, 'same@contoso.com', 'cn: y\n'),
    ];
    server = await startSlapd({ suffix: SUFFIX, entries: entries.join('') });
    writeFileSync(path('password'), server.password);
  }, 60_000);
  afterAll(async () => {
    await server?.stop();
    remove();
  });

  const logon = () => [
    ...['--bind-dn', server.bindDn, '--password-file', path('password')],
    ...['--start-tls', '--ca', server.caFile],
  ];

  test('has no proposal, and the finding says why; other values of the entry have theirs', async () => {
    const sheet = path('sheet.csv');
    const mapping = ['--map-suffix', 'old.local=new.com'];
    const reports = ['--csv', sheet, '--ldif', path('safe.ldif')];
    await presync(['scan', server.url, ...logon(), ...mapping, ...reports]);
    const rows = readCells(sheet);
    const row = (dn: string, value: string) =>
      rows.find((one) => one['DISTINGUISHEDNAME'] === dn && one['VALUE'] === value);
    expect(row(DN, 'a@old.local')).toMatchObject({ UPDATE: '', PROPOSEDACTION: '' });
    expect(row(DN, 'a@old.local')?.['MESSAGE']).toMatch(
      /; no proposal, for the value names the entry/,
    );
    expect(row(DN, 'SMTP:a@old.local')).toMatchObject({ UPDATE: 'SMTP:a@new.com' });
    const named = rows.find(
      (one) => one['DISTINGUISHEDNAME']?.startsWith('cn=y') && one['VALUE'] === 'same@contoso.com',
    );
    expect(named).toMatchObject({
      UPDATE: '',
      PROPOSEDACTION: '',
      RULES: expect.stringMatching(/^duplicate-address\b/),
    });
    expect(named?.['MESSAGE']).toMatch(/; no proposal, for the value names the entry/);
    expect(readFileSync(path('safe.ldif'), 'utf8')).not.toContain('delete: mail\nmail: a@');
  }, 60_000);

  test.each(['EDIT', 'REMOVE'])(
    '%s of it by hand is refused before anything is written',
    async (ACTION) => {
      const sheet = path('own.csv');
      const UPDATE = ACTION === 'EDIT' ? 'a@new.com' : '';
      writeCells(sheet, [
        { DISTINGUISHEDNAME: DN, ATTRIBUTE: 'mail', VALUE: 'a@old.local', UPDATE, ACTION, ID: '' },
      ]);
      const foreign = '--accept-foreign-rows';
      const apply = ['apply', sheet, server.url, ...logon(), foreign, '--confirm'];
      const { code, err } = await presync([...apply, '--journal', path(`${ACTION}.jsonl`)]);
      expect(err).toContain('Row 2 refused: the value names the entry');
      expect(code).toBe(3);
      const ldif = await presync(['ldif', sheet, foreign]);
      expect([ldif.code, ldif.out]).toEqual([3, '']);
      expect(ldif.err).toContain('Row 2 refused: the value names the entry');
    },
    60_000,
  );
});
