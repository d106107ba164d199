import { htmlReport } from '../export/report/html.js';
import { report } from '../export/report/report.js';
import { findingId } from '../remediation/plan/value-id.js';
import { RULE_FAILED } from '../validators/engine/rule-failed.js';
import { RULES } from '../validators/index.js';
import { webFile } from '../web-files.js';
import type { ReportWriter } from './report-writer.js';

/** One file to open in a browser, around the page that the build left beside the code. */
export const writeHtml: ReportWriter = async (result, { made }) => {
  const [script, style, pages] = await Promise.all(
    ['report.js', 'report.css', 'rules.json'].map(async (name) => String(await webFile(name))),
  );
  const context = {
    rules: [...RULES.map(({ meta }) => meta), RULE_FAILED],
    pages: JSON.parse(pages ?? '') as Readonly<Record<string, string>>,
    made,
    idOf: findingId,
  };
  return htmlReport(report(result, context), { script: script ?? '', style: style ?? '' });
};
