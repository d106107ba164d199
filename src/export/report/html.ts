import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Report } from './report.js';
import type { ReportRow } from './report-data.js';

/** The page that shows a report: its script and its style, each in one piece. */
export interface Page {
  readonly script: string;
  readonly style: string;
}

/** Findings to a block. Each is compressed by itself, so that neither side ever holds all of them as one text. */
const BLOCK = 5_000;

/**
 * The report as one file that opens anywhere and asks for nothing: page, style and data, in pieces. What comes from the
 * directory stands in compressed blocks of base64 only, which no browser can take for markup or script, and the policy
 * lets nothing run but the one script of the page.
 */
export function* htmlReport({ head, rows }: Report, { script, style }: Page): Generator<string> {
  const policy = [
    "default-src 'none'",
    `script-src '${hash(script)}'`,
    `style-src '${hash(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>presync report: ${escaped(head.verdict)}</title>
<style>${inline(style, 'style')}</style>
</head>
<body>
<div id="app"><main class="opening"><h1>${escaped(head.verdict)}</h1><p role="status">Opening the report…</p><noscript><p>Charts and findings need JavaScript, which is switched off here. Save the file and open it in a browser.</p></noscript></main></div>
<div id="print"></div>
`;
  yield block('head', head);
  let batch: ReportRow[] = [];
  for (const row of rows()) {
    batch.push(row);
    if (batch.length < BLOCK) continue;
    yield block('rows', batch);
    batch = [];
  }
  if (batch.length > 0) yield block('rows', batch);
  yield `<script>${inline(script, 'script')}</script>\n</body>\n</html>\n`;
}

function block(name: string, data: unknown): string {
  const text = gzipSync(JSON.stringify(data), { level: 9 }).toString('base64');
  return `<script type="text/plain" data-block="${name}">${text}</script>\n`;
}

/** The page's own text for a place between two tags, which it must not leave: see "restrictions" in the HTML standard. */
function inline(text: string, tag: string): string {
  if (new RegExp(`</${tag}|<!--|\r`, 'i').test(text))
    throw new Error(`The ${tag} of the report's page cannot stand inside the file.`);
  return text;
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** Text as HTML, for content and for attributes in double quotes. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
