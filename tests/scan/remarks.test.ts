import { expect, test } from '@jest/globals';
import { scanText } from '../rule-tester.js';

/** Two users who share a sign-in name that is also faulty, and an alias that the cloud makes of it. */
const TEXT = `dn: CN=Ann,DC=contoso,DC=com
objectClass: user
cn: Ann
displayName: Ann
sAMAccountName: ann
userPrincipalName: ann@con_toso.com
mail: ann@contoso.com
mailNickname: ann

dn: CN=Bob,DC=contoso,DC=com
objectClass: user
cn: Bob
displayName: Bob
sAMAccountName: bob
userPrincipalName: ann@con_toso.com
mail: bob@contoso.com
mailNickname: bob
`;

test('who keeps a shared value is said where the sharing is found, and nothing twice of one value (F22)', async () => {
  const { findings } = await scanText(TEXT);
  const told = (rule: string) => findings.filter((one) => one.rule === rule);
  const keeps = / keeps it, because /;
  expect(told('duplicate-address')).toHaveLength(2);
  for (const { message } of told('duplicate-address')) expect(message).toMatch(keeps);
  expect(told('malformed-address')).toHaveLength(2);
  for (const { message } of told('malformed-address')) expect(message).not.toMatch(keeps);
  for (const value of new Set(findings.map(({ entry, value: one }) => `${entry.dn} ${one}`))) {
    const sentences = findings
      .filter(({ entry, value: one }) => `${entry.dn} ${one}` === value)
      .flatMap(({ message }) => message.split(/(?<=[.!?]) (?=[A-Z"])/));
    expect(sentences).toEqual([...new Set(sentences)]);
  }
});
