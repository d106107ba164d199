import { existsSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BY_HAND, type Cells, presync, readCells, scratch, writeCells } from '../presync.js';
import { describeServer } from '../servers/available.js';
import { type SambaServer, startSamba } from '../servers/samba.js';

const BASE = 'DC=contoso,DC=local';
const MAIL = 'bf967961-0de6-11d0-a285-00aa003049e2';
const PASSWORD = 'Cl3rk-word.test';
const OUS = ['Staff', 'Guests', 'Partners'] as const;
type Ou = (typeof OUS)[number];

const dnOf = (ou: Ou, n: number) => `CN=${ou}${n},OU=${ou},${BASE}`;
const person = (ou: Ou, n: number) => `dn: ${dnOf(ou, n)}
objectClass: user
sAMAccountName: ${ou}${n}
mail: ${ou}${n}@contoso.local
proxyAddresses: SMTP:${ou}${n}@contoso.local
proxyAddresses: smtp:old-${ou}${n}@contoso.local
`;
const SEED = OUS.flatMap((ou) => [
  `dn: OU=${ou},${BASE}\nobjectClass: organizationalUnit\n`,
  ...[1, 2].map((n) => person(ou, n)),
]).join('\n');

/** The rows of one entry: its mail, its primary address, and an old address to take away. */
const rowsOf = (ou: Ou, n: number): Cells[] => {
  const primary = { VALUE: `SMTP:${ou}${n}@contoso.local`, UPDATE: `SMTP:${ou}${n}@contoso.com` };
  const rows: Cells[] = [
    { ATTRIBUTE: 'mail', VALUE: `${ou}${n}@contoso.local`, UPDATE: `${ou}${n}@contoso.com` },
    { ATTRIBUTE: 'proxyAddresses', ...primary },
    { ATTRIBUTE: 'proxyAddresses', VALUE: `smtp:old-${ou}${n}@contoso.local`, ACTION: 'REMOVE' },
  ];
  return rows.map((row) => ({
    DISTINGUISHEDNAME: dnOf(ou, n),
    UPDATE: '',
    ACTION: 'EDIT',
    ...row,
  }));
};
/** Rows 2 to 19, the OUs in turn. */
const SHEET = [1, 2].flatMap((n) => OUS.flatMap((ou) => rowsOf(ou, n)));

const isMail = ({ ATTRIBUTE }: Cells) => ATTRIBUTE === 'mail';
const isIn = (ou: Ou) => (row: Cells) => row['DISTINGUISHEDNAME']?.includes(`OU=${ou},`) === true;

describeServer(
  'samba',
  'accounts with few rights, on an Active Directory domain controller',
  () => {
    const { path, remove } = scratch();
    let dc: SambaServer;

    beforeAll(async () => {
      dc = await startSamba();
      await dc.add(SEED);
      await dc.addUser('reader', PASSWORD);
      await dc.addUser('clerk', PASSWORD);
      await dc.allowWriting('clerk', `OU=Staff,${BASE}`);
      await dc.allowWriting('clerk', `OU=Partners,${BASE}`, MAIL);
      writeFileSync(path('password'), PASSWORD);
      writeCells(path('review.csv'), SHEET);
    }, 120_000);
    afterAll(async () => {
      await dc?.stop();
      remove();
    }, 60_000);

    const login = (name: string) => [
      ...['--bind-dn', `${name}@contoso.local`, '--password-file', path('password'), '--insecure'],
    ];
    const apply = (name: string, ...more: string[]) =>
      presync(['apply', ...BY_HAND, path('review.csv'), dc.ldaps, ...login(name), ...more]);
    /** Every attribute of every person, so that nothing else can have changed unseen. */
    const state = async () => {
      const found = await dc.search({ filter: '(mail=*)', attributes: ['mail', 'proxyAddresses'] });
      return Object.fromEntries(
        found.map(({ dn, values }) => [
          dn,
          [...values('mail'), ...values('proxyAddresses').toSorted()],
        ]),
      );
    };
    const refusals = (err: string) => err.split('\n').filter((line) => line.startsWith('Row '));
    const refusalsOf = (isRefused: (row: Cells) => boolean) =>
      SHEET.flatMap((row, index) => {
        const words = `refused: the account may not write ${row['ATTRIBUTE']} here (insufficient access rights): give it the right`;
        return isRefused(row) ? [expect.stringContaining(`Row ${index + 2} ${words}`)] : [];
      });

    test('an account that may only read: every row says so, nothing is written', async () => {
      const before = await state();
      const options = ['--confirm', '--journal', path('reader.jsonl')];
      for (const more of [[], options]) {
        const { code, out, err } = await apply('reader', ...more);
        expect(refusals(err)).toEqual(refusalsOf(() => true));
        expect(out).toContain(`0 entries to change, 0 changes, ${SHEET.length} rows refused`);
        expect([code, existsSync(path('reader.jsonl'))]).toEqual([3, false]);
      }
      expect(await state()).toEqual(before);
    }, 60_000);

    test('an account for one OU, and for one attribute in another: the rest says so, undo restores all', async () => {
      const before = await state();
      const mayNot = (row: Cells) => isIn('Guests')(row) || (isIn('Partners')(row) && !isMail(row));
      const dry = await apply('clerk');
      expect(refusals(dry.err)).toEqual(refusalsOf(mayNot));
      expect(dry.out).toContain('4 entries to change, 8 changes, 10 rows refused');
      expect(await state()).toEqual(before);

      const [own, result] = [path('clerk.jsonl'), path('result.csv')];
      const done = await apply('clerk', '--confirm', '--journal', own, '--result', result);
      expect(done.code).toBe(3);
      expect(refusals(done.err)).toEqual(refusalsOf(mayNot));
      expect(done.out).toContain('8 applied');
      expect(readCells(result).map((row) => row['ACTION'])).toEqual(
        SHEET.map((row) => (mayNot(row) ? 'FAIL' : 'COMPLETE')),
      );
      const after = { ...before };
      for (const n of [1, 2]) {
        after[dnOf('Staff', n)] = [`Staff${n}@contoso.com`, `SMTP:Staff${n}@contoso.com`];
        const addresses = before[dnOf('Partners', n)]?.slice(1) ?? [];
        after[dnOf('Partners', n)] = [`Partners${n}@contoso.com`, ...addresses];
      }
      expect(await state()).toEqual(after);

      const undo = ['undo', own, dc.ldaps, ...login('clerk'), '--confirm'];
      const undone = await presync([...undo, '--journal', path('undo.jsonl')]);
      expect([undone.code, undone.err]).toEqual([0, expect.not.stringContaining('Row ')]);
      expect(await state()).toEqual(before);
    }, 60_000);

    test('rights that are gone by the time of the undo: refused by row, nothing half done', async () => {
      const own = path('again.jsonl');
      expect((await apply('clerk', '--confirm', '--journal', own)).out).toContain('8 applied');
      const applied = await state();
      const undo = (name: string, journal: string) =>
        presync([
          ...['undo', own, dc.ldaps, ...login(name), '--confirm', '--journal', path(journal)],
        ]);
      const refused = await undo('reader', 'no.jsonl');
      expect([refused.code, refusals(refused.err).length]).toEqual([3, 8]);
      expect(refused.err).toMatch(/Row \d+ \w+: .*(may not write|insufficientAccessRights)/);
      expect(await state()).toEqual(applied);
      expect((await undo('clerk', 'yes.jsonl')).code).toBe(0);
    }, 60_000);
  },
);
