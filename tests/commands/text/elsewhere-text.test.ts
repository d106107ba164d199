import { describe, expect, test } from '@jest/globals';
import { elsewhereLines, journalLines } from '../../../src/commands/text/elsewhere-text.js';

const commandAt = (url: string) => `presync apply a.csv ${url}`;
const ROWS = new Map([
  ['contoso.com', 3],
  ['eu.contoso.com', 2],
]);

describe('T2: what to type for the rows of other servers', () => {
  test.each<[string, string, readonly string[], readonly string[]]>([
    ['the domain itself, encrypted', 'LDAPS://dc1.fabrikam.com:10636', [], ['ldaps', 'ldaps']],
    ['the domain itself, plain', 'ldap://dc1.fabrikam.com', [], ['ldap', 'ldap']],
  ])('names %s as the server at hand is', (_, url, known, [a, b]) => {
    expect(elsewhereLines(ROWS, commandAt, url, known)).toEqual([
      `For contoso.com: presync apply a.csv ${a}://contoso.com`,
      `For eu.contoso.com: presync apply a.csv ${b}://eu.contoso.com`,
    ]);
  });

  test('names a controller that the scan read, of just that domain', () => {
    const known = ['export.ldif', 'ldaps://dc7.EU.contoso.com:636', 'ldap://contoso.com:3890'];
    expect(elsewhereLines(ROWS, commandAt, 'ldap://x', known)).toEqual([
      'For contoso.com: presync apply a.csv ldap://contoso.com:3890',
      'For eu.contoso.com: presync apply a.csv ldaps://dc7.EU.contoso.com:636',
    ]);
  });

  test('makes no URL of what is no name of a host', () => {
    expect(
      elsewhereLines(
        new Map([
          ['o=other', 1],
          ['a b\u0007.com', 1],
        ]),
        commandAt,
        'ldap://x',
      ),
    ).toEqual([
      'For o=other: the same with the URL of the server that holds it',
      'For a b\\u{7}.com: the same with the URL of the server that holds it',
    ]);
  });

  test('names the server that a journal names, unless that is the one at hand', () => {
    const at = (target: string) => journalLines(ROWS, commandAt, 'ldap://dc1', { target });
    expect(at('ldaps://dc9.contoso.com:636')).toEqual([
      'For contoso.com and eu.contoso.com: presync apply a.csv ldaps://dc9.contoso.com:636',
    ]);
    for (const target of ['ldap://dc1:389', 'memory'])
      expect(at(target)).toEqual(elsewhereLines(ROWS, commandAt, 'ldap://dc1'));
  });
});
