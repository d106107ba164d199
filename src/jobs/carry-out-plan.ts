import type { Words } from '../errors.js';
import { carryOut, type Results, type RunOptions } from '../remediation/run/carry-out.js';
import { openJournal } from '../remediation/run/journal.js';
import type { Target } from '../remediation/run/resilient-writer.js';
import { allowedBy, beyondCap, type Cap } from './change-cap.js';
import type { WritePlan } from './limits.js';

/** What speaks against a run of so many entries; undefined where the cap allows it. */
export async function excessOf(
  cap: Cap,
  entries: number,
  target: Pick<Target, 'count'>,
): Promise<Words | undefined> {
  if (entries === 0) return undefined;
  const allowed = await allowedBy(cap, () => target.count());
  return entries > allowed ? beyondCap(cap, allowed, entries) : undefined;
}

/** What a run is called in its journal, and which journal it finishes. */
export interface RunName {
  readonly command: 'apply' | 'undo';
  /** Path of the journal that this run finishes. */
  readonly resumes?: string | undefined;
}

/** How a plan is carried out, and where that is recorded. */
export interface CarryOptions extends RunOptions {
  /** The file of the journal; else a dated one in the current folder. */
  readonly journal?: string | undefined;
  readonly now: () => Date;
  /** Told where the journal is before the first request leaves. */
  readonly onJournal: (path: string) => void;
}

/** Carries out a plan, every request of it in a new journal first. */
export async function carryOutPlan(
  { command, resumes }: RunName,
  { requests, found = [] }: Pick<WritePlan, 'requests' | 'found'>,
  target: Target,
  { journal: file, now, onJournal, ...options }: CarryOptions,
): Promise<{ readonly path: string; readonly results: Results }> {
  const path = file ?? journalName(command, now());
  const { name, host } = target;
  const journal = await openJournal(path, { command, target: name, host, resumes }, now);
  try {
    onJournal(path);
    const results = await carryOut([...found, ...requests], target, journal, options);
    // All else is on disk. Without this line an undo says that there may have been more.
    await journal.end().catch(() => {});
    return { path, results };
  } finally {
    // What it holds is on disk.
    await journal.close().catch(() => {});
  }
}

/** A file name that sorts by time and is new with every run: presync-apply-20261122-200349-512.jsonl (UTC). */
function journalName(command: 'apply' | 'undo', now: Date): string {
  const [date = '', time = ''] = now.toISOString().split('T');
  const stamp = `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${time.slice(9, 12)}`;
  return `presync-${command}-${stamp}.jsonl`;
}
