import { commandLines } from './command-line.js';
import { configurations, reports } from './files.js';
import { resumedJournals, unchainedJournals, undoneJournals } from './journals.js';
import { exports, ldapAnswers } from './scans.js';
import { sheets } from './sheets.js';
import type { Target } from './target.js';
import { writeAnswers } from './writes.js';

/** What is fed with mutated inputs. */
export interface Fed {
  readonly name: string;
  readonly target: Target;
  /** Inputs of a small run: the slower each is, the fewer. */
  readonly few: number;
  /** Inputs under way at once: where there is a server, most of the time is waiting. */
  readonly atOnce: number;
}

export const TARGETS: readonly Fed[] = [
  { name: 'answers of a server', target: ldapAnswers, few: 60, atOnce: 8 },
  { name: 'answers to changes', target: writeAnswers, few: 40, atOnce: 8 },
  { name: 'exports', target: exports, few: 50, atOnce: 1 },
  { name: 'sheets', target: sheets, few: 20, atOnce: 1 },
  { name: 'journals to undo', target: undoneJournals, few: 80, atOnce: 1 },
  { name: 'journals to go on from', target: resumedJournals, few: 30, atOnce: 1 },
  { name: 'journals without hashes', target: unchainedJournals, few: 30, atOnce: 1 },
  { name: 'reports', target: reports, few: 80, atOnce: 1 },
  { name: 'files on the command line', target: commandLines, few: 8, atOnce: 2 },
  { name: 'configurations', target: configurations, few: 150, atOnce: 1 },
];
