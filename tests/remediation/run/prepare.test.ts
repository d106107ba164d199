import { describe, expect, test } from '@jest/globals';
import { createEntry, identifiedAs } from '../../../src/ldap/entry/entry.js';
import { memoryDirectory } from '../../../src/ldap/offline/memory-directory.js';
import type { ApprovedEdit } from '../../../src/model/change.js';
import { prepare } from '../../../src/remediation/run/prepare.js';

const guidOf = (n: number) => `${String(n).repeat(8)}-1111-1111-1111-111111111111`;
const dnOf = (name: string) => `CN=${name},OU=Staff,DC=contoso,DC=com`;
const person = (n: number, name: string) =>
  identifiedAs(
    createEntry(dnOf(name), [
      ['objectClass', ['user']],
      ['mail', [`${n}@@contoso.com`]],
    ]),
    { guid: guidOf(n) },
  );
const row = (n: number, dn: string, more: Partial<ApprovedEdit['edit']> = {}): ApprovedEdit => ({
  ...{ row: n + 1, id: `id${n}` },
  edit: {
    entry: { dn, guid: guidOf(n), kind: 'user' },
    ...{ attribute: 'mail', before: [`${n}@@contoso.com`], after: [`${n}@contoso.com`] },
    ...more,
  },
});

const directory = memoryDirectory([person(1, 'Ann'), person(2, 'Bob'), person(3, 'Carl')]);

describe('T6 DISTINGUISHEDNAME beside OBJECTGUID', () => {
  test('a column of names shifted by one row is refused, row by row', async () => {
    const shifted = [row(1, dnOf('Bob')), row(2, dnOf('Carl')), row(3, dnOf('Ann'))];
    const { requests, refused } = await prepare(shifted, directory, 4);
    expect(requests).toEqual([]);
    expect(refused.map(({ reason }) => reason)).toEqual(
      ['Ann', 'Bob', 'Carl'].map((name) =>
        expect.stringMatching(`^DISTINGUISHEDNAME names another entry .*CN=${name},`),
      ),
    );
  });

  test('a removal under another name is refused as well', async () => {
    const { requests, refused } = await prepare([row(1, dnOf('Bob'), { after: [] })], directory, 4);
    expect([requests.length, refused.length]).toEqual([0, 1]);
  });

  test('an entry that was renamed since is changed and counted', async () => {
    const { requests, renamed } = await prepare(
      [row(1, dnOf('Ann Maiden')), row(2, 'cn=BOB, ou=staff,dc=Contoso,dc=com'), row(3, '')],
      directory,
      4,
    );
    expect(requests.map(({ ref }) => ref.dn)).toEqual(['Ann', 'Bob', 'Carl'].map(dnOf));
    expect(renamed).toBe(1);
  });
});
