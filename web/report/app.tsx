import { useEffect, useState } from 'preact/hooks';
import type { ReportHead, ReportRow } from '../../src/export/report/report-data';
import { Fates } from './fates';
import { type Filters, NO_FILTERS } from './filters';
import { Findings } from './findings';
import { PlacesChart } from './places-chart';
import { RuleDrawer } from './rule-drawer';
import { RulesChart } from './rules-chart';
import { Unchecked, Verdict } from './verdict';

export interface AppProps {
  readonly head: ReportHead;
  readonly rows: readonly ReportRow[];
  /** Told of the rows shown, in their order, and of what they were filtered by. */
  readonly onRows: (shown: readonly ReportRow[], head: ReportHead) => void;
}

/** The whole report. */
export function App({ head, rows, onRows }: AppProps) {
  const [filters, setFilters] = useState<Filters>(NO_FILTERS);
  const [rule, closeRule] = useRuleOfAddress();
  const narrow = (change: Partial<Filters>) => {
    setFilters({ ...NO_FILTERS, ...change });
    document.getElementById('findings')?.scrollIntoView();
  };
  return (
    <>
      <main class="report">
        <Verdict head={head} />
        <Fates head={head} />
        <div class="charts">
          <RulesChart rules={head.rules} onRule={(id) => narrow({ rule: id })} />
          <div class="charts-side">
            <PlacesChart places={head.places} onPlace={(place) => narrow({ place })} />
            <Unchecked head={head} />
          </div>
        </div>
        <Findings
          head={head}
          rows={rows}
          filters={filters}
          onFilters={setFilters}
          onRows={(shown) => onRows(shown, head)}
        />
        <RuleList head={head} />
      </main>
      <footer class="foot muted">Made by presync. Nothing in this file leaves it.</footer>
      {rule !== undefined && <RuleDrawer key={rule} head={head} id={rule} onClose={closeRule} />}
    </>
  );
}

/** The rule page that the address names: links to `#rule/ID` open it, and the browser's back button closes it. */
function useRuleOfAddress(): [id: string | undefined, close: () => void] {
  const read = () => /^#rule\/([a-z-]+)$/.exec(location.hash)?.[1];
  const [rule, setRule] = useState(read);
  useEffect(() => {
    const follow = () => setRule(read());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const close = () => {
    history.replaceState(null, '', ' ');
    setRule(undefined);
  };
  return [rule, close];
}

function RuleList({ head }: { readonly head: ReportHead }) {
  return (
    <section class="card rule-list" aria-labelledby="rules-title">
      <h2 id="rules-title">All rules</h2>
      <p class="muted">What was checked, why, and what to do: a page for each.</p>
      <ul>
        {[...head.rules]
          .sort((a, b) => (a.id < b.id ? -1 : 1))
          .map(({ id, title }) => (
            <li key={id}>
              <a href={`#rule/${id}`}>{id}</a>
              <span class="muted">{title}</span>
            </li>
          ))}
      </ul>
    </section>
  );
}
