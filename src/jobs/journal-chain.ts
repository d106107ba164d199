import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ExpectedError } from '../errors.js';
import { readInput } from '../files/read-input.js';
import { type JournalContent, readJournal } from '../remediation/run/read-journal.js';

/** Said of a journal that an earlier presync wrote: it is believed as it stands. */
export const UNCHAINED_JOURNAL =
  'a journal of an earlier version, which cannot show whether a line of it was changed';

/** Said where the line is missing with which a run ends its journal. */
export const UNENDED_JOURNAL =
  'a journal without its last line: the run was killed or lines are missing';

/** A journal and where it was found. */
export interface NamedJournal extends JournalContent {
  readonly path: string;
}

/**
 * The journals of a run that was interrupted, perhaps more than once: the oldest first, the one
 * named last. One that was moved is looked for beside the one that names it.
 */
export async function readJournals(path: string): Promise<readonly NamedJournal[]> {
  const chain: NamedJournal[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const here: string = next;
    const content: JournalContent = readJournal(await readInput(here, 'journal'));
    if (content.header.command !== 'apply')
      throw new ExpectedError(
        `${here} is the journal of an undo.`,
        'To finish an undo, start the same undo again.',
      );
    chain.unshift({ ...content, path: here });
    next = content.header.resumes && (await find(content.header.resumes, here));
    if (chain.some((journal) => journal.path === next)) break;
  }
  return chain;
}

/** Nobody typed this path: a device or a pipe under it, which might never end, is not opened. */
async function find(path: string, beside: string): Promise<string> {
  const isFile = (name: string) =>
    stat(name).then(
      (known) => known.isFile(),
      () => false,
    );
  for (const name of [path, join(dirname(beside), basename(path))])
    if (await isFile(name)) return name;
  throw new ExpectedError(
    `${beside} goes on from the journal ${path}, which is not there.`,
    'Put that journal back, or into the folder of the one that goes on from it.',
  );
}
