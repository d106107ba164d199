import { describe, expect, test } from '@jest/globals';
import { readBaseline } from '../../../src/export/jsonl/read-baseline.js';
import { readScan } from '../../../src/export/jsonl/read-review.js';
import { type ReportRecord, readReport } from '../../../src/export/jsonl/records.js';

const HEAD = { type: 'scan', version: 1, sources: ['a.ldif'], profile: 'default' };
const ENTRY = { dn: 'CN=A', guid: null, kind: 'user' };
const EARLIER = { rule: 'r', severity: 'error', ...ENTRY, attribute: 'mail', value: 'a' };
const HOLDER = { dn: 'CN=B', attribute: 'mail', value: 'a' };
const WHOLE = { ...EARLIER, error: 'Format', message: 'm', related: [HOLDER], relatedCount: 1 };
const FINDING = { type: 'finding', ...WHOLE };
const KNOWN = { type: 'known', ...WHOLE };
const SUPPRESSED = { type: 'suppressed', ...WHOLE, reason: 'x', expires: null };
const UNSEEN = { type: 'unseen', ...EARLIER };
const GONE = { type: 'gone', ...EARLIER };
const PROPOSAL = {
  ...{ type: 'proposal', id: '1', dn: 'CN=A', guid: null, attribute: 'mail' },
  ...{ before: ['a'], after: ['b'], safety: 'safe', action: 'EDIT', findings: ['r'] },
};
const SKIPPED = { type: 'skipped', ...ENTRY, reason: 'disabled' };
const END = {
  ...{ type: 'summary', complete: true, findings: { error: 1, warning: 0, info: 0 } },
  ...{ suppressed: 1, known: 1, gone: 1, unseen: 1 },
};
const ALL = [HEAD, FINDING, PROPOSAL, SUPPRESSED, KNOWN, UNSEEN, GONE, SKIPPED, END];

const textOf = (records: readonly object[]) =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

async function* chunks(text: string | Uint8Array, size = 64) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string): Promise<readonly ReportRecord[]> {
  const records: ReportRecord[] = [];
  for await (const record of readReport('the report a.jsonl', chunks(text))) records.push(record);
  return records;
}

/** What baseline and review say of a report, in words without the name of the file. */
async function refusals(text: string): Promise<readonly string[]> {
  const said = (error: { name: string; message: string }) => {
    expect(error.name).toBe('ExpectedError');
    return error.message.replace(/the (?:baseline|report) /i, '');
  };
  const ended = () => 'taken';
  return [
    await readBaseline('a.jsonl', chunks(text)).then(ended, said),
    await readScan('a.jsonl', chunks(text)).then(ended, said),
  ];
}

test('records bear the numbers that an editor shows, blank lines counted', async () => {
  const lines = textOf(ALL).split('\n');
  const text = [lines[0], '', ' \t', ...lines.slice(1)].join('\r\n');
  const seen = (await read(text)).map(({ line, is }) => [line, is]);
  expect(seen).toEqual(ALL.map(({ type }, at) => [at === 0 ? 1 : at + 3, type]));
  const broken = text.replace('"safety":"safe"', '"safety":"sure"');
  expect(await refusals(broken)).toEqual([
    'Line 5 of a.jsonl is broken: unknown safety "sure".',
    'Line 5 of a.jsonl is broken: unknown safety "sure".',
  ]);
});

describe('baseline and review refuse alike', () => {
  const withLine = (at: number, change: object) =>
    textOf(ALL.map((record, index) => (index === at ? { ...record, ...change } : record)));
  const [finding, proposal, suppressed, known, unseen, gone, skipped, end] = [
    1, 2, 3, 4, 5, 6, 7, 8,
  ];
  test.each([
    ['an unknown severity', finding, { severity: 'catastrophe' }, 'unknown severity "catastrophe"'],
    ['a known finding of unknown severity', known, { severity: 'fatal' }, 'unknown severity'],
    ['an unseen one without a rule', unseen, { rule: 1 }, 'no rule'],
    ['one gone, of an unknown kind', gone, { kind: 'printer' }, 'unknown kind "printer"'],
    ['a suppressed one with an unknown word', suppressed, { error: 'Bad' }, 'unknown error "Bad"'],
    ['a finding without a message', finding, { message: undefined }, 'no message'],
    ['a GUID that is none', finding, { guid: 7 }, 'no guid'],
    ['a value that is a number', finding, { value: 7 }, 'neither text nor base64'],
    ['no value', finding, { value: undefined }, 'neither text nor base64'],
    ['a holder without a DN', finding, { related: [{ ...HOLDER, dn: null }] }, 'no dn'],
    ['a holder that is none', finding, { related: [null] }, 'no dn'],
    ['a count below zero', finding, { relatedCount: -1 }, 'no count relatedCount'],
    ['a proposal to replace nothing known', proposal, { before: [null] }, 'neither text'],
    ['a proposal for findings without names', proposal, { findings: [1] }, 'no list findings'],
    ['an entry skipped for no reason', skipped, { reason: null }, 'no reason'],
    ['a line without a type', finding, { type: null }, 'no type'],
    ['a summary that is neither', end, { complete: 'yes' }, 'no complete'],
    ['a summary without counts', end, { findings: undefined }, 'no count error'],
  ])('%s', async (_name, at, change, fault) => {
    const [one, other] = await refusals(withLine(at, change));
    expect(one).toContain(`Line ${at + 1} of a.jsonl is broken: `);
    expect(one).toContain(fault);
    expect(other).toBe(one);
  });

  test.each([finding, suppressed, known, unseen, gone])(
    'a report that lost line %#, whichever its summary counts',
    async (at) => {
      const { type } = ALL[at] as { type: string };
      const sort = type === 'finding' ? 'error' : type;
      const lost = textOf(ALL.filter((_, index) => index !== at));
      const message = `a.jsonl is not whole: its summary counts 1 findings of the sort "${sort}", and it holds 0.`;
      expect(await refusals(lost)).toEqual([message, message]);
      const twice = textOf(
        ALL.flatMap((record, index) => (index === at ? [record, record] : [record])),
      );
      const more = message.replace('holds 0', 'holds 2');
      expect(await refusals(twice)).toEqual([more, more]);
    },
  );

  test('lines that the summary does not speak of', async () => {
    const { known: _, ...silent } = END;
    const [one, other] = await refusals(textOf([...ALL.slice(0, -1), silent]));
    expect(one).toContain('counts 0 findings of the sort "known", and it holds 1');
    expect(other).toBe(one);
  });

  test('two reports in one file', async () => {
    const [one, other] = await refusals(textOf([...ALL, ...ALL]));
    expect(one).toBe('Line 10 of a.jsonl is broken: it follows the summary.');
    expect(other).toBe(one);
  });

  test('a line without an end, at a limit that says its name', async () => {
    async function* endless() {
      yield Buffer.from(textOf([HEAD]));
      for (;;) yield Buffer.alloc(2 ** 20, '[');
    }
    const message = /^Line 2 of .* is longer than 16 MB, the most that presync reads of one\.$/;
    const refused = { name: 'ExpectedError', message: expect.stringMatching(message) };
    await expect(readBaseline('a.jsonl', endless())).rejects.toMatchObject(refused);
    await expect(readScan('a.jsonl', endless())).rejects.toMatchObject(refused);
  });
});

test('a long line is read whole, however it arrives', async () => {
  const value = 'x'.repeat(3_000_000);
  const text = textOf(ALL.map((one) => (one === FINDING ? { ...one, value } : one)));
  for (const size of [65_536, 10_000_000]) {
    const { findings } = await readScan('a.jsonl', chunks(text, size));
    expect(findings.map((finding) => String(finding.value).length).sort()).toEqual([1, 3_000_000]);
  }
});
