import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Row } from '../../src/review/api.js';
import { type Column, decidedOf, type Order } from './filter.js';
import { Text, Update, Value } from './text.js';

/** Pixels; the same as in the style sheet. */
const HEIGHT = 52;
/** Pixels of the line of titles, which covers the first rows. */
const HEAD = 37;
/** Rows kept beyond what is seen, so that scrolling shows no gap. */
const SPARE = 8;

const COLUMNS: readonly (readonly [column: Column, title: string])[] = [
  ['name', 'Entry'],
  ['attribute', 'Attribute'],
  ['errors', 'Fault'],
  ['value', 'Value and update'],
  ['status', 'Decision'],
];

interface GridProps {
  readonly rows: readonly Row[];
  readonly current: number | null;
  readonly picked: ReadonlySet<number>;
  readonly order: Order | null;
  /** Changes whenever the current row is to have the focus. */
  readonly focus: number;
  readonly onCurrent: (row: number) => void;
  readonly onPick: (row: number, range: boolean) => void;
  readonly onPickAll: (all: boolean) => void;
  readonly onOrder: (by: Column) => void;
  readonly onOpen: () => void;
}

/** The rows, of which only those in sight are in the page: fifty thousand cost no more than fifty. */
export function Grid(props: GridProps) {
  const { rows } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const sight = useSight(scroll, props);
  useRowFocus(scroll, props, sight.top);
  const first = Math.max(0, Math.floor(sight.top / HEIGHT) - SPARE);
  const last = Math.min(rows.length, Math.ceil((sight.top + sight.height) / HEIGHT) + SPARE);
  return (
    <div
      class="grid"
      role="grid"
      aria-label="Proposals"
      aria-rowcount={rows.length + 1}
      aria-multiselectable="true"
    >
      <div class="scroll" ref={scroll} role="rowgroup" tabIndex={rows.length > 0 ? -1 : 0}>
        <Titles {...props} />
        {rows.length === 0 ? (
          <div role="row">
            <div class="empty" role="gridcell">
              No row fits the filter.
            </div>
          </div>
        ) : (
          <div class="window" role="presentation" style={{ height: `${rows.length * HEIGHT}px` }}>
            {rows.slice(first, last).map((row, index) => (
              <Line key={row.row} row={row} index={first + index} {...props} />
            ))}
          </div>
        )}
      </div>
    </div>
  );
}

type Box = RefObject<HTMLDivElement | null>;

/** Which part of the rows is seen, in pixels; the current row is brought into it. */
function useSight(scroll: Box, { rows, current }: GridProps) {
  const [sight, setSight] = useState({ top: 0, height: 600 });
  const at = rows.findIndex(({ row }) => row === current);

  useEffect(() => {
    const box = scroll.current;
    if (!box) return;
    const see = () => setSight({ top: box.scrollTop, height: box.clientHeight });
    const observer = new ResizeObserver(see);
    observer.observe(box);
    box.addEventListener('scroll', see, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener('scroll', see);
    };
  }, []);

  useLayoutEffect(() => {
    const box = scroll.current;
    if (!box || at < 0) return;
    const top = at * HEIGHT;
    if (top < box.scrollTop) box.scrollTop = top;
    const below = top + HEIGHT + HEAD - box.clientHeight;
    if (below > box.scrollTop) box.scrollTop = below;
    setSight({ top: box.scrollTop, height: box.clientHeight });
  }, [at, current]);
  return sight;
}

/**
 * Gives the current row the focus: when it is asked for, or kept while the focused row goes out of the page; it is never
 * taken from another control. Before the next key comes in, as wherever the focus moves: it would act in another place.
 */
function useRowFocus(scroll: Box, { rows, current, focus }: GridProps, top: number): void {
  const asked = useRef(0);
  useLayoutEffect(() => {
    const active = document.activeElement;
    const kept = focus > 0 && (active === document.body || scroll.current?.contains(active));
    const row = scroll.current?.querySelector<HTMLElement>('.row.current');
    if (!row || !(asked.current !== focus || kept)) return;
    asked.current = focus;
    if (!row.contains(active)) row.focus({ preventScroll: true });
  }, [focus, current, top, rows]);
}

function Titles({ rows, picked, order, onPickAll, onOrder }: GridProps) {
  const all = rows.length > 0 && rows.every(({ row }) => picked.has(row));
  return (
    <div class="line head" role="row" aria-rowindex={1}>
      <span class="check" role="columnheader">
        <input
          type="checkbox"
          aria-label="Select all rows shown"
          checked={all}
          onChange={(event) => onPickAll(event.currentTarget.checked)}
        />
      </span>
      {COLUMNS.map(([column, title]) => (
        <span role="columnheader" key={column} aria-sort={sortOf(order, column)}>
          <button type="button" onClick={() => onOrder(column)}>
            {title}
            {order?.by === column ? (order.down ? ' ↓' : ' ↑') : ''}
          </button>
        </span>
      ))}
    </div>
  );
}

function sortOf(order: Order | null, column: Column) {
  if (order?.by !== column) return 'none';
  return order.down ? 'descending' : 'ascending';
}

function Line({
  row,
  index,
  current,
  picked,
  onCurrent,
  onPick,
  onOpen,
}: GridProps & { readonly row: Row; readonly index: number }) {
  const isCurrent = row.row === current;
  const isPicked = picked.has(row.row);
  return (
    <div
      class={`line row${isCurrent ? ' current' : ''}${isPicked ? ' picked' : ''}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isPicked}
      tabIndex={isCurrent ? 0 : -1}
      data-row={row.row}
      style={{ top: `${index * HEIGHT}px` }}
      onClick={(event) => (event.shiftKey ? onPick(row.row, true) : onCurrent(row.row))}
      onDblClick={onOpen}
      onFocus={() => onCurrent(row.row)}
    >
      <span class="check" role="gridcell">
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={`Select row ${row.row}`}
          checked={isPicked}
          onClick={(event) => {
            event.stopPropagation();
            onPick(row.row, event.shiftKey);
          }}
        />
      </span>
      <Cells {...row} />
    </div>
  );
}

function Cells(row: Row) {
  return (
    <>
      <span role="gridcell">
        <span class="cut">
          <Text text={row.name} />
        </span>
        <span class="cut small">
          <Text text={row.ou} />
        </span>
      </span>
      <span class="cut" role="gridcell">
        <Text text={row.attribute} />
      </span>
      <span role="gridcell">
        <span class="cut">
          <Text text={row.errors} />
        </span>
        <span class={`cut small ${row.severity}`}>{row.severity}</span>
      </span>
      <span role="gridcell">
        <span class="cut from">
          <Value value={row.value} />
        </span>
        <span class="cut">
          → <Update {...row} />
        </span>
      </span>
      <span role="gridcell">
        <span class={`badge ${decidedOf(row)}`}>{decidedOf(row)}</span>
      </span>
    </>
  );
}
