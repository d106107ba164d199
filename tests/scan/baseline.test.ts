import { describe, expect, test } from '@jest/globals';
import { type Baseline, readBaseline } from '../../src/export/jsonl/read-baseline.js';
import { findingLine, leftOutLines, scanLine, summaryLine } from '../../src/export/jsonl/write.js';
import { tally } from '../../src/findings/tally.js';
import { scan, settingsFrom } from '../../src/index.js';
import { createEntry, withValue } from '../../src/ldap/entry/entry.js';
import type { Entry } from '../../src/model/entry.js';
import type { Finding } from '../../src/model/finding.js';
import type { ScanResult } from '../../src/model/scan.js';
import { compareWith } from '../../src/scan/baseline.js';
import { generate, memorySource } from '../generator.js';

const settings = settingsFrom();
const scanned = (entries: readonly Entry[]) => scan([memorySource(entries)], { settings });

/** The report of a scan as the command writes it. */
function report(result: ScanResult): string {
  return [
    scanLine(result.header),
    ...result.findings.map(findingLine),
    ...leftOutLines(result),
    summaryLine(result),
  ].join('');
}

/** Read in small pieces, so that lines and characters are torn between them. */
async function read(content: string | Uint8Array, size = 97): Promise<Baseline> {
  const bytes = Buffer.from(content);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  return readBaseline('old.jsonl', chunks());
}

async function against(result: ScanResult, old: ScanResult) {
  const compared = compareWith(result, await read(report(old), 4099), 'old.jsonl');
  const { comparison } = compared;
  if (!comparison) throw new Error('nothing was compared');
  return { ...comparison, fresh: compared.findings, compared };
}

describe('two scans', () => {
  test.each([1, 2, 3])(
    'of the same directory differ in nothing, also over a chain of reports (seed %d)',
    async (seed) => {
      const result = await scanned(generate(seed, 300, 3).entries);
      expect(result.findings.length).toBeGreaterThan(50);
      const first = await against(result, result);
      const second = await against(result, first.compared);
      for (const { fresh, gone, unseen, known, doubts, compared } of [first, second]) {
        expect([fresh, gone, unseen, doubts]).toEqual([[], [], [], []]);
        expect(known).toEqual(result.findings);
        expect([compared.proposals, compared.registrations]).toEqual([[], []]);
        expect(compared.summary.findings).toEqual({ error: 0, warning: 0, info: 0 });
      }
    },
  );

  test('a finding that became graver is new', async () => {
    const photo = (bytes: number) =>
      createEntry('CN=a,DC=contoso,DC=com', [
        ['objectClass', ['user']],
        ['sAMAccountName', ['a']],
        ['thumbnailPhoto', [new Uint8Array(bytes)]],
      ]);
    const only = ({ rule }: Pick<Finding, 'rule'>) => rule === 'large-photo';
    const [small, large] = [await scanned([photo(60_000)]), await scanned([photo(200_000)])];
    const graver = await against(large, small);
    expect([graver.fresh.filter(only).length, graver.gone.filter(only)]).toEqual([1, []]);
    const milder = await against(small, large);
    expect([milder.fresh.filter(only), milder.known.filter(only).length]).toEqual([[], 1]);
  });

  test.each([4, 5, 6, 7])('differ in exactly what one entry changed (seed %d)', async (seed) => {
    const { entries } = generate(seed, 200, 2);
    const before = await scanned(entries);
    const at = entries.findIndex((entry) =>
      before.findings.every((finding) => finding.entry.dn !== entry.dn),
    );
    const entry = entries[at] as Entry;
    const broken = withValue(entry, 'displayName', entry.values('displayName')[0], ' two ');
    const after = await scanned(entries.with(at, broken));
    const forth = await against(after, before);
    expect(forth.fresh.map(({ entry, value }) => [entry.dn, value])).toEqual([[entry.dn, ' two ']]);
    expect([forth.gone, forth.unseen]).toEqual([[], []]);
    expect(forth.known.length).toBe(before.findings.length);
    const back = await against(before, after);
    expect(back.gone.map(({ entry, value }) => [entry.dn, value])).toEqual([[entry.dn, ' two ']]);
    expect([back.fresh, back.unseen]).toEqual([[], []]);
  });

  const user = (dn: string, guid: string | undefined, name: string) =>
    createEntry(dn, [
      ['objectClass', ['user']],
      ...(guid ? [['objectGUID', [Buffer.from(guid, 'hex')]] as const] : []),
      ['sAMAccountName', ['anna']],
      ['userPrincipalName', ['anna@contoso.com']],
      ['displayName', [name]],
    ]);
  const GUID = '000102030405060708090a0b0c0d0e0f';

  test('know a moved entry by its objectGUID, and without one by its DN in any spelling', async () => {
    const before = await scanned([user('CN=Anna,OU=A,DC=x', GUID, ' a ')]);
    const moved = await against(await scanned([user('CN=Anna,OU=B,DC=x', GUID, ' a ')]), before);
    expect([moved.fresh, moved.gone]).toEqual([[], []]);
    expect(moved.known.length).toBe(1);
    const bare = await scanned([user('CN=Anna,OU=A,DC=x', undefined, ' a ')]);
    const spelt = await against(
      await scanned([user('cn=anna, ou=A,dc=X', undefined, ' a ')]),
      bare,
    );
    expect([spelt.fresh, spelt.known.length]).toEqual([[], 1]);
    const other = await against(await scanned([user('CN=Anna,OU=B,DC=x', undefined, ' a ')]), bare);
    expect([other.fresh.length, other.gone.length]).toEqual([1, 1]);
  });

  test('take another spelling of a value for another value', async () => {
    const before = await scanned([user('CN=Anna,DC=x', GUID, ' a ')]);
    const { fresh, gone } = await against(
      await scanned([user('CN=Anna,DC=x', GUID, ' A ')]),
      before,
    );
    expect([fresh[0]?.value, gone[0]?.value]).toEqual([' A ', ' a ']);
  });

  test('keep the proposals for new findings only, and no safe one without its safe sibling', async () => {
    const entry = withValue(user('CN=Anna,DC=x', GUID, ' a '), 'mail', undefined, ' a@contoso.com');
    const result = await scanned([entry]);
    const [name, mail] = result.proposals;
    expect(result.proposals.map(({ edit, safety }) => [edit.attribute, safety])).toEqual([
      ['displayName', 'safe'],
      ['mail', 'safe'],
    ]);
    const withFindings = (findings: readonly Finding[]) => ({
      ...result,
      findings,
      summary: { ...result.summary, ...tally(findings) },
    });
    const without = (attribute: string) =>
      withFindings(result.findings.filter((finding) => finding.attribute !== attribute));
    const review = { safety: 'review' };
    const both = withFindings([]);
    expect((await against(result, both)).compared.proposals).toEqual([name, mail]);
    expect((await against(result, without('mail'))).compared.proposals).toEqual([
      { ...mail, ...review },
    ]);
    expect((await against(result, without('displayName'))).compared.proposals).toEqual([
      { ...name, ...review },
    ]);
  });
});

describe('nothing is said to be gone', () => {
  const entries = generate(9, 100, 2).entries;
  const flawless = createEntry('CN=Flawless,DC=contoso,DC=com', [
    ['objectClass', ['user']],
    ['sAMAccountName', ['flawless']],
    ['userPrincipalName', ['flawless@contoso.com']],
    ['displayName', ['Flawless']],
  ]);
  const withoutFaults = () => scanned([flawless]);

  test('of what an incomplete scan did not see; it stays in the report for the next one', async () => {
    const before = await scanned(entries);
    const whole = await withoutFaults();
    const cut = { ...whole, summary: { ...whole.summary, complete: false, gaps: ['lost'] } };
    expect((await against(whole, before)).gone.length).toBe(before.findings.length);
    const { gone, unseen, doubts, compared } = await against(cut, before);
    expect([gone, unseen.length]).toEqual([[], before.findings.length]);
    expect(doubts.join()).toContain('this scan did not see everything');
    const next = await against(before, compared);
    expect([next.fresh, next.known.length]).toEqual([[], before.findings.length]);
  });

  test.each([
    ['sources', { sources: ['elsewhere'], profile: 'default' }],
    ['profile', { sources: ['memory'], profile: 'dedicated' }],
    ['base', { sources: ['memory'], profile: 'default', terms: { base: ['OU=Sales,DC=x'] } }],
  ])('where the scans differ in %s, and that is told', async (name, header) => {
    const [before, now] = [await scanned(entries), await withoutFaults()];
    const old = { ...before, header: { ...header } };
    const here = { ...now, header: { sources: ['memory'], profile: 'default' } };
    const { gone, doubts } = await against(here, old);
    expect(gone).toEqual([]);
    expect(doubts).toEqual([`nothing is said to be gone, because the two scans differ in ${name}`]);
  });

  test('of what a rule could not judge this time', async () => {
    const before = await scanned(entries);
    const { rule, attribute } = before.findings[0] as Finding;
    const now = await withoutFaults();
    const notRun = [{ rule, attribute, reason: 'not delivered' }];
    const { gone, unseen } = await against({ ...now, summary: { ...now.summary, notRun } }, before);
    const same = (one: { rule: string; attribute: string }) =>
      one.rule === rule && one.attribute === attribute;
    expect(unseen.length).toBe(before.findings.filter(same).length);
    expect(gone.some(same)).toBe(false);
    expect(gone.length).toBeGreaterThan(0);
  });
});

test('an incomplete baseline is told, for what it missed counts as new', async () => {
  const result = await scanned(generate(1, 50, 2).entries);
  const summary = { ...result.summary, complete: false };
  const { doubts } = await against(result, { ...result, summary });
  expect(doubts).toEqual([
    'the earlier scan did not see everything, so what it missed counts as new',
  ]);
});

describe('a file that is no baseline', () => {
  const HEAD = '{"type":"scan","version":1,"sources":["a.ldif"],"profile":"default"}\n';
  const end = (errors: number) =>
    `{"type":"summary","complete":true,"findings":{"error":${errors},"warning":0,"info":0}}\n`;
  const END = end(1);
  const FINDING =
    '{"type":"finding","rule":"r","severity":"error","dn":"CN=A","guid":null,"kind":"user","attribute":"mail","value":"a","error":"Format","message":"m","related":[],"relatedCount":0}\n';
  const swap = (from: string, to: string) => HEAD + FINDING.replace(from, to) + END;

  test.each([
    ['an empty file', '', 'is no report of a scan'],
    ['something else', 'SEVERITY;VALUE\n', 'is no report of a scan'],
    ['a journal', '{"type":"journal","version":1}\n', 'is no report of a scan'],
    ['UTF-16', Buffer.from(HEAD + END, 'utf16le'), 'is no report of a scan'],
    ['another version', HEAD.replace('1', '2') + END, 'has version 2'],
    ['no end', HEAD + FINDING, 'was cut'],
    ['half a line at the end', HEAD + FINDING + FINDING.slice(0, 40), 'was cut'],
    ['a broken line', `${HEAD}${FINDING}{"type":\n${END}`, 'Line 3 '],
    ['invalid UTF-8', Buffer.from(swap('CN=A', 'CN=\xff'), 'latin1'), 'Line 2 '],
    ['a list', `${HEAD}[]\n${END}`, 'Line 2 '],
    ['a line without a type', `${HEAD}{}\n${END}`, 'Line 2 '],
    ['a DN that is none', swap('"CN=A"', '{"toString":1}'), 'Line 2 '],
    ['a value that is none', swap('"value":"a"', '"value":{"base64":"*"}'), 'Line 2 '],
    ['no value', swap(',"value":"a"', ''), 'Line 2 '],
    ['an unknown severity', swap('"error"', '"__proto__"'), 'Line 2 '],
    ['lines after the summary', HEAD + end(0) + FINDING, 'Line 3 '],
    ['a summary that says nothing', `${HEAD}{"type":"summary"}\n`, 'Line 2 '],
  ])('%s is an expected failure', async (_name, content, message) => {
    await expect(read(content)).rejects.toMatchObject({
      name: 'ExpectedError',
      message: expect.stringContaining(message),
      exitCode: 2,
    });
  });

  test('but a byte order mark, CRLF, no last line end, and lines of later versions are taken', async () => {
    const crlf = `\uFEFF${HEAD}${FINDING}{"type":"later"}\n${END.trimEnd()}`.replaceAll(
      '\n',
      '\r\n',
    );
    for (const size of [1, 7, 10_000])
      expect((await read(crlf, size)).findings.map(({ value }) => value)).toEqual(['a']);
  });

  test('and a value with the line separators of Unicode is one line', async () => {
    const { findings } = await read(swap('"value":"a"', '"value":"a\u2028b\u0085\u2029"'));
    expect(findings.map(({ value }) => value)).toEqual(['a\u2028b\u0085\u2029']);
  });
});
