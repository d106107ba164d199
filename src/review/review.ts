import { ExpectedError } from '../errors.js';
import type { Io } from '../files/io.js';
import type { Cap } from '../jobs/change-cap.js';
import type { LimitFlags } from '../jobs/limits.js';
import { type Checker, createChecker } from '../judging/check-value.js';
import { type Claims, createClaims, type Named } from '../judging/claims.js';
import type { MarkedRow } from '../judging/marked-row.js';
import { offlineEngine } from '../judging/offline-engine.js';
import { refusalOf } from '../judging/refusal.js';
import type { Settings } from '../model/rule.js';
import type { Target } from '../remediation/run/resilient-writer.js';
import type { Changed, Choice, Event, Run, State, Trouble } from './api.js';
import { ReviewedSheet } from './decisions.js';
import { createGroups, type Groups } from './groups.js';
import type { Listeners } from './http.js';
import {
  readBatch,
  readDecision,
  readQuestion,
  readReading,
  readStart,
  readText,
} from './requests.js';
import { rowView } from './row-view.js';
import { Runner } from './runner.js';
import type { Routes } from './server.js';
import { openSheetFile } from './sheet-file.js';

/** What a review is made of. */
export interface ReviewInput {
  readonly sheet: string;
  readonly settings: Settings;
  /** Holders that the report of the scan names and the sheet does not. */
  readonly named: readonly Named[];
  readonly target: Target | undefined;
  readonly limits: LimitFlags & { readonly cap: Cap };
  readonly fromIncomplete: boolean;
  /** Takes rows that no scan of presync wrote. */
  readonly acceptForeign: boolean;
  readonly io: Io;
  /** Told of what nobody foresaw. */
  readonly onFailure: (error: unknown) => void;
}

/** A review under way: what the page may ask, and how to end it. */
export interface Review {
  readonly routes: Routes;
  /** Fulfilled when a person ended it, on the page. */
  readonly closed: Promise<void>;
  /** Waits for a run under way; gives the runs of the review, and why its last decisions are not on disk. */
  end(): Promise<{ readonly runs: readonly Run[]; readonly trouble: Trouble | null }>;
}

/** Everything that is made of the sheet, and made anew when it is read again. */
interface Opened {
  readonly reviewed: ReviewedSheet;
  readonly claims: Claims;
  readonly checker: Checker;
  readonly groups: Groups;
}

/** Opens a review and answers what its page asks. */
export async function openReview(input: ReviewInput, listeners: Listeners): Promise<Review> {
  const { io, limits, target, fromIncomplete, acceptForeign, settings } = input;
  let opened = await open(input);
  let reading = 1;
  const refuseStale = (body: unknown) => {
    if ((readReading(body) ?? reading) === reading) return;
    throw new ExpectedError(
      'The file was read again meanwhile.',
      'Look at its rows as they are now.',
    );
  };
  const tell = (event: Event) => listeners.tell(event);
  const runner =
    target &&
    new Runner({
      ...{ target, limits, cap: limits.cap, fromIncomplete, now: io.now, signal: io.signal, tell },
      nameOf: io.nameOf,
      ...{ acceptForeign, settings },
      reviewed: () => opened.reviewed,
      onJournal: (path) => io.err(`Journal: ${path}\n`),
      onFailure: input.onFailure,
    });
  let close = () => {};
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });

  const change = async (
    body: unknown,
    action: (reviewed: ReviewedSheet) => Promise<Changed>,
  ): Promise<Changed> => {
    if (runner?.busy) throw busy();
    refuseStale(body);
    runner?.forget();
    const changed = await action(opened.reviewed);
    const rows = changed.rows.map(({ row }) => opened.reviewed.rows.get(row));
    opened.claims.refresh(rows.filter((row) => row !== undefined));
    tell({ is: 'changed', changed });
    return changed;
  };
  const rowOf = (row: number) => {
    const one = opened.reviewed.rows.get(row);
    if (one) return one;
    throw new ExpectedError(`There is no row ${row}.`, 'Reload the page.');
  };
  const running = () => {
    if (runner) return runner;
    throw new ExpectedError(
      'No directory was named.',
      'Start the review with the URL of a domain controller to apply from here.',
    );
  };
  const routes: Routes = {
    state: async () => stateFor(input, opened, reading, runner),
    decide: async (body) => {
      refuseStale(body);
      const decision = readDecision(body);
      if (decision.is === 'choose' && !decision.insist)
        await refuseFaulty(decision.choices, opened.checker, rowOf);
      return change(body, (reviewed) => reviewed.decide(decision));
    },
    undo: (body) => change(body, (reviewed) => reviewed.undo()),
    redo: (body) => change(body, (reviewed) => reviewed.redo()),
    save: async () => {
      await opened.reviewed.save();
      tell({ is: 'trouble', trouble: opened.reviewed.trouble });
    },
    reread: async () => {
      if (runner?.busy) throw busy();
      const next = await open(input);
      // Somebody may have planned or begun a run while the file was read.
      if (runner?.busy) throw busy();
      runner?.forget();
      opened = next;
      reading += 1;
      tell({ is: 'reread', reading });
      return stateFor(input, opened, reading, runner);
    },
    check: async (body) => {
      refuseStale(body);
      const { row, update } = readQuestion(body);
      return opened.checker.check(rowOf(row), update);
    },
    group: async (body) => {
      refuseStale(body);
      const group = await opened.groups.show(readText(body, 'group'));
      if (group) return group;
      throw new ExpectedError('There is no such duplicate.', 'Reload the page.');
    },
    plan: async (body) => {
      refuseUnsaved(opened.reviewed);
      return running().planApply(readBatch(body));
    },
    'plan-undo': async (body) => running().planUndo(readText(body, 'journal')),
    start: async (body) => {
      const { plan, typed } = readStart(body);
      running().start(plan, typed);
    },
    stop: async () => runner?.stop(),
    close: async () => {
      if (runner?.busy) throw busy();
      refuseUnsaved(opened.reviewed);
      close();
    },
  };
  return {
    routes,
    closed,
    end: async () => {
      await runner?.ended();
      tell({ is: 'closed' });
      return { runs: runner?.runs ?? [], trouble: opened.reviewed.trouble };
    },
  };
}

async function open({ sheet, settings, named, target, io }: ReviewInput): Promise<Opened> {
  const reviewed = new ReviewedSheet(await openSheetFile(sheet, io));
  const { rows } = reviewed;
  const claims = createClaims(rows, named, offlineEngine(settings));
  const checker = createChecker({ settings, rows, claims, target });
  const groups = createGroups({ settings, rows, claims, target });
  return { reviewed, claims, checker, groups };
}

/** Throws what the rules object to: a value that is invalid, or that somebody else has and keeps. */
async function refuseFaulty(
  choices: readonly Choice[],
  checker: Checker,
  rowOf: (row: number) => MarkedRow,
): Promise<void> {
  for (const choice of choices) {
    if (choice.is !== 'write') continue;
    const answer = await checker.check(rowOf(choice.row), choice.update);
    const reason = refusalOf(answer, choice.update);
    if (reason !== undefined)
      throw new ExpectedError(
        `Refused: ${reason}`,
        'Choose another value, or save it all the same.',
      );
  }
}

function stateFor(
  { sheet, target }: ReviewInput,
  { reviewed, groups }: Opened,
  reading: number,
  runner: Runner | undefined,
): State {
  return {
    sheet,
    reading,
    rows: [...reviewed.rows.values()].map((one) => rowView(one, groups.groupOf(one.row))),
    unreadable: reviewed.unreadable,
    directory: target?.name ?? null,
    runs: runner?.runs ?? [],
    running: runner?.busy ?? false,
    history: reviewed.history,
    trouble: reviewed.trouble,
  };
}

function refuseUnsaved({ trouble }: ReviewedSheet): void {
  if (trouble) throw new ExpectedError(trouble.message, trouble.hint);
}

function busy(): ExpectedError {
  return new ExpectedError('A run is under way.', 'Wait for its end, or stop it.');
}
