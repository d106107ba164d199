import { type ComponentChild, render } from 'preact';
import {
  type CellComponent,
  type ColumnDefinition,
  FilterModule,
  FormatModule,
  InteractionModule,
  ResizeColumnsModule,
  SortModule,
  Tabulator,
} from 'tabulator-tables';
import type { ReportHead, ReportRow } from '../../src/export/report/report-data';
import { Text } from '../shared/text';
import { PATH_SEPARATOR } from './filters';
import { type SortField, sorters } from './ranks';
import { type GridRow, rovingRows } from './roving';
import { After, Value } from './value';
import { SEVERITY_WORDS } from './words';

export interface GridOptions {
  readonly head: ReportHead;
  readonly rows: readonly ReportRow[];
  readonly onOpen: (row: ReportRow) => void;
  /** Told of the rows that are left, in their order, after each filter and sort. */
  readonly onShown: (rows: readonly ReportRow[]) => void;
}

export interface Grid {
  filter(test: (row: ReportRow) => boolean): void;
  /** Puts the focus on a row, scrolling to it. */
  focus(row: ReportRow): void;
}

Tabulator.registerModule([
  FilterModule,
  FormatModule,
  InteractionModule,
  ResizeColumnsModule,
  SortModule,
]);

/** The table: of many thousand rows only those in sight are in the document. */
export function createGrid(host: HTMLElement, options: GridOptions): Grid {
  const { head, rows, onOpen, onShown } = options;
  const table = new Tabulator(host, {
    data: rows.map(gridRow),
    columns: columns(rows, head),
    layout: 'fitColumns',
    height: '100%',
    rowHeight: 40,
    initialSort: [{ column: 'severity', dir: 'asc' }],
    placeholder: 'No finding fits these filters.',
    rowFormatter: (row) => {
      row.getElement().setAttribute('aria-rowindex', String(Number(row.getPosition()) + 1));
      roving.mark(row);
    },
  });
  const roving = rovingRows(table, host);
  const built = new Promise<void>((done) => table.on('tableBuilt', done));
  void built.then(() => redrawWhenResized(table, host));
  // The rows take the focus, not the box that scrolls them.
  table.on('tableBuilt', () =>
    host.querySelector('.tabulator-tableholder')?.removeAttribute('tabindex'),
  );
  host.setAttribute('aria-labelledby', 'findings-title');
  host.setAttribute('aria-describedby', 'grid-help');
  table.on('renderComplete', () => {
    const active = table.getData('active') as GridRow[];
    host.setAttribute('aria-rowcount', String(active.length + 1));
    onShown(active.map(({ finding }) => finding));
  });
  table.on('rowClick', (_event, row) => {
    roving.moveTo(row);
    onOpen((row.getData() as GridRow).finding);
  });
  return {
    filter: (test) => void built.then(() => table.setFilter((row: GridRow) => test(row.finding))),
    focus: (row) => void roving.focus(row),
  };
}

/**
 * Tabulator's own module also draws the table anew when it first comes into sight, and then whoever has just tabbed
 * into it loses the focus, and whoever clicks loses the click.
 */
function redrawWhenResized(table: Tabulator, host: HTMLElement): void {
  let [width, height] = [host.clientWidth, host.clientHeight];
  new ResizeObserver(() => {
    const isSame = host.clientWidth === width && host.clientHeight === height;
    // Hidden while the page is printed.
    if (isSame || host.clientWidth === 0) return;
    [width, height] = [host.clientWidth, host.clientHeight];
    table.redraw();
  }).observe(host);
}

function columns(rows: readonly ReportRow[], head: ReportHead): ColumnDefinition[] {
  const sorter = sorters(rows, head);
  const paths = head.places.map(({ path }) => path.join(PATH_SEPARATOR));
  const column = (
    field: SortField,
    title: string,
    minWidth: number,
    show: (row: ReportRow) => ComponentChild,
  ): ColumnDefinition => ({
    ...{ field, title, minWidth, widthGrow: minWidth / 50, titleFormatter: sortButton },
    sorter: sorter(field),
    formatter: (cell) => drawn(show(cell.getValue() as ReportRow)),
  });
  return [
    { ...column('severity', 'Severity', 112, (row) => <Severity row={row} />), width: 112 },
    column('name', 'Entry', 140, (row) => <Opener row={row} />),
    column('place', 'Domain, OU', 160, (row) => <Text>{paths[row.place] ?? ''}</Text>),
    column('rule', 'Rule', 178, (row) => row.rule),
    column('attribute', 'Attribute', 140, (row) => <Text>{row.attribute}</Text>),
    column('value', 'Value', 180, (row) => <Value value={row.value} />),
    column('proposal', 'Proposal', 205, (row) => <Proposed row={row} />),
  ];
}

/** Every field of a row is the whole finding: a column knows what to show of it and how to compare it. */
function gridRow(finding: ReportRow): GridRow & Record<SortField, ReportRow> {
  return {
    finding,
    severity: finding,
    name: finding,
    place: finding,
    rule: finding,
    attribute: finding,
    value: finding,
    proposal: finding,
  };
}

/** A cell as an element: what it shows is drawn by Preact, so nothing of it is ever read as markup. */
function drawn(content: ComponentChild): HTMLElement {
  const element = document.createElement('span');
  render(content, element);
  return element;
}

/** A title that the keyboard reaches: its click is that of the column, which sorts. */
function sortButton(cell: CellComponent): HTMLElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'sort';
  button.textContent = String(cell.getValue());
  return button;
}

function Severity({ row: { severity } }: { readonly row: ReportRow }) {
  return <span class={`badge ${severity}`}>{SEVERITY_WORDS[severity][0]}</span>;
}

/** The name of the entry: the one place of a row that takes the focus. Its click is that of the row, which opens it. */
function Opener({ row }: { readonly row: ReportRow }) {
  return (
    <button type="button" class="link opener" tabIndex={-1}>
      <Text>{row.name}</Text>
    </button>
  );
}

function Proposed({ row: { proposal } }: { readonly row: ReportRow }) {
  if (!proposal) return null;
  return (
    <>
      <span class={`badge ${proposal.safety}`}>{proposal.safety}</span>{' '}
      <After proposal={proposal} />
    </>
  );
}
