import { describe, expect, test } from '@jest/globals';
import { report } from '../../../src/export/report/report.js';
import { verdict } from '../../../src/export/report/verdict.js';
import type { Finding } from '../../../src/model/finding.js';
import type { ScanResult } from '../../../src/model/scan.js';
import { finding, scanResult } from '../../scan-result.js';

const RULES = ['one', 'two'].map((id) => ({ id, title: `T ${id}`, why: 'W', remedy: 'R' }));
const idOf = ({ entry, attribute, value }: Finding) => `${entry.dn} ${attribute} ${value}`;

function made(result: ScanResult) {
  const context = { rules: RULES, pages: {}, made: new Date('2026-11-22T10:15:00Z'), idOf };
  const { head, rows } = report(result, context);
  return { head, rows: [...rows()] };
}

describe('what becomes of the entries', () => {
  const findings = [
    finding('one', 'CN=a,OU=Staff,OU=Oslo,DC=c,DC=com'),
    finding('two', 'CN=a,OU=Staff,OU=Oslo,DC=c,DC=com', { severity: 'warning' }),
    finding('two', 'CN=b,OU=Staff,OU=Oslo,DC=c,DC=com', { severity: 'info' }),
    finding('two', 'CN=b,OU=Staff,OU=Oslo,DC=c,DC=com', { severity: 'warning' }),
    finding('two', 'CN=c,DC=emea,DC=c,DC=com', { severity: 'info' }),
  ];
  const { head } = made(scanResult(findings, { skipped: { system: 2 } }));

  test('each entry counts once, by its gravest finding', () => {
    expect(head.fates).toEqual({ broken: 1, warned: 1, fine: 6, skipped: 2, joined: 0 });
  });

  test('places are domain first, then the units from the top down', () => {
    expect(head.places).toEqual([
      { path: ['emea.c.com'], broken: 0, warned: 0 },
      { path: ['c.com', 'Oslo', 'Staff'], broken: 1, warned: 1 },
    ]);
  });

  test('the same entry under two spellings of its name counts once', () => {
    const two = [finding('one', 'CN=a,OU=x,DC=c'), finding('two', 'cn=A, ou=X, dc=C')];
    const { head, rows } = made(scanResult(two));
    expect(head.fates.broken).toBe(1);
    expect(rows.map(({ place }) => head.places[place]?.path[0])).toEqual(['c', 'c']);
  });

  test('a name that is no distinguished name has a place too', () => {
    const { head, rows } = made(scanResult([finding('one', 'nonsense')]));
    expect(head.places[rows[0]?.place ?? -1]?.path).toEqual(['(no domain)']);
  });
});

test('a row carries the proposal for its value, and the beginning of bytes', () => {
  const entry = { dn: 'CN=a,DC=c', guid: undefined, kind: 'user' } as const;
  const found = [
    finding('one', 'CN=a,DC=c'),
    finding('two', 'CN=a,DC=c', { attribute: 'objectSid', value: new Uint8Array(40).fill(255) }),
  ];
  const proposals: ScanResult['proposals'] = [
    {
      ...{ id: 'CN=a,DC=c mail a', safety: 'review', findings: ['one'] },
      edit: { entry, attribute: 'mail', before: ['a'], after: ['b'] },
      trail: [{ rule: 'one', before: 'a', after: 'b' }],
    },
  ];
  const { head, rows } = made(scanResult(found, {}, { proposals }));
  expect(head.proposals).toEqual({ safe: 0, review: 1 });
  expect(rows[0]?.proposal).toEqual({
    ...{ id: 'CN=a,DC=c mail a', after: ['b'], safety: 'review', rules: ['one'] },
  });
  expect(rows.map(({ name }) => name)).toEqual(['a', 'a']);
  expect(rows[1]).toMatchObject({ proposal: null, value: { bytes: 40, hex: 'ff'.repeat(32) } });
});

test('known and suppressed faults still decide what will sync; the rows are what is new', () => {
  const comparison = {
    ...{ baseline: 'old.jsonl', gone: [], unseen: [], doubts: ['a doubt'] },
    known: [finding('two', 'CN=b,DC=c'), finding('two', 'CN=c,DC=c')],
  };
  const suppressed = [
    { finding: finding('two', 'CN=d,DC=c'), reason: 'old', expires: undefined },
    { finding: finding('two', 'CN=a,DC=c'), reason: 'old', expires: undefined },
  ];
  const { head, rows } = made(
    scanResult([finding('one', 'CN=a,DC=c')], {}, { comparison, suppressed }),
  );
  expect(head.fates).toEqual({ broken: 4, warned: 0, fine: 6, skipped: 0, joined: 0 });
  expect(head.verdict).toBe(
    '6 of 10 entries will sync, 4 are broken, most often by two (4 errors). 1 new since the baseline.',
  );
  expect(head.beside).toEqual([
    '2 suppressed',
    '1 new, 0 gone, 2 as before (baseline old.jsonl)',
    'a doubt',
  ]);
  expect(rows.map(({ rule }) => rule)).toEqual(['one']);
  expect(head.rules.map(({ findings }) => findings.error)).toEqual([1, 0]);
});

test('a person of several entries counts once, with the gravest finding of all parts, and each row names the others', () => {
  const ref = (dn: string) => ({ dn, guid: undefined, kind: 'user' as const });
  const [account, mailbox] = [ref('CN=a,DC=accounts'), ref('CN=a,DC=exchange')];
  const findings = [
    finding('one', account.dn, { severity: 'warning' }),
    finding('two', mailbox.dn, { severity: 'error' }),
    finding('two', 'CN=b,DC=c', { severity: 'warning' }),
  ];
  const persons = [{ main: account, others: [mailbox] }];
  const { head, rows } = made(scanResult(findings, {}, { persons }));
  expect(head.fates).toEqual({ broken: 1, warned: 1, fine: 7, skipped: 0, joined: 1 });
  expect(rows.map(({ dn, parts }) => [dn, parts])).toEqual([
    [account.dn, [mailbox.dn]],
    [mailbox.dn, [account.dn]],
    ['CN=b,DC=c', []],
  ]);
});

test('the suffix that makes most findings is told, with what is proposed for its values', () => {
  const findings = Array.from({ length: 12 }, (_, at) =>
    finding('unroutable-domain', `CN=u${at},DC=c`, { value: `u${at}@c.local` }),
  );
  const proposals: ScanResult['proposals'] = findings.map((one) => ({
    ...{ id: idOf(one), safety: 'review', findings: [one.rule], trail: [] },
    edit: { entry: one.entry, attribute: 'mail', before: [], after: ['x@c.com'] },
  }));
  const suffix = (safety: 'safe' | 'review') =>
    made(scanResult(findings, {}, { proposals: proposals.map((one) => ({ ...one, safety })) })).head
      .suffix;
  expect(suffix('review')).toEqual({ from: 'c.local', to: 'c.com', faults: 12, all: 12 });
  expect(suffix('safe')).toBeNull();
});

describe('the verdict', () => {
  const rules = (error: number) =>
    RULES.map((rule, at) => ({ ...rule, findings: { error: at * error, warning: 9, info: 0 } }));
  test.each([
    [{ broken: 0, warned: 0, fine: 3 }, true, 'All 3 entries will sync.'],
    [{ broken: 0, warned: 2, fine: 1 }, true, 'All 3 entries will sync (2 with warnings).'],
    [{ broken: 0, warned: 1, fine: 0 }, true, '1 of 1 entry will sync (1 with warnings).'],
    [
      { broken: 1, warned: 0, fine: 1999 },
      true,
      '1,999 of 2,000 entries will sync, 1 is broken, most often by two (4 errors).',
    ],
    [{ broken: 0, warned: 0, fine: 0 }, true, 'No entry was judged.'],
    [
      { broken: 0, warned: 0, fine: 3 },
      false,
      'INCOMPLETE SCAN: of what was seen, all 3 entries will sync.',
    ],
  ])('%j, complete: %s', (fates, complete, sentence) => {
    const outcome = { fates: { ...fates, skipped: 5, joined: 0 }, rules: rules(4), complete };
    expect(verdict({ ...outcome, fresh: undefined })).toBe(sentence);
    expect(verdict({ ...outcome, fresh: 0 })).toBe(`${sentence} 0 new since the baseline.`);
  });
});
