import type { ReportWriter } from './report-writer.js';

/** A form in which a scan can be reported. */
export interface Format {
  /** What its flag does, for the help. */
  readonly description: string;
  /** Loads the code of the format: a scan waits only for those that it writes. */
  load(): Promise<ReportWriter>;
  /** Whether a later scan may read it as its baseline, and then put its own report in the place of it. */
  readonly isBaseline?: boolean;
}

/** The formats by name, which is the name of the flag too, in the order in which they are listed and written. */
export const FORMATS = named({
  csv: {
    description: 'Write the review sheet',
    load: async () => (await import('./csv.js')).writeCsv,
  },
  jsonl: {
    description: 'Write one JSON object a line',
    load: async () => (await import('./jsonl.js')).writeJsonl,
    isBaseline: true,
  },
  ldif: {
    description: 'Write the safe proposals as LDIF changes',
    load: async () => (await import('./ldif.js')).writeLdif,
  },
  html: {
    description: 'Write one page to read in a browser and to send',
    load: async () => (await import('./html.js')).writeHtml,
  },
  junit: {
    description: 'Write a test case a rule, for build servers',
    load: async () => (await import('./junit.js')).writeJunit,
  },
});

export type FormatName = keyof typeof FORMATS;

export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[];

function named<Name extends string>(formats: Readonly<Record<Name, Format>>) {
  return formats;
}
