import { ExpectedError } from '../errors.js';
import { decodeCell } from '../export/sheet/cells.js';
import { readSheet } from '../export/sheet/read-sheet.js';
import { asIs, type Mark, type MarkedRow } from '../judging/marked-row.js';
import type { RefusedRow } from '../model/change.js';
import type { Changed, Decision, History, Trouble } from './api.js';
import { type Change, decide, type Step, type TabledRow } from './decide.js';
import { stateOf } from './row-view.js';
import { ChangedOnDiskError, type SheetFile } from './sheet-file.js';

/** Steps that can be taken back. */
const DEPTH = 1000;

/** One review: the rows of a sheet, the decisions on them, and the file that keeps both. */
export class ReviewedSheet {
  readonly rows: ReadonlyMap<number, TabledRow>;
  readonly unreadable: readonly RefusedRow[];
  /** Those of them that could be read, and are refused for what their cells hold. */
  readonly doubted: readonly MarkedRow[];
  /** Rows whose value a person insists on although it is faulty or taken. */
  readonly insisted: Set<number> = new Set();
  readonly #rows: Map<number, TabledRow>;
  readonly #file: SheetFile;
  readonly #past: Step[] = [];
  readonly #future: Step[] = [];
  #trouble: Trouble | null = null;
  #saving: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(file: SheetFile) {
    const { rows, refused, doubted } = readSheet(file.bytes());
    this.#file = file;
    this.#rows = new Map(
      rows.map((read) => {
        const { action, update } = read.sheetRow;
        const mark = { action, update, result: textOf(file, read.row) };
        return [read.row, { ...read, mark }];
      }),
    );
    this.rows = this.#rows;
    this.unreadable = refused;
    this.doubted = doubted.map(asIs);
  }

  get history(): History {
    return { undo: this.#past.at(-1)?.said ?? null, redo: this.#future.at(-1)?.said ?? null };
  }

  /** Why the last decisions are not on disk. */
  get trouble(): Trouble | null {
    return this.#trouble;
  }

  /** The sheet as decided, which is what the file holds. */
  bytes(): Uint8Array {
    return this.#file.bytes();
  }

  /** Takes a decision; when the promise is fulfilled it is on disk, or there is trouble. */
  async decide(decision: Decision): Promise<Changed> {
    if (this.#trouble?.changed) return this.#take([], 'Nothing was decided: read the file again');
    const step = decide(decision, (row) => this.#rows.get(row));
    const insists = decision.is === 'choose' && decision.insist;
    for (const { row } of step.changes) {
      if (insists) this.insisted.add(row);
      else this.insisted.delete(row);
    }
    if (step.changes.length > 0) {
      this.#past.push(step);
      if (this.#past.length > DEPTH) this.#past.shift();
      this.#future.length = 0;
    }
    return this.#take(step.changes, step.said);
  }

  async undo(): Promise<Changed> {
    if (this.#trouble?.changed) return this.#take([], 'Nothing was undone: read the file again');
    const step = this.#past.pop();
    if (!step) return this.#take([], 'Nothing to undo');
    this.#future.push(step);
    return this.#take(step.changes.map(inverse), `Undone: ${step.said}`, true);
  }

  async redo(): Promise<Changed> {
    if (this.#trouble?.changed) return this.#take([], 'Nothing was done: read the file again');
    const step = this.#future.pop();
    if (!step) return this.#take([], 'Nothing to redo');
    this.#past.push(step);
    return this.#take(step.changes, `Done again: ${step.said}`, true);
  }

  /** Marks rows with what came of a run. What was decided before it can no longer be taken back by itself. */
  async settle(marks: ReadonlyMap<number, Mark>, said: string): Promise<Changed> {
    this.#past.length = 0;
    this.#future.length = 0;
    const changes = [...marks].flatMap(([row, after]) => {
      const known = this.#rows.get(row);
      return known ? [{ row, before: known.mark, after }] : [];
    });
    return this.#take(changes, said);
  }

  /** Writes the file. Whoever decides while it is being written shares the next writing. */
  save(): Promise<void> {
    this.#next ??= this.#saving
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        this.#saving = this.#write();
        return this.#saving;
      });
    return this.#next;
  }

  /** What goes wrong is kept as trouble: the decision stands, and the page says that it is not on disk. */
  async #write(): Promise<void> {
    try {
      await this.#file.save();
      this.#trouble = null;
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      const { message, hint } = error;
      this.#trouble = { message, hint, changed: error instanceof ChangedOnDiskError };
    }
  }

  async #take(changes: readonly Change[], said: string, looks = false): Promise<Changed> {
    for (const { row, after } of changes) {
      const known = this.#rows.get(row);
      if (known) this.#rows.set(row, { ...known, mark: after });
    }
    this.#file.mark(changes);
    if (changes.length > 0) await this.save();
    const first = changes[0]?.row;
    return {
      rows: changes.map(({ row, after }) => stateOf(row, after)),
      history: this.history,
      trouble: this.#trouble,
      said,
      ...(looks && first !== undefined ? { look: first } : {}),
    };
  }
}

function inverse({ row, before, after }: Change): Change {
  return { row, before: after, after: before };
}

/** RESULT is for people: one that a spreadsheet mangled is shown as it is. */
function textOf(file: SheetFile, row: number): string {
  try {
    return String(decodeCell(file.resultOf(row)) ?? '');
  } catch {
    return file.resultOf(row);
  }
}
