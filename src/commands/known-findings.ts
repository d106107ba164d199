import { type Baseline, readBaseline } from '../export/jsonl/read-baseline.js';
import type { Io } from '../files/io.js';
import { MissingFileError, streamInput } from '../files/read-input.js';
import { isLdapUrl, parseLdapUrl } from '../ldap/format/ldap-url.js';
import type { Settings } from '../model/rule.js';
import type { ScanHeader, ScanResult } from '../model/scan.js';
import { compareWith } from '../scan/baseline.js';
import { type DatedSuppressions, onDay, type Suppression, suppress } from '../scan/suppress.js';
import type { ReadFlags } from './flags/read-flags.js';

/** What is known of findings already: those of an earlier scan, and those that people suppressed. Read before the work begins. */
export interface KnownFindings {
  /** Without content where the file is not there yet, as before the first run of a job. */
  readonly baseline: { readonly file: string; readonly content: Baseline | undefined } | undefined;
  readonly suppressions: DatedSuppressions;
}

/** What remains of a scan to be reported, and what there is to say about the rest, one line each. */
export interface Remaining {
  readonly result: ScanResult;
  readonly remarks: readonly string[];
}

export async function readKnownFindings(
  file: string | undefined,
  suppressions: readonly Suppression[],
  io: Io,
): Promise<KnownFindings> {
  return {
    baseline: file === undefined ? undefined : { file, content: await readBaselineFile(file) },
    suppressions: onDay(suppressions, io.now()),
  };
}

async function readBaselineFile(file: string): Promise<Baseline | undefined> {
  try {
    return await readBaseline(file, streamInput(file, 'baseline'));
  } catch (error) {
    if (error instanceof MissingFileError) return undefined;
    throw error;
  }
}

/** Leaves out of a scan what was suppressed, and then what stood before. */
export function leaveOutKnown(
  scanned: ScanResult,
  { baseline, suppressions }: KnownFindings,
): Remaining {
  const { valid, expired } = suppressions;
  const { result, unused } =
    valid.length > 0 ? suppress(scanned, valid) : { result: scanned, unused: [] };
  const compared = baseline?.content
    ? compareWith(result, baseline.content, baseline.file)
    : result;
  return {
    result: compared,
    remarks: [
      ...(baseline && !baseline.content
        ? [`there is no baseline ${baseline.file} yet, so everything counts as new`]
        : []),
      ...expired.map((one) => `${nameOf(one)} expired on ${one.expires} and leaves nothing out`),
      ...unused.map((one) => `${nameOf(one)} left nothing out: it may be taken out of the file`),
      ...(compared.comparison?.doubts ?? []).map((doubt) => `baseline ${baseline?.file}: ${doubt}`),
    ],
  };
}

function nameOf({ rule, entry, under, attribute, value, reason }: Suppression): string {
  const parts = [entry, under, attribute, value].filter((part) => part !== undefined);
  return `suppression of ${[rule, ...parts].join(', ')} ("${reason}")`;
}

/** What decides, besides the sources, which findings a scan can have: reports say it, so that scans can be compared. */
export function termsOf(
  { loginAttribute, matchUsersBy, memberLimit, verifiedDomains }: Settings,
  { source, base, filter, photos }: ReadFlags & { readonly source: readonly string[] },
): NonNullable<ScanHeader['terms']> {
  const bases = source.map((name) => (isLdapUrl(name) ? parseLdapUrl(name).base : undefined));
  return {
    base: [...(base ?? []), ...bases.filter((dn) => dn !== undefined)].sort(),
    filter: filter ?? null,
    photos: photos ?? false,
    loginAttribute,
    matchUsersBy,
    memberLimit,
    verifiedDomains: verifiedDomains ? [...verifiedDomains].sort() : null,
  };
}
