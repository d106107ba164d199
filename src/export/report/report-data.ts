import type { EntryKind } from '../../model/entry.js';
import type { Safety, Severity } from '../../model/finding.js';
import type { CommonSuffix, NotRun, ScanHeader } from '../../model/scan.js';

/** What the HTML report carries for its page to show. Types only: the page shares this file. */

/** A value as the report carries it: text, the beginning of bytes, or no value. */
export type ReportValue = string | { readonly bytes: number; readonly hex: string } | null;

/** Entries by what will become of them: each person counts once, by its gravest finding. */
export interface Fates {
  readonly broken: number;
  readonly warned: number;
  readonly fine: number;
  readonly skipped: number;
  /** Entries that are parts of another one in the cloud. */
  readonly joined: number;
}

export interface ReportRule {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly remedy: string;
  /** How many findings it has. */
  readonly findings: Readonly<Record<Severity, number>>;
}

/** A container (domain first, then organisational units) and its entries with findings, without those further below. */
export interface Place {
  readonly path: readonly string[];
  readonly broken: number;
  readonly warned: number;
}

/** Everything but the findings: what the first screen needs. */
export interface ReportHead {
  readonly scan: ScanHeader;
  /** When the report was made, ISO 8601. */
  readonly made: string;
  readonly verdict: string;
  /** What was found and stands not among the findings, or is found no more; and what makes that unsure. */
  readonly beside: readonly string[];
  /** The domain that makes most findings, which a mapping would settle in one go. */
  readonly suffix: CommonSuffix | null;
  readonly complete: boolean;
  readonly gaps: readonly string[];
  readonly entries: number;
  readonly fates: Fates;
  /** Entries that will not sync and were not judged, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly findings: Readonly<Record<Severity, number>>;
  readonly proposals: Readonly<Record<Safety, number>>;
  readonly notRun: readonly NotRun[];
  /** Every rule, with findings or without. */
  readonly rules: readonly ReportRule[];
  /** The rule pages as HTML, by rule id. */
  readonly pages: Readonly<Record<string, string>>;
  readonly places: readonly Place[];
}

export interface ReportHolder {
  readonly dn: string;
  readonly attribute: string;
  readonly value: ReportValue;
}

export interface ReportProposal {
  readonly id: string;
  /** The new values; empty for a removal. */
  readonly after: readonly ReportValue[];
  readonly safety: Safety;
  /** The rules on the way from the stored to the proposed value. */
  readonly rules: readonly string[];
}

/** One finding. */
export interface ReportRow extends ReportHolder {
  readonly rule: string;
  readonly severity: Severity;
  readonly name: string;
  readonly kind: EntryKind;
  readonly guid: string | null;
  /** Index into the places of the head. */
  readonly place: number;
  readonly message: string;
  readonly related: readonly ReportHolder[];
  readonly relatedCount: number;
  /** DNs of the entries that are one object in the cloud with this one. */
  readonly parts: readonly string[];
  readonly proposal: ReportProposal | null;
}
