import { ExpectedError } from '../errors.js';
import type { Checker } from '../judging/check-value.js';
import type { MarkedRow } from '../judging/marked-row.js';
import { refusalOf } from '../judging/refusal.js';
import type { Choice, Run, Trouble } from './api.js';
import type { ReviewedSheet } from './decisions.js';
import { Desk, openReviewed, type ReviewInput } from './desk.js';
import type { Listeners } from './http.js';
import { readBatch, readDecision, readQuestion, readStart, readText } from './requests.js';
import type { Routes } from './server.js';

/** A review under way: what the page may ask, and how to end it. */
export interface Review {
  readonly routes: Routes;
  /** Fulfilled when a person ended it, on the page. */
  readonly closed: Promise<void>;
  /** Waits for a run under way; gives the runs of the review, and why its last decisions are not on disk. */
  end(): Promise<{ readonly runs: readonly Run[]; readonly trouble: Trouble | null }>;
}

/** Opens a review and answers what its page asks. */
export async function openReview(input: ReviewInput, listeners: Listeners): Promise<Review> {
  const desk = new Desk(input, await openReviewed(input), listeners);
  let close = () => {};
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  return {
    routes: {
      ...sheetRoutes(desk),
      ...runRoutes(desk),
      close: async () => {
        desk.refuseBusy();
        refuseUnsaved(desk.opened.reviewed);
        close();
      },
    },
    closed,
    end: async () => {
      const { runner } = desk;
      await runner?.ended();
      desk.tell({ is: 'closed' });
      return { runs: runner?.runs ?? [], trouble: desk.opened.reviewed.trouble };
    },
  };
}

/** What the page asks of the sheet and its rows. */
function sheetRoutes(desk: Desk): Routes {
  return {
    state: async () => desk.state(),
    decide: async (body) => {
      desk.refuseStale(body);
      const decision = readDecision(body);
      if (decision.is === 'choose' && !decision.insist)
        await refuseFaulty(decision.choices, desk.opened.checker, (row) => desk.row(row));
      return desk.change(body, (reviewed) => reviewed.decide(decision));
    },
    undo: (body) => desk.change(body, (reviewed) => reviewed.undo()),
    redo: (body) => desk.change(body, (reviewed) => reviewed.redo()),
    save: async () => {
      await desk.opened.reviewed.save();
      desk.tell({ is: 'trouble', trouble: desk.opened.reviewed.trouble });
    },
    reread: () => desk.reread(),
    check: async (body) => {
      desk.refuseStale(body);
      const { row, update } = readQuestion(body);
      return desk.opened.checker.check(desk.row(row), update);
    },
    group: async (body) => {
      desk.refuseStale(body);
      const group = await desk.opened.groups.show(readText(body, 'group'));
      if (group) return group;
      throw new ExpectedError('There is no such duplicate.', 'Reload the page.');
    },
  };
}

/** What the page asks of the directory. */
function runRoutes(desk: Desk): Routes {
  return {
    plan: async (body) => {
      refuseUnsaved(desk.opened.reviewed);
      return desk.running().planApply(readBatch(body));
    },
    'plan-undo': async (body) => desk.running().planUndo(readText(body, 'journal')),
    start: async (body) => {
      const { plan, typed } = readStart(body);
      desk.running().start(plan, typed);
    },
    stop: async () => desk.runner?.stop(),
  };
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

function refuseUnsaved({ trouble }: ReviewedSheet): void {
  if (trouble) throw new ExpectedError(trouble.message, trouble.hint);
}
