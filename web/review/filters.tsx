import type { Ref } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Row } from '../../src/review/api.js';
import { printable } from '../../src/text/printable.js';
import { ALL, choices, decidedOf, type Filter, safetyOf } from './filter.js';

interface FiltersProps {
  readonly rows: ReadonlyMap<number, Row>;
  readonly filter: Filter;
  readonly shown: number;
  readonly search: Ref<HTMLInputElement>;
  readonly onFilter: (filter: Filter) => void;
  readonly onLeave: () => void;
}

/** Narrows the rows; each choice says how many rows it has. */
export function Filters({ rows, filter, shown, search, onFilter, onLeave }: FiltersProps) {
  const lists = useMemo(() => {
    const all = [...rows.values()];
    return [
      ['Decision', 'status', choices(all, (row) => [decidedOf(row)])],
      ['Rule', 'rule', choices(all, (row) => row.rules)],
      ['Severity', 'severity', choices(all, ({ severity }) => [severity])],
      ['Safety', 'safety', choices(all, (row) => [safetyOf(row)])],
      ['Attribute', 'attribute', choices(all, ({ attribute }) => [attribute])],
      ['Unit', 'ou', choices(all, ({ ou }) => [ou])],
    ] as const;
  }, [rows]);
  const put = (field: keyof Filter, text: string) => onFilter({ ...filter, [field]: text });
  return (
    <search class="filters">
      <label>
        Search
        <input
          type="search"
          ref={search}
          value={filter.search}
          placeholder="name, value, rule…"
          onInput={(event) => put('search', event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' || event.key === 'Escape') onLeave();
          }}
        />
      </label>
      {lists.map(([title, field, texts]) => (
        <Choice
          key={field}
          title={title}
          chosen={filter[field]}
          texts={texts}
          onChoice={(text) => put(field, text)}
        />
      ))}
      <div class="buttons">
        <span class="muted" role="status">
          {shown.toLocaleString('en')} of {rows.size.toLocaleString('en')} rows
        </span>
        <button type="button" disabled={filter === ALL} onClick={() => onFilter(ALL)}>
          Clear
        </button>
      </div>
    </search>
  );
}

interface ChoiceProps {
  readonly title: string;
  readonly chosen: string;
  readonly texts: ReturnType<typeof choices>;
  readonly onChoice: (text: string) => void;
}

function Choice({ title, chosen, texts, onChoice }: ChoiceProps) {
  return (
    <label>
      {title}
      <select value={chosen} onChange={(event) => onChoice(event.currentTarget.value)}>
        <option value="">
          {texts.some(([text]) => text === 'noted') ? 'all but noted' : 'all'}
        </option>
        {texts
          .filter(([text]) => text !== '')
          .map(([text, count]) => (
            <option key={text} value={text}>
              {printable(text)} ({count})
            </option>
          ))}
      </select>
    </label>
  );
}
