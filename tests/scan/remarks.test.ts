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

test('only who keeps a value is marked so: not who gives it up, nor whose repair became another (F20)', async () => {
  const { findings } = await scanText(TEXT);
  const kept = findings.filter(({ keeps }) => keeps).map(({ entry, rule }) => [entry.dn, rule]);
  expect(kept).toEqual([['CN=Ann,DC=contoso,DC=com', 'duplicate-address']]);
  const renamed = await scanText(TAKEN);
  expect(renamed.findings.map(({ message }) => message).join()).toContain(
    'so the next free name is proposed',
  );
  expect(renamed.findings.filter(({ keeps }) => keeps)).toEqual([]);
});

/** A sign-in name whose repair somebody has: nothing is shared as it stands. */
const TAKEN = `dn: CN=Cas,DC=contoso,DC=com
objectClass: user
cn: Cas
displayName: Cas
sAMAccountName: cas1
userPrincipalName: cas.@contoso.com

dn: CN=Cass,DC=contoso,DC=com
objectClass: user
cn: Cass
displayName: Cass
sAMAccountName: cass
userPrincipalName: cas@contoso.com
`;

test('of a shared value that names its entry the message says that only a rename changes it', async () => {
  const contact = (cn: string, mail: string, dn: string) =>
    `dn: ${dn},DC=contoso,DC=com\nobjectClass: contact\ncn: ${cn}\ndisplayName: ${cn}\nmail: ${mail}\nmailNickname: ${cn}\ntargetAddress: SMTP:${mail}\nproxyAddresses: SMTP:${cn}@fabrikam.com\n`;
  const text = [
    contact('x', 'same@fabrikam.com', 'cn=x'),
    contact('y', 'same@fabrikam.com', 'mail=same@fabrikam.com'),
  ].join('\n');
  const { findings } = await scanText(text);
  const told = findings.filter(
    ({ rule, entry }) => rule === 'duplicate-address' && entry.dn.startsWith('mail='),
  );
  expect(told).toHaveLength(1);
  expect(told[0]?.message).toMatch(
    /; no proposal, for the value names the entry and only a rename/,
  );
});
