import { createReadStream } from 'node:fs';
import { expect, test } from '@jest/globals';
import { readScan } from '../../../src/export/jsonl/read-review.js';
import {
  findingLine,
  proposalLine,
  scanLine,
  summaryLine,
} from '../../../src/export/jsonl/write.js';
import { sheetRows } from '../../../src/export/sheet/rows.js';
import { snapshotSource } from '../../../src/ldap/offline/snapshot.js';
import { findingId } from '../../../src/remediation/plan/value-id.js';
import { scan } from '../../../src/scan/scan.js';
import { settingsFrom } from '../../../src/settings/settings.js';

const PLACE = 'fixtures/directories/contoso.ldif';

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
  const read = readScan(Buffer.from(text.join('')));
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

test('a file that is no report, was cut or is broken is refused by the line', async () => {
  const { text } = await lines();
  const refused = (parts: readonly string[]) => () => readScan(Buffer.from(parts.join('')));
  expect(refused(text.slice(1))).toThrow('This is no report');
  expect(refused([])).toThrow('This is no report');
  expect(refused(text.slice(0, -1))).toThrow('it was cut');
  expect(refused([text[0] ?? '', '{"type":\n', text.at(-1) ?? ''])).toThrow(
    'Line 2 of the report is broken',
  );
  const bare = '{"type":"finding","rule":"x"}\n';
  expect(refused([text[0] ?? '', bare, text.at(-1) ?? ''])).toThrow(
    'Line 2 of the report is broken: no error',
  );
});
