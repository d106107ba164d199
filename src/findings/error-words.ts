import type { ErrorWord } from '../model/finding.js';

/** Every ERROR word; the compiler holds it to the type. */
const WORDS = {
  ...{ Character: true, Format: true, TopLevelDomain: true, DomainPart: true, LocalPart: true },
  ...{ Length: true, Duplicate: true, Blank: true, MailMatch: true, Failed: true },
} as const satisfies Record<ErrorWord, true>;

export const ERROR_WORDS = Object.keys(WORDS) as readonly ErrorWord[];
