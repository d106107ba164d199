import type { RefObject } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Row } from '../../src/review/api.js';
import { type Keys, useKeys } from './use-keys.js';
import type { Model, Review } from './use-review.js';
import {
  type Current,
  type Picked,
  type Shown,
  useCurrent,
  usePicked,
  useShown,
} from './use-rows.js';

/** What is open beside the rows. */
export type Panel = 'apply' | 'help' | 'keeper' | 'edit' | null;

export type SimpleDecision = 'accept' | 'reject' | 'reopen';

/** All that the parts of the page share. */
export interface PageState {
  readonly review: Review;
  readonly model: Model;
  readonly shown: Shown;
  readonly current: Current;
  readonly picked: Picked;
  readonly panel: Panel;
  /** Whether the keys that are letters are on. */
  readonly letters: boolean;
  readonly search: RefObject<HTMLInputElement | null>;
  setLetters(on: boolean): void;
  /** Opens a panel, where the current row allows it. */
  open(panel: Panel): void;
  /** Closes the panel and goes back to the rows. */
  end(): void;
  /** Decides on the rows that are meant, and goes on to the next one. */
  decide(is: SimpleDecision): void;
}

export function usePage(review: Review, model: Model): PageState {
  const shown = useShown(model.rows);
  const current = useCurrent(shown.rows, review.look);
  const picked = usePicked(shown.rows, current);
  const [panel, setPanel] = useState<Panel>(null);
  const [letters, setLetters] = useState(true);
  const search = useRef<HTMLInputElement>(null);
  const page: PageState = {
    ...{ review, model, shown, current, picked, panel, letters, search, setLetters },
    open: (next) => {
      if (mayOpen(next, current.row)) setPanel(next);
    },
    end: () => {
      setPanel(null);
      current.toRows();
    },
    decide: (is) => decideOn(is, review, shown.rows, current, picked),
  };
  useKeys(panel === null && !model.closed, letters, keysOf(page));
  return page;
}

function mayOpen(panel: Panel, row: Row | undefined): boolean {
  if (panel !== 'edit' && panel !== 'keeper') return true;
  if (!row || row.status === 'applied') return false;
  return panel === 'edit' ? !isBytes(row) : Boolean(row.group);
}

function decideOn(
  is: SimpleDecision,
  review: Review,
  rows: readonly Row[],
  { row, at, set, toRows }: Current,
  picked: Picked,
): void {
  const numbers = picked.meant();
  if (numbers.length === 0) return;
  const next = rows[at + 1] ?? rows[at - 1];
  const goesOn = is === 'reject' || (is === 'accept' && row !== undefined && hasProposal(row));
  if (numbers.length === 1 && next && goesOn) set(next.row);
  picked.pickAll(false);
  toRows();
  void review.decide({ is, rows: numbers });
}

function keysOf({ review, shown, current, picked, search, open, decide }: PageState): Keys {
  const { move, pick, pickAll } = picked;
  const { row } = current;
  return {
    j: () => move(1),
    k: () => move(-1),
    J: () => move(1, true),
    K: () => move(-1, true),
    a: () => decide('accept'),
    r: () => decide('reject'),
    o: () => decide('reopen'),
    e: () => open('edit'),
    c: () => open('keeper'),
    x: () => row && pick(row.row, false),
    z: () => void review.undo(),
    Z: () => void review.redo(),
    '/': () => search.current?.focus(),
    '?': () => open('help'),
    ArrowDown: (shift) => move(1, shift),
    ArrowUp: (shift) => move(-1, shift),
    PageDown: () => move(10),
    PageUp: () => move(-10),
    Home: () => move(-shown.rows.length),
    End: () => move(shown.rows.length),
    Enter: () => open('edit'),
    ' ': () => row && pick(row.row, false),
    Escape: () => pickAll(false),
  };
}

/** Whether there is something to accept. */
export function hasProposal({ update, proposed }: Row): boolean {
  return update !== null || proposed === 'REMOVE';
}

/** Whether the value of a row is bytes, which nobody can type. */
export function isBytes({ value }: Row): boolean {
  return typeof value === 'object' && value !== null;
}
