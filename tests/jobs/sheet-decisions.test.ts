import { describe, expect, test } from '@jest/globals';
import { sheetHeader, sheetLine } from '../../src/export/sheet/csv.js';
import { textIn } from '../../src/export/sheet/read-lines.js';
import { decisionsIn } from '../../src/jobs/sheet-decisions.js';
import type { SheetRow } from '../../src/model/change.js';
import { sealed } from '../sealed.js';

/** A row of a scan that somebody accepted. */
const row = (name: string, by: Partial<SheetRow> = {}, end = ''): SheetRow =>
  sealed(
    {
      ...{ dn: `CN=${name},DC=contoso,DC=com`, commonName: name, objectClass: 'user' },
      ...{ guid: undefined, attribute: 'mail', value: `${name}@@c.com`, update: `${name}@c.com` },
      ...{ proposedAction: 'EDIT', action: 'EDIT', severity: 'error', errors: 'Format' },
      ...{ safety: 'safe', rules: 'malformed-address', message: '', related: '', id: '', seal: '' },
      ...by,
    },
    end,
  );

async function decided(rows: readonly SheetRow[], acceptForeign = false) {
  const sheet = await textIn(Buffer.from(sheetHeader() + rows.map(sheetLine).join('')));
  const decisions = await decisionsIn(sheet, { acceptForeign });
  const { approved, refused, edited, foreign, ...rest } = decisions;
  const numbers = (found: readonly { readonly row: number }[]) => found.map(({ row }) => row);
  return {
    ...{ approved: numbers(approved), refused: numbers(refused), foreign: numbers(foreign) },
    ...{ edited: numbers(edited), reasons: refused.map(({ reason }) => reason), ...rest },
  };
}

describe('the decisions of a sheet', () => {
  test('a sheet of a scan: nothing is foreign, nothing edited, what has no mark is left', async () => {
    expect(
      await decided([row('a'), row('b', { action: '' }), row('c', { action: '' })]),
    ).toMatchObject({
      ...{ approved: [2], refused: [], left: 2, foreign: [], edited: [], incomplete: false },
    });
  });

  test('rows that no scan wrote are counted, and taken only if asked for', async () => {
    const rows = [
      row('a'),
      { ...row('b'), id: '', seal: '' },
      { ...row('c'), value: 'someone@else.com' },
      // Asks for nothing: nobody minds where it comes from.
      { ...row('d'), id: '', action: '' },
    ];
    const strict = await decided(rows);
    expect(strict).toMatchObject({ approved: [2], refused: [3, 4], foreign: [3, 4], left: 1 });
    expect(strict.reasons).toEqual([
      expect.stringMatching(/^ID is empty/),
      expect.stringMatching(/^ID is not that of this entry/),
    ]);
    expect(await decided(rows, true)).toMatchObject({
      approved: [2, 3, 4],
      refused: [],
      foreign: [],
    });
  });

  test('what no rule repairs is never written, not even of a foreign sheet', async () => {
    const admin = { ...row('a', { attribute: 'adminCount', update: '1' }), id: '' };
    for (const accept of [false, true])
      expect(await decided([row('b'), admin], accept)).toMatchObject({
        ...{ approved: [2], refused: [3], foreign: [] },
        reasons: ['no rule repairs adminCount, and presync writes nothing else'],
      });
  });

  test('a foreign row speaks against no other one', async () => {
    const other = { ...row('a', { update: 'other@c.com' }), id: '' };
    expect(await decided([row('a'), other])).toMatchObject({ approved: [2], refused: [3] });
    // Taken as it is, the two contradict each other.
    expect(await decided([row('a'), other], true)).toMatchObject({ approved: [], refused: [2, 3] });
  });

  test('what is refused, for whatever reason, is told in the order of the sheet', async () => {
    const unproven = { ...row('a'), id: '' };
    const unreadable = row('b', { action: 'PERHAPS' });
    const { refused } = await decided([unproven, unreadable, unproven]);
    expect(refused).toEqual([2, 3, 4]);
  });

  test('counts what a person put in the place of the proposal, and says that the scan was cut short', async () => {
    const edited = { ...row('b'), update: 'other@c.com' };
    expect(await decided([row('a'), edited])).toMatchObject({ approved: [2, 3], edited: [3] });
    expect(await decided([row('a'), row('b', {}, '-incomplete')])).toMatchObject({
      incomplete: true,
    });
  });
});
