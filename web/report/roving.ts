import type { RowComponent, Tabulator } from 'tabulator-tables';
import type { ReportRow } from '../../src/export/report/report-data';

/** What a row of the table holds. */
export interface GridRow {
  readonly finding: ReportRow;
}

/** Moves the focus through a table of which only some rows are in the document: one row is in the tab order. */
export interface RovingRows {
  /** Gives a row that was just drawn its place in, or out of, the tab order. */
  mark(row: RowComponent): void;
  /** Makes a row the one that the tab key reaches. */
  moveTo(row: RowComponent): void;
  /** Puts the focus on the row of a finding, scrolling to it. */
  focus(finding: ReportRow): Promise<void>;
}

/** Rows that Page Up and Page Down pass over. */
const PAGE = 10;

export function rovingRows(table: Tabulator, host: HTMLElement): RovingRows {
  let current: ReportRow | undefined;

  const moveTo = (row: RowComponent) => {
    for (const old of host.querySelectorAll<HTMLElement>('.opener[tabindex="0"]'))
      old.tabIndex = -1;
    current = findingOf(row);
    const opener = openerOf(row);
    if (opener) opener.tabIndex = 0;
  };

  const go = async (row: RowComponent) => {
    await table.scrollToRow(row, 'nearest', false).catch(() => {});
    moveTo(row);
    openerOf(row)?.focus({ preventScroll: true });
    // After a long way the scroll event draws the rows anew, and what had the focus is gone from the document.
    for (let frames = 0; frames < 3; frames += 1) {
      await new Promise(requestAnimationFrame);
      if (current !== findingOf(row) || document.activeElement !== document.body) continue;
      moveTo(row);
      openerOf(row)?.focus({ preventScroll: true });
    }
  };

  keepReachable(table, host);
  host.addEventListener('keydown', (event) => {
    const row = rowMeant(event, table.getRows('active'));
    if (!row) return;
    event.preventDefault();
    void go(row);
  });

  return {
    mark: (row) => {
      const opener = openerOf(row);
      if (opener) opener.tabIndex = findingOf(row) === current ? 0 : -1;
    },
    moveTo,
    focus: async (finding) => {
      const row = table.getRows('active').find((one) => findingOf(one) === finding);
      if (row) await go(row);
    },
  };
}

function findingOf(row: RowComponent): ReportRow {
  return (row.getData() as GridRow).finding;
}

function openerOf(row: RowComponent): HTMLElement | null {
  return row.getElement().querySelector<HTMLElement>('.opener');
}

/** Where the current row was scrolled or filtered away, the first one in the document takes its place. */
function keepReachable(table: Tabulator, host: HTMLElement): void {
  const putFirst = () => {
    if (host.querySelector('.opener[tabindex="0"]')) return;
    const first = host.querySelector<HTMLElement>('.tabulator-row .opener');
    if (first) first.tabIndex = 0;
  };
  for (const event of ['renderComplete', 'scrollVertical', 'dataFiltered'] as const)
    table.on(event, () => requestAnimationFrame(putFirst));
}

/** The row that a key leads to from the one that has the focus. */
function rowMeant(event: KeyboardEvent, rows: readonly RowComponent[]): RowComponent | undefined {
  const element = (event.target as HTMLElement).closest('.tabulator-row');
  if (!element || event.altKey || event.ctrlKey || event.metaKey) return undefined;
  const at = rows.findIndex((row) => row.getElement() === element);
  const to = target(event.key, at, rows.length);
  return to === undefined ? undefined : rows[Math.max(0, Math.min(rows.length - 1, to))];
}

function target(key: string, at: number, length: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + PAGE,
    PageUp: at - PAGE,
    Home: 0,
    End: length - 1,
  };
  return steps[key];
}
