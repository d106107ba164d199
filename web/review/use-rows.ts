import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Row } from '../../src/review/api.js';
import { ALL, type Column, type Filter, type Order, shownRows } from './filter.js';
import type { Review } from './use-review.js';

/** The rows that are shown, and what narrows and orders them. */
export interface Shown {
  readonly rows: readonly Row[];
  readonly filter: Filter;
  readonly order: Order | null;
  setFilter(filter: Filter): void;
  /** Up, down, and back to the order of the sheet. */
  orderBy(by: Column): void;
}

export function useShown(all: ReadonlyMap<number, Row>): Shown {
  const [filter, setFilter] = useState<Filter>(ALL);
  const [order, setOrder] = useState<Order | null>(null);
  const rows = useMemo(() => shownRows(all.values(), filter, order), [all, filter, order]);
  const orderBy = (by: Column) => setOrder(nextOrder(order, by));
  return { rows, filter, order, setFilter, orderBy };
}

function nextOrder(order: Order | null, by: Column): Order | null {
  if (order?.by !== by) return { by, down: false };
  return order.down ? null : { by, down: true };
}

/** The current row. */
export interface Current {
  readonly row: Row | undefined;
  /** Its index among the rows shown; negative while it gives way to another one. */
  readonly at: number;
  /** Changes whenever the current row is to have the focus. */
  readonly focus: number;
  set(row: number): void;
  toRows(): void;
}

/** @param look the row to look at after an undo or redo. */
export function useCurrent(rows: readonly Row[], look: Review['look']): Current {
  const [current, setCurrent] = useState<number | null>(null);
  const [focus, setFocus] = useState(0);
  const at = rows.findIndex(({ row }) => row === current);
  // A row that left the filter gives way to the one that has its index now.
  const lastAt = useRef(0);
  if (at >= 0) lastAt.current = at;
  const row = at < 0 ? rows[Math.min(lastAt.current, rows.length - 1)] : rows[at];
  const toRows = () => setFocus((turn) => turn + 1);

  useEffect(() => {
    if (row && row.row !== current) setCurrent(row.row);
  }, [row, current]);
  // Before the next key comes in, which would be undone.
  useLayoutEffect(() => {
    if (!look) return;
    setCurrent(look.row);
    toRows();
  }, [look]);
  return { row, at, focus, set: setCurrent, toRows };
}

/** The selected rows, and the ways to the next ones. */
export interface Picked {
  readonly rows: ReadonlySet<number>;
  /** Goes up or down by so many rows; selects on the way if asked to. */
  move(by: number, picks?: boolean): void;
  /** Selects a row or lets it go; with a range all from the current one to it. */
  pick(row: number, range: boolean): void;
  pickAll(all: boolean): void;
  /** The rows that a decision is for: those selected and shown, else the current one. */
  meant(): readonly number[];
}

export function usePicked(rows: readonly Row[], { row, at, set, toRows }: Current): Picked {
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set());
  return {
    rows: picked,
    move: (by, picks = false) => {
      const next = rows[Math.min(Math.max(Math.max(at, 0) + by, 0), rows.length - 1)];
      if (!next) return;
      if (picks) setPicked(new Set([...picked, ...(row ? [row.row] : []), next.row]));
      set(next.row);
      toRows();
    },
    pick: (number, range) => {
      const to = rows.findIndex((one) => one.row === number);
      const from = range && at >= 0 ? at : to;
      const span = rows.slice(Math.min(from, to), Math.max(from, to) + 1).map((one) => one.row);
      const next = new Set(picked);
      if (!range && picked.has(number)) next.delete(number);
      else for (const one of span) next.add(one);
      setPicked(next);
      set(number);
    },
    pickAll: (all) => setPicked(new Set(all ? rows.map((one) => one.row) : [])),
    meant: () => {
      const chosen = rows.filter((one) => picked.has(one.row)).map((one) => one.row);
      return chosen.length > 0 ? chosen : row ? [row.row] : [];
    },
  };
}
