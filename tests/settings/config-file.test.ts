import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { configSchema, parseConfig } from '../../src/settings/config-file.js';
import { RULES } from '../../src/validators/index.js';

const problems = (config: unknown) => {
  const parsed = parseConfig(typeof config === 'string' ? config : JSON.stringify(config));
  return 'problems' in parsed ? parsed.problems : [];
};
const suppressed = (part: object) =>
  problems({ suppressions: [{ rule: 'large-photo', reason: 'x', ...part }] });

test('the example of the documentation is a configuration that uses every key', () => {
  const page = readFileSync('docs/scheduled.md', 'utf8');
  const example = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  expect(problems(example)).toEqual([]);
  const { properties } = configSchema() as { properties: Record<string, unknown> };
  expect(Object.keys(JSON.parse(example)).sort()).toEqual(Object.keys(properties).sort());
});

test('every problem is told with its path and what is allowed there', () => {
  const wrong = {
    sources: [],
    bindDn: 7,
    profile: 'strict',
    loginAttribute: null,
    memberLimit: 0,
    matchUsersBy: 'name',
    keep: ['primary', 'newest'],
    verifiedDomains: ['contoso'],
    suffixMap: { 'contoso.local': 'contoso.internal' },
    profil: 'default',
  };
  const told = problems(wrong);
  const line = (path: string) => told.find((problem) => /^[^ :]+/.exec(problem)?.[0] === path);
  expect(line('sources')).toMatch(/must not be empty/);
  expect(line('bindDn')).toMatch(/must be a text, or a list of texts/);
  expect(line('profile')).toMatch(/must be one of "default", "dedicated"/);
  expect(line('loginAttribute')).toMatch(/must be one of "userPrincipalName", "mail"/);
  expect(line('matchUsersBy')).toMatch(/must be one of "none", "mail", "anchor", "sid"/);
  expect(line('memberLimit')).toMatch(/must be 1 or more/);
  expect(line('keep[1]')).toMatch(/must be one of "primary", "mailbox", "enabled", "oldest"/);
  expect(line('verifiedDomains')).toMatch(
    /^verifiedDomains names "contoso", which is no domain name/,
  );
  expect(line('suffixMap')).toMatch(/^suffixMap would .* "contoso.internal", which is no domain/);
  expect(told.join()).not.toMatch(/--[a-z]/);
  expect(line('profil')).toMatch(/is not known here; known are sources, .*profile/);
  expect(told.length).toBe(Object.keys(wrong).length);
});

test.each(['password', 'bindPassword', 'Passwd', 'secret'])(
  'a secret is refused under the name %s, and not repeated',
  (name) => {
    const told = problems({ [name]: 'hunter2' });
    expect(told).toEqual([expect.stringContaining('passwordFile')]);
    expect(told.join()).not.toContain('hunter2');
  },
);

test.each<readonly [string, object, RegExp]>([
  ['no rule', { rule: undefined }, /^suppressions\[0\]\.rule: must be the id of a rule/],
  ['an unknown rule', { rule: 'large-foto' }, /\.rule: must be the id of a rule/],
  ['a broken rule', { rule: 'rule-failed' }, /\.rule: must be the id of a rule/],
  ['no reason', { reason: undefined }, /^suppressions\[0\]\.reason: is missing/],
  ['an empty reason', { reason: '' }, /\.reason: must not be empty/],
  ['no such day', { expires: '2027-02-29' }, /\.expires: must be a day such as/],
  ['another form of a day', { expires: '31.03.2027' }, /\.expires: must be a day such as/],
  ['no entry', { entry: 'Anna Berg' }, /\.entry: is neither a DN nor an objectGUID/],
  ['no base', { under: 'contoso.com' }, /\.under: is no DN/],
  ['the whole tree', { under: ' ' }, /\.under: is no DN/],
  ['a misspelt key', { attribut: 'mail' }, /\.attribut: is not known here; known are rule, entry/],
])('a suppression of %s is refused', (_name, part, expected) => {
  expect(suppressed(part)).toEqual([expect.stringMatching(expected)]);
});

test('a suppression by DN, objectGUID in both forms, or base is taken', () => {
  const guid = '03020100-0504-0706-0809-0a0b0c0d0e0f';
  for (const entry of ['CN=Berg\\, Anna,DC=x', guid, `{${guid.toUpperCase()}}`])
    expect(suppressed({ entry, under: 'DC=x', expires: '2028-02-29' })).toEqual([]);
});

test('broken JSON is told by its line and never quoted', () => {
  const told = problems('{\n  "bindDn": "admin",\n  "passwordFile": hunter2"\n}');
  expect(told).toEqual([expect.stringMatching(/^it is no JSON/)]);
  expect(told.join()).not.toContain('hunter');
  expect(problems('{\n  "sources": ["a.ldif"],\n}')).toEqual(['it is no JSON (line 3)']);
  expect(problems('{"bindDn": "CONTOSO\\admin"}')).toEqual([
    'it is no JSON (line 1); write a backslash twice',
  ]);
  expect(problems('[]')).toEqual(['the file: must be an object']);
  expect(problems('\uFEFF{}')).toEqual([]);
});

test('the schema names every rule and allows no other key', () => {
  const schema = JSON.stringify(configSchema());
  for (const { meta } of RULES) expect(schema).toContain(`"${meta.id}"`);
  expect(configSchema()).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    additionalProperties: false,
    properties: { suppressions: { items: { additionalProperties: false } } },
  });
});
