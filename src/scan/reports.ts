import { htmlReport } from '../export/report/html.js';
import { junitReport } from '../export/report/junit.js';
import { report } from '../export/report/report.js';
import type { Severity } from '../model/finding.js';
import type { Settings } from '../model/rule.js';
import type { ScanResult } from '../model/scan.js';
import { findingId } from '../remediation/plan/value-id.js';
import { RULE_FAILED } from '../validators/engine/rule-failed.js';
import { RULES } from '../validators/index.js';
import { profileFor } from '../validators/profiles/index.js';
import { webFile } from '../web-files.js';

/** The HTML report of a scan, piece by piece, with the page that the build left beside this file. */
export async function htmlPieces(result: ScanResult, made: Date): Promise<() => Generator<string>> {
  const [script, style, pages] = await Promise.all(
    ['report.js', 'report.css', 'rules.json'].map(async (name) => String(await webFile(name))),
  );
  const context = {
    rules: [...RULES.map(({ meta }) => meta), RULE_FAILED],
    pages: JSON.parse(pages ?? '') as Readonly<Record<string, string>>,
    made,
    idOf: findingId,
  };
  const page = { script: script ?? '', style: style ?? '' };
  return () => htmlReport(report(result, context), page);
}

/** The JUnit report of a scan. */
export function junitText(
  result: ScanResult,
  settings: Settings,
  failing: readonly Severity[],
): string {
  const profile = profileFor(settings);
  const rules = RULES.map(({ meta: { id, title } }) => ({
    ...{ id, title },
    lines: profile.filter(({ meta }) => meta.id === id).length,
  }));
  return junitReport(result, { rules: [...rules, { ...RULE_FAILED, lines: 1 }], failing });
}
