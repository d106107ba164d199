import { expect, test } from '@jest/globals';
import { readBaseline } from '../../src/export/jsonl/read-baseline.js';
import { readScan } from '../../src/export/jsonl/read-review.js';
import type { Proposal } from '../../src/model/change.js';
import { writeJsonl } from '../../src/reports/jsonl.js';
import { settingsFrom } from '../../src/settings/settings.js';
import { finding, scanResult } from '../scan-result.js';

const ENTRY = { dn: 'CN=Jürgen', guid: undefined, kind: 'user' } as const;
const PROPOSAL: Proposal = {
  ...{ id: '1', safety: 'safe', findings: ['r'], trail: [] },
  edit: { entry: ENTRY, attribute: 'mail', before: ['a '], after: ['jürgen@contoso.com'] },
};
const WHOLE = scanResult([finding('r', ENTRY.dn)], {}, { proposals: [PROPOSAL] });

async function report(): Promise<string> {
  const context = { settings: settingsFrom({}), failing: [], showSkipped: true, made: new Date(0) };
  return [...(await writeJsonl(WHOLE, context))].join('');
}

async function* chunks(text: string | Uint8Array) {
  yield Buffer.from(text);
}

/** What baseline and review say of a report. */
async function said(text: string | Uint8Array): Promise<readonly string[]> {
  const words = ({ message }: Error) => message;
  return Promise.all([
    readBaseline('a.jsonl', chunks(text)).then(() => 'taken', words),
    readScan('a.jsonl', chunks(text)).then(() => 'taken', words),
  ]);
}

test('a report in which a value was changed is refused, as a baseline and for a review', async () => {
  const text = await report();
  expect(await said(text)).toEqual(['taken', 'taken']);
  const changes: readonly (readonly [string, string])[] = [
    ['"after":["jürgen@', '"after":["jorgen@'],
    ['"value":"a"', '"value":"b"'],
    ['"profile":"default"', '"profile":"dedicated"'],
    ['"safety":"safe"', '"safety":"review"'],
  ];
  for (const [before, after] of changes) {
    expect(text).toContain(before);
    const message = 'a.jsonl is not whole: a line of it was changed since the scan wrote it.';
    expect(await said(text.replace(before, after))).toEqual([
      `The baseline ${message}`,
      `The report ${message}`,
    ]);
  }
});

test('what an editor or a repository does to a text is no change, and an earlier version had no hash', async () => {
  const text = await report();
  const kept = [
    `\uFEFF${text}`,
    text.replaceAll('\n', '\r\n'),
    text.replaceAll('\n', ' \t\n'),
    text.replaceAll('\n', '\n\n'),
    text.trimEnd(),
    text.replace(/,"hash":"[0-9a-f]{64}"/, '').replace('jürgen@', 'jorgen@'),
  ];
  for (const one of kept) {
    expect(one).not.toBe(text);
    expect(await said(one)).toEqual(['taken', 'taken']);
  }
});
