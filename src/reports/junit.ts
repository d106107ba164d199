import { junitReport } from '../export/report/junit.js';
import { RULE_FAILED } from '../validators/engine/rule-failed.js';
import { RULES } from '../validators/index.js';
import { profileFor } from '../validators/profiles/index.js';
import type { ReportWriter } from './report-writer.js';

/** A test case for each rule, also for those that the profile does not ask. */
export const writeJunit: ReportWriter = (result, { settings, failing }) => {
  const profile = profileFor(settings);
  const rules = RULES.map(({ meta: { id, title } }) => ({
    ...{ id, title },
    lines: profile.filter(({ meta }) => meta.id === id).length,
  }));
  return [junitReport(result, { rules: [...rules, { ...RULE_FAILED, lines: 1 }], failing })];
};
