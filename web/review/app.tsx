import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Choice, Row } from '../../src/review/api.js';
import { Apply } from './apply.js';
import { Detail, hasProposal } from './detail.js';
import { ALL, type Column, type Filter, type Order, shownRows } from './filter.js';
import { Filters } from './filters.js';
import { Bottom, Notices, Top } from './frame.js';
import { Grid } from './grid.js';
import { Help } from './help.js';
import { Keeper } from './keeper.js';
import { useKeys } from './use-keys.js';
import { type Model, type Review, useReview } from './use-review.js';

/** The page: what is left to decide, the rows, and all about the current one. */
export function App() {
  const review = useReview();
  if (!review.model) return <main class="empty">Reading the sheet…</main>;
  return <Page review={review} model={review.model} />;
}

type Panel = 'apply' | 'help' | 'keeper' | 'edit' | null;

function Page({ review, model }: { review: Review; model: Model }) {
  const [filter, setFilter] = useState<Filter>(ALL);
  const [order, setOrder] = useState<Order | null>(null);
  const [current, setCurrent] = useState<number | null>(null);
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set());
  const [panel, setPanel] = useState<Panel>(null);
  const [focus, setFocus] = useState(0);
  const [letters, setLetters] = useState(true);
  const search = useRef<HTMLInputElement>(null);

  const rows = useMemo(
    () => shownRows(model.rows.values(), filter, order),
    [model.rows, filter, order],
  );
  const at = rows.findIndex(({ row }) => row === current);
  // A row that left the filter gives way to the one that stands in its place now.
  const lastAt = useRef(0);
  if (at >= 0) lastAt.current = at;
  const row = at < 0 ? rows[Math.min(lastAt.current, rows.length - 1)] : rows[at];
  const toRows = () => setFocus((turn) => turn + 1);

  useEffect(() => {
    if (row && row.row !== current) setCurrent(row.row);
  }, [row, current]);
  // Before the next key comes in, which would be undone.
  useLayoutEffect(() => {
    if (!review.look) return;
    setCurrent(review.look.row);
    toRows();
  }, [review.look]);

  const move = (by: number, picks = false) => {
    const next = rows[Math.min(Math.max(Math.max(at, 0) + by, 0), rows.length - 1)];
    if (!next) return;
    if (picks) setPicked(new Set([...picked, ...(row ? [row.row] : []), next.row]));
    setCurrent(next.row);
    toRows();
  };
  /** The rows that a decision is for: those selected and shown, else the current one. */
  const meant = (): readonly number[] => {
    const chosen = rows.filter((one) => picked.has(one.row)).map((one) => one.row);
    return chosen.length > 0 ? chosen : row ? [row.row] : [];
  };
  const decide = (is: 'accept' | 'reject' | 'reopen') => {
    const numbers = meant();
    if (numbers.length === 0) return;
    const next = rows[at + 1] ?? rows[at - 1];
    const goesOn = is === 'reject' || (is === 'accept' && row !== undefined && hasProposal(row));
    if (numbers.length === 1 && next && goesOn) setCurrent(next.row);
    setPicked(new Set());
    toRows();
    void review.decide({ is, rows: numbers });
  };
  const safe = rows.filter(isOpenSafe);
  const acceptSafe = () =>
    void review.decide({ is: 'accept', rows: safe.map((one) => one.row), onlySafe: true });
  const choose = async (choices: readonly Choice[], insist: boolean) => {
    await review.choose(choices, insist);
  };
  const end = () => {
    setPanel(null);
    toRows();
  };
  const pick = (number: number, range: boolean) => {
    const to = rows.findIndex((one) => one.row === number);
    const from = range && at >= 0 ? at : to;
    const span = rows.slice(Math.min(from, to), Math.max(from, to) + 1).map((one) => one.row);
    const next = new Set(picked);
    if (!range && picked.has(number)) next.delete(number);
    else for (const one of span) next.add(one);
    setPicked(next);
    setCurrent(number);
  };
  const open = (next: Panel) => {
    if (next === 'edit' && (!row || row.status === 'applied' || isBytes(row))) return;
    if (next === 'keeper' && (!row?.group || row.status === 'applied')) return;
    setPanel(next);
  };

  useKeys(panel === null && !model.closed, letters, {
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
    Home: () => move(-rows.length),
    End: () => move(rows.length),
    Enter: () => open('edit'),
    ' ': () => row && pick(row.row, false),
    Escape: () => setPicked(new Set()),
  });

  if (model.closed)
    return (
      <main class="empty">
        {model.trouble
          ? `The review has ended. The last decisions are not in ${model.sheet}: ${model.trouble.message}`
          : `The review has ended. Every decision is in ${model.sheet}.`}
      </main>
    );
  return (
    <main class="page">
      <Top
        model={model}
        review={review}
        safe={safe.length}
        onAcceptSafe={acceptSafe}
        onApply={() => open('apply')}
        onHelp={() => open('help')}
      />
      <div class="above">
        <Notices model={model} review={review} />
        <Filters
          rows={model.rows}
          filter={filter}
          shown={rows.length}
          search={search}
          onFilter={setFilter}
          onLeave={toRows}
        />
      </div>
      <Grid
        rows={rows}
        current={row?.row ?? null}
        picked={picked}
        order={order}
        focus={focus}
        onCurrent={setCurrent}
        onPick={pick}
        onPickAll={(all) => setPicked(new Set(all ? rows.map((one) => one.row) : []))}
        onOrder={(by: Column) => setOrder(nextOrder(order, by))}
        onOpen={() => open('edit')}
      />
      {row ? (
        <Detail
          row={row}
          editing={panel === 'edit'}
          onEdit={() => open('edit')}
          onEnd={end}
          onChoose={choose}
          onCompare={() => open('keeper')}
          onDecide={decide}
        />
      ) : (
        <aside class="detail" aria-label="Current row" />
      )}
      <Bottom said={model.refused || model.said} picked={picked.size} />
      {panel === 'keeper' && row && <Keeper group={row.group} onSave={choose} onEnd={end} />}
      {panel === 'help' && <Help keys={letters} onKeys={setLetters} onEnd={end} />}
      {panel === 'apply' && model.directory !== null && (
        <Apply
          directory={model.directory}
          runs={model.runs}
          progress={model.progress}
          onEnd={end}
        />
      )}
    </main>
  );
}

function isOpenSafe({ status, safety }: Row): boolean {
  return status === 'open' && safety === 'safe';
}

function isBytes({ value }: Row): boolean {
  return typeof value === 'object' && value !== null;
}

/** Up, down, and back to the order of the sheet. */
function nextOrder(order: Order | null, by: Column): Order | null {
  if (order?.by !== by) return { by, down: false };
  return order.down ? null : { by, down: true };
}
