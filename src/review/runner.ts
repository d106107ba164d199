import { ExpectedError, inWords, type NameOf, type Worded, type Words } from '../errors.js';
import { textIn } from '../export/sheet/read-lines.js';
import { readInput } from '../files/read-input.js';
import { carryOutPlan, excessOf } from '../jobs/carry-out-plan.js';
import type { Cap } from '../jobs/change-cap.js';
import { elsewhereText } from '../jobs/elsewhere.js';
import type { Elsewhere, LimitFlags, WritePlan } from '../jobs/limits.js';
import { planApply } from '../jobs/plan-apply.js';
import { planPutBack } from '../jobs/plan-undo.js';
import { resultsOf } from '../jobs/row-results.js';
import { decisionsIn } from '../jobs/sheet-decisions.js';
import { APPLIED, type Mark, type MarkedRow } from '../judging/marked-row.js';
import { normaliseDn } from '../ldap/format/dn.js';
import { sameValues } from '../ldap/format/values.js';
import type { Edit } from '../model/change.js';
import type { Settings } from '../model/rule.js';
import type { Results } from '../remediation/run/carry-out.js';
import { readJournal } from '../remediation/run/read-journal.js';
import type { Target } from '../remediation/run/resilient-writer.js';
import { jsonValue } from '../text/json-lines.js';
import type { Event, PlanView, Run } from './api.js';
import type { ReviewedSheet } from './decisions.js';

/** Entries of a plan that the page is shown; the number of all of them is always given. */
const SHOWN = 200;

/** What a run may do, and what it runs on. */
export interface RunnerInput {
  readonly target: Target;
  readonly limits: LimitFlags;
  readonly cap: Cap;
  /** Takes a sheet whose scan did not see everything. */
  readonly fromIncomplete: boolean;
  /** Takes rows that no scan of presync wrote. */
  readonly acceptForeign: boolean;
  readonly settings: Settings;
  readonly now: () => Date;
  /** What the person at the page calls a setting. */
  readonly nameOf: NameOf;
  readonly signal: AbortSignal;
  /** What to type for the rows that another server holds, line by line. */
  readonly nextElsewhere: (rows: Elsewhere) => readonly string[];
  readonly reviewed: () => ReviewedSheet;
  readonly tell: (event: Event) => void;
  /** Says at the terminal too where the journal is: the page may be gone when it is needed. */
  readonly onJournal: (path: string) => void;
  /** Told of what nobody foresaw. */
  readonly onFailure: (error: unknown) => void;
}

/** What a person asks to be applied. */
export interface Batch {
  readonly onlySafe: boolean;
  readonly limit: number | undefined;
}

interface Planned {
  readonly id: number;
  readonly command: 'apply' | 'undo';
  readonly plan: WritePlan;
  readonly excess: Words | undefined;
  /** The journal that an undo puts back. */
  readonly of: string | undefined;
}

/** Applies and undoes from the page, by the same steps and under the same limits as the commands do. */
export class Runner {
  readonly #input: RunnerInput;
  readonly #runs: Run[] = [];
  #planned: Planned | undefined;
  #ids = 0;
  /** Grows with each decision. */
  #turn = 0;
  #stop: AbortController | undefined;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(input: RunnerInput) {
    this.#input = input;
  }

  /** The runs of this review, the last first. */
  get runs(): readonly Run[] {
    return this.#runs.toReversed();
  }

  get busy(): boolean {
    return this.#stop !== undefined;
  }

  /** Forgets what was planned: a decision was taken since, so that it is not what a person saw. */
  forget(): void {
    this.#planned = undefined;
    this.#turn += 1;
  }

  /** Compares the accepted rows with the directory. Throws as `apply` does where the sheet as a whole may not be. */
  async planApply({ onlySafe, limit }: Batch): Promise<PlanView> {
    const { reviewed, target, fromIncomplete, acceptForeign, settings } = this.#input;
    const turn = this.#turn;
    const sheet = await textIn(reviewed().bytes());
    const decisions = await decisionsIn(sheet, { acceptForeign });
    if (decisions.incomplete && !fromIncomplete)
      throw new ExpectedError(
        'The sheet comes from a scan that did not see everything: a value may have other holders.',
        (nameOf) =>
          `Scan again until nothing is missing, or start with ${nameOf('fromIncomplete')} if that is impossible.`,
      );
    const flags = { ...(onlySafe ? { only: ['safe'] } : {}), limit };
    const insists = (row: number) => reviewed().insisted.has(row);
    const judgement = { settings, sheet, rows: decisions.rows, insists };
    const plan = await planApply({ decisions, flags, journals: [], judgement }, target);
    return this.#show('apply', plan, turn);
  }

  /** Looks what of a run can be put back. */
  async planUndo(journal: string): Promise<PlanView> {
    if (!this.#runs.some((run) => run.journal === journal))
      throw new ExpectedError('There is no such run.', 'Use presync undo with the journal.');
    const { target } = this.#input;
    const turn = this.#turn;
    const content = readJournal(await readInput(journal, 'journal'));
    const plan = await planPutBack(content, target);
    return this.#show('undo', plan, turn, journal);
  }

  async #show(
    command: Planned['command'],
    plan: WritePlan,
    turn: number,
    of?: string,
  ): Promise<PlanView> {
    const { cap, target, nameOf, nextElsewhere } = this.#input;
    const excess = await excessOf(cap, plan.requests.length, target);
    if (turn !== this.#turn)
      throw new ExpectedError('Something was decided meanwhile.', 'Look at the plan again.');
    this.#ids += 1;
    this.#planned = { id: this.#ids, command, plan, excess, of };
    const { requests, refused, remarks, elsewhere } = plan;
    const said = elsewhereText(elsewhere);
    return {
      ...{
        id: this.#ids,
        command,
        refused,
        remarks,
        elsewhere: said === '' ? null : { said, next: nextElsewhere(elsewhere) },
        excess: excess === undefined ? null : inWords(excess, nameOf),
      },
      entries: requests.length,
      changes: requests.reduce((sum, { edits }) => sum + edits.length, 0),
      requests: requests.slice(0, SHOWN).map(({ ref, edits }) => ({
        dn: ref.dn,
        edits: edits.map(({ edit: { attribute, before, after } }) => ({
          attribute,
          before: before.map(jsonValue),
          after: after.map(jsonValue),
        })),
      })),
    };
  }

  /** Checks a person's word and starts the run that they saw; its progress and end are told as events. */
  start(id: number, typed: string): void {
    const planned = this.#planned;
    if (planned?.id !== id || this.busy)
      throw new ExpectedError(
        'This is not what was planned last.',
        'Look at the plan again: something was decided since.',
      );
    if (planned.excess !== undefined)
      throw new ExpectedError(planned.excess, 'Nothing was written.');
    if (typed.trim() !== String(planned.plan.requests.length))
      throw new ExpectedError(
        'Nothing was written: that is not the number of entries.',
        'Type the number of entries when you are sure.',
      );
    this.#planned = undefined;
    this.#stop = new AbortController();
    this.#ended = this.#run(planned, this.#stop.signal);
  }

  /** Lets requests under way finish and starts no other. */
  stop(): void {
    this.#stop?.abort();
  }

  /** Waits for the end of a run that was started. */
  async ended(): Promise<void> {
    await this.#ended;
  }

  async #run({ command, plan, of }: Planned, stopped: AbortSignal): Promise<void> {
    const { target, limits, signal, now, nameOf, tell, onJournal, onFailure } = this.#input;
    let journal = '';
    let [done, failed] = [0, 0];
    const total = plan.requests.reduce((sum, { edits }) => sum + edits.length, 0);
    tell({ is: 'progress', done, of: total, failed });
    try {
      const { concurrency, maxFailures } = limits;
      const { results } = await carryOutPlan({ command }, plan, target, {
        ...{ concurrency, maxFailures, now, signal: AbortSignal.any([signal, stopped]) },
        onJournal: (path) => {
          journal = path;
          onJournal(path);
        },
        onOutcome: ({ state }) => {
          done += 1;
          if (state !== 'applied') failed += 1;
          tell({ is: 'progress', done, of: total, failed });
        },
      });
      this.#note({ command, journal, ...outcome(results, plan), undone: false }, of);
      await this.#settle(command, results, plan);
    } catch (error) {
      // The page must be told that the run is over, whatever ended it.
      const foreseen = error instanceof ExpectedError;
      if (!foreseen) onFailure(error);
      const why = foreseen ? oneLine(error.worded(nameOf)) : String(error);
      const failed = { counts: {}, stopped: why, complete: false, undone: false };
      this.#note({ command, journal, ...failed }, undefined);
    } finally {
      this.#stop = undefined;
      const [run] = this.runs;
      if (run) tell({ is: 'ran', run, runs: this.runs });
    }
  }

  #note(run: Run, of: string | undefined): void {
    const at = this.#runs.findIndex(({ journal }) => journal === of);
    const undone = this.#runs[at];
    if (undone && run.complete) this.#runs[at] = { ...undone, undone: true };
    this.#runs.push(run);
  }

  /** Writes into the sheet what came of its rows, in the words of the results of an apply. */
  async #settle(command: Planned['command'], results: Results, plan: WritePlan): Promise<void> {
    const { reviewed, tell } = this.#input;
    const marks =
      command === 'apply' ? applied(reviewed(), results, plan) : undone(reviewed(), results);
    const said = command === 'apply' ? 'Applied' : 'Put back';
    tell({ is: 'changed', changed: await reviewed().settle(marks, said) });
  }
}

function oneLine({ message, hint }: Worded): string {
  return `${message} ${hint}`;
}

function outcome(
  { counts, rows, stopped }: Results,
  { refused }: WritePlan,
): Pick<Run, 'counts' | 'stopped' | 'complete'> {
  const complete = counts.applied === rows.length && refused.length === 0;
  return { counts, stopped: stopped?.reason ?? null, complete };
}

function applied(
  reviewed: ReviewedSheet,
  results: Results,
  plan: WritePlan,
): ReadonlyMap<number, Mark> {
  const marks = new Map<number, Mark>();
  for (const [row, { action, words }] of resultsOf(results.rows, plan.refused, [])) {
    const known = reviewed.rows.get(row);
    if (known) marks.set(row, { ...known.mark, action, result: words });
  }
  return marks;
}

/** Whether a row without an ID is the one that an undo puts back: by its number it may be another one by now. */
function isOf({ sheetRow: { dn, guid, attribute, value } }: MarkedRow, edit: Edit): boolean {
  const { entry } = edit;
  const isEntry =
    guid !== undefined && entry.guid !== undefined
      ? guid.toLowerCase() === entry.guid.toLowerCase()
      : normaliseDn(dn) === normaliseDn(entry.dn);
  const isAttribute = attribute.toLowerCase() === edit.attribute.toLowerCase();
  const held = value === undefined ? [] : [value];
  return isEntry && isAttribute && sameValues(held, edit.after);
}

/** Rows that were put back are accepted again, as before they were applied; by id, for rows may have moved. */
function undone(reviewed: ReviewedSheet, results: Results): ReadonlyMap<number, Mark> {
  const byId = new Map([...reviewed.rows.values()].map((one) => [one.sheetRow.id, one]));
  const marks = new Map<number, Mark>();
  for (const { id, edit, state, reason } of results.rows) {
    const one = byId.get(id) ?? [...reviewed.rows.values()].find((row) => isOf(row, edit));
    if (!one || state === 'not attempted') continue;
    const result = `${APPLIED}; undo ${state}: ${reason}`;
    if (state !== 'applied') marks.set(one.row, { ...one.mark, result });
    else {
      const action = edit.before.length > 0 ? 'EDIT' : 'REMOVE';
      marks.set(one.row, { ...one.mark, action, result: '' });
    }
  }
  return marks;
}
