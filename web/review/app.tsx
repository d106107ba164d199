import type { Row } from '../../src/review/api.js';
import { SuffixAdvice } from '../shared/suffix-advice';
import { Apply } from './apply.js';
import { Detail } from './detail.js';
import { Filters } from './filters.js';
import { Bottom, Notices, Top } from './frame.js';
import { Grid } from './grid.js';
import { Help } from './help.js';
import { Keeper } from './keeper.js';
import { type PageState, usePage } from './use-page.js';
import { type Model, type Review, useReview } from './use-review.js';

/** The page: what is left to decide, the rows, and all about the current one. */
export function App() {
  const review = useReview();
  if (!review.model) return <main class="empty">Reading the sheet…</main>;
  return <Page review={review} model={review.model} />;
}

function Page({ review, model }: { review: Review; model: Model }) {
  const page = usePage(review, model);
  if (model.closed) return <Ended model={model} />;
  return (
    <main class="page">
      <Above {...page} />
      <Rows {...page} />
      <CurrentRow {...page} />
      <Bottom said={model.refused || model.said} picked={page.picked.rows.size} />
      <OpenPanel {...page} />
    </main>
  );
}

function Ended({ model: { trouble, sheet } }: { model: Model }) {
  return (
    <main class="empty">
      {trouble
        ? `The review has ended. The last decisions are not in ${sheet}: ${trouble.message}`
        : `The review has ended. Every decision is in ${sheet}.`}
    </main>
  );
}

function Above({ review, model, shown, current, search, open }: PageState) {
  const safe = shown.rows.filter(isOpenSafe).map((one) => one.row);
  return (
    <>
      <Top
        model={model}
        review={review}
        safe={safe.length}
        onAcceptSafe={() => void review.decide({ is: 'accept', rows: safe, onlySafe: true })}
        onApply={() => open('apply')}
        onHelp={() => open('help')}
      />
      <div class="above">
        <Notices model={model} review={review} />
        {model.suffix && (
          <div class="notice">
            <SuffixAdvice suffix={model.suffix} what="rows" />
          </div>
        )}
        <Filters
          rows={model.rows}
          filter={shown.filter}
          shown={shown.rows.length}
          search={search}
          onFilter={shown.setFilter}
          onLeave={current.toRows}
        />
      </div>
    </>
  );
}

function Rows({ shown, current, picked, open }: PageState) {
  return (
    <Grid
      rows={shown.rows}
      current={current.row?.row ?? null}
      picked={picked.rows}
      order={shown.order}
      focus={current.focus}
      onCurrent={current.set}
      onPick={picked.pick}
      onPickAll={picked.pickAll}
      onOrder={shown.orderBy}
      onOpen={() => open('edit')}
    />
  );
}

function CurrentRow({ review, current: { row }, panel, open, end, decide }: PageState) {
  if (!row) return <aside class="detail" aria-label="Current row" />;
  return (
    <Detail
      row={row}
      editing={panel === 'edit'}
      onEdit={() => open('edit')}
      onEnd={end}
      onChoose={review.choose}
      onCompare={() => open('keeper')}
      onDecide={decide}
    />
  );
}

function OpenPanel({
  review,
  model,
  current: { row },
  panel,
  letters,
  setLetters,
  end,
}: PageState) {
  const { directory, runs, progress } = model;
  if (panel === 'keeper' && row)
    return <Keeper group={row.group} onSave={review.choose} onEnd={end} />;
  if (panel === 'help') return <Help keys={letters} onKeys={setLetters} onEnd={end} />;
  if (panel !== 'apply' || directory === null) return null;
  return <Apply directory={directory} runs={runs} progress={progress} onEnd={end} />;
}

function isOpenSafe({ status, safety }: Row): boolean {
  return status === 'open' && safety === 'safe';
}
