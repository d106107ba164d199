import { configurations, reports } from './files.js';
import { resumedJournals, unchainedJournals, undoneJournals } from './journals.js';
import { exports, ldapAnswers } from './scans.js';
import { sheets } from './sheets.js';
import type { Target } from './target.js';

/** What is fed with mutated inputs, and how many of these are under way at once: where there is a server, most is waiting. */
export const TARGETS: readonly {
  readonly name: string;
  readonly target: Target;
  readonly atOnce: number;
}[] = [
  { name: 'answers of a server', target: ldapAnswers, atOnce: 8 },
  { name: 'exports', target: exports, atOnce: 1 },
  { name: 'sheets', target: sheets, atOnce: 1 },
  { name: 'journals to undo', target: undoneJournals, atOnce: 1 },
  { name: 'journals to go on from', target: resumedJournals, atOnce: 1 },
  { name: 'journals without hashes', target: unchainedJournals, atOnce: 1 },
  { name: 'reports', target: reports, atOnce: 1 },
  { name: 'configurations', target: configurations, atOnce: 1 },
];
