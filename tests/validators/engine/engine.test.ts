import { describe, expect, test } from '@jest/globals';
import { createEntry, withValue } from '../../../src/ldap/entry/entry.js';
import type { Finding } from '../../../src/model/finding.js';
import type { DirectoryRule, EntryRule } from '../../../src/model/rule.js';
import { settingsFrom } from '../../../src/settings/settings.js';
import { createEngine } from '../../../src/validators/engine/engine.js';
import { unique, use } from '../../../src/validators/engine/profile-line.js';
import { duplicateAddress } from '../../../src/validators/rules/duplicate-address.js';
import { unroutableDomain } from '../../../src/validators/rules/unroutable-domain.js';

const entry = createEntry('CN=a,DC=c', [
  ['objectClass', ['user']],
  ['sAMAccountName', ['a']],
  ['mail', ['a@contoso.local']],
]);

const broken: EntryRule<undefined> = {
  meta: { ...unroutableDomain.meta, id: 'broken' },
  check: () => {
    throw new Error('no such\u0007thing');
  },
  fix: () => {
    throw new Error('nor this');
  },
};

const { plainKeyAt: _, ...asksForAllKeys } = duplicateAddress;
const brokenKeys: DirectoryRule<undefined> = {
  ...asksForAllKeys,
  meta: { ...duplicateAddress.meta, id: 'broken-keys' },
  keys: () => {
    throw new Error('no keys');
  },
};

describe('a rule that throws', () => {
  const profile = [
    use(broken, 'mail', undefined),
    use(broken, 'displayName', undefined),
    use(unroutableDomain, 'mail', undefined),
    unique(brokenKeys, 'mail', undefined),
  ];

  test('costs the entry one finding; the others judge it all the same', () => {
    const engine = createEngine(profile, settingsFrom());
    const verdict = engine.reader(new Map()).judge(entry);
    const findings = verdict.is === 'judged' ? verdict.findings : [];
    expect(findings.map(({ rule, error }) => [rule, error])).toEqual([
      ['unroutable-domain', 'TopLevelDomain'],
      ['rule-failed', 'Failed'],
    ]);
    expect(findings[1]?.message).toContain('broken failed on this entry (no such\\u{7}thing)');
  });

  test('is told of too where it is asked for keys', () => {
    const engine = createEngine([unique(brokenKeys, 'mail', undefined)], settingsFrom());
    const verdict = engine.reader(new Map()).judge(entry);
    expect(verdict).toMatchObject({ findings: [{ rule: 'rule-failed' }] });
    expect([...engine.shared(engine.persons())]).toEqual([]);
  });

  test('and where it is asked for a repair: it offers none, and the entry gets one finding', () => {
    const engine = createEngine(profile, settingsFrom());
    const finding: Finding = {
      rule: 'broken',
      error: 'TopLevelDomain',
      severity: 'error',
      entry,
      attribute: 'mail',
      value: 'x',
      message: '',
      related: [],
      relatedCount: 0,
    };
    const other = withValue(entry, 'mail', 'a@contoso.local', 'b@contoso.local');
    const judges = [engine, engine.withSuffixes([])];
    for (const judge of judges)
      for (const one of [entry, other]) expect(judge.fix(finding, 'x', one)).toBeUndefined();
    const told = [...engine.brokenFixes()];
    expect(told).toMatchObject([
      { rule: 'rule-failed', error: 'Failed', severity: 'warning', attribute: 'mail' },
    ]);
    expect(told[0]?.entry).toEqual({ dn: 'CN=a,DC=c', guid: undefined, kind: 'user' });
    expect(told[0]?.message).toContain('broken failed on this entry (nor this), so it proposes');
  });
});
