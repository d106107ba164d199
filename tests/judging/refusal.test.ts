import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ExpectedError } from '../../src/errors.js';
import { sheetHeader, sheetLine } from '../../src/export/sheet/csv.js';
import { textIn } from '../../src/export/sheet/read-lines.js';
import { parseCap } from '../../src/jobs/change-cap.js';
import { judgeEdits } from '../../src/jobs/judge-edits.js';
import { decisionsIn } from '../../src/jobs/sheet-decisions.js';
import { refusalOf } from '../../src/judging/refusal.js';
import { createEntry } from '../../src/ldap/entry/entry.js';
import { memoryDirectory } from '../../src/ldap/offline/memory-directory.js';
import type { SheetRow } from '../../src/model/change.js';
import type { Target } from '../../src/remediation/run/resilient-writer.js';
import type { ReviewInput } from '../../src/review/desk.js';
import { Listeners } from '../../src/review/http.js';
import { openReview } from '../../src/review/review.js';
import { settingsFrom } from '../../src/settings/settings.js';
import { scratch } from '../presync.js';
import { sealed } from '../sealed.js';

const { path, remove } = scratch();
afterAll(remove);

describe('what speaks against a value', () => {
  const fault = { rule: 'r', message: 'm', severity: 'warning', own: true };
  const holder = {
    dn: 'CN=B',
    attribute: 'mail',
    value: 'x',
    by: 'stored',
    givesUp: false,
  } as const;
  const answer = { faults: [], taken: [], reach: '' };

  test.each([
    ['nothing', answer, undefined],
    ['advice', { ...answer, faults: [{ ...fault, severity: 'info' }] }, undefined],
    ['a warning that it shows by itself', { ...answer, faults: [fault] }, 'm'],
    ['a warning about its entry', { ...answer, faults: [{ ...fault, own: false }] }, undefined],
    [
      'an error about its entry',
      { ...answer, faults: [{ ...fault, own: false, severity: 'error' }] },
      'm',
    ],
    ['a holder', { ...answer, taken: [holder] }, '"x" is held by CN=B (mail).'],
    ['a holder that gives it up', { ...answer, taken: [{ ...holder, givesUp: true }] }, undefined],
    [
      'a rival',
      { ...answer, taken: [{ ...holder, by: 'update' as const }] },
      '"x" is proposed for CN=B (mail).',
    ],
    [
      'whose proposal it is',
      { ...answer, taken: [{ ...holder, by: 'proposal' as const, row: 7 }] },
      '"x" is what the scan proposed for CN=B (mail) in row 7: if UPDATE was sorted or shifted by itself, put it back.',
    ],
  ])('%s', (_, given, expected) => {
    expect(refusalOf(given, 'x')).toBe(expected);
  });
});

const NAMES = ['ann', 'bob', 'carl'];
const settings = settingsFrom({ verifiedDomains: ['contoso.com'] });
const dn = (name: string) => `CN=${name},DC=contoso,DC=com`;

const people = NAMES.map((name) =>
  createEntry(dn(name), [
    ['objectClass', ['user']],
    ['mail', [`${name}@@contoso.com`]],
    ['userPrincipalName', [`${name}@contoso.com`]],
    ['proxyAddresses', [`SMTP:${name}@contoso.com`, `smtp:${name}2@contoso.local`]],
  ]),
);

function directory(): Target {
  const memory = memoryDirectory(people);
  return { ...memory, count: async () => 3, find: async () => people, close: async () => {} };
}

const HELD: Readonly<Record<string, (name: string) => string>> = {
  mail: (name) => `${name}@@contoso.com`,
  userPrincipalName: (name) => `${name}@contoso.com`,
  proxyAddresses: (name) => `smtp:${name}2@contoso.local`,
};

const rowOf = (name: string, attribute: string, update: string, action: string): SheetRow => {
  const row = sealed({
    ...{ dn: dn(name), commonName: name, objectClass: 'user', guid: undefined, errors: 'Format' },
    ...{
      attribute,
      value: HELD[attribute]?.(name),
      update: `free.${name}@contoso.com`,
      action: '',
    },
    ...{ proposedAction: 'EDIT', severity: 'error', safety: 'safe', rules: 'malformed-address' },
    ...{ message: '', related: '', id: '', seal: '' },
  });
  return { ...row, update, action };
};

const sheetOf = (rows: readonly SheetRow[]) =>
  Buffer.from(sheetHeader() + rows.map(sheetLine).join(''));

/** Why the page refuses to take the value for the first row. */
async function pageRefusal(rows: readonly SheetRow[], update: string, target: Target | undefined) {
  const sheet = path('page.csv');
  writeFileSync(sheet, sheetOf(rows));
  const io = { out: async () => {}, err: () => {}, now: () => new Date(0), nameOf: String };
  const input = {
    ...{ sheet, settings, named: [], target, fromIncomplete: false, acceptForeign: false },
    ...{ limits: { concurrency: 1, maxChanges: '5', maxFailures: 1, cap: parseCap('5') } },
    ...{ io: { ...io, signal: new AbortController().signal }, onFailure: () => {} },
  } as unknown as ReviewInput;
  const { routes } = await openReview(input, new Listeners());
  const choices = [{ row: 2, is: 'write', update }];
  return Promise.resolve(routes['decide']?.({ is: 'choose', choices, insist: false })).then(
    () => undefined,
    (error: unknown) => {
      if (!(error instanceof ExpectedError)) throw error;
      return error.message.replace('Refused: ', '');
    },
  );
}

/** Why apply refuses the same value in the same sheet. */
async function applyRefusal(rows: readonly SheetRow[], update: string, target: Target | undefined) {
  const [first, ...others] = rows as readonly [SheetRow, ...SheetRow[]];
  const sheet = await textIn(sheetOf([{ ...first, update, action: 'EDIT' }, ...others]));
  const { approved, rows: read } = await decisionsIn(sheet, { acceptForeign: false });
  const judgement = { settings, sheet, rows: read, insists: () => false };
  const judged = await judgeEdits(approved, judgement, target);
  return judged.refused.find(({ row }) => row === 2)?.reason.replace(/^.*?, and cannot be: /, '');
}

test('page and apply refuse the same values of the same sheets for the same reasons', async () => {
  const attribute = fc.constantFrom(...Object.keys(HELD));
  const local = fc.constantFrom(
    'ann',
    'bob',
    'ann2',
    'free.bob',
    'new',
    'a b',
    'a..b',
    'x@y',
    '',
    '.dot',
  );
  const domain = fc.constantFrom('contoso.com', 'contoso.local', 'fabrikam.com', 'contoso', '');
  const prefix = fc.constantFrom('', 'SMTP:', 'smtp:', 'sip:', 'x500:');
  const value = fc.tuple(prefix, local, domain).map(([p, l, d]) => `${p}${l}@${d}`);
  const other = fc.record({ attribute, update: value, action: fc.constantFrom('', 'EDIT') });
  let refusals = 0;
  await fc.assert(
    fc.asyncProperty(attribute, value, other, fc.boolean(), async (name, update, more, online) => {
      const target = online ? directory() : undefined;
      const rows = [
        rowOf('ann', name, '', ''),
        rowOf('bob', more.attribute, more.update, more.action),
      ];
      const page = await pageRefusal(rows, update, target);
      expect(await applyRefusal(rows, update, target)).toBe(page);
      if (page !== undefined) refusals += 1;
    }),
    { numRuns: 150, seed: 14 },
  );
  expect(refusals).toBeGreaterThan(30);
});
