import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { presync, readCells, readRecords, scratch } from '../presync.js';

const { path, remove } = scratch();
afterAll(remove);
// Many runs of the command line in one test.
jest.setTimeout(30_000);

const CONTOSO = readFileSync('fixtures/directories/contoso.ldif', 'utf8');
const ANNA = 'CN=Anna Berg,OU=Staff,DC=contoso,DC=local';
const CHANGED = CONTOSO.replace('displayName: Anna Berg', 'displayName: Anna  Berg ');
const TWO_LINES = /^presync: [^\n]+\n {2}\S[^\n]+\n$/;

const put = (name: string, content: string) => {
  writeFileSync(path(name), content);
  return path(name);
};
const records = (name: string, type: string) =>
  readRecords(readFileSync(path(name), 'utf8')).filter((record) => record['type'] === type);
const scan = (...args: readonly string[]) =>
  presync(['scan', 'export.ldif', ...args], { cwd: path('.') });

beforeAll(async () => {
  put('export.ldif', CONTOSO);
  const { code } = await scan('--jsonl', 'old.jsonl');
  expect(code).toBe(1);
});

describe('scan --baseline', () => {
  test('of an unchanged directory: nothing new, nothing gone, exit code 0', async () => {
    put('export.ldif', CONTOSO);
    const found = records('old.jsonl', 'finding');
    const args = [
      '--baseline',
      'old.jsonl',
      '--csv',
      'a.csv',
      '--jsonl',
      'a.jsonl',
      '--ldif',
      'a.ldif',
    ];
    const { code, out, err } = await scan(...args);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`\n0 new, 0 gone, ${found.length} as before (baseline old.jsonl)\n`);
    expect(out).toContain('\nNo new findings.\n');
    expect(readCells(path('a.csv'))).toEqual([]);
    expect(readFileSync(path('a.ldif'), 'utf8')).not.toContain('dn:');
    for (const type of ['finding', 'proposal', 'gone', 'unseen'])
      expect(records('a.jsonl', type)).toEqual([]);
    expect(records('a.jsonl', 'known')).toEqual(found.map((one) => ({ ...one, type: 'known' })));
  });

  test('reports what is new, and what is gone, and its report is the next baseline', async () => {
    put('export.ldif', CHANGED);
    const { code, out } = await scan(
      '--baseline',
      'old.jsonl',
      '--csv',
      'b.csv',
      '--jsonl',
      'b.jsonl',
      '--fail-on',
      'info',
    );
    expect(code).toBe(1);
    const fresh = records('b.jsonl', 'finding');
    expect(fresh.map(({ dn, attribute, value }) => [dn, attribute, value])).toEqual([
      [ANNA, 'displayName', 'Anna  Berg '],
    ]);
    expect(out).toMatch(/^1 new, 0 gone, \d+ as before/m);
    expect(readCells(path('b.csv')).map((row) => row['DISTINGUISHEDNAME'])).toEqual([ANNA]);
    expect(records('b.jsonl', 'proposal').map(({ dn }) => dn)).toEqual([ANNA]);

    const again = await scan('--baseline', 'b.jsonl', '--fail-on', 'info');
    expect(again.out).toMatch(/^0 new, 0 gone, /m);
    expect(again.code).toBe(0);

    put('export.ldif', CONTOSO);
    const back = await scan('--baseline', 'b.jsonl', '--jsonl', 'b.jsonl', '--fail-on', 'info');
    expect([back.code, back.err]).toEqual([0, '']);
    expect(back.out).toMatch(/^0 new, 1 gone, /m);
    expect(records('b.jsonl', 'gone')).toMatchObject([
      { dn: ANNA, attribute: 'displayName', value: 'Anna  Berg ', rule: fresh[0]?.['rule'] },
    ]);
    expect(records('b.jsonl', 'summary')).toMatchObject([{ gone: 1, unseen: 0, doubts: [] }]);
  });

  test('counts only new findings for the exit code, and an incomplete scan is 3 and claims nothing', async () => {
    put('export.ldif', `${CONTOSO}\nsearch: 2\nresult: 4 Size limit exceeded\n`);
    const { code, out, err } = await scan(
      '--baseline',
      'old.jsonl',
      '--base',
      'OU=Staff,DC=contoso,DC=local',
      '--jsonl',
      'c.jsonl',
    );
    expect(code).toBe(3);
    expect(out).toMatch(/^0 new, 0 gone, /m);
    expect(out).toContain('not known to be gone');
    expect(err).toMatch(
      /^Warning: baseline old\.jsonl: nothing is said to be gone, because this scan did not see everything, and the two scans differ in base\n$/,
    );
    expect(records('c.jsonl', 'unseen').length).toBeGreaterThan(5);
    expect(records('c.jsonl', 'gone')).toEqual([]);
    put('export.ldif', CONTOSO);
  });

  test.each([
    [
      'a file that was cut',
      () => put('cut.jsonl', readFileSync(path('old.jsonl'), 'utf8').slice(0, -30)),
      /was cut/,
    ],
    [
      'a broken line',
      () => put('broken.jsonl', readFileSync(path('old.jsonl'), 'utf8').replace('"dn":', '"dn"')),
      /Line 2 of the baseline/,
    ],
    ['a review sheet', () => put('sheet.csv', 'DISTINGUISHEDNAME,ACTION\n'), /no report of a scan/],
    ['a folder', () => path('.'), /Cannot read the baseline .*: it is a folder/],
  ])('%s is refused before anything is read or written', async (_name, file, expected) => {
    const { code, out, err } = await scan('--baseline', file(), '--csv', 'never.csv');
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(TWO_LINES);
    expect(err).toMatch(expected);
    expect(() => readFileSync(path('never.csv'))).toThrow('ENOENT');
  });

  test('with a file that is not there yet reports everything, and says so', async () => {
    const { code, out, err } = await scan('--baseline', 'none.jsonl', '--jsonl', 'none.jsonl');
    expect([code, err]).toEqual([
      1,
      'Warning: there is no baseline none.jsonl yet, so everything counts as new\n',
    ]);
    expect(out).toContain('there is no baseline none.jsonl yet');
    expect(readFileSync(path('none.jsonl'), 'utf8')).toBe(readFileSync(path('old.jsonl'), 'utf8'));
  });

  test('a simulation does not take what was known for new', async () => {
    const { out } = await scan('--baseline', 'old.jsonl', '--simulate');
    expect(out).toMatch(/with the 0 safe proposals applied: \d+ findings remain, none new/);
  });
});

describe('presync.config.json', () => {
  const config = (folder: string, content: object | string) => {
    mkdirSync(path(folder), { recursive: true });
    put(`${folder}/export.ldif`, CONTOSO);
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    return put(`${folder}/presync.config.json`, text);
  };

  test('gives sources and settings, is named on standard error, and flags win', async () => {
    const profile = (folder: string) => records(`${folder}/r.jsonl`, 'scan')[0]?.['profile'];
    config('one', {
      sources: ['export.ldif'],
      profile: 'dedicated',
      suffixMap: { 'contoso.local': 'contoso.com' },
      verifiedDomains: ['contoso.com'],
      memberLimit: 5,
      keep: ['oldest'],
    });
    const cwd = path('one');
    const { err, out } = await presync(['scan', '--jsonl', 'r.jsonl'], { cwd });
    expect(err).toBe('Configuration: presync.config.json\n');
    expect(profile('one')).toBe('dedicated');
    expect(records('one/r.jsonl', 'scan')[0]).toMatchObject({
      sources: ['export.ldif'],
      terms: { memberLimit: 5, verifiedDomains: ['contoso.com'] },
    });
    expect(out).toContain('unverified-domain');
    expect(records('one/r.jsonl', 'proposal').map(({ after }) => after)).toContainEqual([
      'anna.berg@contoso.com',
    ]);

    put('one/other.ldif', CONTOSO);
    const flags = ['other.ldif', '--profile', 'default', '--verified-domains', 'contoso.org'];
    await presync(
      ['scan', ...flags, '--map-suffix', 'contoso.local=contoso.org', '--jsonl', 'r.jsonl'],
      { cwd },
    );
    expect(records('one/r.jsonl', 'scan')[0]).toMatchObject({
      sources: ['other.ldif'],
      profile: 'default',
      terms: { memberLimit: 5, verifiedDomains: ['contoso.org'] },
    });
    expect(records('one/r.jsonl', 'proposal').map(({ after }) => after)).toContainEqual([
      'anna.berg@contoso.org',
    ]);
    expect((await presync(['count'], { cwd })).out).toContain('entries will be synchronised');
  });

  test('named with --config, its paths are relative to it', async () => {
    const file = config('two', { sources: ['export.ldif'], baseline: 'old.jsonl' });
    const first = await presync([
      'scan',
      path('two/export.ldif'),
      '--jsonl',
      path('two/old.jsonl'),
    ]);
    expect(first.err).toBe('');
    const { code, err, out } = await presync(['scan', '--config', file]);
    expect([code, err]).toEqual([0, `Configuration: ${file}\n`]);
    expect(out).toContain(`(baseline ${path('two/old.jsonl')})`);
  });

  test('is blamed for what it says, and a flag for what it overrules', async () => {
    const url = 'ldaps://127.0.0.1:1';
    config('blamed', { sources: [url], bindDn: 'job@contoso.com', passwordFile: 'absent' });
    const cwd = path('blamed');
    const byFile = await presync(['count'], { cwd });
    expect([byFile.code, byFile.err]).toEqual([
      2,
      expect.stringContaining(
        'Cannot read the file of passwordFile in presync.config.json, absent',
      ),
    ]);
    const byFlag = await presync(['count', '--password-file', 'other'], { cwd });
    expect(byFlag.err).toContain('Cannot read the file of --password-file, other');
    config('domain', { sources: ['export.ldif'], verifiedDomains: ['contoso'] });
    expect((await presync(['scan'], { cwd: path('domain') })).err).toContain(
      'presync: presync.config.json: verifiedDomains names "contoso", which is no domain name. ',
    );
  });

  test('that is wrong tells every problem on a line of its own and runs nothing', async () => {
    config('three', { sources: ['export.ldif'], profile: 'x', password: 'hunter2', pasword: '' });
    const { code, out, err } = await presync(['scan'], { cwd: path('three') });
    expect([code, out]).toEqual([2, '']);
    expect(
      err.match(/^presync: presync\.config\.json: (profile|password|pasword): /gm),
    ).toHaveLength(3);
    expect(err).not.toContain('hunter2');
    expect((await presync(['scan', '--config', 'none.json'], { cwd: path('three') })).err).toMatch(
      TWO_LINES,
    );
  });

  test('lends its password file to its own account only', async () => {
    put('secret', 'hunter2');
    const sources = ['ldap://127.0.0.1:1'];
    const file = config('four', { sources, bindDn: 'cn=job', passwordFile: '../secret' });
    const own = await presync(['scan', '--config', file]);
    expect([own.code, own.err]).toEqual([2, expect.not.stringContaining('No password')]);
    const other = await presync(['scan', '--config', file, '--bind-dn', 'cn=me']);
    expect([other.code, other.err]).toEqual([2, expect.stringContaining('No password for cn=me')]);
  });

  test('without it a scan must name a source', async () => {
    const { code, err } = await presync(['scan']);
    expect([code, err]).toEqual([2, expect.stringMatching(TWO_LINES)]);
  });
});

describe('suppressions', () => {
  const DISPLAY = { rule: 'missing-display-name', reason: 'the groups are about to go' };

  test('leave findings out of everything but the count and the record of them', async () => {
    put('export.ldif', CONTOSO);
    const all = records('old.jsonl', 'finding');
    const mine = all.filter(({ rule }) => rule === DISPLAY.rule);
    const file = put('s.json', JSON.stringify({ suppressions: [DISPLAY] }));
    const { out, err } = await scan('--config', file, '--csv', 's.csv', '--jsonl', 's.jsonl');
    expect(out).toMatch(new RegExp(`^${mine.length} suppressed$`, 'm'));
    expect(out).not.toContain(DISPLAY.rule);
    expect(err).not.toContain('Warning');
    expect(records('s.jsonl', 'finding').length).toBe(all.length - mine.length);
    expect(records('s.jsonl', 'suppressed')).toEqual(
      mine.map((one) => ({ ...one, type: 'suppressed', reason: DISPLAY.reason, expires: null })),
    );
    for (const row of readCells(path('s.csv'))) expect(row['RULES']).not.toContain(DISPLAY.rule);
  });

  test('of everything that fails leave exit code 0', async () => {
    const rules = new Set(records('old.jsonl', 'finding').map(({ rule }) => rule));
    const suppressions = [...rules].map((rule) => ({ rule, reason: 'all of it' }));
    const file = put('all.json', JSON.stringify({ suppressions }));
    const { code } = await scan('--config', file, '--fail-on', 'info');
    expect(code).toBe(0);
  });

  test('that expired or met nothing are told on standard error and in the summary', async () => {
    const suppressions = [
      { ...DISPLAY, expires: '2001-01-01' },
      { rule: 'large-photo', under: 'OU=None,DC=x', reason: 'none', expires: '2999-12-31' },
    ];
    const file = put('e.json', JSON.stringify({ suppressions }));
    const { out, err } = await scan('--config', file, '--jsonl', 'e.jsonl');
    for (const text of [out, err]) {
      expect(text).toContain(
        'missing-display-name ("the groups are about to go") expired on 2001-01-01',
      );
      expect(text).toContain('large-photo, OU=None,DC=x ("none") left nothing out');
    }
    expect(records('e.jsonl', 'suppressed')).toEqual([]);
    expect(out).toContain('missing-display-name  ');
  });

  test('are new when they end, and not gone while they last', async () => {
    const file = put('s.json', JSON.stringify({ suppressions: [DISPLAY] }));
    const during = await scan('--config', file, '--baseline', 'old.jsonl', '--jsonl', 's.jsonl');
    expect(during.out).toMatch(/^0 new, 0 gone, /m);
    const after = await scan(
      ...['--baseline', 's.jsonl', '--jsonl', 'after.jsonl', '--fail-on', 'warning'],
    );
    expect(after.code).toBe(1);
    expect(new Set(records('after.jsonl', 'finding').map(({ rule }) => rule))).toEqual(
      new Set([DISPLAY.rule]),
    );
  });
});
