import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import type { ReportHead, ReportRow } from '../../src/export/report/report-data';
import { SEVERITIES } from '../../src/findings/severities';
import type { Severity } from '../../src/model/finding';
import { printable } from '../../src/text/printable';
import { type Filters, placeKey, placesAndAbove } from './filters';
import { number, SEVERITY_WORDS } from './words';

export interface ToolbarProps {
  readonly head: ReportHead;
  readonly rows: readonly ReportRow[];
  readonly filters: Filters;
  readonly onFilters: (filters: Filters) => void;
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** Search and filters of the table. */
export function Toolbar({ head, rows, filters, onFilters }: ToolbarProps) {
  const set = (change: Partial<Filters>) => onFilters({ ...filters, ...change });
  const attributes = useMemo(() => [...new Set(rows.map((row) => row.attribute))].sort(), [rows]);
  const places = useMemo(() => placesAndAbove(head.places), [head]);
  return (
    <search class="toolbar">
      <Search value={filters.search} onValue={(search) => set({ search })} />
      <Severities {...{ head, filters }} onSeverities={(severities) => set({ severities })} />
      <Select
        label="Rule"
        all="All"
        value={filters.rule}
        choices={head.rules.filter(isFound).map(({ id }) => ({ value: id, label: id }))}
        onValue={(rule) => set({ rule })}
      />
      <Select
        label="Attribute"
        all="All"
        value={filters.attribute}
        choices={attributes.map((name) => ({ value: name, label: printable(name) }))}
        onValue={(attribute) => set({ attribute })}
      />
      <Select
        label="Domain or OU"
        all="All"
        value={filters.place}
        choices={places.map((path) => ({
          value: placeKey(path),
          label: '\u00A0\u00A0\u00A0'.repeat(path.length - 1) + printable(path.at(-1) ?? ''),
        }))}
        onValue={(place) => set({ place })}
      />
      <Select
        label="Proposal"
        all="All"
        value={filters.proposal}
        choices={[
          { value: 'safe', label: 'Safe' },
          { value: 'review', label: 'To review' },
          { value: 'none', label: 'None' },
        ]}
        onValue={(proposal) => set({ proposal: proposal as Filters['proposal'] })}
      />
    </search>
  );
}

function isFound({ findings }: ReportHead['rules'][number]): boolean {
  return SEVERITIES.some((severity) => findings[severity] > 0);
}

/** Milliseconds without a key before the table is searched. */
const PAUSE = 150;

function Search(props: { readonly value: string; readonly onValue: (value: string) => void }) {
  const id = useId();
  const [typed, setTyped] = useState(props.value);
  const sent = useRef(props.value);
  // What comes back of the own text may be behind what was typed since.
  useEffect(() => {
    if (props.value === sent.current) return;
    sent.current = props.value;
    setTyped(props.value);
  }, [props.value]);
  useEffect(() => {
    if (typed === props.value) return;
    const timer = setTimeout(() => {
      sent.current = typed;
      props.onValue(typed);
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <div class="field search">
      <label for={id}>Search</label>
      <input
        id={id}
        type="search"
        class="control"
        placeholder="Name, value, message…"
        autocomplete="off"
        spellcheck={false}
        value={typed}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      />
    </div>
  );
}

interface SeveritiesProps {
  readonly head: ReportHead;
  readonly filters: Filters;
  readonly onSeverities: (severities: ReadonlySet<Severity>) => void;
}

function Severities({ head, filters: { severities }, onSeverities }: SeveritiesProps) {
  const toggle = (severity: Severity) => {
    const next = new Set(severities);
    if (!next.delete(severity)) next.add(severity);
    onSeverities(next);
  };
  return (
    <fieldset class="severities">
      <legend>Severity</legend>
      {SEVERITIES.map((severity) => (
        <button
          key={severity}
          type="button"
          class={`control ${severity}`}
          aria-pressed={severities.has(severity)}
          onClick={() => toggle(severity)}
        >
          {SEVERITY_WORDS[severity][1]} {number(head.findings[severity])}
        </button>
      ))}
    </fieldset>
  );
}

interface SelectProps {
  readonly label: string;
  readonly all: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onValue: (value: string) => void;
}

function Select({ label, all, value, choices, onValue }: SelectProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        class="control"
        value={value}
        onChange={({ currentTarget }) => onValue(currentTarget.value)}
      >
        <option value="">{all}</option>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </div>
  );
}
