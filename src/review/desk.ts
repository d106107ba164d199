import { ExpectedError } from '../errors.js';
import type { Io } from '../files/io.js';
import type { Cap } from '../jobs/change-cap.js';
import type { Elsewhere, LimitFlags } from '../jobs/limits.js';
import { type Checker, createChecker } from '../judging/check-value.js';
import { type Claims, createClaims, type Named } from '../judging/claims.js';
import type { MarkedRow } from '../judging/marked-row.js';
import { offlineEngine } from '../judging/offline-engine.js';
import { createProposals } from '../judging/proposals.js';
import { commonSuffix, type Fault } from '../mail/common-suffix.js';
import type { Settings } from '../model/rule.js';
import type { Target } from '../remediation/run/resilient-writer.js';
import type { Changed, Event, State } from './api.js';
import { ReviewedSheet } from './decisions.js';
import { createGroups, type Groups } from './groups.js';
import type { Listeners } from './http.js';
import { readReading } from './requests.js';
import { rowView, rulesOf } from './row-view.js';
import { Runner } from './runner.js';
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
  /** What to type for the rows that another server holds, line by line. */
  readonly nextElsewhere: (rows: Elsewhere) => readonly string[];
  readonly io: Io;
  /** Told of what nobody foresaw. */
  readonly onFailure: (error: unknown) => void;
}

/** Everything that is made of the sheet, and made anew when it is read again. */
interface Opened {
  readonly reviewed: ReviewedSheet;
  readonly claims: Claims;
  readonly checker: Checker;
  readonly groups: Groups;
}

/** What is on the table: the sheet in its latest reading, and the runs on it. */
export class Desk {
  readonly runner: Runner | undefined;
  readonly #input: ReviewInput;
  readonly #listeners: Listeners;
  #opened: Opened;
  #reading = 1;

  constructor(input: ReviewInput, opened: Opened, listeners: Listeners) {
    this.#input = input;
    this.#opened = opened;
    this.#listeners = listeners;
    const { io, limits, target, fromIncomplete, acceptForeign, settings, onFailure } = input;
    this.runner =
      target &&
      new Runner({
        ...{ target, limits, cap: limits.cap, fromIncomplete, acceptForeign, settings, onFailure },
        ...{ now: io.now, signal: io.signal, nameOf: io.nameOf },
        nextElsewhere: input.nextElsewhere,
        tell: (event) => this.tell(event),
        reviewed: () => this.#opened.reviewed,
        onJournal: (path) => io.err(`Journal: ${path}\n`),
      });
  }

  get opened(): Opened {
    return this.#opened;
  }

  tell(event: Event): void {
    this.#listeners.tell(event);
  }

  state(): State {
    return stateFor(this.#input, this.#opened, this.#reading, this.runner);
  }

  /** The row of a number. Throws ExpectedError where there is none. */
  row(number: number): MarkedRow {
    const one = this.#opened.reviewed.rows.get(number);
    if (one) return one;
    throw new ExpectedError(`There is no row ${number}.`, 'Reload the page.');
  }

  /** The runner. Throws ExpectedError in a review without a directory. */
  running(): Runner {
    if (this.runner) return this.runner;
    throw new ExpectedError(
      'No directory was named.',
      'Start the review with the URL of a domain controller to apply from here.',
    );
  }

  refuseBusy(): void {
    if (this.runner?.busy)
      throw new ExpectedError('A run is under way.', 'Wait for its end, or stop it.');
  }

  /** Refuses what a page asks that shows an earlier reading of the file. */
  refuseStale(body: unknown): void {
    if ((readReading(body) ?? this.#reading) === this.#reading) return;
    throw new ExpectedError(
      'The file was read again meanwhile.',
      'Look at its rows as they are now.',
    );
  }

  /** Changes decisions, and tells every page. */
  async change(
    body: unknown,
    action: (reviewed: ReviewedSheet) => Promise<Changed>,
  ): Promise<Changed> {
    this.refuseBusy();
    this.refuseStale(body);
    this.runner?.forget();
    const changed = await action(this.#opened.reviewed);
    const { reviewed, claims } = this.#opened;
    const rows = changed.rows.map(({ row }) => reviewed.rows.get(row));
    claims.refresh(rows.filter((row) => row !== undefined));
    this.tell({ is: 'changed', changed });
    return changed;
  }

  async reread(): Promise<State> {
    this.refuseBusy();
    const next = await openReviewed(this.#input);
    // Somebody may have planned or begun a run while the file was read.
    this.refuseBusy();
    this.runner?.forget();
    this.#opened = next;
    this.#reading += 1;
    this.tell({ is: 'reread', reading: this.#reading });
    return this.state();
  }
}

/** Opens the sheet. Throws ExpectedError where nobody can review it. */
export async function openReviewed({
  sheet,
  settings,
  named,
  target,
  io,
}: ReviewInput): Promise<Opened> {
  const reviewed = new ReviewedSheet(await openSheetFile(sheet, io));
  const { rows } = reviewed;
  const claims = createClaims(rows, named, offlineEngine(settings));
  const proposals = createProposals(rows, reviewed.doubted);
  const checker = createChecker({ settings, rows, claims, proposals, target });
  const groups = createGroups({ settings, rows, claims, target });
  return { reviewed, claims, checker, groups };
}

function faultOf(one: MarkedRow): Fault {
  const { value, update, safety } = one.sheetRow;
  return { rules: rulesOf(one), value, update, safety };
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
    suffix: commonSuffix([...reviewed.rows.values()].map(faultOf)) ?? null,
    runs: runner?.runs ?? [],
    running: runner?.busy ?? false,
    history: reviewed.history,
    trouble: reviewed.trouble,
  };
}
