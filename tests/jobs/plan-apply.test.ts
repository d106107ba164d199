import { expect, test } from '@jest/globals';
import { textIn } from '../../src/export/sheet/read-lines.js';
import { planApply } from '../../src/jobs/plan-apply.js';
import type { SelectionFlags } from '../../src/jobs/selection.js';
import type { SheetDecisions } from '../../src/jobs/sheet-decisions.js';
import { createEntry } from '../../src/ldap/entry/entry.js';
import { memoryDirectory } from '../../src/ldap/offline/memory-directory.js';
import type { ApprovedEdit } from '../../src/model/change.js';
import { settingsFrom } from '../../src/settings/settings.js';
import { targetOver } from '../remediation/run/target-over.js';

const dnOf = (n: number) => `CN=User ${n},DC=contoso,DC=com`;
const guidOf = (n: number) => '00000000-0000-0000-0000-000000000000'.replaceAll('0', String(n));
const people = memoryDirectory(
  [1, 2, 3].map((n) =>
    createEntry(dnOf(n), [
      ['objectGUID', [new Uint8Array(16).fill(n * 17)]],
      ['mail', [`m${n}@c.local`]],
    ]),
  ),
);

/** An accepted proposal on the mail of a user, in the row of its number; named as it was at the scan. */
function edit(n: number, dn = dnOf(n), value = `m${n}@c.local`): ApprovedEdit {
  const entry = { dn, guid: guidOf(n), kind: 'user' as const };
  const change = { attribute: 'mail', before: [value], after: [`m${n}@c.com`] };
  return { row: n, id: `id${n}`, edit: { entry, ...change } };
}

async function planned(given: Partial<SheetDecisions>, flags: SelectionFlags = {}) {
  const nothing = { approved: [], refused: [], edited: [], foreign: [], rules: new Set<string>() };
  const decisions = { ...nothing, left: 0, incomplete: false, rows: new Map(), ...given };
  const sheet = await textIn(new Uint8Array());
  const judgement = { settings: settingsFrom(), sheet, rows: new Map(), insists: () => true };
  const plan = await planApply({ decisions, flags, journals: [], judgement }, targetOver(people));
  return { ...plan, requests: plan.requests.map(({ ref }) => ref.dn) };
}

test('says only of what there is that it is there', async () => {
  expect(await planned({ approved: [edit(1)] })).toMatchObject({
    ...{ requests: [dnOf(1)], refused: [], faulty: 0, remarks: ['0 rows left alone'] },
  });
  expect((await planned({ left: 4 })).remarks).toEqual([
    '4 rows left alone',
    'no row has EDIT or REMOVE in ACTION',
  ]);
  // Rows that are refused, or meant another time, are decided too.
  const refused = [{ row: 7, reason: 'no' }];
  expect((await planned({ refused })).remarks).toEqual(['0 rows left alone']);
  const later = { approved: [edit(1), edit(2), edit(3)] };
  expect((await planned(later, { limit: 1 })).remarks).toEqual([
    '0 rows left alone',
    '2 rows not asked for',
  ]);
});

test('says what differs from the scan, and what was refused in the order of the sheet', async () => {
  const approved = [edit(1, 'CN=Old,DC=contoso,DC=com'), edit(2), edit(3, dnOf(3), 'm@c.local')];
  const { requests, refused, remarks } = await planned({
    ...{ approved, edited: [edit(1)], refused: [{ row: 9, reason: 'no' }] },
  });
  expect(requests).toEqual([dnOf(1), dnOf(2)]);
  expect(refused.map(({ row }) => row)).toEqual([3, 9]);
  expect(remarks).toEqual([
    '0 rows left alone',
    '1 rows not as the scan proposed',
    '1 entries renamed since the scan',
  ]);
});
