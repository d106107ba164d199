import { describe, expect, test } from '@jest/globals';
import { scanText } from '../../rule-tester.js';

/** A user who lives, and another record with the same addresses. */
const clash = (
  dn: string,
  more = '',
  classes = 'objectClass: user\n',
) => `dn: CN=Ann,DC=contoso,DC=com
objectClass: user
sAMAccountName: ann
displayName: Ann
userPrincipalName: ann@contoso.com
mail: ann@contoso.com

dn: ${dn}
${classes}sAMAccountName: ann
displayName: Ann
userPrincipalName: ann@contoso.com
mail: ann@contoso.com
${more}`;

describe('T11 what replication left', () => {
  const deleted = 'deleted object';
  const conflict = 'replication conflict';
  test.each([
    ['isDeleted', 'CN=x,DC=contoso,DC=com', 'isDeleted: TRUE\n', deleted],
    [
      'the name',
      'CN=Ann\\0ADEL:0084a6c5-2d9a-4b7e-9c1d-0123456789ab,CN=Deleted Objects,DC=contoso,DC=com',
      '',
      deleted,
    ],
    [
      'the name, coded otherwise',
      'CN=Ann\\0adel:0084a6c5,CN=Deleted Objects,DC=contoso,DC=com',
      '',
      deleted,
    ],
    ['nsTombstone', 'uid=ann,DC=contoso,DC=com', 'objectClass: nsTombstone\n', deleted],
    [
      'nsuniqueid',
      'nsuniqueid=66446001-1dd211b2-66225011-2ee211db,uid=ann,DC=contoso,DC=com',
      '',
      deleted,
    ],
    ['a conflict', 'CN=Ann\\0ACNF:0084a6c5,DC=contoso,DC=com', '', conflict],
    ['a conflict of 389', 'nsuniqueid=66446001+uid=ann,DC=contoso,DC=com', '', conflict],
    [
      'a conflict of 389, turned round',
      'uid=ann+nsuniqueid=66446001,DC=contoso,DC=com',
      '',
      conflict,
    ],
  ])('is skipped by %s, counted, and no duplicate of the living', async (_, dn, more, reason) => {
    const { findings, proposals, summary, skipped } = await scanText(clash(dn, more));
    expect(findings).toEqual([]);
    expect(proposals).toEqual([]);
    expect(summary).toMatchObject({ entries: 2, skipped: { [reason]: 1 } });
    expect(skipped.map(({ entry }) => entry.dn)).toEqual([dn]);
  });

  test.each([
    ['isDeleted FALSE', 'CN=x,DC=contoso,DC=com', 'isDeleted: FALSE\n'],
    ['a name like one', 'CN=nsuniqueid,DC=contoso,DC=com', ''],
    ['a name with a plus', 'CN=Ann+OU=nsuniqueid,DC=contoso,DC=com', ''],
  ])('%s: the entry lives, and is a duplicate', async (_, dn, more) => {
    const { findings, summary } = await scanText(clash(dn, more));
    expect(summary.skipped).toEqual({});
    expect(findings.some(({ rule }) => rule === 'duplicate-address')).toBe(true);
  });
});
