import { describe, expect, test } from '@jest/globals';
import { asFlag } from '../../src/commands/flags/setting-names.js';
import { ExpectedError } from '../../src/errors.js';
import { type Choices, settingsFrom } from '../../src/settings/settings.js';

/** The words in which choices are refused. */
function refusal(choices: Choices): string {
  try {
    settingsFrom(choices);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    const { message, hint } = error.worded(asFlag);
    return `${message} ${hint}`;
  }
  throw new Error('not refused');
}

describe('the settings of a scan', () => {
  test('what is left out has its default', () => {
    expect(settingsFrom()).toEqual({
      ...{ profile: 'default', loginAttribute: 'userPrincipalName', memberLimit: 250_000 },
      ...{ verifiedDomains: undefined, suffixMap: [], signInName: undefined },
      ...{ keep: ['primary', 'mailbox', 'enabled', 'oldest'], matchUsersBy: 'none' },
    });
  });

  test('domains are taken as people write them: with @, a full stop, capitals, umlauts, spaces', () => {
    const { verifiedDomains, suffixMap } = settingsFrom({
      verifiedDomains: ['@Contoso.com', ' fabrikam.com. ', 'müller.de'],
      mapSuffix: [
        ' @Contoso.LOCAL. = @contoso.com. ',
        '*.corp.local=contoso.com',
        'local=müller.de',
      ],
    });
    expect([...(verifiedDomains ?? [])]).toEqual([
      'contoso.com',
      'fabrikam.com',
      'xn--mller-kva.de',
    ]);
    expect(suffixMap).toEqual([
      { from: 'contoso.local', to: 'contoso.com' },
      { from: '*.corp.local', to: 'contoso.com' },
      { from: 'local', to: 'xn--mller-kva.de' },
    ]);
  });

  // A file of settings and a flag may say the same.
  test('a mapping that is given twice is one that is meant', () => {
    const mapSuffix = ['contoso.local=contoso.com', 'a.local=a.com', '@CONTOSO.local=contoso.com.'];
    expect(settingsFrom({ mapSuffix }).suffixMap.map(({ from, to }) => `${from}=${to}`)).toEqual([
      ...['contoso.local=contoso.com', 'a.local=a.com', 'contoso.local=contoso.com'],
    ]);
  });

  test.each<readonly [name: string, choices: Choices, words: string]>([
    [
      'a domain that goes to two others',
      { mapSuffix: ['b.local=b.com', 'a.local=a.com', 'A.local=b.com'] },
      '--map-suffix maps "a.local" to two domains. Keep one of the two mappings.',
    ],
    ['a mapping to nowhere', { mapSuffix: ['a.local='] }, '"a.local=", which is no suffix mapping'],
    ['one from nowhere', { mapSuffix: ['=a.com'] }, '"=a.com", which is no suffix mapping'],
    ['one of three', { mapSuffix: ['a=b.com=c.com'] }, 'which is no suffix mapping'],
    ['one without a sign', { mapSuffix: ['a.local'] }, 'which is no suffix mapping'],
    [
      'one to what no cloud can verify',
      { mapSuffix: ['a.corp=a.local'] },
      'to "a.local", which is no domain of the public internet',
    ],
    ['a domain of one label', { verifiedDomains: ['com'] }, 'names "com", which is no domain name'],
    ['an address', { verifiedDomains: ['a@b.com'] }, 'which is no domain name'],
    ['several in one', { verifiedDomains: ['a.com b.com'] }, 'Give each domain by itself'],
    ['no domain', { verifiedDomains: [''] }, 'which is no domain name'],
    [
      'an unknown criterion',
      { keep: 'oldest,tallest' },
      '--keep does not know "tallest". Give some of primary',
    ],
    ['no member', { memberLimit: 0 }, '--member-limit must be a whole number from 1 on'],
    ['half a member', { memberLimit: 1.5 }, '--member-limit must be a whole number from 1 on'],
  ])('%s is refused, with the way out', (_, choices, words) => {
    expect(refusal(choices)).toContain(words);
  });

  test('criteria are taken in the order given, in any case', () => {
    expect(settingsFrom({ keep: ' Oldest , primary' }).keep).toEqual(['oldest', 'primary']);
  });
});
