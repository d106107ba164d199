import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { htmlReport } from '../../../src/export/report/html.js';
import { report } from '../../../src/export/report/report.js';
import type { ScanResult } from '../../../src/model/scan.js';
import { finding, scanResult } from '../../scan-result.js';

const PAGE = { script: 'let a = 1 < 2;', style: 'p { color: red }' };
const RULES = [{ id: 'one', title: 'T', why: 'W', remedy: 'R' }];

function html(result: ScanResult, page = PAGE): string {
  const context = { rules: RULES, pages: {}, made: new Date(0), idOf: () => '' };
  return [...htmlReport(report(result, context), page)].join('');
}

/** The blocks of a kind, unpacked by the library of Node. */
function blocks(text: string, name: string): unknown[] {
  const found = text.matchAll(new RegExp(`data-block="${name}">([A-Za-z0-9+/=]+)</script>`, 'g'));
  return [...found].map(([, base64]) =>
    JSON.parse(gunzipSync(Buffer.from(base64 ?? '', 'base64')).toString()),
  );
}

test('the policy names the hashes of the one script and the one style, and nothing else', () => {
  const text = html(scanResult([]));
  const policy = /Content-Security-Policy" content="([^"]+)"/.exec(text)?.[1];
  const hash = (tag: string) => {
    const inside = new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(text)?.[1] ?? '';
    return createHash('sha256').update(inside).digest('base64');
  };
  expect(policy).toBe(
    `default-src 'none'; script-src 'sha256-${hash('script')}'; style-src 'sha256-${hash('style')}'; base-uri 'none'; form-action 'none'`,
  );
});

test('what comes from the directory stands in the blocks only, and comes back as it was', () => {
  const hostile = '</script><script>alert("x")</script><!--\u0000\u202E\u2028\uD800é';
  const result = scanResult(
    [finding('one', `CN=${hostile}`, { value: hostile, message: hostile, attribute: hostile })],
    { gaps: [hostile], complete: false, skipped: { [hostile]: 1 } },
    { header: { sources: [hostile], profile: 'default' } },
  );
  const text = html(result);
  expect(text).not.toMatch(/alert|é|[\u202E\u2028]/);
  expect(blocks(text, 'rows')).toMatchObject([[{ value: hostile, attribute: hostile }]]);
  expect(blocks(text, 'head')).toMatchObject([{ scan: { sources: [hostile] }, gaps: [hostile] }]);
});

test('findings come in blocks, in report order, none lost', () => {
  const findings = Array.from({ length: 12_345 }, (_, n) => finding('one', `CN=${n},DC=c`));
  const rows = blocks(html(scanResult(findings, { entries: 20_000 })), 'rows') as {
    dn: string;
  }[][];
  expect(rows.length).toBeGreaterThan(1);
  expect(rows.flat().map(({ dn }) => dn)).toEqual(findings.map(({ entry }) => entry.dn));
});

test('a script that would leave its place is refused', () => {
  expect(() => html(scanResult([]), { ...PAGE, script: 'a = "</SCRIPT>"' })).toThrow(/script/);
  expect(() => html(scanResult([]), { ...PAGE, style: '</style>' })).toThrow(/style/);
});
