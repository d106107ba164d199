import { expect, test } from '@jest/globals';
import { sheetRows } from '../../../src/export/sheet/rows.js';
import type { Proposal } from '../../../src/model/change.js';
import type { Finding } from '../../../src/model/finding.js';
import { finding } from '../../scan-result.js';

const DN = 'CN=a,DC=c';

function proposal(...after: readonly string[]): Proposal {
  const { entry, attribute } = finding('one', DN);
  const edit = { entry, attribute, before: ['a'], after };
  return { id: 'own', edit, safety: 'review', findings: ['one'], trail: [] };
}

/** The PROPOSEDACTION of the one row that findings on a value make. */
function proposed(findings: readonly Partial<Finding>[], proposals: readonly Proposal[] = []) {
  const all = findings.map((more, at) => finding(`rule-${at}`, DN, more));
  const rows = [...sheetRows(all, proposals, () => 'own', true)];
  expect(rows).toHaveLength(1);
  return rows[0]?.proposedAction;
}

test('PROPOSEDACTION is what is proposed: another value, or none', () => {
  expect(proposed([{}], [proposal('b')])).toBe('EDIT');
  expect(proposed([{ severity: 'info' }], [proposal()])).toBe('REMOVE');
});

test.each<[string, readonly Partial<Finding>[]]>([
  ['a note', [{ severity: 'info' }]],
  ['a shared value that its entry keeps', [{ severity: 'error', keeps: true }]],
  ['both', [{ severity: 'info' }, { severity: 'warning', keeps: true }]],
])('of %s it is COMPLETE (F20)', (_, findings) => {
  expect(proposed(findings)).toBe('COMPLETE');
});

test.each<[string, readonly Partial<Finding>[]]>([
  ['a fault without a proposal', [{ severity: 'warning' }]],
  ['a kept value with another fault', [{ keeps: true }, { severity: 'warning' }]],
])('of %s there is none: it is to be decided', (_, findings) => {
  expect(proposed(findings)).toBe('');
});
