import { changeRecords } from '../export/ldif.js';
import type { ReportWriter } from './report-writer.js';

/** A comment (RFC 2849): whoever loads the file has seen neither the summary nor the exit code. */
const INCOMPLETE =
  '# INCOMPLETE: the scan did not see everything, and a value may have other holders.\n';

/** The safe proposals, and of the registrations only what they need: without a changed sign-in name none is. */
export const writeLdif: ReportWriter = function* ({ proposals, registrations, summary }) {
  if (!summary.complete) yield INCOMPLETE;
  const safe = proposals.filter(({ safety }) => safety === 'safe').map(({ edit }) => edit);
  const needed = safe.some(({ attribute }) => attribute === 'userPrincipalName');
  yield* changeRecords([...(needed ? registrations : []), ...safe]);
};
