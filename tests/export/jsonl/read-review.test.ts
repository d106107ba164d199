import { createReadStream } from 'node:fs';
import { expect, test } from '@jest/globals';
import { readScan } from '../../../src/export/jsonl/read-review.js';
import {
  findingLine,
  leftOutLines,
  proposalLine,
  scanLine,
  summaryLine,
} from '../../../src/export/jsonl/write.js';
import { sheetRows } from '../../../src/export/sheet/rows.js';
import { tally } from '../../../src/findings/tally.js';
import { snapshotSource } from '../../../src/ldap/offline/snapshot.js';
import type { Finding } from '../../../src/model/finding.js';
import { findingId } from '../../../src/remediation/plan/value-id.js';
import { scan } from '../../../src/scan/scan.js';
import { settingsFrom } from '../../../src/settings/settings.js';
import { jsonValue } from '../../../src/text/json-lines.js';

const PLACE = 'fixtures/directories/contoso.ldif';

async function* chunks(text: string) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 997) yield bytes.subarray(at, at + 997);
}

async function lines(): Promise<{ text: string[]; result: Awaited<ReturnType<typeof scan>> }> {
  const source = snapshotSource(PLACE, () => createReadStream(PLACE), { bases: [] });
  const result = await scan([source], {
    settings: settingsFrom({ mapSuffix: ['contoso.local=contoso.com'] }),
  });
  const { header, findings, proposals } = result;
  const text = [scanLine(header), ...findings.map(findingLine), ...proposals.map(proposalLine)];
  return { text: [...text, summaryLine(result)], result };
}

test('the sheet made of the report is that of the scan, and holders are known by their values', async () => {
  const { text, result } = await lines();
  const read = await readScan('a.jsonl', chunks(text.join('')));
  const rows = (from: Pick<typeof read, 'findings' | 'proposals'>) => [
    ...sheetRows(from.findings, from.proposals, findingId, true),
  ];
  expect(rows(read)).toEqual(rows(result));
  expect(rows(read).length).toBeGreaterThan(50);
  const holders = (findings: typeof read.findings) =>
    findings.flatMap(({ related }) => related.map(({ entry, value }) => [entry.dn, value]));
  expect(holders(read.findings)).toEqual(holders(result.findings));
  expect([read.profile, read.complete]).toEqual(['default', true]);
});

test('findings that stood in the baseline are to be decided on too, in report order', async () => {
  const { text, result } = await lines();
  const known = result.findings.filter((_, at) => at % 3 === 0);
  const fresh = result.findings.filter((_, at) => at % 3 !== 0);
  const comparison = { baseline: 'old.jsonl', known, gone: [], unseen: [], doubts: [] };
  const summary = { ...result.summary, ...tally(fresh) };
  const report = [
    text[0],
    ...fresh.map(findingLine),
    ...leftOutLines({ ...result, comparison }),
    summaryLine({ ...result, summary, comparison }),
  ];
  const read = await readScan('a.jsonl', chunks(report.join('')));
  expect(known.length).toBeGreaterThan(10);
  const seen = ({ rule, entry: { dn }, attribute, value, message }: Finding) =>
    JSON.stringify([rule, dn, attribute, jsonValue(value), message]);
  expect(read.findings.map(seen)).toEqual(result.findings.map(seen));
});
