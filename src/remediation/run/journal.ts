import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ExpectedError } from '../../errors.js';
import { fileFailure } from '../../files/file-failure.js';
import type { ApprovedEdit, Outcome, WholeAttribute } from '../../model/change.js';
import { jsonValue } from '../../text/json-lines.js';
import { hashChain } from './hash-chain.js';

/** In place of the number of a row: the sheet has none for this change of an earlier run. */
export const NO_ROW = 0;

/** Lines of version 1 carried no hash. */
export const VERSION = 2;

/** What a journal says about itself in its first line. */
export interface JournalHeader {
  readonly command: 'apply' | 'undo';
  /** URL of the directory, without credentials. */
  readonly target: string;
  /** The controller that carried it out, as it calls itself. */
  readonly host?: string | undefined;
  /** Path of the journal of the interrupted run that this one finishes. */
  readonly resumes?: string | undefined;
}

/** How a request that is on record ended: one that was not attempted after all counts as never intended. */
export interface End {
  readonly state: Outcome['state'] | 'not attempted';
  /** Why it was not applied, or is not known to be; when applied only what was out of the ordinary. */
  readonly reason: string;
}

/** The record of a run. What its methods were given is on disk when their promise is fulfilled. */
export interface Journal {
  intended(request: number, edits: readonly ApprovedEdit[]): Promise<void>;
  outcome(request: number, end: End): Promise<void>;
  /** Lets outcomes wait no longer for company: nothing more will come. */
  hurry(): void;
  /** Says that nothing more will come: a journal that does not say so is not whole. */
  end(): Promise<void>;
  close(): Promise<void>;
}

/** How long an outcome waits for company on its way to disk: no request depends on it, and a flush slows the server. */
const LINGER_MS = 400;

/**
 * Creates the journal of a run, readable by its owner only. Throws an ExpectedError when the file
 * exists, for a journal is never overwritten, or when it cannot be written.
 */
export async function openJournal(
  path: string,
  header: JournalHeader,
  clock: () => Date,
): Promise<Journal> {
  const file = await create(path);
  const { append, hurry } = groupCommit(file, path);
  const now = () => clock().toISOString();
  let sequence = 0;
  const chain = hashChain();
  // In the order in which lines go to the file: they are appended as they are made.
  const toLine = (record: object) => `${chain.chained(asciiJson(record))}\n`;
  try {
    const first = { type: 'journal', version: VERSION, ...header, started: now() };
    await append(toLine(first), 0);
    await syncFolder(dirname(path));
  } catch (error) {
    await file.close();
    throw error;
  }
  return {
    intended(request, edits) {
      const time = now();
      const told = new Set<WholeAttribute>();
      const lines = edits.map((approved) => {
        const { whole } = approved.edit;
        const isNew = whole !== undefined && !told.has(whole);
        if (whole) told.add(whole);
        sequence += 1;
        const position = { sequence, request, of: edits.length, time };
        // Once for all edits of an attribute: it may have many values.
        const held = isNew ? { whole: whole.before.map(jsonValue) } : {};
        return toLine({ type: 'edit', ...position, ...editFields(approved), ...held });
      });
      return append(lines.join(''), 0);
    },
    outcome: (request, { state, reason }) =>
      append(toLine({ type: 'outcome', request, time: now(), state, reason }), LINGER_MS),
    hurry,
    end: () => append(toLine({ type: 'end', time: now() }), 0),
    close: () => file.close(),
  };
}

async function create(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'ax', 0o600);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      throw new ExpectedError(
        `The journal ${path} already exists.`,
        'Name another file: a journal is never overwritten, it may be needed to undo.',
      );
    }
    const { reason, hint } = fileFailure(error);
    throw new ExpectedError(
      `The journal ${path} cannot be created: ${reason}.`,
      `${hint} Nothing was changed in the directory.`,
    );
  }
}

/** Text that goes to disk in one flush. */
interface Batch {
  text: string;
  readonly start: () => void;
  readonly flushed: Promise<void>;
}

/**
 * Appends text and flushes it, within some time. What arrives until then or while a flush is running goes out with the
 * next one; after a failure nothing more is written, so that a torn line stays the last one.
 */
function groupCommit(
  file: FileHandle,
  path: string,
): { append: (text: string, withinMs: number) => Promise<void>; hurry: () => void } {
  let last: Promise<void> = Promise.resolve();
  let waiting: Batch | undefined;
  const write = async (batch: Batch): Promise<void> => {
    waiting = undefined;
    try {
      await file.appendFile(batch.text);
      await file.sync();
    } catch (error) {
      throw new ExpectedError(
        `The journal ${path} cannot be written: ${fileFailure(error).reason}.`,
        (nameOf) =>
          `Make room or mend the disk, then go on with a ${nameOf('journal')} where there is some.`,
      );
    }
  };
  const open = (withinMs: number): Batch => {
    let start = () => {};
    const started = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      start = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    const before = last;
    last = started.then(() => before).then(() => write(batch));
    const batch: Batch = { text: '', start, flushed: last };
    return batch;
  };
  return {
    append(text, withinMs) {
      const batch = waiting ?? open(withinMs);
      if (withinMs === 0) batch.start();
      waiting = batch;
      batch.text += text;
      return batch.flushed;
    },
    hurry: () => waiting?.start(),
  };
}

/** Makes the name of a new file durable; Windows cannot and need not. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? String(error.code) : error.message;
}

function editFields({ row, id, edit, empties }: ApprovedEdit): object {
  const { dn, guid = null, kind } = edit.entry;
  const [before, after] = [edit.before.map(jsonValue), edit.after.map(jsonValue)];
  const change = { attribute: edit.attribute, before, after, empties };
  return {
    id,
    row: row === NO_ROW ? undefined : row,
    dn,
    guid,
    kind,
    ...change,
    state: 'intended',
  };
}

/** JSON in printable ASCII: a value can neither act on a terminal nor split the line. */
function asciiJson(record: object): string {
  const ascii = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(record).replace(/[\u007f-\uffff]/g, ascii);
}
