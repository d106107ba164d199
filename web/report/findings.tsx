import { useEffect, useRef, useState } from 'preact/hooks';
import type { ReportHead, ReportRow } from '../../src/export/report/report-data';
import { Details } from './details';
import { type Filters, isUnfiltered, NO_FILTERS, tester } from './filters';
import { createGrid, type Grid } from './grid';
import { Toolbar } from './toolbar';
import { number } from './words';

export interface FindingsProps {
  readonly head: ReportHead;
  readonly rows: readonly ReportRow[];
  readonly filters: Filters;
  readonly onFilters: (filters: Filters) => void;
  readonly onRows: (shown: readonly ReportRow[]) => void;
}

/** The table of findings with what narrows it, and the details of the row that is open. */
export function Findings(props: FindingsProps) {
  const { head, rows, filters, onFilters } = props;
  const [open, setOpen] = useState<ReportRow>();
  const { host, grid, shown } = useGrid(props, setOpen);
  const close = () => {
    if (open) grid.current?.focus(open);
    setOpen(undefined);
  };
  return (
    <section class="card findings" id="findings" aria-labelledby="findings-title">
      <div class="findings-head">
        <h2 id="findings-title">Findings</h2>
        <p role="status" class="muted">
          {shown.length === rows.length
            ? `${number(rows.length)} findings`
            : `${number(shown.length)} of ${number(rows.length)} findings`}
        </p>
        <button
          type="button"
          class="control clear"
          disabled={isUnfiltered(filters)}
          onClick={() => onFilters(NO_FILTERS)}
        >
          Clear filters
        </button>
      </div>
      {rows.length === 0 ? (
        <p>Nothing was found.</p>
      ) : (
        <>
          <Toolbar {...{ head, rows, filters, onFilters }} />
          <p class="visually-hidden" id="grid-help">
            Arrow keys, Page Up, Page Down, Home and End move between findings, Enter opens one.
          </p>
          <div class="grid-frame">
            <div ref={host} class="grid" />
          </div>
        </>
      )}
      {open && <Details {...{ head, rows, shown }} row={open} onOpen={setOpen} onClose={close} />}
    </section>
  );
}

/** Builds the table once, filters it from then on, and says which rows it shows. */
function useGrid({ head, rows, filters, onRows }: FindingsProps, onOpen: (row: ReportRow) => void) {
  const host = useRef<HTMLDivElement>(null);
  const grid = useRef<Grid>(undefined);
  const [shown, setShown] = useState<readonly ReportRow[]>(rows);
  useEffect(() => {
    if (!host.current || rows.length === 0) return;
    const onShown = (now: readonly ReportRow[]) => {
      setShown(now);
      onRows(now);
    };
    grid.current = createGrid(host.current, { head, rows, onOpen, onShown });
  }, []);
  const isFirst = useRef(true);
  useEffect(() => {
    // Filters that let everything through would only draw the table a second time, under the user's hands.
    if (!isFirst.current) grid.current?.filter(tester(filters, head.places));
    isFirst.current = false;
  }, [filters, head]);
  return { host, grid, shown };
}
